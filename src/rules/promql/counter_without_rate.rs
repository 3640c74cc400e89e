//! Alerts on what a process counted in its whole life.

use super::found::{Found, check_queries, in_alert};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{Binary, ExprId, ExprKind};
use crate::promql::{MetricKind, Parsed, kind_by_name};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "counter-without-rate",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "counter compared or shown as it is",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/counter-without-rate.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !in_alert(cx, query) {
            return;
        }
        for (_, _, binary) in parsed.binaries() {
            let Some(limit) = query.flow().value(binary.rhs) else {
                continue;
            };
            if !binary.op.is_comparison() {
                continue;
            }
            let Some((name, span)) = counter(parsed, binary) else {
                continue;
            };
            found.push(
                Found::new(
                    query,
                    span,
                    format!("`{name}` counts since its process started: once it passed {limit}, the alert goes on until the next restart"),
                    "compare what was added in some time: `increase(…[5m])`",
                ),
            );
        }
    });
}

/// The counter on the left side, as it is or added up.
fn counter<'q>(
    parsed: &'q Parsed,
    binary: &Binary,
) -> Option<(std::borrow::Cow<'q, str>, crate::span::Span)> {
    let mut id: ExprId = binary.lhs;
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => *inner,
            ExprKind::Aggregate(aggregate) if adds(aggregate.op) => aggregate.expr?,
            ExprKind::Selector(selector) => {
                let (name, span) = parsed.metric_name(selector)?;
                let counts = kind_by_name(&name) == Some(MetricKind::Counter);
                return counts.then_some((name, span));
            }
            _ => return None,
        }
    }
}

fn adds(op: crate::promql::ast::AggregateOp) -> bool {
    use crate::promql::ast::AggregateOp::{Avg, Max, Min, Sum};
    matches!(op, Sum | Avg | Max | Min)
}
