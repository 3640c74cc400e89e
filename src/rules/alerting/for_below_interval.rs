//! Alerts that wait less than from one evaluation to the next.

use super::face::alerts;
use crate::diagnostic::{Group, Severity};
use crate::promql::duration;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "for-below-interval",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "alert waits less than one evaluation interval",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/for-below-interval.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for seen in alerts(cx) {
        let (Some(wait), Some(interval)) = (
            seen.node().get("for"),
            seen.group().and_then(|group| group.get("interval")),
        ) else {
            continue;
        };
        let (Some(waited), Some(between)) = (wait.as_text(), interval.as_text()) else {
            continue;
        };
        let (Some(seconds), Some(step)) = (duration(&waited.value), duration(&between.value))
        else {
            continue;
        };
        if seconds == 0.0 || seconds >= step {
            continue;
        }
        let _ = cx
            .report(
                wait,
                format!(
                    "the group is evaluated every {}: the alert fires after that long, not after {}",
                    between.value, waited.value
                ),
            )
            .at(seen.steps())
            .related(Place::value(interval), "the interval")
            .help(format!("write `for: {}`, or evaluate the group more often", between.value));
    }
}
