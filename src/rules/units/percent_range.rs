//! Shares shown as per cent, per cent shown as shares.

use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, ThresholdMode};
use crate::rules::thresholds::effect::{Effect, effect};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "percent-range",
    group: Group::Units,
    severity: Severity::Warning,
    summary: "range or threshold that belongs to the other percent unit",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/percent-range.md"),
    check: Check::Panel(check),
};

/// Below this a `percentunit` range may be meant (an over-commit of 500 %); facts: science, measured on 1,118 dashboards.
const LARGE_MAX: f64 = 50.0;
/// The same of a threshold step.
const LARGE_STEP: f64 = 10.0;

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let Some(defaults) = config.defaults() else {
        return;
    };
    let Some(unit_node) = panel.unit_node() else {
        return;
    };
    let Some(unit) = unit_node.as_str() else {
        return;
    };
    // An override with a unit of its own says that the defaults do not hold for all.
    if config
        .overrides()
        .any(|rule| rule.properties("unit").next().is_some())
    {
        return;
    }
    let max = defaults
        .get("max")
        .and_then(|node| Some((node, node.as_f64()?)));
    match unit.as_ref() {
        "percentunit" => {
            if let Some((node, max)) = max.filter(|(_, max)| *max >= LARGE_MAX) {
                report_share(cx, node, unit_node, &format!("a maximum of {max}"), max);
            } else if let Some((node, step)) =
                smallest_step(panel).filter(|(_, step)| *step >= LARGE_STEP)
            {
                // Grafana leaves a red step at 80 in every new panel; where no threshold shows, nobody is misled.
                let untouched = step == 80.0 && steps(panel) == 1;
                if !untouched && !matches!(effect(panel), Effect::None(_)) {
                    report_share(cx, node, unit_node, &format!("a threshold at {step}"), step);
                }
            }
        }
        "percent" => {
            if let Some((node, max)) = max.filter(|(_, max)| *max > 0.0 && *max <= 1.0) {
                let _ = cx
                    .report(
                        Place::value(node),
                        format!("the unit `percent` takes 0 to 100: a maximum of {max} is {max} %"),
                    )
                    .related(Place::value(unit_node), "the panel's unit")
                    .help("for values from 0 to 1 the unit is `percentunit`; for values from 0 to 100 the maximum is 100");
            }
        }
        _ => {}
    }
}

fn report_share<'t>(
    cx: &mut Context<'_, 't>,
    node: NodeRef<'t>,
    unit: NodeRef<'t>,
    what: &str,
    value: f64,
) {
    let _ = cx
        .report(
            Place::value(node),
            format!("the unit `percentunit` takes 0 to 1: {what} is {} %", value * 100.0),
        )
        .related(Place::value(unit), "the panel's unit")
        .help("for values from 0 to 100 the unit is `percent`; for values from 0 to 1 write the share, such as 0.8");
}

/// Whether the panel says in its unit what is much: with another unit that would be something else.
pub(super) fn is_bounded(panel: &Panel<'_>) -> bool {
    let config = panel.field_config();
    let defaults = config.and_then(|config| config.defaults());
    let set = |key| defaults.and_then(|defaults| defaults.get(key)?.as_f64());
    // Grafana leaves a red step at 80 in every new panel.
    let step = smallest_step(panel).is_some_and(|(_, step)| step != 80.0 || steps(panel) > 1);
    step || set("min").is_some_and(|min| min != 0.0) || set("max").is_some()
}

fn smallest_step<'t>(panel: &Panel<'t>) -> Option<(NodeRef<'t>, f64)> {
    let thresholds = panel.field_config()?.thresholds()?;
    if thresholds.mode() == ThresholdMode::Percentage {
        return None;
    }
    thresholds
        .steps()
        .iter()
        .skip(1)
        .filter_map(|step| Some((step.value_node()?, step.value?)))
        .filter(|(_, value)| *value > 0.0)
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

fn steps(panel: &Panel<'_>) -> usize {
    let thresholds = panel.field_config().and_then(|config| config.thresholds());
    thresholds.map_or(0, |thresholds| thresholds.steps().len().saturating_sub(1))
}
