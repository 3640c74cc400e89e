//! Panels whose description leads to no runbook.

use super::runbook::described;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panel-without-runbook",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "panel whose description has no link to a runbook",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/panel-without-runbook.md"),
    check: Check::Dashboard(check),
};

/// Panels that show no measurements: Grafana 12.1, public/app/plugins/panel.
const WITHOUT_DATA: [&str; 7] = [
    "text",
    "row",
    "news",
    "dashlist",
    "alertlist",
    "annolist",
    "gettingstarted",
];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if !cx.settings.runbooks.panels {
        return;
    }
    for panel in &dashboard.panels {
        // A panel of the library has its description there.
        if WITHOUT_DATA.contains(&&*panel.kind())
            || panel.library().is_some()
            || !described(cx, panel).is_empty()
        {
            continue;
        }
        let _ = cx
            .report(
                Place::head(panel.node),
                "who sees a bad value here is not told what to do: the description has no link to a runbook",
            )
            .at(Context::panel_steps(panel))
            .help("add a link such as `[Runbook](https://…)` to the description")
            .together("nor this one");
    }
}
