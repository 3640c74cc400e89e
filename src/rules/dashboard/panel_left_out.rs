//! Panels of a v2 dashboard that no item of the layout names.

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::Kind;

pub(crate) const RULE: Rule = Rule {
    id: "panel-left-out",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "panel that the layout does not place anywhere",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panel-left-out.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // Without a layout something else is wrong.
    let layout = dashboard.node.get("layout");
    if layout.is_none_or(|layout| layout.kind() != Kind::Object) {
        return;
    }
    let mut left_out = dashboard.panels.iter().filter(|panel| panel.is_left_out());
    let Some(first) = left_out.next() else { return };
    let steps = Context::panel_steps(first);
    let mut finding = cx
        .report(
            Place::head(first.node),
            "Grafana does not show this panel: no item of the layout names its element",
        )
        .at(steps)
        .help("name it in an item of the layout, or delete the element");
    for other in left_out {
        finding = finding.related(Place::head(other.node), "not shown either");
    }
}
