//! How long alerts wait, and for what.

use super::face::Seen;
use crate::model::Query;
use crate::promql::ast::{BinaryOp, Call, ExprKind};
use crate::promql::duration;
use crate::span::Span;

/// Whether an alert waits before it fires; a duration that cannot be read counts as one.
pub(super) fn waits(seen: &Seen<'_, '_>) -> bool {
    let Some(text) = seen.node().get("for").and_then(|node| node.as_text()) else {
        return false;
    };
    duration(&text.value) != Some(0.0)
}

/// The call of `absent` whose result decides, if one does. `absent_over_time` waits on its own.
pub(super) fn asks_for_absence<'s, 't>(seen: &Seen<'s, 't>) -> Option<(&'s Query<'t>, Span)> {
    seen.queries.iter().find_map(|query| {
        let parsed = query.parsed();
        let root = parsed.root.filter(|_| query.language.is_promql())?;
        let over_time = |call: &Call| {
            let inner = parsed.ast.args(call).first().map(|arg| parsed.ast.unparen(*arg));
            let inner = inner.map(|inner| &parsed.ast.expr(inner).kind);
            matches!(inner, Some(ExprKind::Call(inner)) if parsed.call_name(inner).ends_with("_over_time"))
        };
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
                // Nothing in all of a range: that has waited already.
                ExprKind::Call(call) if parsed.call_name(call) == "absent" && over_time(call) => {}
                ExprKind::Call(call) if parsed.call_name(call) == "absent" => {
                    return Some((query, call.name));
                }
                ExprKind::Binary(binary) if binary.op == BinaryOp::Or => {
                    open.extend([binary.rhs, binary.lhs]);
                }
                ExprKind::Binary(binary)
                    if binary.op.is_comparison()
                        || matches!(binary.op, BinaryOp::And | BinaryOp::Unless) =>
                {
                    open.push(binary.lhs);
                }
                _ => {}
            }
        }
        None
    })
}
