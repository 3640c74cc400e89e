//! Alerts that do not say what is wrong.

use super::face::{alerts, report_together};
use super::runbook::is_runbook;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "missing-summary",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "alert without a word on what is wrong",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/missing-summary.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let found: Vec<_> = alerts(cx)
        .filter(|seen| {
            !seen.annotations().any(|annotation| {
                let key = annotation.key().unwrap_or_default();
                let words =
                    !key.starts_with("__") && !is_runbook(&key) && !key.contains("dashboard");
                words
                    && annotation
                        .as_text()
                        .is_some_and(|text| !text.value.trim().is_empty())
            })
        })
        .map(|seen| (seen, seen.head()))
        .collect();
    report_together(
        cx,
        &found,
        "a notification of this alert is a name and labels, no word on what is wrong",
        "add the annotations `summary` and `description`",
        "no summary or description either",
    );
}
