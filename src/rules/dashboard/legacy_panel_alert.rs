//! Alerts inside panels.

use super::found::{Found, report_all};
use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "legacy-panel-alert",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "alert inside a panel, which Grafana 11 no longer evaluates",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/legacy-panel-alert.md"),
    check: Check::Dashboard(check),
};

/// Legacy alerting is no more.
const REMOVED: Version = Version {
    major: 11,
    minor: 0,
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if cx.settings.grafana.is_some_and(|grafana| grafana < REMOVED) {
        return;
    }
    let found: Vec<_> = dashboard
        .panels
        .iter()
        .filter_map(|panel| {
            let alert = panel.legacy_alert()?;
            Some(Found {
                node: alert.get("name").unwrap_or(alert),
                panel: Some(panel),
            })
        })
        .collect();
    let message =
        "Grafana 11 removed the alerts of panels: this one is never evaluated, and nobody is told";
    report_all(cx, &found, message, |finding, _| {
        finding.help("write a rule of Grafana alerting for it, then remove `alert` from the panel")
    });
}
