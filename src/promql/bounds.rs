//! Which numbers a result can be, whatever the data.
//!
//! Read from Prometheus 3.5, `promql/functions.go` and `promql/engine.go`: what a function or an aggregation gives for
//! series that exist. No series is no number: `count` of nothing has no result, and so is never 0.

use super::Parsed;
use super::ast::{AggregateOp, Call, ExprId, ExprKind, ValueType};
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
    pub fn never(&self, op: super::ast::BinaryOp, limit: f64) -> bool {
        use super::ast::BinaryOp;
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

/// What is known of the numbers of an expression; none where they can be any.
pub fn bounds(parsed: &Parsed, mut id: ExprId) -> Option<Bounds> {
    let mut added = false;
    let (min, max, span) = loop {
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
                    added = true;
                    id = aggregate.expr?;
                }
                AggregateOp::Min | AggregateOp::Max | AggregateOp::Avg => id = aggregate.expr?,
                op if op.keeps_series() => id = aggregate.expr?,
                _ => return None,
            },
            ExprKind::Call(call) => match of_call(parsed, call)? {
                Numbers::Of(argument) => id = argument,
                Numbers::SumOf(argument) => {
                    added = true;
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
            _ => return None,
        }
    };
    // A sum of at least one of them.
    let (min, max) = match added {
        false => (min, max),
        true if min >= 0.0 => (min, f64::INFINITY),
        true => return None,
    };
    Some(Bounds { min, max, span })
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
            ("count(x) - 1", None),
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
