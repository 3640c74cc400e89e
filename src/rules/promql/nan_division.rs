//! Divisions by nothing inside an aggregation.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, AggregateOp, ExprKind};
use crate::promql::nan::{NanSource, nan_source};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "nan-division",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "division by zero inside an aggregation, which makes all of it NaN",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/nan-division.md"),
    check: Check::Document(check),
};

/// A longer divisor is not repeated in the advice.
const SHORT: usize = 40;

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, aggregate) in parsed.aggregations() {
            let Some(inner) = aggregate.expr.filter(|_| spreads_nan(aggregate.op)) else {
                continue;
            };
            let recorded = |name: &str| cx.project.definitions().may_be_nan(name);
            let flow = query.flow(cx.project);
            let Some(source) = nan_source(parsed, flow, inner, &recorded) else {
                continue;
            };
            let operator = aggregate.op.as_str();
            let mut finding = Found::new(
                query,
                source.span,
                message(parsed, &source, operator),
                help(parsed, &source),
            )
            .note(aggregate.op_span, "is NaN as soon as one of its series is");
            if source.divisor.is_none() {
                finding = finding.defined(cx.project, parsed.slice(source.span));
            }
            // What is recorded is mostly added up first, so that nothing at all must happen for both sides to be 0.
            let certain = source.divisor.is_some();
            found.push(if source.idle && certain && !one_each(parsed, aggregate) {
                finding
            } else {
                finding.lower(Severity::Info)
            });
        }
    });
}

fn message(parsed: &Parsed, source: &NanSource, operator: &str) -> String {
    match source.divisor {
        Some(_) if source.infinite => {
            format!("where the divisor is 0 this is infinite, and so is the whole `{operator}`")
        }
        Some(_) => format!(
            "where both sides are 0 this gives NaN, and one NaN makes the whole `{operator}` NaN"
        ),
        None => format!(
            "`{}` is recorded as a quotient that is NaN where both sides are 0, and one NaN makes the whole `{operator}` NaN",
            parsed.slice(source.span)
        ),
    }
}

fn help(parsed: &Parsed, source: &NanSource) -> String {
    let divisor = source
        .divisor
        .map(|id| parsed.slice(parsed.ast.expr(id).span))
        .filter(|text| text.len() <= SHORT);
    match (source.divisor, divisor) {
        (None, _) => "leave out what is 0 where it is recorded: `… / (… > 0)`".to_owned(),
        (_, Some(text)) => format!(
            "leave out what is 0: `… / ({text} > 0)`, or divide after adding up: `sum(…) / sum(…)`"
        ),
        _ => "leave out what is 0: `… / (… > 0)`, or divide after adding up: `sum(…) / sum(…)`"
            .to_owned(),
    }
}

/// Whether each group may well have but one series: it is one instance's, or made up of several labels. Then only its own NaN is in it.
fn one_each(parsed: &Parsed, aggregate: &Aggregate) -> bool {
    aggregate.grouping.is_some_and(|grouping| {
        grouping.without
            || !grouping.complete
            || parsed.ast.labels(&grouping.list).iter().any(|label| {
                let label = parsed.label(label);
                SINGLE.contains(&&*label) || is_joined(parsed, aggregate, &label)
            })
    })
}

/// Whether `label_join` makes the label inside the aggregation.
fn is_joined(parsed: &Parsed, aggregate: &Aggregate, label: &str) -> bool {
    let Some(inside) = aggregate.expr.map(|id| parsed.ast.expr(id).span) else {
        return false;
    };
    parsed.calls().any(|(id, _, call)| {
        parsed.call_name(call) == "label_join"
            && inside.encloses(parsed.ast.expr(id).span)
            && parsed.ast.args(call).get(1).is_some_and(|target| {
                match &parsed.ast.expr(*target).kind {
                    ExprKind::String(text) => parsed.string(text) == label,
                    _ => false,
                }
            })
    })
}

/// Labels that name one of many.
const SINGLE: &[&str] = &[
    "instance",
    "pod",
    "pod_name",
    "container",
    "node",
    "host",
    "hostname",
    "device",
    "server",
];

/// `min`, `max`, `count` and `group` take no notice of a NaN among numbers (Prometheus 3.5, engine.go, `aggregation`).
fn spreads_nan(op: AggregateOp) -> bool {
    matches!(
        op,
        AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Stddev | AggregateOp::Stdvar
    )
}
