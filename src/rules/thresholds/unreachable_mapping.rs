//! Mappings that an earlier one always takes the place of.

use super::mappings::{Entry, Pattern, entries, lists};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unreachable-mapping",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "value mapping that never applies, because an earlier one takes its values",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/unreachable-mapping.md"),
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

/// The first mapping that takes a value wins (Grafana, packages/grafana-data/src/utils/valueMappings.ts).
fn check_list<'t>(list: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let entries = entries(list);
    for (index, later) in entries.iter().enumerate().take(MOST) {
        let earlier = entries
            .get(..index)
            .unwrap_or_default()
            .iter()
            .find(|earlier| earlier.mapping < later.mapping && covers(earlier, later));
        let Some(earlier) = earlier.filter(|earlier| !earlier.shows_the_same(later)) else {
            continue;
        };
        let _ = cx
            .report(
                place(later),
                "an earlier mapping takes every value of this one, which is never shown",
            )
            .related(place(earlier), "the mapping that comes first")
            .help("put the narrower mapping before the wider one, or remove it");
    }
}

pub(super) fn place<'t>(entry: &Entry<'t>) -> Place<'t, 't> {
    match (&entry.pattern, entry.node.key_span()) {
        (Pattern::Value(_), Some(key)) => Place::bytes(entry.node, key),
        (Pattern::Range(..), _) => Place::value(entry.node.get("from").unwrap_or(entry.node)),
        _ => Place::value(entry.node),
    }
}

/// Every value of `later` is one of `earlier`.
fn covers(earlier: &Entry<'_>, later: &Entry<'_>) -> bool {
    match (&earlier.pattern, &later.pattern) {
        (Pattern::Value(a), Pattern::Value(b)) => a == b,
        (Pattern::Range(Some(from), Some(to)), Pattern::Value(value)) => value
            .parse()
            .is_ok_and(|value: f64| *from <= value && value <= *to),
        (Pattern::Range(Some(a), Some(b)), Pattern::Range(Some(c), Some(d))) => {
            c <= d && a <= c && d <= b
        }
        (Pattern::Regex(a), Pattern::Regex(b)) => a == b,
        (Pattern::Special(a), Pattern::Special(b)) => {
            a == b || (a == "null+nan" && matches!(b.as_ref(), "null" | "nan"))
        }
        _ => false,
    }
}
