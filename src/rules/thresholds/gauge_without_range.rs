//! Gauges whose scale comes from the data.

use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, ThresholdMode};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "gauge-without-range",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "gauge without a maximum, whose arc says nothing",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/gauge-without-range.md"),
    check: Check::Panel(check),
};

/// A bound that is not set is the smallest or largest value of the data (Grafana,
/// packages/grafana-data/src/field/fieldOverrides.ts, applyFieldOverrides).
fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let set = |key: &str| {
        config.default(&[key]).is_some_and(|node| !node.is_null())
            || config
                .overrides()
                .any(|rule| rule.properties(key).next().is_some())
    };
    if panel.kind() != "gauge"
        || set("max")
        || is_configured_by_data(panel)
        || panel.targets().is_empty()
    {
        return;
    }
    let shares = config
        .thresholds()
        .filter(|all| all.mode() == ThresholdMode::Percentage && all.steps().len() > 1);
    let message = if shares.is_some() {
        "the gauge has no maximum: its arc and its percentage steps change their meaning with the data"
    } else {
        "the gauge has no maximum: its arc ends at the largest value of the data, whatever that is"
    };
    let place = panel
        .kind_node()
        .map_or(Place::head(panel.node), Place::value);
    let _ = cx
        .report(place, message)
        .help("set `min` and `max`, or show the value as a stat");
}

/// A transformation may take the bounds from a query.
fn is_configured_by_data(panel: &Panel<'_>) -> bool {
    panel
        .transformations()
        .into_iter()
        .flat_map(NodeRef::items)
        .any(|step| {
            let id = step.get("id").or_else(|| step.get("kind"));
            matches!(
                id.and_then(NodeRef::as_str).as_deref(),
                Some("configFromData" | "rowsToFields")
            )
        })
}
