//! Panel types that nobody knows.

use super::catalog::{is_listed, near_panel};
use super::found::{by_text, report_unknown};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-panel-type",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panel type that does not come with Grafana and has no plugin's name",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-panel-type.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let required: Vec<_> = dashboard.required("panel").collect();
    for (id, found) in by_text(dashboard, Panel::kind_node) {
        // A plugin's id is its organisation, its name and its kind: `grafana-clock-panel`.
        if is_listed(&id)
            || id == "row"
            || id.ends_with("-panel")
            || required.contains(&id.as_str().into())
        {
            continue;
        }
        let message = format!(
            "Grafana comes with no panel `{id}`: unless a plugin of that id is installed, an error stands in its place"
        );
        let otherwise = "write the id of a panel, such as `timeseries`, `stat` or `gauge`, or that of an installed plugin";
        report_unknown(cx, &id, &found, &message, near_panel(&id), otherwise);
    }
}
