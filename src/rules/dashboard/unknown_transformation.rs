//! Transformations that Grafana does not know.

use super::catalog::{near_transformation, transformation};
use super::found::{by_text, report_all, report_unknown};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-transformation",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "transformation that Grafana does not know and passes over",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-transformation.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for (id, found) in by_text(dashboard, ids) {
        let Some(known) = transformation(&id) else {
            let message = format!(
                "Grafana has no transformation `{id}`: it passes the data on as they are, without a word"
            );
            let otherwise = "choose a transformation of the panel editor's list, or remove it";
            report_unknown(
                cx,
                &id,
                &found,
                &message,
                near_transformation(&id),
                otherwise,
            );
            continue;
        };
        let Some(grafana) = cx.settings.grafana else {
            continue;
        };
        if known.missing_in.is_some_and(|version| grafana <= version) {
            let message = format!(
                "Grafana {grafana} has no transformation `{id}` yet: it passes the data on as they are, without a word"
            );
            report_all(cx, &found, &message, |finding, _| {
                finding.help("it came with a later version: update Grafana, or do without")
            });
        }
    }
}

/// Where the ids of the transformations stand that are switched on.
fn ids<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    panel
        .each_transformation()
        .filter(|transformation| !transformation.is_disabled())
        .filter_map(|transformation| transformation.id_node())
        .collect()
}
