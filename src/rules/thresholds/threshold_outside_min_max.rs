//! Steps outside the scale.

use super::effect::{is_default, styled};
use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, ThresholdMode};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "threshold-outside-min-max",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "threshold step outside the range that the panel shows",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/threshold-outside-min-max.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let scaled = match panel.kind().as_ref() {
        "gauge" | "bargauge" => true,
        "timeseries" => styled(&config),
        _ => false,
    };
    let Some(thresholds) = config.thresholds().filter(|_| scaled) else {
        return;
    };
    let own_range = ["min", "max", "thresholds"].iter().any(|id| {
        config
            .overrides()
            .any(|rule| rule.properties(id).next().is_some())
    });
    // A `percentunit` panel with steps of per cent is what `percent-range` speaks of.
    let other_percent = panel.unit().as_deref() == Some("percentunit");
    if own_range
        || other_percent
        || is_default(thresholds)
        || thresholds.mode() != ThresholdMode::Absolute
    {
        return;
    }
    let bound = |key: &str| {
        let node = config.default(&[key])?;
        Some((node, node.as_f64()?))
    };
    let (min, max) = (bound("min"), bound("max"));
    for step in thresholds
        .steps()
        .iter()
        .skip(1)
        .filter(|step| !step.has_expression())
    {
        let (Some(value), Some(node)) = (step.value, step.value_node()) else {
            continue;
        };
        let above = max
            .filter(|(_, max)| value > *max)
            .map(|(node, max)| (node, max, "above", "maximum"));
        let below = min
            .filter(|(_, min)| value < *min)
            .map(|(node, min)| (node, min, "below", "minimum"));
        let Some((bound, limit, side, name)) = above.or(below) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("the step at {value} lies {side} the {name} of {limit}, so the scale never shows it"),
            )
            .related(Place::value(bound), format!("the {name}"))
            .help(format!("move the step into the range, or the {name} beyond the step"));
        return;
    }
}
