//! `==` on numbers that are calculated.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{AggregateOp, BinaryOp, ExprId, ExprKind};
use crate::promql::{Parsed, flow::Flow};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "float-equality",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "rate compared with `==` or `!=`",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/float-equality.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, binary) in parsed.binaries() {
            if !matches!(binary.op, BinaryOp::Eq | BinaryOp::Ne) {
                continue;
            }
            let flow = query.flow(cx.project);
            let sides = match (flow.value(binary.lhs), flow.value(binary.rhs)) {
                (None, Some(limit)) if limit != 0.0 => [Some(binary.lhs), None],
                (Some(limit), None) if limit != 0.0 => [Some(binary.rhs), None],
                (None, None) => [Some(binary.lhs), Some(binary.rhs)],
                _ => continue,
            };
            let mut calculated = sides
                .into_iter()
                .flatten()
                .map(|side| fraction(parsed, flow, side));
            let Some(Some(span)) = calculated.next() else {
                continue;
            };
            if calculated.next().is_some_and(|other| other.is_none()) {
                continue;
            }
            let function = parsed.slice(span);
            let (operator, outcome) = match binary.op {
                BinaryOp::Eq => ("==", "hardly ever"),
                _ => ("!=", "nearly always"),
            };
            found.push(
                Found::new(
                    query,
                    binary.op_span,
                    format!("`{function}` gives fractions that hit a number only by chance: `{operator}` is {outcome} true"),
                    "compare with `>` or `<`, or `round` first",
                )
                .note(span, "gives fractions"),
            );
        }
    });
}

/// The function that makes the numbers of an expression fractions, calculated from the distances of samples.
fn fraction(parsed: &Parsed, flow: &Flow, mut id: ExprId) -> Option<Span> {
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
            ExprKind::Aggregate(aggregate) => match aggregate.op {
                AggregateOp::Count | AggregateOp::CountValues | AggregateOp::Group => return None,
                _ => aggregate.expr?,
            },
            ExprKind::Call(call) => match call.function?.name {
                "rate" | "irate" | "increase" | "deriv" | "predict_linear" => {
                    return Some(call.name);
                }
                "sort" | "sort_desc" | "abs" | "label_replace" | "label_join" => {
                    *parsed.ast.args(call).first()?
                }
                _ => return None,
            },
            ExprKind::Binary(binary)
                if matches!(
                    binary.op,
                    BinaryOp::Mul | BinaryOp::Div | BinaryOp::Add | BinaryOp::Sub
                ) =>
            {
                match (flow.value(binary.lhs), flow.value(binary.rhs)) {
                    (None, Some(_)) => binary.lhs,
                    (Some(_), None) => binary.rhs,
                    _ => return None,
                }
            }
            _ => return None,
        };
    }
}
