//! Comparisons written as in mathematics.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{BinaryOp, ExprKind, ValueType};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "comparison-chain",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "chain of comparisons whose middle is compared only once",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/comparison-chain.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, outer) in parsed.binaries() {
            // With parentheses somebody knew what is compared with what.
            let ExprKind::Binary(inner) = &parsed.ast.expr(outer.lhs).kind else {
                continue;
            };
            if !outer.op.is_comparison() || !inner.op.is_comparison() {
                continue;
            }
            let limit = query.flow(cx.project).value(outer.rhs);
            let text = |id| parsed.slice(parsed.ast.expr(id).span);
            if inner.bool_span.is_some() {
                if limit.is_some_and(|limit| limit != 0.0 && limit != 1.0) {
                    found.push(
                        Found::new(
                            query,
                            outer.op_span,
                            format!("what is compared with {} here is the 0 or 1 of the comparison before", text(outer.rhs)),
                            "compare twice: `… and …`",
                        )
                        .note(inner.op_span, "gives 0 or 1"),
                    );
                }
                continue;
            }
            let vectors = [inner.lhs, inner.rhs].map(|id| parsed.ast.expr(id).ty);
            // `0 < x < 10` does what it says: of a number and a vector the vector goes on.
            if vectors != [ValueType::Vector; 2] || rises(inner.op) != rises(outer.op) {
                continue;
            }
            // `a > b > 0` asks for a positive `a`, which with a `b` that is no negative number says the same.
            if limit == Some(0.0) {
                continue;
            }
            let (first, middle, last) = (text(inner.lhs), text(inner.rhs), text(outer.rhs));
            found.push(
                Found::new(
                    query,
                    outer.op_span,
                    format!(
                        "this compares `{}` with `{}`, not `{}`: of a comparison the left side goes on",
                        short(first),
                        short(last),
                        short(middle)
                    ),
                    "compare twice: `a < b and b < c`",
                )
                .note(inner.op_span, "the left side of this goes on"),
            );
        }
    });
}

/// The direction of a comparison; none for `==` and `!=`.
fn rises(op: BinaryOp) -> Option<bool> {
    match op {
        BinaryOp::Lt | BinaryOp::Le => Some(true),
        BinaryOp::Gt | BinaryOp::Ge => Some(false),
        _ => None,
    }
}

/// As much of an expression as a sentence bears.
fn short(text: &str) -> &str {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => text.get(..at).unwrap_or(text),
        None => text,
    }
}
