//! Panels of others that need Angular.

use super::catalog::angular;
use super::found::{by_text, list, report_all};
use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "angular-panel",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "panel plugin that needs Angular, which Grafana 12 removed",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/angular-panel.md"),
    check: Check::Dashboard(check),
};

/// Angular is there, but has to be turned on.
const OFF: Version = Version {
    major: 11,
    minor: 0,
};
/// Angular is no more.
const REMOVED: Version = Version {
    major: 12,
    minor: 0,
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let grafana = cx.settings.grafana.unwrap_or(REMOVED);
    if grafana < OFF {
        return;
    }
    let which = if grafana < REMOVED {
        "which Grafana 11 has turned off"
    } else {
        "which Grafana 12 removed"
    };
    for (id, found) in by_text(dashboard, Panel::kind_node) {
        let Some(panel) = angular(&id) else { continue };
        let help = match panel.instead {
            [] => {
                "choose another panel; look first whether the plugin has a release without Angular"
                    .to_owned()
            }
            instead => format!(
                "use {}, or a release of the plugin without Angular if there is one by now",
                list(instead, "or")
            ),
        };
        let message = format!(
            "the plugin `{id}` needs Angular, {which}: the panel shows an error in place of data"
        );
        report_all(cx, &found, &message, |finding, _| {
            finding.help(help.as_str())
        });
    }
}
