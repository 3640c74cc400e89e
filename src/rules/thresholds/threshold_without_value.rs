//! Later steps whose value is null or missing.

use super::effect::shown;
use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, Thresholds};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "threshold-without-value",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "later threshold step without a value",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/threshold-without-value.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for thresholds in shown(panel) {
        check_steps(thresholds, cx);
    }
}

/// The base step is minus infinity whatever it says. A later step counts where `value >= step.value`, as JavaScript
/// compares: `null` is 0, and with nothing there the walk stops (Grafana,
/// packages/grafana-data/src/field/thresholds.ts, getActiveThreshold).
fn check_steps<'t>(thresholds: Thresholds<'t>, cx: &mut Context<'_, 't>) {
    let steps = thresholds.steps();
    let found = steps.iter().skip(1).find(|step| {
        !step.has_expression() && step.value_node().is_none_or(|value| value.is_null())
    });
    let Some(step) = found else { return };
    let color = step.color().unwrap_or_default();
    let (place, message) = match step.value_node() {
        Some(value) => (
            Place::value(value),
            format!(
                "a later step without a value acts as 0: it paints values in {color} that were meant for other steps"
            ),
        ),
        None => (
            Place::head(step.node),
            format!(
                "a later step without a value is never reached: no value gets its colour ({color}) or that of a step behind it"
            ),
        ),
    };
    let _ = cx
        .report(place, message)
        .help("write the value from which the colour counts, or remove the step; only the first step needs none");
}
