//! Dashboards from the future.

use super::catalog::{first_to_read, newest_schema};
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema-too-new",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "dashboard written for a newer Grafana than the configured one",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/schema-too-new.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(grafana) = cx.settings.grafana else {
        return;
    };
    let (Some(node), Some(schema)) = (dashboard.schema_version_node(), dashboard.schema_version())
    else {
        return;
    };
    let Some(newest) = newest_schema(grafana).filter(|newest| schema > *newest) else {
        return;
    };
    let writer = match first_to_read(schema) {
        Some(version) => format!("Grafana {version} or newer"),
        None => "a Grafana newer than all this program knows".to_owned(),
    };
    let _ = cx
        .report(
            Place::value(node),
            format!("this is the schema of {writer}: Grafana {grafana} reads schema {newest} and passes over, without a word, what came later"),
        )
        .help("export the dashboard from the Grafana that is to show it, or set `grafana` to the version that runs");
}
