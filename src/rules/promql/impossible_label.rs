//! Labels asked for where no series can have them any more.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::Parsed;
use crate::promql::ast::{Binary, ExprId, ExprKind, LabelList};
use crate::promql::flow::RemovedBy;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "impossible-label",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "label asked for after it was removed",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/impossible-label.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, aggregate) in parsed.aggregations() {
            let (Some(inner), Some(grouping)) = (aggregate.expr, &aggregate.grouping) else {
                continue;
            };
            if !grouping.without {
                missing(
                    cx,
                    query,
                    parsed,
                    inner,
                    &grouping.list,
                    Asked::Grouped,
                    found,
                );
            }
        }
        for (_, _, binary) in parsed.binaries() {
            nowhere(query, cx, parsed, binary, found);
            let group = parsed.ast.matching(binary).and_then(|m| m.group);
            let Some((group, list)) = group.and_then(|group| Some((group, group.list?))) else {
                continue;
            };
            let one = one_side(binary, group.left);
            missing(cx, query, parsed, one, &list, Asked::TakenOver, found);
        }
    });
}

/// The side of which at most one series matches.
fn one_side(binary: &Binary, group_left: bool) -> ExprId {
    if group_left { binary.rhs } else { binary.lhs }
}

/// Labels of `on (…)` that neither side can have: they play no part in the matching.
fn nowhere<'q, 't>(
    query: &'q Query<'t>,
    cx: &Context<'_, '_>,
    parsed: &'q Parsed,
    binary: &Binary,
    found: &mut Vec<Found<'q, 't>>,
) {
    let by = parsed.ast.matching(binary).and_then(|m| m.labels);
    let Some(by) = by.filter(|by| by.on) else {
        return;
    };
    let flow = query.flow(cx.project);
    for label in parsed.ast.labels(&by.list) {
        if !label.holes.is_empty() {
            continue;
        }
        let name = parsed.label(label);
        let removed = |side| {
            let removal = flow.why_not(parsed, side, &name);
            removal.filter(|removal| removal.by == RemovedBy::Aggregation)
        };
        let (Some(left), Some(_)) = (removed(binary.lhs), removed(binary.rhs)) else {
            continue;
        };
        found.push(
            Found::new(
                query,
                label.span,
                format!("neither side has `{name}` any more: the sides are matched without it"),
                format!("keep `{name}` on both sides, or do not ask for it here"),
            )
            .note(left.span, left.by.words()),
        );
    }
}

#[derive(Clone, Copy)]
enum Asked {
    /// By `by (…)`.
    Grouped,
    /// By `group_left (…)`.
    TakenOver,
}

/// Labels of `list` that no series of `inner` can have, because the query itself took them away.
fn missing<'q, 't>(
    cx: &Context<'_, '_>,
    query: &'q Query<'t>,
    parsed: &'q Parsed,
    inner: ExprId,
    list: &LabelList,
    asked: Asked,
    found: &mut Vec<Found<'q, 't>>,
) {
    let flow = query.flow(cx.project);
    for label in parsed.ast.labels(list) {
        if !label.holes.is_empty() {
            continue;
        }
        let name = parsed.label(label);
        let Some(removal) = flow.why_not(parsed, inner, &name) else {
            continue;
        };
        // Who selects `container=""` and groups by it too knows what is in it.
        if removal.by == RemovedBy::Matcher || is_number(parsed, inner) {
            continue;
        }
        let message = match asked {
            Asked::Grouped => format!(
                "`{name}` is empty in every group: what is aggregated here no longer has it"
            ),
            Asked::TakenOver => format!(
                "`{name}` cannot be taken over from the other side, which does not have it: the result loses it"
            ),
        };
        let help = format!("keep `{name}` where it got lost, or do not ask for it here");
        let finding =
            Found::new(query, label.span, message, help).note(removal.span, removal.by.words());
        found.push(match removal.by {
            RemovedBy::Definition => finding.by_definition(cx, parsed.slice(removal.span)),
            _ => finding,
        });
    }
}

/// `vector(1)`: a stand-in for series, of which nobody expects labels.
fn is_number(parsed: &Parsed, id: ExprId) -> bool {
    matches!(&parsed.ast.expr(parsed.ast.unparen(id)).kind, ExprKind::Call(call) if parsed.call_name(call) == "vector")
}
