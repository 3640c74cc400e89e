//! Panel types that nobody knows.

use super::catalog::{is_listed, near_panel};
use super::found::{by_text, report_once};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-panel-type",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panel type that does not come with Grafana and has no plugin's name",
    since: "0.1.0",
    fix: None,
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
        let help = match near_panel(&id) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the id of a panel: `timeseries`, `stat`, `gauge`, or that of an installed plugin".to_owned(),
        };
        let message = format!(
            "Grafana comes with no panel `{id}`: unless a plugin of that id is installed, an error stands in its place"
        );
        let _ = report_once(cx, &found, message).map(|finding| finding.help(help));
    }
}
