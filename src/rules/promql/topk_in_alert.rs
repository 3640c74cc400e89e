//! Alerts whose series are chosen anew at every evaluation.

use super::found::{Found, alerted, check_queries, in_prometheus_alert};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, ExprId, ExprKind};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "topk-in-alert",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "alert on the largest series of the moment",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/topk-in-alert.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !in_prometheus_alert(cx, query) {
            return;
        }
        for (id, _) in alerted(parsed) {
            let Some(aggregate) = chosen(parsed, id) else {
                continue;
            };
            // Among series without labels there is nothing to choose.
            let flow = query.flow(cx.project);
            if aggregate.expr.is_none_or(|inner| flow.is_bare(inner)) {
                continue;
            }
            let operator = aggregate.op.as_str();
            found.push(Found::new(
                query,
                aggregate.op_span,
                format!("which series `{operator}` returns changes from one evaluation to the next: alerts come and go, and `for` starts anew"),
                format!("alert on every series that passes a limit, without `{operator}`"),
            ));
        }
    });
}

/// The aggregation that chooses the series an alert fires for.
fn chosen(parsed: &Parsed, id: ExprId) -> Option<&Aggregate> {
    match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
        ExprKind::Aggregate(aggregate) if aggregate.op.keeps_series() => Some(aggregate),
        _ => None,
    }
}
