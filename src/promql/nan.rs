//! Where a result may be NaN: divisions of 0 by 0 that nothing guards.

use super::Parsed;
use super::ast::{BinaryOp, Call, ExprId, ExprKind};
use super::bounds::bounds;
use super::flow::Flow;
use crate::span::Span;

/// What makes a result NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NanSource {
    /// The division's operator, or the name of a metric that is recorded so.
    pub span: Span,
    /// The divisor.
    pub divisor: Option<ExprId>,
    /// The divisor is 0 whenever nothing happens; otherwise its values are not known.
    pub idle: bool,
}

/// The first division in an expression whose NaN reaches its result. `recorded` says it of metrics that rules record.
pub fn nan_source(
    parsed: &Parsed,
    flow: &Flow,
    root: ExprId,
    recorded: &dyn Fn(&str) -> bool,
) -> Option<NanSource> {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => open.push(*inner),
            ExprKind::Call(call) => open.extend(keeps_nan(parsed, call)),
            ExprKind::Selector(selector) if selector.range.is_none() => {
                let name = parsed.metric_name(selector);
                if let Some((_, span)) = name.filter(|(name, _)| recorded(name)) {
                    return Some(NanSource {
                        span,
                        divisor: None,
                        idle: true,
                    });
                }
            }
            ExprKind::Binary(binary) => match binary.op {
                BinaryOp::Div | BinaryOp::Mod => {
                    if let Some(idle) = may_be_zero(parsed, flow, binary.rhs) {
                        return Some(NanSource {
                            span: binary.op_span,
                            divisor: Some(binary.rhs),
                            idle,
                        });
                    }
                    open.extend([binary.rhs, binary.lhs]);
                }
                BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Or => {
                    open.extend([binary.rhs, binary.lhs]);
                }
                // A comparison drops NaN; what `and` and `unless` leave may be just what is no NaN.
                _ => {}
            },
            _ => {}
        }
    }
    None
}

/// The argument of a function that gives NaN for NaN.
fn keeps_nan(parsed: &Parsed, call: &Call) -> Option<ExprId> {
    let same = matches!(
        call.function?.name,
        "abs"
            | "ceil"
            | "floor"
            | "round"
            | "clamp"
            | "clamp_min"
            | "clamp_max"
            | "label_replace"
            | "label_join"
            | "sqrt"
            | "ln"
            | "exp"
    );
    parsed.ast.args(call).first().copied().filter(|_| same)
}

/// Whether a divisor may be 0, and if so, whether it is whenever nothing happens.
fn may_be_zero(parsed: &Parsed, flow: &Flow, mut id: ExprId) -> Option<bool> {
    loop {
        if flow.value(id).is_some_and(|value| value != 0.0)
            || bounds(parsed, id).is_some_and(|known| known.min > 0.0)
        {
            return None;
        }
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
            ExprKind::Aggregate(aggregate) => aggregate.expr?,
            ExprKind::Call(call) => match call.function?.name {
                "rate" | "irate" | "increase" | "delta" | "idelta" => return Some(true),
                "label_replace" | "label_join" | "abs" | "ceil" | "floor" | "round"
                | "avg_over_time" | "max_over_time" | "min_over_time" | "sum_over_time"
                | "last_over_time" => *parsed.ast.args(call).first()?,
                // `clamp_min(x, 1)`, and whatever else somebody thought of.
                _ => return None,
            },
            ExprKind::Subquery(subquery) => subquery.expr,
            ExprKind::Selector(selector) => {
                let (name, _) = parsed.metric_name(selector)?;
                return (!is_size(&name)).then_some(false);
            }
            // A product is 0 where one side is; `>`, `or`, `+ 1` are guards.
            ExprKind::Binary(binary) => match (binary.op, flow.value(binary.rhs)) {
                (BinaryOp::Mul | BinaryOp::Div, Some(_)) => binary.lhs,
                (BinaryOp::Mul, None) if flow.value(binary.lhs).is_some() => binary.rhs,
                _ => return None,
            },
            _ => return None,
        };
    }
}

/// Words in the names of sizes, which are not 0 where there is something at all.
const SIZES: &[&str] = &[
    "allocatable",
    "capacity",
    "cores",
    "cpus",
    "limit",
    "max",
    "period",
    "quota",
    "request",
    "size",
    "total",
];

fn is_size(metric: &str) -> bool {
    let metric = metric.to_ascii_lowercase();
    SIZES.iter().any(|word| metric.contains(word))
}
