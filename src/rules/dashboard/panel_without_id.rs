//! Panels that Grafana cannot do without an id of.

use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panel-without-id",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "panel with a legacy alert and without an id",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panel-without-id.md"),
    check: Check::Panel(check),
};

/// The version that dropped legacy alerting.
const WITHOUT_LEGACY_ALERTS: u32 = 11;

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(alert) = panel.legacy_alert() else {
        return;
    };
    if panel.id().is_some() {
        return;
    }
    let grafana = cx.settings.grafana;
    if grafana.is_some_and(|version| version.major >= WITHOUT_LEGACY_ALERTS) {
        return;
    }
    let finding = cx
        .report(
            Place::head(alert),
            "Grafana below 11 refuses the dashboard: this panel has an alert and no numeric id",
        )
        .help("give the panel an id of its own");
    if grafana.is_none() {
        let _ = finding.lower(Severity::Info);
    }
}
