//! What every part of a query is: one pass over the arena, children before parents, so nothing recurses.

use super::binary::binary;
use super::known::KnownMetrics;
use super::metrics;
use super::value::{Confidence, Dims, Kind, Value, Window, near};
use crate::promql::ast::{Aggregate, AggregateOp, BinaryOp, Call, MatchOp, Selector};
use crate::promql::{ExprId, ExprKind, Parsed};

/// What is known of a query.
#[derive(Debug, Clone, Default)]
pub struct Inference {
    values: Vec<Option<Value>>,
    root: Option<Value>,
    /// What contradicts itself in the query, the inner parts first.
    pub contradictions: Vec<Contradiction>,
}

impl Inference {
    /// What the whole query is.
    pub fn root(&self) -> Option<Value> {
        self.root
    }

    /// What a part of it is.
    pub fn of(&self, id: ExprId) -> Option<Value> {
        self.values.get(id.index()).copied().flatten()
    }
}

/// Two parts of a query that do not go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contradiction {
    /// The operation or call.
    pub at: ExprId,
    /// What is wrong.
    pub clash: Clash,
}

/// What is wrong between two parts of a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clash {
    /// `+` or `-` of two dimensions.
    AddDims(Value, Value),
    /// `+` or `-` of two scales of one dimension.
    AddScale(Value, Value),
    /// `+` of something and a multiple of something: a missing parenthesis.
    AddMultiple(f64),
    /// `100 - ratio`.
    HundredMinusRatio,
    /// `1 - percent`.
    OneMinusPercent,
    /// A comparison of two dimensions.
    CompareDims(Value, Value),
    /// A comparison of two scales of one dimension.
    CompareScale(Value, Value),
    /// `or` of two units.
    Or(Value, Value),
    /// The counts in buckets multiplied, which changes no quantile.
    ScaledBuckets(f64),
}

/// Infers the units of a query. Total: whatever it cannot tell is unknown.
pub fn infer(parsed: &Parsed) -> Inference {
    infer_with(parsed, &KnownMetrics::default())
}

/// Infers the units of a query, where users say something of its metrics.
pub fn infer_with(parsed: &Parsed, known: &KnownMetrics) -> Inference {
    let mut out = Inference {
        values: Vec::with_capacity(parsed.ast.exprs().len()),
        ..Inference::default()
    };
    for (id, expr) in parsed.ast.exprs() {
        let value = match &expr.kind {
            ExprKind::Number(number) if number.holes.is_empty() => {
                Some(Value::literal(number.value))
            }
            ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Hole(_) => None,
            ExprKind::Selector(selector) => metric(parsed, selector, known),
            ExprKind::Paren(inner) => out.of(*inner),
            ExprKind::Unary { minus, expr } => out.of(*expr).map(|mut value| {
                if let (true, Some(number)) = (*minus, value.literal) {
                    value.literal = Some(-number);
                }
                value.computed()
            }),
            ExprKind::Subquery(subquery) => out.of(subquery.expr),
            ExprKind::Call(call) => function(parsed, call, &mut out),
            ExprKind::Aggregate(aggregate) => aggregation(aggregate, &out),
            ExprKind::Binary(operation) => {
                let (left, right) = (out.of(operation.lhs), out.of(operation.rhs));
                binary(parsed, operation, left, right, |clash| {
                    out.contradictions.push(Contradiction { at: id, clash });
                })
            }
        };
        out.values.push(value);
    }
    out.root = parsed.root.and_then(|root| out.of(root));
    out
}

fn metric(parsed: &Parsed, selector: &Selector, known: &KnownMetrics) -> Option<Value> {
    let (name, at) = parsed.metric_name(selector)?;
    if let Some((said, part)) = known.find(&name) {
        return metrics::said(&name, at, said, part);
    }
    metrics::of(&name, at, &mut |label| {
        parsed.ast.matchers(selector).iter().find_map(|matcher| {
            let known = matches!(matcher.op, MatchOp::Equal | MatchOp::Regex)
                && matcher.value.holes.is_empty()
                && parsed.label(&matcher.label) == label;
            known.then(|| parsed.string(&matcher.value))
        })
    })
}

/// The rate of a value.
pub(super) fn per_second(value: Value) -> Value {
    let mut rate = value.computed();
    let usual = match value.kind {
        Kind::Amount | Kind::Count => true,
        Kind::Ratio | Kind::Share | Kind::Bool | Kind::Info | Kind::Timestamp | Kind::Literal => {
            false
        }
    };
    rate.dims = value.dims.over(Dims::TIME);
    rate.window = None;
    if rate.dims.is_none() {
        rate.kind = Kind::Share;
        rate.time_rate = true;
    } else {
        rate.kind = Kind::Amount;
    }
    if usual && rate.dims.is_usual() {
        rate
    } else {
        rate.at_most(Confidence::Weak)
    }
}

fn function(parsed: &Parsed, call: &Call, out: &mut Inference) -> Option<Value> {
    let function = call.function?;
    let args = parsed.ast.args(call);
    let vector = match function.range_arg() {
        Some(at) => args.get(at),
        None if function.name.starts_with("histogram_") => args.last(),
        None => args.first(),
    };
    let value = vector.and_then(|arg| out.of(*arg));
    let strong = |dims, kind| Some(Value::new(dims, kind, Confidence::Strong));
    match function.name {
        "rate" | "irate" | "deriv" => match value?.kind {
            Kind::Timestamp | Kind::Literal => None,
            _ => value.map(per_second),
        },
        "increase" | "delta" | "idelta" => {
            let mut value = value?.computed();
            let seconds = vector.and_then(|arg| range_seconds(parsed, *arg));
            value.window = Some(Window { seconds });
            if value.kind == Kind::Timestamp {
                value.kind = Kind::Amount;
            }
            Some(value)
        }
        "predict_linear" => {
            let mut value = value?.computed();
            value.window = Some(Window { seconds: None });
            Some(value)
        }
        "histogram_quantile" | "histogram_avg" | "histogram_stddev" => {
            if function.name == "histogram_quantile"
                && let Some((at, by)) = vector.and_then(|arg| scaled_buckets(parsed, *arg, out))
            {
                let clash = Clash::ScaledBuckets(by);
                out.contradictions.push(Contradiction { at, clash });
            }
            let observed = value?.observed?;
            Some(Value {
                scale: observed.scale,
                ..Value::new(observed.dims, observed.kind, observed.confidence)
            })
        }
        "histogram_fraction" => strong(Dims::NONE, Kind::Ratio),
        "changes" | "resets" | "count_over_time" => Some(Value::count()),
        // Where there is a series at all, it is 1.
        "absent" | "absent_over_time" | "present_over_time" => strong(Dims::NONE, Kind::Info),
        "sum_over_time" => value.map(|value| value.computed().at_most(Confidence::Weak)),
        "avg_over_time"
        | "min_over_time"
        | "max_over_time"
        | "last_over_time"
        | "first_over_time"
        | "quantile_over_time"
        | "mad_over_time"
        | "stddev_over_time"
        | "double_exponential_smoothing"
        | "holt_winters"
        | "abs"
        | "ceil"
        | "floor"
        | "round"
        | "clamp"
        | "clamp_max"
        | "clamp_min"
        | "label_replace"
        | "label_join"
        | "sort"
        | "sort_desc"
        | "sort_by_label"
        | "sort_by_label_desc"
        | "scalar"
        | "vector" => value.map(Value::computed),
        "time" | "timestamp" => strong(Dims::TIME, Kind::Timestamp),
        "minute" | "hour" | "day_of_month" | "day_of_week" | "day_of_year" | "days_in_month"
        | "month" | "year" => Some(Value::count().at_most(Confidence::Weak)),
        _ => None,
    }
}

fn range_seconds(parsed: &Parsed, arg: ExprId) -> Option<f64> {
    match &parsed.ast.expr(parsed.ast.unparen(arg)).kind {
        ExprKind::Selector(selector) => selector.range?.duration.seconds,
        ExprKind::Subquery(subquery) => subquery.range.seconds,
        _ => None,
    }
}

/// A multiplication of bucket counts by a number, on the way from a quantile down to the buckets.
fn scaled_buckets(parsed: &Parsed, mut id: ExprId, out: &Inference) -> Option<(ExprId, f64)> {
    loop {
        if !out.of(id)?.observed?.classic {
            return None;
        }
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => id = *inner,
            ExprKind::Aggregate(aggregate) => id = aggregate.expr?,
            ExprKind::Binary(b) if matches!(b.op, BinaryOp::Mul | BinaryOp::Div) => {
                let number = out.of(b.rhs)?.literal.or(out.of(b.lhs)?.literal)?;
                return (!near(number, 1.0)).then_some((id, number));
            }
            _ => return None,
        }
    }
}

fn aggregation(aggregate: &Aggregate, out: &Inference) -> Option<Value> {
    let value = aggregate.expr.and_then(|inner| out.of(inner));
    match aggregate.op {
        AggregateOp::Count | AggregateOp::CountValues => Some(Value::count()),
        AggregateOp::Group => Some(Value::new(Dims::NONE, Kind::Info, Confidence::Strong)),
        AggregateOp::Stdvar | AggregateOp::Hole => None,
        AggregateOp::Sum => {
            let mut value = value?.computed();
            match value.kind {
                Kind::Timestamp => return None,
                Kind::Bool | Kind::Info => value.kind = Kind::Count,
                Kind::Ratio => value.kind = Kind::Share,
                Kind::Amount | Kind::Count | Kind::Share | Kind::Literal => {}
            }
            value.literal = None;
            Some(value)
        }
        AggregateOp::Avg => {
            let value = value?.computed();
            Some(match value.kind {
                Kind::Bool => Value {
                    kind: Kind::Ratio,
                    ..value.at_most(Confidence::Weak)
                },
                _ => value,
            })
        }
        AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Stddev
        | AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Quantile
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => value.map(Value::computed),
    }
}
