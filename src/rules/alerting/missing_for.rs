//! Alerts that fire at the first look.

use super::always_firing::is_heartbeat;
use super::face::{alerts, report_together};
use super::waits::{asks_for_absence, waits};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "missing-for",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "alert that fires at the first evaluation",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/missing-for.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let found: Vec<_> = alerts(cx)
        // What is absent is told by a rule of its own.
        .filter(|seen| !waits(seen) && asks_for_absence(seen).is_none() && !is_heartbeat(cx, seen))
        .map(|seen| (seen, seen.head()))
        .collect();
    report_together(
        cx,
        &found,
        "one bad sample is enough for this alert to fire",
        "write `for: 5m` or longer, where it may wait",
        "fires at once, too",
    );
}
