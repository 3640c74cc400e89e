//! Alerts whose condition filters nothing.

use super::found::{Found, check_queries, condition, in_prometheus_alert};
use crate::diagnostic::{Group, Safety, Severity};
use crate::promql::ast::{BinaryOp, ExprId, ExprKind};
use crate::promql::{Parsed, ValueType};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "bool-in-alert",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "alert condition with `bool` holds for every series",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/promql/bool-in-alert.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !in_prometheus_alert(cx, query) {
            return;
        }
        let Some(binary) = condition(parsed) else {
            return;
        };
        let Some(span) = binary.bool_span else { return };
        // Two numbers cannot be compared without.
        let scalar = |id| parsed.ast.expr(id).ty == ValueType::Scalar;
        if filters(parsed, binary.lhs) || (scalar(binary.lhs) && scalar(binary.rhs)) {
            return;
        }
        // With the space before it.
        let after = Span::new(binary.op_span.end as usize, span.end as usize);
        found.push(
            Found::new(
                query,
                span,
                "with `bool` the comparison gives 0 or 1 for every series and drops none: the alert fires whatever the values are",
                "delete `bool`",
            )
            .fix("delete `bool`", Safety::Unsafe, vec![(after, String::new())]),
        );
    });
}

/// `(x > 1) > bool 2`: the condition stands further in.
fn filters(parsed: &Parsed, id: ExprId) -> bool {
    match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
        ExprKind::Binary(binary) => {
            let compares = binary.op.is_comparison() && binary.bool_span.is_none();
            compares || matches!(binary.op, BinaryOp::And | BinaryOp::Unless)
        }
        _ => false,
    }
}
