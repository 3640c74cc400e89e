//! Panels whose description leads to no runbook.

use super::runbook::described;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
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

/// How many other panels one finding lists.
const MOST_RELATED: usize = 20;

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
    let bare: Vec<&Panel<'t>> = dashboard
        .panels
        .iter()
        .filter(|panel| {
            // A panel of the library has its description there.
            !WITHOUT_DATA.contains(&&*panel.kind())
                && panel.library().is_none()
                && described(cx, panel).is_empty()
        })
        .collect();
    let Some((first, others)) = bare.split_first() else {
        return;
    };
    let more = match others.len() {
        0 => String::new(),
        1 => " (and one more panel here)".to_owned(),
        others => format!(" (and {others} more panels here)"),
    };
    let mut finding = cx
        .report(
            Place::head(first.node),
            format!("who sees a bad value here is not told what to do: the description has no link to a runbook{more}"),
        )
        .at(Context::panel_steps(first))
        .help("add a link such as `[Runbook](https://…)` to the description");
    for other in others.iter().take(MOST_RELATED) {
        finding = finding.related(Place::head(other.node), "nor this one");
    }
}
