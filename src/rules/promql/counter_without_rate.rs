//! Alerts on what a process counted in its whole life.

use std::borrow::Cow;

use super::found::{Found, alerted, check_queries, in_alert, kind};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{AggregateOp, BinaryOp, ExprId, ExprKind};
use crate::promql::{MetricKind, Parsed};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "counter-without-rate",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "alert on a counter as it is",
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
        for (side, condition) in alerted(parsed) {
            let Some(condition) = condition else { continue };
            let Some(limit) = query.flow(cx.project).value(condition.rhs) else {
                continue;
            };
            let Some((name, span)) = counter(cx, parsed, side) else {
                continue;
            };
            let what = match condition.op {
                BinaryOp::Gt | BinaryOp::Ge => {
                    format!("once it passed {limit}, the alert goes on until the next restart")
                }
                // `== 0` and `!= 0` ask whether there was anything at all, and mean it.
                _ if limit == 0.0 => continue,
                _ => format!("whether it has reached {limit} depends on how long ago that was"),
            };
            found.push(Found::new(
                query,
                span,
                format!("`{name}` counts since its process started: {what}"),
                "compare what was added in some time: `increase(…[5m])`",
            ));
        }
    });
}

/// The counter on the left side, as it is or added up.
fn counter<'q>(
    cx: &Context<'_, '_>,
    parsed: &'q Parsed,
    mut id: ExprId,
) -> Option<(Cow<'q, str>, Span)> {
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => *inner,
            ExprKind::Aggregate(aggregate) if adds(aggregate.op) => aggregate.expr?,
            ExprKind::Selector(selector) => {
                let (name, span) = parsed.metric_name(selector)?;
                let counts = kind(cx, &name) == Some(MetricKind::Counter);
                return counts.then_some((name, span));
            }
            _ => return None,
        }
    }
}

pub(super) fn adds(op: AggregateOp) -> bool {
    matches!(
        op,
        AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Max | AggregateOp::Min
    )
}
