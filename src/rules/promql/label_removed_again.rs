//! Labels joined in and lost again.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, Binary, BinaryOp, ExprId, ExprKind, Label, ValueType};
use crate::promql::walk::Parents;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "label-removed-again",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "joined label that is aggregated away",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/label-removed-again.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        let mut parents = None;
        for (id, _, binary) in parsed.binaries() {
            let group = parsed.ast.matching(binary).and_then(|m| m.group);
            let Some(list) = group.and_then(|group| group.list) else {
                continue;
            };
            let parents = parents.get_or_insert_with(|| parsed.ast.parents());
            let unused = |set: &&Binary| {
                let by = parsed.ast.matching(set).and_then(|m| m.labels);
                let asked = by.map_or(&[][..], |by| parsed.ast.labels(&by.list));
                let taken = parsed.ast.labels(&list);
                let named =
                    |label: &Label| asked.iter().any(|a| parsed.label(a) == parsed.label(label));
                !taken.is_empty()
                    && taken
                        .iter()
                        .all(|label| label.holes.is_empty() && !named(label))
            };
            if let Some(set) = only_asked(parsed, parents, id).filter(unused) {
                let whole = list.span;
                let operator = set.op.as_str();
                found.push(
                    Found::new(
                        query,
                        whole,
                        format!("these labels are taken over on the right side of `{operator}`, which gives nothing of itself to the result"),
                        "put the part before it in parentheses and join the labels to that, or take none over",
                    )
                    .note(set.op_span, "the result has the left side's labels only"),
                );
                continue;
            }
            let Some(aggregate) = aggregated_by(parsed, parents, id) else {
                continue;
            };
            let lost: Vec<_> = parsed
                .ast
                .labels(&list)
                .iter()
                .filter(|label| label.holes.is_empty())
                .filter(|label| removes(parsed, aggregate, &parsed.label(label)))
                .collect();
            let (Some(first), Some(last)) = (lost.first(), lost.last()) else {
                continue;
            };
            let names: Vec<_> = lost
                .iter()
                .map(|label| format!("`{}`", parsed.label(label)))
                .collect();
            let (names, operator) = (names.join(", "), aggregate.op.as_str());
            let verb = if lost.len() == 1 { "is" } else { "are" };
            found.push(
                Found::new(
                    query,
                    first.span.cover(last.span),
                    format!("{names} {verb} taken over from the other side, and lost again in `{operator}`"),
                    format!("keep {names} in `{operator}`, or do not take over what is not used"),
                )
                .note(aggregate.op_span, "this does not keep it"),
            );
        }
    });
}

/// The `and` or `unless` on whose right side a join stands, if nothing between uses its labels.
fn only_asked<'q>(parsed: &'q Parsed, parents: &Parents, join: ExprId) -> Option<&'q Binary> {
    let mut below = join;
    for id in parents.ancestors(join) {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(_) | ExprKind::Unary { .. } => {}
            ExprKind::Binary(binary) if with_number(parsed, binary) => {}
            ExprKind::Binary(binary)
                if matches!(binary.op, BinaryOp::And | BinaryOp::Unless) && binary.rhs == below =>
            {
                // Without `on (…)` the labels are compared.
                let by = parsed.ast.matching(binary).and_then(|m| m.labels);
                return by.is_some_and(|by| by.on).then_some(binary);
            }
            _ => return None,
        }
        below = id;
    }
    None
}

/// The aggregation a join's result goes into as it is.
fn aggregated_by<'q>(parsed: &'q Parsed, parents: &Parents, join: ExprId) -> Option<&'q Aggregate> {
    for id in parents.ancestors(join) {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(_) | ExprKind::Unary { .. } => {}
            ExprKind::Binary(binary) if with_number(parsed, binary) => {}
            ExprKind::Aggregate(aggregate) => return Some(aggregate),
            _ => return None,
        }
    }
    None
}

fn with_number(parsed: &Parsed, binary: &Binary) -> bool {
    [binary.lhs, binary.rhs]
        .iter()
        .any(|side| parsed.ast.expr(*side).ty == ValueType::Scalar)
}

/// Whether the aggregation's groups do not depend on the label.
fn removes(parsed: &Parsed, aggregate: &Aggregate, label: &str) -> bool {
    if aggregate.op.keeps_series() {
        return false;
    }
    match &aggregate.grouping {
        None => true,
        Some(grouping) if !grouping.complete => false,
        Some(grouping) => {
            let mut listed = parsed.ast.labels(&grouping.list).iter();
            listed.any(|listed| parsed.label(listed) == label) == grouping.without
        }
    }
}
