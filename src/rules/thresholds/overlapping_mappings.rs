//! Ranges that share values.

use super::mappings::{Entry, Pattern, entries, lists};
use super::unreachable_mapping::place;
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "overlapping-mappings",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "range mappings that share values, of which the first one wins",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/overlapping-mappings.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    for list in lists(&config) {
        check_list(list, cx);
    }
}

/// Bounds belong to both ranges, so that neighbours share one value; more than that is an overlap. A range inside another
/// one is an exception where it comes first; where it comes second another rule says that it is unreachable.
fn check_list<'t>(list: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let entries = entries(list);
    let mut ranges: Vec<(f64, f64, &Entry<'t>)> = entries
        .iter()
        .filter_map(|entry| match entry.pattern {
            Pattern::Range(Some(from), Some(to)) if from <= to => Some((from, to, entry)),
            _ => None,
        })
        .collect();
    ranges.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    // Ranges that the next one may still lie in or cross, the innermost last.
    let mut open: Vec<(f64, &Entry<'t>)> = Vec::new();
    for (from, to, entry) in ranges {
        while open.last().is_some_and(|(end, _)| *end <= from) {
            open.pop();
        }
        if let Some((end, other)) = open.last().filter(|(end, _)| *end < to) {
            report((from, *end), other, entry, cx);
        }
        open.push((to, entry));
    }
}

fn report<'t>(
    (low, high): (f64, f64),
    one: &Entry<'t>,
    other: &Entry<'t>,
    cx: &mut Context<'_, 't>,
) {
    if one.shows_the_same(other) {
        return;
    }
    let (earlier, later) = match one.mapping < other.mapping {
        true => (one, other),
        false => (other, one),
    };
    let _ = cx
        .report(
            place(later),
            format!("an earlier mapping takes the values from {low} to {high} of this one"),
        )
        .related(place(earlier), "the mapping that comes first")
        .help("let the ranges meet in one value");
}
