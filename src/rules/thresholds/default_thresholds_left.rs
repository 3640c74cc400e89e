//! Grafana's own thresholds where they make no sense.

use super::effect::{Effect, effect, is_default};
use crate::diagnostic::{Group, Severity};
use crate::model::{FieldConfig, Panel, ThresholdMode};
use crate::rules::{Check, Context, Place, Rule};
use crate::units::catalog::{Unit, lookup};

pub(crate) const RULE: Rule = Rule {
    id: "default-thresholds-left",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "Grafana's own threshold at 80 in a unit where 80 means nothing",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/default-thresholds-left.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let Some(thresholds) = config.thresholds().filter(|all| is_default(*all)) else {
        return;
    };
    if thresholds.mode() == ThresholdMode::Percentage
        || !matches!(panel.kind().as_ref(), "stat" | "gauge" | "bargauge")
        || effect(panel) != Effect::Colors
        || is_refined(&config)
    {
        return;
    }
    let (Some(unit_node), Some(unit)) = (panel.unit_node(), panel.unit()) else {
        return;
    };
    let Some(absurd) = lookup(&unit).known().and_then(absurd) else {
        return;
    };
    let steps = thresholds.steps();
    let Some(node) = steps.get(1).and_then(|step| step.value_node()) else {
        return;
    };
    let _ = cx
        .report(
            Place::value(node),
            format!(
                "the panel turns red at {absurd}: this is the threshold every new panel starts with"
            ),
        )
        .related(Place::value(unit_node), "the panel's unit")
        .help("choose a threshold that means something, or keep only the base step");
}

/// Values get their colours elsewhere too.
fn is_refined(config: &FieldConfig<'_>) -> bool {
    config.mappings().next().is_some()
        || config.overrides().any(|rule| {
            ["thresholds", "color", "unit", "mappings"]
                .iter()
                .any(|id| rule.properties(id).next().is_some())
        })
}

/// What 80 of `unit` is, where nobody can mean it.
fn absurd(unit: &Unit) -> Option<String> {
    if unit.is_date() {
        return Some("80 ms after the beginning of 1970".to_owned());
    }
    match unit.id {
        "percentunit" => Some("8000 %".to_owned()),
        _ if matches!(unit.dimension, "data" | "data-rate")
            && unit.to_base(80.0).is_some_and(|bytes| bytes <= 80.0) =>
        {
            Some(format!("80 {}", unit.label))
        }
        _ => None,
    }
}
