//! Where a result may be NaN: divisions of 0 by 0 that nothing guards.

use super::Parsed;
use super::ast::{BinaryOp, Call, ExprId, ExprKind};
use super::bounds::{Bounds, bounds};
use super::flow::Flow;
use crate::span::Span;

/// What makes a result NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NanSource {
    /// The division's operator, or the name of a metric that is recorded so.
    pub span: Span,
    /// The divisor.
    pub divisor: Option<ExprId>,
    /// What is divided is a number other than 0, so that the quotient is infinite.
    pub infinite: bool,
    /// The divisor is 0 whenever nothing happens; otherwise its values are not known.
    pub idle: bool,
}

/// The first division in an expression whose NaN reaches its result. `recorded` says of metrics that rules record whether they are NaN
/// where something is 0, and then whether that is so whenever nothing happens.
pub fn nan_source(
    parsed: &Parsed,
    flow: &Flow,
    root: ExprId,
    recorded: &dyn Fn(&str) -> Option<bool>,
) -> Option<NanSource> {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => open.push(*inner),
            ExprKind::Call(call) => open.extend(keeps_nan(parsed, call)),
            ExprKind::Selector(selector) if selector.range.is_none() => {
                if let Some((name, span)) = parsed.metric_name(selector)
                    && let Some(idle) = recorded(&name)
                {
                    return Some(NanSource {
                        span,
                        divisor: None,
                        infinite: false,
                        idle,
                    });
                }
            }
            ExprKind::Binary(binary) => match binary.op {
                BinaryOp::Div | BinaryOp::Mod => {
                    if let Some(idle) = may_be_zero(parsed, flow, binary.rhs) {
                        return Some(NanSource {
                            span: binary.op_span,
                            divisor: Some(binary.rhs),
                            infinite: binary.op == BinaryOp::Div
                                && flow.value(binary.lhs).is_some_and(|value| value != 0.0),
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

/// Whether a divisor may be 0, and if so, whether it is whenever nothing happens. Of an aggregation that is so only where a whole group stands
/// still.
fn may_be_zero(parsed: &Parsed, flow: &Flow, mut id: ExprId) -> Option<bool> {
    let mut grouped = false;
    loop {
        if let Some(value) = flow.value(id) {
            return (value == 0.0).then_some(true);
        }
        if bounds(parsed, id).is_some_and(|known| known.min > 0.0) {
            return None;
        }
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
            ExprKind::Aggregate(aggregate) => {
                grouped = true;
                aggregate.expr?
            }
            ExprKind::Call(call) => match call_zero(parsed, flow, call) {
                Zero::As(argument) => argument,
                Zero::Idle => return Some(!grouped),
                Zero::Unknown => return Some(false),
                Zero::Never => return None,
            },
            ExprKind::Subquery(subquery) => subquery.expr,
            ExprKind::Selector(selector) => {
                let (name, _) = parsed.metric_name(selector)?;
                return (!is_size(&name)).then_some(false);
            }
            ExprKind::Binary(binary) => {
                let (left, right) = (flow.value(binary.lhs), flow.value(binary.rhs));
                match binary.op {
                    BinaryOp::Mul if left.is_some() => binary.rhs,
                    BinaryOp::Mul | BinaryOp::Div => binary.lhs,
                    BinaryOp::And | BinaryOp::Unless | BinaryOp::Or => binary.lhs,
                    BinaryOp::Sub => return Some(false),
                    // `x + 1`, of which the summand is the guard, and `hits + misses`.
                    BinaryOp::Add if left.or(right).is_some_and(|value| value > 0.0) => {
                        return None;
                    }
                    BinaryOp::Add if right.is_some() => binary.lhs,
                    BinaryOp::Add => {
                        let counted = bounds(parsed, binary.rhs);
                        if counted.is_some_and(|known| known.min > 0.0) {
                            return None;
                        }
                        binary.lhs
                    }
                    op if op.is_comparison() => {
                        if binary.bool_span.is_some() {
                            return Some(false);
                        }
                        return match (left, right) {
                            (None, Some(limit)) => zero().never(op, limit).then_some(()),
                            (Some(limit), None) => zero().never(op.mirrored(), limit).then_some(()),
                            _ => None,
                        }
                        .map_or(Some(false), |()| None);
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
    }
}

fn zero() -> Bounds {
    Bounds {
        min: 0.0,
        max: 0.0,
        span: Span::default(),
    }
}

/// How a call comes to be 0.
enum Zero {
    /// Where this argument is.
    As(ExprId),
    /// Whenever nothing happens.
    Idle,
    /// It may.
    Unknown,
    /// It is not, or somebody thought of it.
    Never,
}

fn call_zero(parsed: &Parsed, flow: &Flow, call: &Call) -> Zero {
    let args = parsed.ast.args(call);
    let (Some(function), Some(&first)) = (call.function, args.first()) else {
        return Zero::Never;
    };
    let limit = |at: usize| args.get(at).and_then(|id| flow.value(*id));
    let clamped = |keeps_off: bool, known: bool| match (keeps_off, known) {
        (true, _) => Zero::Never,
        (false, true) => Zero::As(first),
        (false, false) => Zero::Unknown,
    };
    match function.name {
        "rate" | "irate" | "increase" | "delta" | "idelta" => Zero::Idle,
        "label_replace" | "label_join" | "abs" | "ceil" | "floor" | "round" | "avg_over_time"
        | "max_over_time" | "min_over_time" | "sum_over_time" | "last_over_time" => Zero::As(first),
        "clamp_min" => clamped(limit(1).is_some_and(|min| min > 0.0), limit(1).is_some()),
        "clamp_max" => clamped(limit(1).is_some_and(|max| max < 0.0), limit(1).is_some()),
        "clamp" => {
            let (min, max) = (limit(1), limit(2));
            let off = min.is_some_and(|min| min > 0.0) || max.is_some_and(|max| max < 0.0);
            clamped(off, min.is_some() && max.is_some())
        }
        _ => Zero::Never,
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
    "memtotal",
    "total_",
];

fn is_size(metric: &str) -> bool {
    let metric = metric.to_ascii_lowercase();
    SIZES.iter().any(|word| metric.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::ast::ExprKind;
    use crate::promql::parse;

    /// What is found under the outermost aggregation: idle, or of unknown value.
    fn found(query: &str) -> Option<bool> {
        let parsed = parse(query);
        assert!(parsed.errors.is_empty(), "{query}: {:?}", parsed.errors);
        let flow = Flow::new(&parsed);
        let root = parsed.root.expect("a root");
        let ExprKind::Aggregate(aggregate) = &parsed.ast.expr(root).kind else {
            panic!("{query} is no aggregation");
        };
        let inner = aggregate.expr.expect("something to aggregate");
        nan_source(&parsed, &flow, inner, &|name| {
            (name == "r:ratio").then_some(true)
        })
        .map(|source| source.idle)
    }

    #[test]
    fn divisors() {
        for (inner, want) in [
            ("a + b * c", None),
            ("a / b", Some(false)),
            ("a % b", Some(false)),
            ("1 / b", Some(false)),
            ("a / 2", None),
            ("a / -(2)", None),
            ("a / 0", Some(true)),
            ("a / vector(2)", None),
            ("a / vector(0)", Some(true)),
            ("(a > 0) / b", Some(false)),
            ("rate(a[5m]) / rate(b[5m])", Some(true)),
            ("a * b / increase(c[5m])", Some(true)),
            ("a / sum by (job) (rate(b[5m]))", Some(false)),
            ("a / (b > 0) * c / d", Some(false)),
            ("r:ratio", Some(true)),
            ("r:ratio + a", Some(true)),
            ("r:ratio > 0", None),
            // Guards that keep 0 out, and guards that do not.
            ("a / (b > 0)", None),
            ("a / (b != 0)", None),
            ("a / (b >= 1)", None),
            ("a / (0 < b)", None),
            ("a / (b < 0)", None),
            ("a / (b <= -1)", None),
            ("a / (b > bool 0)", Some(false)),
            ("a / (b >= 0)", Some(false)),
            ("a / (b == 0)", Some(false)),
            ("a / (b <= 0)", Some(false)),
            ("a / (b < 1)", Some(false)),
            ("a / (b > -1)", Some(false)),
            ("a / (b != 1)", Some(false)),
            ("a / (b > c)", Some(false)),
            ("a / clamp_min(b, 1)", None),
            ("a / clamp_min(b, 0)", Some(false)),
            ("a / clamp_min(b, -1)", Some(false)),
            ("a / clamp_min(b, scalar(c))", Some(false)),
            ("a / clamp_max(b, -1)", None),
            ("a / clamp_max(b, 0)", Some(false)),
            ("a / clamp(b, 1, 10)", None),
            ("a / clamp(b, -10, -1)", None),
            ("a / clamp(b, -1, 1)", Some(false)),
            ("a / clamp(b, scalar(c), scalar(d))", Some(false)),
            ("a / (rate(b[5m]) + 1)", None),
            ("a / (rate(b[5m]) + rate(c[5m]))", Some(true)),
            ("a / count(b)", None),
            ("a / (rate(b[5m]) or vector(1))", Some(true)),
        ] {
            assert_eq!(found(&format!("sum({inner})")), want, "{inner}");
        }
    }
}
