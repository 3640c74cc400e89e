//! Panels that share an id.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-panel-id",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "panels that share an id",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/duplicate-panel-id.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut first = FxHashMap::default();
    for panel in &dashboard.panels {
        let Some(node) = panel.id_node() else {
            continue;
        };
        // Grafana numbers panels without an id itself, and takes 0 for none.
        let Some(id) = node.as_i64().filter(|id| *id != 0) else {
            continue;
        };
        let Some(known) = first.get(&id) else {
            first.insert(id, node);
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("another panel has the id {id}: links and alerts that name it lead to one of the two"),
            )
            .at(Context::panel_steps(panel))
            .related(Place::value(*known), "the first panel with this id")
            .help("give every panel an id of its own")
            .together_by(&(), "taken already, too");
    }
}
