//! Parts of a query that decide nothing.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{AggregateOp, Binary, BinaryOp, ExprId, ExprKind, ValueType};
use crate::promql::bounds::Bounds;
use crate::promql::flow::{Flow, Returns};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "dead-code",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "part of a query that has no effect",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/dead-code.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        let flow = query.flow(cx.project);
        for (id, expr, binary) in parsed.binaries() {
            let known = flow.value(binary.lhs).is_some() && flow.value(binary.rhs).is_some();
            let filters = binary.op.is_comparison()
                && binary.bool_span.is_none()
                && expr.ty == ValueType::Vector;
            if filters && known {
                let never = flow.returns(id) == Returns::Never;
                let outcome = if never {
                    "false: there is never a result"
                } else {
                    "true"
                };
                let one = Found::new(
                    query,
                    expr.span,
                    format!("this compares two numbers, and is always {outcome}"),
                    "compare with a metric, or delete the comparison",
                );
                found.push(if never {
                    one
                } else {
                    one.lower(Severity::Info)
                });
            } else if let Some(value) = flow
                .value(id)
                .filter(|_| known && binary.bool_span.is_some())
            {
                found.push(
                    Found::new(
                        query,
                        expr.span,
                        format!("this compares two numbers, and is always {value}"),
                        "compare with a metric, or write the number",
                    )
                    .lower(Severity::Info),
                );
            } else if binary.op == BinaryOp::Unless
                && flow.returns(id) == Returns::Never
                && flow.returns(binary.lhs) != Returns::Never
            {
                found.push(
                    Found::new(
                        query,
                        binary.op_span,
                        "the right side of `unless` is always there, so nothing of the left side is ever left",
                        "put a condition on the right side",
                    )
                    .note(parsed.ast.expr(binary.rhs).span, "always has a result"),
                );
            } else if flow.shadows(id) {
                found.push(
                    Found::new(
                        query,
                        parsed.ast.expr(binary.rhs).span,
                        "this side of `or` is never seen: the other side always has a result in its place",
                        "swap the sides, so that the constant stands in for the query, not the query for the constant",
                    )
                    .note(parsed.ast.expr(binary.lhs).span, "always has a result"),
                );
            } else if let Some((stand_in, value)) = dropped(parsed, flow, binary) {
                found.push(
                    Found::new(
                        query,
                        parsed.ast.expr(stand_in).span,
                        format!("this stands in for what is missing, and the comparison drops it: {value} never passes"),
                        "leave it out: without it the result is the same",
                    )
                    .note(binary.op_span, "drops it")
                    .lower(Severity::Info),
                );
            }
        }
    });
}

/// `(x or vector(0)) > 5`: the constant right side of an `or` that a comparison with a constant always drops, and its value. In a sum a 0
/// makes no difference where there is something.
fn dropped(parsed: &Parsed, flow: &Flow, comparison: &Binary) -> Option<(ExprId, f64)> {
    if !comparison.op.is_comparison() || comparison.bool_span.is_some() {
        return None;
    }
    let limit = flow.value(comparison.rhs)?;
    let mut left = parsed.ast.unparen(comparison.lhs);
    let mut summed = false;
    if let ExprKind::Aggregate(aggregate) = &parsed.ast.expr(left).kind
        && aggregate.op == AggregateOp::Sum
        && aggregate.grouping.is_none()
    {
        summed = true;
        left = parsed.ast.unparen(aggregate.expr?);
    }
    let ExprKind::Binary(or) = &parsed.ast.expr(left).kind else {
        return None;
    };
    let value = flow
        .value(or.rhs)
        .filter(|value| or.op == BinaryOp::Or && (!summed || *value == 0.0))?;
    let known = Bounds {
        min: value,
        max: value,
        span: comparison.op_span,
    };
    known.never(comparison.op, limit).then_some((or.rhs, value))
}
