//! Range mappings whose bounds stand the wrong way round.

use super::mappings::{Pattern, entries, lists};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "mapping-range-reversed",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "range mapping from a larger to a smaller value, which takes nothing",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/thresholds/mapping-range-reversed.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    for entry in lists(&config).into_iter().flat_map(entries) {
        let Pattern::Range(Some(from), Some(to)) = entry.pattern else {
            continue;
        };
        let (Some(low), Some(high)) = (entry.node.get("from"), entry.node.get("to")) else {
            continue;
        };
        if from <= to {
            continue;
        }
        let edits = vec![
            (low.span(), high.raw().to_owned()),
            (high.span(), low.raw().to_owned()),
        ];
        let _ = cx
            .report(
                Place::value(low),
                format!("no value is at least {from} and at most {to}: this mapping never applies"),
            )
            .related(Place::value(high), "the smaller bound")
            .help("write the smaller bound first")
            .fix_in(entry.node, "swap the bounds", Safety::Unsafe, Some(edits));
    }
}
