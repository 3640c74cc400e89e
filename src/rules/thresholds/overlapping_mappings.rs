//! Ranges that share values.

use super::mappings::{Pattern, entries, lists};
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

/// More mappings in one list are nobody's work.
const MOST: usize = 400;

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    for list in lists(&config) {
        check_list(list, cx);
    }
}

/// Bounds belong to both ranges, so that neighbours share one value; more than that is an overlap.
fn check_list<'t>(list: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let entries = entries(list);
    for (index, later) in entries.iter().enumerate().take(MOST) {
        let Pattern::Range(Some(from), Some(to)) = later.pattern else {
            continue;
        };
        let earlier = entries
            .get(..index)
            .unwrap_or_default()
            .iter()
            .find_map(|earlier| {
                let Pattern::Range(Some(a), Some(b)) = earlier.pattern else {
                    return None;
                };
                let shared = (a.max(from), b.min(to));
                // A range inside an earlier one is unreachable, and another rule says so; a reversed one takes nothing.
                let inside = a <= from && to <= b;
                let overlaps = shared.0 < shared.1 && a <= b && from <= to && !inside;
                (overlaps && !earlier.shows_the_same(later)).then_some((earlier, shared))
            });
        let Some((earlier, (low, high))) = earlier else {
            continue;
        };
        // A narrow range before a wide one is how an exception is written.
        if let Pattern::Range(Some(a), Some(b)) = earlier.pattern
            && from <= a
            && b <= to
        {
            continue;
        }
        let _ = cx
            .report(
                place(later),
                format!("an earlier mapping takes the values from {low} to {high} of this one"),
            )
            .related(place(earlier), "the mapping that comes first")
            .help("let the ranges meet in one value");
    }
}
