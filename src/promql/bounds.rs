//! Which numbers a result can be, whatever the data.
//!
//! Read from Prometheus 3.5, `promql/functions.go` and `promql/engine.go`: what a function or an aggregation gives for
//! series that exist. No series is no number: `count` of nothing has no result, and so is never 0.

use super::Parsed;
use super::ast::{AggregateOp, Binary, BinaryOp, Call, ExprId, ExprKind, ValueType};
use crate::span::Span;

/// The smallest and the largest number that an expression gives, if it gives any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// None is smaller.
    pub min: f64,
    /// None is larger.
    pub max: f64,
    /// What says so: a function, an aggregation, a metric.
    pub span: Span,
}

impl Bounds {
    /// What is left of these numbers by `number OP limit` is nothing.
    pub fn never(&self, op: BinaryOp, limit: f64) -> bool {
        match op {
            BinaryOp::Eq => limit < self.min || limit > self.max,
            BinaryOp::Ne => self.min == limit && self.max == limit,
            BinaryOp::Gt => self.max <= limit,
            BinaryOp::Ge => self.max < limit,
            BinaryOp::Lt => self.min >= limit,
            BinaryOp::Le => self.min > limit,
            _ => false,
        }
    }
}

/// What is done to numbers whose bounds are known.
#[derive(Clone, Copy)]
enum Step {
    Add(f64),
    Times(f64),
    /// One or more of them are added up.
    Sum,
}

/// What is known of the numbers of an expression; none where they can be any.
pub fn bounds(parsed: &Parsed, whole: ExprId) -> Option<Bounds> {
    let mut id = whole;
    let mut steps: Vec<Step> = Vec::new();
    let (mut min, mut max, span) = loop {
        let expr = parsed.ast.expr(id);
        match &expr.kind {
            ExprKind::Paren(inner) => id = *inner,
            ExprKind::Subquery(subquery) => id = subquery.expr,
            ExprKind::Selector(selector) => {
                let (name, span) = parsed.metric_name(selector)?;
                match &*name {
                    // 1 while the scrape works, else 0 (Prometheus documentation, "Jobs and instances").
                    "up" => break (0.0, 1.0, span),
                    // rules/alerting.go: the sample of an alert that is pending or fires is 1.
                    "ALERTS" => break (1.0, 1.0, span),
                    _ => return None,
                }
            }
            ExprKind::Aggregate(aggregate) => match aggregate.op {
                AggregateOp::Count => break (1.0, f64::INFINITY, aggregate.op_span),
                AggregateOp::Group => break (1.0, 1.0, aggregate.op_span),
                AggregateOp::Stddev | AggregateOp::Stdvar => {
                    break (0.0, f64::INFINITY, aggregate.op_span);
                }
                AggregateOp::Sum => {
                    steps.push(Step::Sum);
                    id = aggregate.expr?;
                }
                AggregateOp::Min | AggregateOp::Max | AggregateOp::Avg => id = aggregate.expr?,
                op if op.keeps_series() => id = aggregate.expr?,
                _ => return None,
            },
            ExprKind::Call(call) => match of_call(parsed, call)? {
                Numbers::Of(argument) => id = argument,
                Numbers::SumOf(argument) => {
                    steps.push(Step::Sum);
                    id = argument;
                }
                Numbers::Between(min, max) => break (min, max, call.name),
            },
            ExprKind::Binary(binary)
                if binary.op.is_comparison()
                    && expr.ty == ValueType::Vector
                    && binary.bool_span.is_some() =>
            {
                break (0.0, 1.0, binary.op_span);
            }
            ExprKind::Binary(binary) => match affine(parsed, binary) {
                Some((side, of_side)) => {
                    steps.extend(of_side.into_iter().rev());
                    id = side;
                }
                None if binary.op == BinaryOp::Div && never_negative(parsed, id) => {
                    break (0.0, f64::INFINITY, expr.span);
                }
                None => return None,
            },
            _ => return None,
        }
    };
    let changed = steps.iter().any(|step| !matches!(step, Step::Sum));
    let span = match changed {
        true => parsed.ast.expr(parsed.ast.unparen(whole)).span,
        false => span,
    };
    for step in steps.into_iter().rev() {
        (min, max) = match step {
            Step::Add(number) => (min + number, max + number),
            Step::Times(number) if number > 0.0 => (min * number, max * number),
            Step::Times(number) if number < 0.0 => (max * number, min * number),
            Step::Times(_) => return None,
            Step::Sum if min >= 0.0 => (min, f64::INFINITY),
            Step::Sum => return None,
        };
    }
    let known = min.is_finite() || max.is_finite();
    known.then_some(Bounds { min, max, span })
}

/// The side of an operation with a number, and what the operation does to it.
fn affine(parsed: &Parsed, binary: &Binary) -> Option<(ExprId, Vec<Step>)> {
    let number = |id: ExprId| match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
        ExprKind::Number(number) if number.holes.is_empty() => Some(number.value),
        _ => None,
    };
    Some(match (binary.op, number(binary.lhs), number(binary.rhs)) {
        (BinaryOp::Add, Some(number), None) => (binary.rhs, vec![Step::Add(number)]),
        (BinaryOp::Add, None, Some(number)) => (binary.lhs, vec![Step::Add(number)]),
        (BinaryOp::Sub, None, Some(number)) => (binary.lhs, vec![Step::Add(-number)]),
        (BinaryOp::Sub, Some(number), None) => {
            (binary.rhs, vec![Step::Times(-1.0), Step::Add(number)])
        }
        (BinaryOp::Mul, Some(number), None) => (binary.rhs, vec![Step::Times(number)]),
        (BinaryOp::Mul, None, Some(number)) => (binary.lhs, vec![Step::Times(number)]),
        (BinaryOp::Div, None, Some(number)) => (binary.lhs, vec![Step::Times(1.0 / number)]),
        _ => return None,
    })
}

/// Whether no number of an expression can be below zero, since it is made of counters and sizes by operations that keep that.
fn never_negative(parsed: &Parsed, id: ExprId) -> bool {
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => open.push(*inner),
            ExprKind::Subquery(subquery) => open.push(subquery.expr),
            ExprKind::Number(number) if number.holes.is_empty() && number.value >= 0.0 => {}
            ExprKind::Selector(selector) => {
                let size = |name: &str| {
                    ["_total", "_count", "_bucket", "_bytes"]
                        .iter()
                        .any(|end| name.ends_with(end))
                };
                if !parsed
                    .metric_name(selector)
                    .is_some_and(|(name, _)| size(&name))
                {
                    return false;
                }
            }
            ExprKind::Aggregate(aggregate) => match (aggregate.op, aggregate.expr) {
                (AggregateOp::Count | AggregateOp::Group, _) => {}
                (
                    AggregateOp::Sum | AggregateOp::Min | AggregateOp::Max | AggregateOp::Avg,
                    Some(inner),
                ) => {
                    open.push(inner);
                }
                _ => return false,
            },
            ExprKind::Call(call) => match of_call(parsed, call) {
                Some(Numbers::Between(min, _)) if min >= 0.0 => {}
                Some(Numbers::Of(argument) | Numbers::SumOf(argument)) => open.push(argument),
                _ => return false,
            },
            ExprKind::Binary(binary)
                if matches!(binary.op, BinaryOp::Add | BinaryOp::Mul | BinaryOp::Div) =>
            {
                open.extend([binary.lhs, binary.rhs]);
            }
            _ => return false,
        }
    }
    true
}

enum Numbers {
    /// Those of an argument.
    Of(ExprId),
    /// Sums of those of an argument.
    SumOf(ExprId),
    Between(f64, f64),
}

fn of_call(parsed: &Parsed, call: &Call) -> Option<Numbers> {
    let args = parsed.ast.args(call);
    let first = || args.first().copied();
    Some(match call.function?.name {
        // Counters are corrected for resets, so no difference is negative (extrapolatedRate).
        "rate" | "irate" | "increase" | "changes" | "resets" | "stddev_over_time"
        | "stdvar_over_time" | "abs" | "sqrt" => Numbers::Between(0.0, f64::INFINITY),
        "count_over_time" => Numbers::Between(1.0, f64::INFINITY),
        "present_over_time" | "absent" | "absent_over_time" => Numbers::Between(1.0, 1.0),
        "sgn" => Numbers::Between(-1.0, 1.0),
        "minute" => Numbers::Between(0.0, 59.0),
        "hour" => Numbers::Between(0.0, 23.0),
        "day_of_week" => Numbers::Between(0.0, 6.0),
        "day_of_month" => Numbers::Between(1.0, 31.0),
        "day_of_year" => Numbers::Between(1.0, 366.0),
        "days_in_month" => Numbers::Between(28.0, 31.0),
        "month" => Numbers::Between(1.0, 12.0),
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" | "label_replace"
        | "label_join" | "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time"
        | "first_over_time" => Numbers::Of(first()?),
        "sum_over_time" => Numbers::SumOf(first()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    fn of(query: &str) -> Option<(f64, f64)> {
        let parsed = parse(query);
        assert!(parsed.errors.is_empty(), "{query}: {:?}", parsed.errors);
        let found = parsed.root.and_then(|root| bounds(&parsed, root));
        found.map(|bounds| (bounds.min, bounds.max))
    }

    #[test]
    fn numbers_of_results() {
        let no_end = f64::INFINITY;
        for (query, want) in [
            ("x", None),
            ("up", Some((0.0, 1.0))),
            ("sum(up)", Some((0.0, no_end))),
            ("max by (job) (up)", Some((0.0, 1.0))),
            ("count(x)", Some((1.0, no_end))),
            ("sum(count by (a) (x))", Some((1.0, no_end))),
            ("count(x) or vector(0)", None),
            ("count(x) - 1", Some((0.0, no_end))),
            ("1 - rate(x[5m])", Some((-no_end, 1.0))),
            ("100 * (1 - a_bytes / b_bytes)", Some((-no_end, 100.0))),
            (
                "100 - sum(rate(a[5m])) / sum(rate(b[5m])) * 100",
                Some((-no_end, 100.0)),
            ),
            ("1 - a / b", None),
            ("a_bytes - 1", None),
            ("sum(1 - rate(x[5m]))", None),
            ("rate(x[5m]) / 0", None),
            ("count(x) * $n", None),
            ("absent(x)", Some((1.0, 1.0))),
            ("rate(x[5m])", Some((0.0, no_end))),
            ("avg_over_time(up[5m])", Some((0.0, 1.0))),
            ("sum(sgn(x))", None),
            ("x > bool 5", Some((0.0, 1.0))),
            ("x > 5", None),
            ("hour()", Some((0.0, 23.0))),
        ] {
            assert_eq!(of(query), want, "{query}");
        }
    }
}
