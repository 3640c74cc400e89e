//! Alerts on what a process counted in its whole life.

use std::borrow::Cow;

use super::found::{Found, check_queries, condition, in_alert};
use crate::diagnostic::{Group, Severity};
use crate::project::Project;
use crate::promql::ast::{AggregateOp, Binary, BinaryOp, ExprId, ExprKind};
use crate::promql::{MetricKind, Parsed};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

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
        let Some(binary) = condition(parsed) else {
            return;
        };
        let Some(limit) = query.flow().value(binary.rhs) else {
            return;
        };
        if !matches!(binary.op, BinaryOp::Gt | BinaryOp::Ge) {
            return;
        }
        let Some((name, span)) = counter(parsed, binary, cx.project) else {
            return;
        };
        found.push(
                Found::new(
                    query,
                    span,
                    format!("`{name}` counts since its process started: once it passed {limit}, the alert goes on until the next restart"),
                    "compare what was added in some time: `increase(…[5m])`",
                ),
            );
    });
}

/// The counter on the left side, as it is or added up.
fn counter<'q>(
    parsed: &'q Parsed,
    binary: &Binary,
    project: &Project,
) -> Option<(Cow<'q, str>, Span)> {
    let mut id: ExprId = binary.lhs;
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => *inner,
            ExprKind::Aggregate(aggregate) if adds(aggregate.op) => aggregate.expr?,
            ExprKind::Selector(selector) => {
                let (name, span) = parsed.metric_name(selector)?;
                let counts = project.metric_kind(&name) == Some(MetricKind::Counter);
                return counts.then_some((name, span));
            }
            _ => return None,
        }
    }
}

fn adds(op: AggregateOp) -> bool {
    matches!(
        op,
        AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Max | AggregateOp::Min
    )
}
