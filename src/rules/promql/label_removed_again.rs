//! Labels joined in and lost again.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, Binary, ExprId, ExprKind, ValueType};
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
