//! Transformations that Grafana does not know.

use super::catalog::{near_transformation, transformation};
use super::found::{by_text, report_once};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-transformation",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "transformation that Grafana does not know and passes over",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-transformation.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for (id, found) in by_text(dashboard, ids) {
        let (who, help) = match transformation(&id) {
            None => {
                let near = near_transformation(&id).map(|near| format!("did you mean `{near}`?"));
                ("Grafana".to_owned(), near)
            }
            Some(known) => {
                let Some(grafana) = cx.settings.grafana else {
                    continue;
                };
                if known.missing_in.is_none_or(|version| grafana > version) {
                    continue;
                }
                let newer =
                    "it came with a later version: update Grafana, or do without".to_owned();
                (format!("Grafana {grafana}"), Some(newer))
            }
        };
        let message = format!(
            "{who} has no transformation `{id}`: it passes the data on as they are, without a word"
        );
        let finding = report_once(cx, &found, message);
        let _ = finding.map(|finding| {
            finding.help(help.unwrap_or_else(|| {
                "choose a transformation of the panel editor's list, or remove it".to_owned()
            }))
        });
    }
}

/// Where the ids of the transformations stand that are switched on.
fn ids<'t>(panel: &Panel<'t>) -> Vec<crate::syntax::NodeRef<'t>> {
    panel
        .each_transformation()
        .filter(|transformation| !transformation.is_disabled())
        .filter_map(|transformation| transformation.id_node())
        .collect()
}
