//! Divisions by nothing inside an aggregation.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{Aggregate, AggregateOp, Binary, BinaryOp, Call, ExprId, ExprKind};
use crate::promql::bounds::bounds;
use crate::promql::{Parsed, flow::Flow};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "nan-division",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "division by zero inside an aggregation, which makes all of it NaN",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/nan-division.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, aggregate) in parsed.aggregations() {
            if !spreads_nan(aggregate.op) {
                continue;
            }
            let Some((division, divisor)) = division(parsed, query.flow(), aggregate) else {
                continue;
            };
            let by = parsed.slice(parsed.ast.expr(division.rhs).span);
            let operator = aggregate.op.as_str();
            let finding = Found::new(
                query,
                division.op_span,
                format!("where both sides are 0 this gives NaN, and one NaN makes the whole `{operator}` NaN"),
                match by.len() {
                    ..40 => format!("leave out what is 0: `… / ({by} > 0)`, or divide after adding up: `sum(…) / sum(…)`"),
                    _ => "leave out what is 0: `… / (… > 0)`, or divide after adding up: `sum(…) / sum(…)`".to_owned(),
                },
            )
            .note(aggregate.op_span, "is NaN as soon as one of its series is");
            found.push(match divisor {
                Divisor::Idle if !one_each(parsed, aggregate) => finding,
                _ => finding.lower(Severity::Info),
            });
        }
    });
}

/// Whether each group may well have but one series: it is one instance's. Then only its own NaN is in it.
fn one_each(parsed: &Parsed, aggregate: &Aggregate) -> bool {
    aggregate.grouping.is_some_and(|grouping| {
        grouping.without
            || !grouping.complete
            || parsed
                .ast
                .labels(&grouping.list)
                .iter()
                .any(|label| SINGLE.contains(&&*parsed.label(label)))
    })
}

/// Labels that name one of many.
const SINGLE: &[&str] = &[
    "instance",
    "pod",
    "pod_name",
    "container",
    "node",
    "host",
    "hostname",
    "device",
    "server",
];

/// `min`, `max`, `count` and `group` take no notice of a NaN among numbers (Prometheus 3.5, engine.go, `aggregation`).
fn spreads_nan(op: AggregateOp) -> bool {
    matches!(
        op,
        AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Stddev | AggregateOp::Stdvar
    )
}

/// How a divisor becomes 0.
enum Divisor {
    /// It is a rate: it is 0 whenever nothing happens.
    Idle,
    /// Its values are not known.
    Unknown,
}

/// The first division under an aggregation whose divisor may be 0 and is not guarded.
fn division<'q>(
    parsed: &'q Parsed,
    flow: &Flow,
    aggregate: &Aggregate,
) -> Option<(&'q Binary, Divisor)> {
    let mut open = vec![aggregate.expr?];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => open.push(*inner),
            ExprKind::Call(call) => open.extend(keeps_nan(parsed, call)),
            ExprKind::Binary(binary) => match binary.op {
                BinaryOp::Div | BinaryOp::Mod => {
                    if let Some(divisor) = may_be_zero(parsed, flow, binary.rhs) {
                        return Some((binary, divisor));
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
    let function = call.function?;
    let same = matches!(
        function.name,
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

/// Whether a divisor may be 0; none where the text rules it out.
fn may_be_zero(parsed: &Parsed, flow: &Flow, mut id: ExprId) -> Option<Divisor> {
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
                "rate" | "irate" | "increase" | "delta" | "idelta" => return Some(Divisor::Idle),
                "label_replace" | "label_join" | "abs" | "ceil" | "floor" | "round"
                | "avg_over_time" | "max_over_time" | "min_over_time" | "sum_over_time"
                | "last_over_time" => *parsed.ast.args(call).first()?,
                // `clamp_min(x, 1)`, and whatever else somebody thought of.
                _ => return None,
            },
            ExprKind::Subquery(subquery) => subquery.expr,
            ExprKind::Selector(selector) => {
                let (name, _) = parsed.metric_name(selector)?;
                return (!never_zero(&name)).then_some(Divisor::Unknown);
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

/// The size of something that is there, by its name.
fn never_zero(metric: &str) -> bool {
    [
        "total",
        "size",
        "capacity",
        "limit",
        "max",
        "quota",
        "cores",
        "cpus",
        "allocatable",
        "requests",
        "period",
    ]
    .iter()
    .any(|word| {
        metric
            .to_ascii_lowercase()
            .split(['_', ':'])
            .any(|part| part.contains(word))
    })
}
