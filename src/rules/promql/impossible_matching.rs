//! Operations between vectors whose series never find each other.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::Parsed;
use crate::promql::ast::{Binary, BinaryOp, ExprId, ExprKind, Matching, ValueType};
use crate::promql::flow::{Flow, RemovedBy};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "impossible-matching",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "operation whose sides never match",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/impossible-matching.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, binary) in parsed.binaries() {
            found.extend(judge(cx, query, parsed, binary));
        }
    });
}

fn judge<'q, 't>(
    cx: &Context<'_, '_>,
    query: &'q Query<'t>,
    parsed: &'q Parsed,
    binary: &Binary,
) -> Option<Found<'q, 't>> {
    let vector = |id: ExprId| parsed.ast.expr(id).ty == ValueType::Vector;
    if matches!(binary.op, BinaryOp::Or | BinaryOp::Hole)
        || !vector(binary.lhs)
        || !vector(binary.rhs)
    {
        return None;
    }
    let matching = parsed.ast.matching(binary);
    if matching.is_some_and(|matching| !matching.fills.is_empty()) {
        return None;
    }
    let flow = query.flow(cx.project);
    let outcome = match binary.op {
        BinaryOp::Unless => "`unless` takes nothing away",
        _ => "there is never a result",
    };
    for (has, lacks) in [(binary.lhs, binary.rhs), (binary.rhs, binary.lhs)] {
        let side = if has == binary.lhs { "left" } else { "right" };
        let Some(label) = lost_label(parsed, flow, matching, has, lacks) else {
            continue;
        };
        let removal = flow
            .why_not(parsed, lacks, &label)
            .filter(|removal| removal.by != RemovedBy::Matcher || flow.must(has, &label))?;
        let finding = Found::new(
                query,
                binary.op_span,
                format!("the two sides are matched by `{label}`, which only the {side} one has: {outcome}"),
                format!("keep `{label}` on both sides, or match by labels that both have: `on (…)`, `ignoring ({label})`"),
            )
            .note(removal.span, removal.by.words());
        return Some(match removal.by {
            RemovedBy::Definition => finding.by_definition(cx, parsed.slice(removal.span)),
            _ => finding,
        });
    }
    if matching.is_some_and(|matching| matching.labels.is_some()) {
        return None;
    }
    let (series, bare) = match (flow.is_bare(binary.lhs), flow.is_bare(binary.rhs)) {
        (true, false) => (binary.rhs, binary.lhs),
        (false, true) => (binary.lhs, binary.rhs),
        _ => return None,
    };
    if !scraped(cx, parsed, series) {
        return None;
    }
    Some(
        Found::new(
            query,
            binary.op_span,
            format!("one side has no labels at all, and the other has those of every scraped series: {outcome}"),
            "add `on ()`, with `group_left ()` or `group_right ()` for the side of many series; or take a number from the one with `scalar(…)`",
        )
        .note(parsed.ast.expr(bare).span, "no labels here"),
    )
}

/// A label by which the sides are matched, that `has` has by the word of the query and `lacks` cannot have.
fn lost_label(
    parsed: &Parsed,
    flow: &Flow,
    matching: Option<&Matching>,
    has: ExprId,
    lacks: ExprId,
) -> Option<String> {
    let labels = matching.and_then(|matching| matching.labels);
    let list = labels.map_or(&[][..], |labels| parsed.ast.labels(&labels.list));
    let on = labels.is_some_and(|labels| labels.on);
    let named = |label: &str| list.iter().any(|listed| parsed.label(listed) == label);
    if on {
        return list
            .iter()
            .filter(|label| label.holes.is_empty())
            .map(|label| parsed.label(label).into_owned())
            .find(|label| !flow.can(lacks, label) && all_can(parsed, flow, has, label));
    }
    if list.iter().any(|label| !label.holes.is_empty()) {
        return None;
    }
    // A label somebody grouped by, or selected by, is there.
    let closed = flow.closed(has);
    let said = closed.into_iter().flatten().chain(flow.guaranteed(has));
    let mut said = said.filter(|label| {
        !named(label) && !flow.can(lacks, label) && all_can(parsed, flow, has, label)
    });
    said.next().map(str::to_owned)
}

/// Whether the label can be there in whatever the expression is made from: on both sides of every `or` in it.
fn all_can(parsed: &Parsed, flow: &Flow, root: ExprId, label: &str) -> bool {
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        let expr = parsed.ast.expr(id);
        if expr.ty == ValueType::Scalar {
            continue;
        }
        if !flow.can(id, label) {
            return false;
        }
        match &expr.kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => stack.push(*inner),
            ExprKind::Binary(binary) => {
                let scalar = |id: ExprId| parsed.ast.expr(id).ty == ValueType::Scalar;
                let number = scalar(binary.lhs) || scalar(binary.rhs);
                if binary.op == BinaryOp::Or || number {
                    stack.extend([binary.lhs, binary.rhs]);
                }
            }
            ExprKind::Call(call) => stack.extend(parsed.ast.args(call).iter().filter(|arg| {
                matches!(
                    parsed.ast.expr(**arg).ty,
                    ValueType::Vector | ValueType::Matrix
                ) && flow.must(id, label) == flow.must(**arg, label)
            })),
            ExprKind::Aggregate(aggregate) => stack.extend(aggregate.expr),
            _ => {}
        }
    }
    true
}

/// Whether the series come as they were scraped: they have a job and an instance. What a rule recorded, or what came
/// under a name that a variable gives, may have no labels.
fn scraped(cx: &Context<'_, '_>, parsed: &Parsed, mut id: ExprId) -> bool {
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
            ExprKind::Call(call) if call.function.is_some_and(|f| f.range_arg() == Some(0)) => {
                match parsed.ast.args(call).first() {
                    Some(series) if parsed.call_name(call) != "absent_over_time" => *series,
                    _ => return false,
                }
            }
            ExprKind::Selector(selector) => {
                return parsed
                    .metric_name(selector)
                    .is_some_and(|(name, _)| !name.contains(':') && !cx.project.records(&name));
            }
            _ => return false,
        }
    }
}
