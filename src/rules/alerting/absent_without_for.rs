//! Alerts on absence that do not wait.

use super::face::alerts;
use super::waits::{asks_for_absence, waits};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "absent-without-for",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "`absent` without `for` fires at every restart",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/absent-without-for.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for seen in alerts(cx) {
        if waits(&seen) {
            continue;
        }
        let Some((query, span)) = asks_for_absence(&seen) else {
            continue;
        };
        let _ = cx
            .report(
                Place::query(query, span),
                "without `for` this fires whenever the series is missing for a moment: at each restart of Prometheus before its first scrapes, and at each gap",
            )
            .at(seen.steps())
            .help("write `for: 5m`, or `absent_over_time(…[5m])`");
    }
}
