//! Steps at the same value.

use super::effect::shown;
use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, Thresholds};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-threshold-value",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "threshold step that is never seen, because the next one has the same value",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/duplicate-threshold-value.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for thresholds in shown(panel) {
        check_steps(thresholds, cx);
    }
}

/// The walk goes on to the last step that is not above the value (@grafana/data 13.2.3, getActiveThreshold).
fn check_steps<'t>(thresholds: Thresholds<'t>, cx: &mut Context<'_, 't>) {
    let steps = thresholds.steps();
    let later = steps.get(1..).unwrap_or_default();
    for (dead, wins) in later.iter().zip(later.iter().skip(1)) {
        let (Some(value), Some(node)) = (dead.value, dead.value_node()) else {
            continue;
        };
        // The same colour twice is no more than a line too many.
        if wins.value != Some(value)
            || dead.has_expression()
            || wins.has_expression()
            || dead.color() == wins.color()
        {
            continue;
        }
        let _ = cx
            .report(
                Place::value(node),
                format!(
                    "two steps stand at {value} and the last one wins: no value gets the colour {}",
                    dead.color().unwrap_or_default()
                ),
            )
            .related(
                Place::value(wins.value_node().unwrap_or(wins.node)),
                "the step that wins",
            )
            .help("give the steps different values, or remove the first of them");
    }
}
