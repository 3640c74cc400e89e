//! Properties of overrides that Grafana does not know.

use super::catalog::OVERRIDE_PROPERTIES;
use super::found::{by_text, report_unknown};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Override, Panel};
use crate::rules::{Check, Context, Rule};
use crate::spelling::misspelt;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-override-property",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "property of an override that Grafana does not know and drops",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-override-property.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for (id, found) in by_text(dashboard, ids) {
        if id.starts_with("custom.") || OVERRIDE_PROPERTIES.contains(&id.as_str()) {
            continue;
        }
        let message = format!(
            "no field option is called `{id}`: Grafana drops it, and the fields look as if the override were not there"
        );
        let near = misspelt(&id, OVERRIDE_PROPERTIES.iter().copied());
        let otherwise = format!(
            "an option of the panel's own is written with `custom.` before it: `custom.{id}`"
        );
        report_unknown(cx, &id, &found, &message, near, &otherwise);
    }
}

/// Where the ids of all properties of overrides stand.
fn ids<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    panel
        .overrides()
        .flat_map(|rule: Override<'t>| rule.property_ids())
        .collect()
}
