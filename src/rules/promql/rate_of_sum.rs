//! Counters added up before their rate is taken.

use super::found::{Found, check_queries, ranged_metrics};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, AggregateOp, ExprId, ExprKind};
use crate::promql::nature::Nature;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "rate-of-sum",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "rate of an aggregated counter",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/rate-of-sum.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (function, name, span) in ranged_metrics(parsed) {
            let Some(Nature::AggregatedCounter(operator)) = cx.project.definitions().nature(&name)
            else {
                continue;
            };
            found.push(
                Found::new(
                    query,
                    span,
                    format!("`{name}` is recorded with `{operator}`: when one process restarts it falls, and `{function}` takes that for a reset of the whole: it shows a spike"),
                    format!("record the rate first, aggregated after: `{operator}({function}(…[5m]))`"),
                )
                .defined(cx.project, &name),
            );
        }
        for (_, _, call) in parsed.calls() {
            let function = parsed.call_name(call);
            if !matches!(function, "rate" | "irate" | "increase") {
                continue;
            }
            let Some(aggregate) = parsed
                .ast
                .args(call)
                .first()
                .and_then(|&id| aggregated(parsed, id))
            else {
                continue;
            };
            let operator = aggregate.op.as_str();
            found.push(
                Found::new(
                    query,
                    call.name,
                    format!("when one process restarts, `{operator}` falls and `{function}` takes that for a reset of the whole: it shows a spike"),
                    format!("aggregate after: `{operator}({function}(…[5m]))`"),
                )
                .note(aggregate.op_span, "aggregated here, before the rate"),
            );
        }
    });
}

/// The aggregation of raw counters in a subquery.
fn aggregated(parsed: &Parsed, id: ExprId) -> Option<&Aggregate> {
    let ExprKind::Subquery(subquery) = &parsed.ast.expr(id).kind else {
        return None;
    };
    let ExprKind::Aggregate(aggregate) = &parsed.ast.expr(parsed.ast.unparen(subquery.expr)).kind
    else {
        return None;
    };
    let adds = matches!(aggregate.op, AggregateOp::Sum | AggregateOp::Avg);
    let inner = parsed.ast.expr(parsed.ast.unparen(aggregate.expr?));
    (adds && matches!(inner.kind, ExprKind::Selector(_))).then_some(aggregate)
}
