//! What the numbers of a result are, as far as it matters to `rate`: counters, rates, or something that goes up and down.

use super::ast::{AggregateOp, BinaryOp, ExprId, ExprKind, ValueType};
use super::{MetricKind, Parsed, kind_by_name};

/// What the numbers of a result are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// Counters as they are: they only grow, until their process restarts.
    Counter,
    /// Counters added up or otherwise aggregated by this: what falls at a restart is only a part.
    AggregatedCounter(&'static str),
    /// What this function gives of a range: `rate`, `increase`, `deriv` …
    Rate(&'static str),
    /// Something that goes up and down by its nature, as this gives it: a count of series, a quantile, a share.
    Gauge(&'static str),
}

/// What the numbers of an expression are; none where the text does not say so for certain. `recorded` says it of metrics
/// that rules record.
pub fn nature(
    parsed: &Parsed,
    mut id: ExprId,
    recorded: &dyn Fn(&str) -> Option<Nature>,
) -> Option<Nature> {
    let mut aggregated: Option<&'static str> = None;
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
            ExprKind::Aggregate(aggregate) => match aggregate.op {
                AggregateOp::Count | AggregateOp::CountValues | AggregateOp::Stddev => {
                    return Some(Nature::Gauge(aggregate.op.as_str()));
                }
                AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Min | AggregateOp::Max => {
                    aggregated = aggregated.or(Some(aggregate.op.as_str()));
                    aggregate.expr?
                }
                op if op.keeps_series() => aggregate.expr?,
                _ => return None,
            },
            ExprKind::Call(call) => {
                let function = call.function?;
                match function.name {
                    "rate" | "irate" | "increase" | "deriv" | "delta" | "idelta" => {
                        return Some(Nature::Rate(function.name));
                    }
                    "histogram_quantile" | "histogram_avg" | "histogram_fraction"
                    | "quantile_over_time" | "stddev_over_time" | "predict_linear" => {
                        return Some(Nature::Gauge(function.name));
                    }
                    "label_replace" | "label_join" | "sort" | "sort_desc" | "round" | "ceil"
                    | "floor" => *parsed.ast.args(call).first()?,
                    _ => return None,
                }
            }
            ExprKind::Binary(binary) => {
                let scalar = |id| parsed.ast.expr(id).ty == ValueType::Scalar;
                match binary.op {
                    BinaryOp::And | BinaryOp::Unless | BinaryOp::Or => binary.lhs,
                    BinaryOp::Mul | BinaryOp::Div if scalar(binary.rhs) => binary.lhs,
                    BinaryOp::Mul if scalar(binary.lhs) => binary.rhs,
                    op if op.is_comparison() && binary.bool_span.is_none() => binary.lhs,
                    _ => return None,
                }
            }
            ExprKind::Selector(selector) => {
                let (name, _) = parsed.metric_name(selector)?;
                let own = if kind_by_name(&name) == Some(MetricKind::Counter)
                    || name.ends_with("_bucket") && !name.contains(':')
                {
                    Nature::Counter
                } else {
                    recorded(&name)?
                };
                return Some(match (own, aggregated) {
                    (Nature::Counter, Some(by)) => Nature::AggregatedCounter(by),
                    (own, _) => own,
                });
            }
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    #[test]
    fn natures() {
        let recorded = |name: &str| (name == "job:x:rate").then_some(Nature::Rate("rate"));
        for (query, want) in [
            ("requests_done_total", Some(Nature::Counter)),
            (
                "sum by (job) (requests_done_total)",
                Some(Nature::AggregatedCounter("sum")),
            ),
            (
                "sum(rate(requests_done_total[5m])) * 60",
                Some(Nature::Rate("rate")),
            ),
            ("max(job:x:rate > 1)", Some(Nature::Rate("rate"))),
            ("count(up)", Some(Nature::Gauge("count"))),
            ("a + b", None),
            ("x", None),
        ] {
            let parsed = parse(query);
            let found = parsed
                .root
                .and_then(|root| nature(&parsed, root, &recorded));
            assert_eq!(found, want, "{query}");
        }
    }
}
