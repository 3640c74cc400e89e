//! Dashboards that people change where the change is lost.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "editable-dashboard",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "dashboard that people may change",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/editable-dashboard.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if !dashboard.is_editable() || dashboard.form == Form::LibraryPanel {
        return;
    }
    let place = dashboard
        .editable_node()
        .map_or_else(|| Place::head(dashboard.node), Place::value);
    let _ = cx
        .report(
            place,
            "people may change this dashboard in Grafana, and lose the change when its file is read again",
        )
        .help("set `editable` to false");
}
