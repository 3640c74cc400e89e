//! Matchers of overrides that Grafana does not know.

use super::catalog::FIELD_MATCHERS;
use super::found::{by_text, report_unknown};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};
use crate::spelling::misspelt;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-override-matcher",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "matcher of an override that Grafana does not know",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-override-matcher.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for (id, found) in by_text(dashboard, ids) {
        if FIELD_MATCHERS.contains(&id.as_str()) {
            continue;
        }
        let message = format!("Grafana has no field matcher `{id}`: it skips the whole override");
        let near = misspelt(&id, FIELD_MATCHERS.iter().copied());
        let otherwise =
            "choose fields with `byName`, `byRegexp`, `byType`, `byFrameRefID` or `byValue`";
        report_unknown(cx, &id, &found, &message, near, otherwise);
    }
}

/// Where the ids of the matchers stand.
fn ids<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    let matchers = panel.overrides().filter_map(|rule| rule.matcher());
    matchers.filter_map(|matcher| matcher.get("id")).collect()
}
