//! Words for what was inferred.

use super::infer::Inference;
use super::value::{Dims, Kind, Value, near};
use crate::promql::ast::BinaryOp;
use crate::promql::{ExprId, ExprKind, Parsed};

/// How many steps an explanation has at most.
const STEPS: usize = 4;
/// How long a part of a query may be to be named in a message.
const NAMED: usize = 60;

/// What a value is, in words: "seconds", "bytes per second", "a share from 0 to 1".
pub fn words(value: &Value) -> String {
    let scale = value.certain_scale();
    match value.kind {
        Kind::Timestamp => match scale {
            Some(scale) if near(scale, 1e-3) => "milliseconds since 1970".into(),
            _ => "seconds since 1970".into(),
        },
        Kind::Bool => "0 or 1".into(),
        Kind::Info => "always 1".into(),
        Kind::Literal => "a number".into(),
        Kind::Ratio | Kind::Share if value.dims.is_none() => match scale {
            Some(1.0) if value.time_rate => "seconds per second, a share from 0 to 1".into(),
            Some(1.0) if value.kind == Kind::Share => {
                "a share in which 1 is the whole of one".into()
            }
            Some(1.0) => "a share from 0 to 1".into(),
            Some(scale) if near(scale, 0.01) => "percent, from 0 to 100".into(),
            Some(scale) if value.time_rate => {
                format!("{} per second", time_word(scale))
            }
            _ => "a share".into(),
        },
        Kind::Count if value.dims.is_none() => "a number of things".into(),
        _ => dimension(value.dims, scale),
    }
}

fn time_word(scale: f64) -> String {
    let known = [
        (1.0, "seconds"),
        (1e-3, "milliseconds"),
        (1e-6, "microseconds"),
        (1e-9, "nanoseconds"),
        (60.0, "minutes"),
        (3600.0, "hours"),
        (86400.0, "days"),
    ];
    known
        .iter()
        .find(|(factor, _)| near(*factor, scale))
        .map_or_else(|| format!("units of {scale} s"), |(_, word)| (*word).into())
}

fn data_word(scale: f64) -> String {
    let known = [
        (1.0, "bytes"),
        (0.125, "bits"),
        (1e3, "kilobytes"),
        (1e6, "megabytes"),
        (1e9, "gigabytes"),
        (1024.0, "kibibytes"),
        (1_048_576.0, "mebibytes"),
        (1_073_741_824.0, "gibibytes"),
    ];
    known
        .iter()
        .find(|(factor, _)| near(*factor, scale))
        .map_or_else(
            || format!("units of {scale} bytes"),
            |(_, word)| (*word).into(),
        )
}

fn dimension(dims: Dims, scale: Option<f64>) -> String {
    let scale = scale.unwrap_or(1.0);
    if dims == Dims::TIME {
        time_word(scale)
    } else if dims == Dims::DATA {
        data_word(scale)
    } else if dims == Dims::DATA_RATE {
        format!("{} per second", data_word(scale))
    } else if dims == Dims::RATE {
        match scale {
            s if near(s, 1.0 / 60.0) => "events per minute".into(),
            s if near(s, 1.0 / 3600.0) => "events per hour".into(),
            _ => "events per second".into(),
        }
    } else if near(scale, 1.0) {
        dims.to_string()
    } else {
        format!("{scale} {dims}")
    }
}

/// Why the query is what it is: from the metric outwards, the steps that change the unit.
pub fn explain(parsed: &Parsed, inference: &Inference) -> Vec<String> {
    let mut steps = Vec::new();
    let mut at = parsed.root;
    while let Some(id) = at {
        let Some(value) = inference.of(id) else { break };
        let next = source(parsed, inference, id);
        let changed = next
            .and_then(|next| inference.of(next))
            .is_none_or(|inner| words(&inner) != words(&value));
        if changed {
            steps.push(step(parsed, inference, id, &value));
        }
        at = next;
    }
    steps.truncate(STEPS);
    steps.reverse();
    steps
}

/// The part an expression gets its unit from.
fn source(parsed: &Parsed, inference: &Inference, id: ExprId) -> Option<ExprId> {
    match &parsed.ast.expr(id).kind {
        ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => Some(*inner),
        ExprKind::Subquery(subquery) => Some(subquery.expr),
        ExprKind::Aggregate(aggregate) => aggregate.expr,
        ExprKind::Call(call) => {
            let args = parsed.ast.args(call);
            args.iter().copied().find(|arg| {
                inference
                    .of(*arg)
                    .is_some_and(|value| value.literal.is_none())
            })
        }
        ExprKind::Binary(operation) => {
            let known = |id: ExprId| {
                inference
                    .of(id)
                    .is_some_and(|value| value.literal.is_none() && value.kind != Kind::Info)
            };
            match (known(operation.lhs), known(operation.rhs)) {
                (true, true) if matches!(operation.op, BinaryOp::Mul | BinaryOp::Div) => None,
                (true, _) => Some(operation.lhs),
                (false, true) => Some(operation.rhs),
                (false, false) => None,
            }
        }
        _ => None,
    }
}

fn step(parsed: &Parsed, inference: &Inference, id: ExprId, value: &Value) -> String {
    let expr = parsed.ast.expr(id);
    let is = words(value);
    match &expr.kind {
        ExprKind::Selector(selector) => match parsed.metric_name(selector) {
            Some((name, _)) => format!("`{name}` is {is}"),
            None => format!("the metric is {is}"),
        },
        ExprKind::Call(call) => {
            let name = parsed.call_name(call);
            match metric_below(parsed, inference, id) {
                Some(metric) => format!("`{name}({metric})` is {is}"),
                None => format!("`{name}(…)` is {is}"),
            }
        }
        ExprKind::Aggregate(aggregate) => format!("`{}` makes it {is}", aggregate.op.as_str()),
        ExprKind::Binary(operation) => {
            let number = [operation.lhs, operation.rhs]
                .iter()
                .find_map(|side| inference.of(*side)?.literal);
            match number {
                Some(number) => {
                    let sign = match operation.op {
                        BinaryOp::Mul => "×",
                        BinaryOp::Div => "/",
                        other => other.as_str(),
                    };
                    format!("{sign} {number} makes it {is}")
                }
                None => {
                    let text: Vec<&str> = parsed.slice(expr.span).split_whitespace().collect();
                    let text = text.join(" ");
                    if text.chars().count() <= NAMED {
                        format!("`{text}` is {is}")
                    } else {
                        match operation.op {
                            BinaryOp::Div => format!("the quotient is {is}"),
                            BinaryOp::Mul => format!("the product is {is}"),
                            _ => format!("the query is {is}"),
                        }
                    }
                }
            }
        }
        _ => format!("it is {is}"),
    }
}

/// The metric an expression is about, if one leads to it.
fn metric_below<'q>(
    parsed: &'q Parsed,
    inference: &Inference,
    mut id: ExprId,
) -> Option<std::borrow::Cow<'q, str>> {
    loop {
        if let ExprKind::Selector(selector) = &parsed.ast.expr(id).kind {
            return Some(parsed.metric_name(selector)?.0);
        }
        id = source(parsed, inference, id)?;
    }
}
