//! Quantiles of buckets that are no longer told apart.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Safety, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, AggregateOp, ExprId, ExprKind};
use crate::promql::flow::Flow;
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "histogram-quantile-without-le",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "histogram_quantile over buckets without `le`",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/promql/histogram-quantile-without-le.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            if !matches!(
                parsed.call_name(call),
                "histogram_quantile" | "histogram_fraction"
            ) {
                continue;
            }
            let Some(&buckets) = parsed.ast.args(call).last() else {
                continue;
            };
            // A native histogram has its buckets in the value and needs no label.
            if !only_buckets(parsed, buckets) {
                continue;
            }
            // The buckets of VictoriaMetrics are told apart by `vmrange`.
            if keeps_vmrange(query.flow(cx.project), buckets) {
                continue;
            }
            let Some(removal) = query.flow(cx.project).why_not(parsed, buckets, "le") else {
                continue;
            };
            let finding = Found::new(
                query,
                call.name,
                "the buckets have lost their label `le`, without which there is no quantile: there is never a result",
                "keep `le` in the aggregation",
            )
            .note(removal.span, removal.by.words());
            found.push(match repair(parsed, buckets) {
                Some(edit) => finding.fix("keep `le`", Safety::Safe, vec![edit]),
                None => finding,
            });
        }
    });
}

fn keeps_vmrange(flow: &Flow, buckets: ExprId) -> bool {
    let kept = flow.closed(buckets);
    kept.is_some_and(|mut names| names.any(|name| name == "vmrange"))
}

/// Whether everything selected is the buckets of a classic histogram.
fn only_buckets(parsed: &Parsed, root: ExprId) -> bool {
    let mut selectors = 0;
    for id in parsed.ast.descendants(root) {
        match &parsed.ast.expr(id).kind {
            ExprKind::Selector(selector) => {
                selectors += 1;
                let name = parsed.metric_name(selector);
                if !name.is_some_and(|(name, _)| name.ends_with("_bucket")) {
                    return false;
                }
            }
            ExprKind::Hole(_) => return false,
            _ => {}
        }
    }
    selectors > 0
}

/// `sum` and `sum by (a)` of the buckets themselves: `le` added to what is kept.
fn repair(parsed: &Parsed, buckets: ExprId) -> Option<(Span, String)> {
    let ExprKind::Aggregate(Aggregate {
        op: AggregateOp::Sum,
        op_span,
        grouping,
        expr: Some(inner),
        ..
    }) = &parsed.ast.expr(parsed.ast.unparen(buckets)).kind
    else {
        return None;
    };
    // What is below must not have lost it already.
    if parsed.ast.descendants(*inner).iter().any(|&id| {
        matches!(
            parsed.ast.expr(id).kind,
            ExprKind::Aggregate(_) | ExprKind::Binary(_)
        )
    }) {
        return None;
    }
    match grouping {
        None => Some((Span::at(op_span.end as usize), " by (le) ".to_owned())),
        Some(grouping) if grouping.without => None,
        Some(grouping) => {
            let at = Span::at(grouping.list.span.start as usize + 1);
            let empty = parsed.ast.labels(&grouping.list).is_empty();
            Some((at, if empty { "le" } else { "le, " }.to_owned()))
        }
    }
}
