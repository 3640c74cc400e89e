//! Panels that Grafana had.

use super::catalog::gone;
use super::found::{by_text, report_all};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-panel",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panel that Grafana replaced with another",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/deprecated-panel.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for (id, found) in by_text(dashboard, Panel::kind_node) {
        let Some(panel) = gone(&id) else { continue };
        let shown_as = panel.shown_as;
        if cx
            .settings
            .grafana
            .is_some_and(|grafana| grafana < panel.since)
        {
            continue;
        }
        let reason = if panel.angular {
            "needs Angular, which Grafana 11 turned off and Grafana 12 removed".to_owned()
        } else {
            format!("is gone since Grafana {}", panel.since)
        };
        let message = format!(
            "the panel `{id}` {reason}: Grafana shows it as `{shown_as}`, with what it can carry over"
        );
        report_all(cx, &found, &message, |finding, _| {
            finding.help(format!("open the dashboard in Grafana, look at what `{shown_as}` makes of the panel, and save it"))
        });
    }
}
