//! Arithmetic on what values are.

use super::infer::Clash;
use super::value::{Confidence, Dims, Kind, Value, near};
use crate::promql::Parsed;
use crate::promql::ast::{Binary, BinaryOp};

/// What an operation makes of two values. `clash` is told what does not go together.
pub(super) fn binary(
    parsed: &Parsed,
    operation: &Binary,
    left: Option<Value>,
    right: Option<Value>,
    clash: impl FnMut(Clash),
) -> Option<Value> {
    if let (Some(a), Some(b)) = (
        left.and_then(|value| value.literal),
        right.and_then(|value| value.literal),
    ) {
        return fold(operation.op, a, b).map(Value::literal);
    }
    match operation.op {
        BinaryOp::Mul => Some(times(left?, right?).computed()),
        BinaryOp::Div => Some(over(parsed, left?, right?).computed()),
        BinaryOp::Add | BinaryOp::Sub => add(operation.op, left, right, clash).map(Value::computed),
        BinaryOp::Mod => left.map(Value::computed),
        BinaryOp::And | BinaryOp::Unless => left,
        BinaryOp::Or => or(left, right, clash),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            compare(operation, left, right, clash)
        }
        BinaryOp::Pow
        | BinaryOp::Atan2
        | BinaryOp::TrimUpper
        | BinaryOp::TrimLower
        | BinaryOp::Hole => None,
    }
}

fn fold(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    Some(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Mod => a % b,
        BinaryOp::Pow => a.powf(b),
        _ => return None,
    })
}

fn times(left: Value, right: Value) -> Value {
    match (left.literal, right.literal) {
        (Some(number), _) => return scaled(right, number),
        (_, Some(number)) => return scaled(left, number),
        _ => {}
    }
    // A join with a metric that is always 1 only adds labels; with a state it selects.
    for (one, other) in [(left, right), (right, left)] {
        if matches!(one.kind, Kind::Info | Kind::Bool) {
            return other;
        }
    }
    combine(left, right, left.dims.times(right.dims), |a, b| a * b)
}

fn over(parsed: &Parsed, left: Value, right: Value) -> Value {
    if let Some(number) = right.literal {
        return quotient(left, number);
    }
    if left.literal.is_some() {
        let inverse = Value::new(Dims::NONE.over(right.dims), Kind::Amount, Confidence::Weak);
        return Value {
            scale: right.certain_scale().map(|scale| 1.0 / scale),
            ..inverse
        };
    }
    if matches!(right.kind, Kind::Info) {
        return left;
    }
    let mut value = combine(left, right, left.dims.over(right.dims), |a, b| a / b);
    if let (Some(sum), Some(count)) = (left.base, right.base)
        && parsed.slice(sum) == parsed.slice(count)
        && right.kind != Kind::Timestamp
    {
        value.confidence = left.confidence;
    }
    if left.window.is_some() != right.window.is_some() {
        value = value.at_most(Confidence::Weak);
    }
    value.window = None;
    value
}

/// A product or quotient of two values that are no literals.
fn combine(left: Value, right: Value, dims: Dims, op: fn(f64, f64) -> f64) -> Value {
    let both = left.confidence.min(right.confidence);
    let mut kind = if !dims.is_none() {
        Kind::Amount
    } else if left.dims.is_none() && left.kind == Kind::Count && right.is_share() {
        Kind::Count
    } else {
        Kind::Ratio
    };
    if dims.is_none()
        && (left.kind == Kind::Share) != (right.kind == Kind::Share)
        && left.dims.is_none()
    {
        kind = Kind::Share;
    }
    let mut value = Value::new(dims, kind, both);
    value.scale = left.scale.zip(right.scale).map(|(a, b)| op(a, b));
    value.factor = op(left.factor, right.factor);
    value.time_rate = left.time_rate && right.dims.is_none() && kind == Kind::Share;
    value.observed = left.observed;
    // `a * 100 / b`
    if dims.is_none() && !left.dims.is_none() && near(value.factor, 100.0) {
        value.factor = 1.0;
        value.scale = value.scale.map(|scale| scale / 100.0);
    }
    let odd = !dims.is_usual() || left.kind == Kind::Timestamp || right.kind == Kind::Timestamp;
    if odd {
        value.at_most(Confidence::Weak)
    } else {
        value
    }
}

fn quotient(value: Value, number: f64) -> Value {
    // A sum over a minute, by 60: a rate.
    if let Some(window) = value.window {
        if window.seconds.is_some_and(|seconds| near(seconds, number)) {
            return super::infer::per_second(value);
        }
        if window.seconds.is_none() && value.dims == Dims::TIME {
            return Value {
                scale: None,
                ..value
            };
        }
    }
    if number == 0.0 {
        return value.at_most(Confidence::Guess);
    }
    scaled(value, 1.0 / number)
}

fn scaled(mut value: Value, number: f64) -> Value {
    let number = number.abs();
    // `or 0 * x` fills in a zero with x's labels.
    if number == 0.0 {
        return Value::literal(0.0);
    }
    if near(number, 1.0) || !number.is_finite() {
        return value;
    }
    if value.literal.is_some() {
        return value;
    }
    if is_conversion(&value, number) {
        value.scale = value.scale.map(|scale| scale / number);
    } else {
        value.factor *= number;
        if near(value.factor, 1.0) {
            value.factor = 1.0;
        }
    }
    value
}

/// Whether a factor is one by which people change the unit of such a value.
fn is_conversion(value: &Value, number: f64) -> bool {
    let either = |known: f64| near(number, known) || near(number, 1.0 / known);
    let any = |known: &[f64]| known.iter().any(|factor| either(*factor));
    if value.dims.is_none() {
        let time = value.time_rate && any(&[1e3, 1e6, 1e9]);
        return time || either(100.0);
    }
    let thousands = || any(&[1e3, 1e6, 1e9, 1e12]);
    let time = value.dims == Dims::TIME && (thousands() || any(&[60.0, 3600.0, 86400.0]));
    let data = value.dims.has_data()
        && (thousands()
            || any(&[8.0, 8.0 / 1e3, 8.0 / 1e6, 8.0 / 1e9])
            || any(&[
                1024.0,
                1_048_576.0,
                1_073_741_824.0,
                1_099_511_627_776.0,
                8.0 / 1024.0,
                8.0 / 1_048_576.0,
                8.0 / 1_073_741_824.0,
            ]));
    let rate = value.dims.is_per_time() && any(&[60.0, 3600.0]);
    let other = !value.dims.has_data()
        && value.dims != Dims::TIME
        && value.dims != Dims::RATE
        && !value.dims.is_none()
        && thousands();
    time || data || rate || other
}

/// Both sides where both are known; else what the known one says of the whole.
fn both(left: Option<Value>, right: Option<Value>) -> Result<(Value, Value), Option<Value>> {
    match (left, right) {
        (Some(left), Some(right)) => Ok((left, right)),
        (Some(known), None) | (None, Some(known)) => Err(known
            .literal
            .is_none()
            .then(|| known.at_most(Confidence::Guess))),
        (None, None) => Err(None),
    }
}

fn add(
    op: BinaryOp,
    left: Option<Value>,
    right: Option<Value>,
    mut clash: impl FnMut(Clash),
) -> Option<Value> {
    let (left, right) = match both(left, right) {
        Ok(both) => both,
        Err(one) => return one,
    };
    if let Some(number) = left.literal {
        if op == BinaryOp::Sub && right.is_share() && right.is_strong() {
            match right.certain_scale() {
                Some(1.0) if number == 100.0 => clash(Clash::HundredMinusRatio),
                Some(scale) if near(scale, 0.01) && number == 1.0 => clash(Clash::OneMinusPercent),
                _ => {}
            }
        }
        return Some(right);
    }
    if right.literal.is_some() {
        return Some(left);
    }
    let strong = left.is_strong() && right.is_strong();
    let confidence = left.confidence.min(right.confidence);
    if left.kind == Kind::Timestamp || right.kind == Kind::Timestamp {
        return Some(with_timestamp(op, left, right, confidence));
    }
    let stateful = |value: &Value| matches!(value.kind, Kind::Bool | Kind::Info);
    if stateful(&left) || stateful(&right) {
        return Some(if stateful(&left) { right } else { left }.at_most(Confidence::Weak));
    }
    let mut sum = Value { confidence, ..left };
    if left.dims != right.dims {
        if strong {
            clash(Clash::AddDims(left, right));
        }
        return Some(sum.at_most(Confidence::Guess));
    }
    if left.window.is_some() != right.window.is_some() {
        sum = sum.at_most(Confidence::Weak);
    }
    if left.kind != right.kind && left.dims.is_none() {
        let shares = left.is_share() && right.is_share();
        sum.kind = if shares { Kind::Share } else { left.kind };
        if !shares {
            return Some(sum.at_most(Confidence::Weak));
        }
    }
    match (left.certain_scale(), right.certain_scale()) {
        (Some(a), Some(b)) if !near(a, b) => {
            if strong && (!left.dims.is_none() || left.is_share()) {
                clash(Clash::AddScale(left, right));
            }
            sum.scale = None;
        }
        (Some(_), None) | (None, Some(_)) => {
            let factor = left.factor * right.factor;
            if strong && near(factor, 100.0) && left.scale == right.scale {
                clash(Clash::AddMultiple(factor));
            }
            sum.factor = factor;
        }
        _ => {}
    }
    sum.time_rate = left.time_rate && right.time_rate;
    Some(sum)
}

fn with_timestamp(op: BinaryOp, left: Value, right: Value, confidence: Confidence) -> Value {
    let moments = left.kind == Kind::Timestamp && right.kind == Kind::Timestamp;
    let mut value = if left.kind == Kind::Timestamp {
        left
    } else {
        right
    };
    value.confidence = confidence;
    let same = left
        .certain_scale()
        .zip(right.certain_scale())
        .is_some_and(|(a, b)| near(a, b));
    if !same {
        value.scale = None;
    }
    if moments && op == BinaryOp::Sub {
        value.kind = Kind::Amount;
        return value;
    }
    if op == BinaryOp::Sub
        && left.kind == Kind::Timestamp
        && !right.plain
        && right.dims == Dims::TIME
    {
        return value;
    }
    // `time() - x_time_seconds`: the name may mean a moment or a duration.
    value.kind = Kind::Amount;
    value.at_most(Confidence::Weak)
}

fn or(left: Option<Value>, right: Option<Value>, mut clash: impl FnMut(Clash)) -> Option<Value> {
    let (left, right) = match both(left, right) {
        Ok(both) => both,
        Err(one) => return one,
    };
    if left.literal.is_some() {
        return Some(right);
    }
    if right.literal.is_some() {
        return Some(left);
    }
    // A native histogram or a classic one, whichever there is.
    if let (Some(a), Some(b)) = (left.observed, right.observed)
        && a.classic != b.classic
    {
        return Some(if a.classic { left } else { right });
    }
    let strong = left.is_strong() && right.is_strong();
    let known = |value: &Value| value.kind != Kind::Info;
    let alike = left.dims == right.dims && (left.kind == Kind::Bool) == (right.kind == Kind::Bool);
    let mut value = Value {
        confidence: left.confidence.min(right.confidence),
        ..left
    };
    if !alike {
        if strong && known(&left) && known(&right) {
            clash(Clash::Or(left, right));
        }
        return Some(value.at_most(Confidence::Guess));
    }
    match (left.certain_scale(), right.certain_scale()) {
        (Some(a), Some(b)) if near(a, b) => {}
        (Some(_), Some(_)) => {
            value.scale = None;
        }
        _ => value.scale = None,
    }
    if left.kind != right.kind {
        value = value.at_most(Confidence::Weak);
    }
    Some(value)
}

fn compare(
    operation: &Binary,
    left: Option<Value>,
    right: Option<Value>,
    mut clash: impl FnMut(Clash),
) -> Option<Value> {
    if let (Some(left), Some(right)) = (left, right)
        && left.is_strong()
        && right.is_strong()
    {
        compared(left, right, &mut clash);
    }
    if operation.bool_span.is_some() {
        return Some(Value::new(Dims::NONE, Kind::Bool, Confidence::Strong));
    }
    match left {
        Some(value) if value.literal.is_some() => right,
        other => other,
    }
}

fn compared(left: Value, right: Value, clash: &mut impl FnMut(Clash)) {
    let vague = |value: &Value| matches!(value.kind, Kind::Bool | Kind::Info);
    if vague(&left) || vague(&right) {
        return;
    }
    if left.dims != right.dims {
        clash(Clash::CompareDims(left, right));
        return;
    }
    if let (Some(a), Some(b)) = (left.certain_scale(), right.certain_scale()) {
        let comparable = !left.dims.is_none() || left.is_share() && right.is_share();
        if comparable && !near(a, b) {
            clash(Clash::CompareScale(left, right));
        }
    }
}
