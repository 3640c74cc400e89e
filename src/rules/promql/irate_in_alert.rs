//! Alerts on the last two samples.

use super::found::{Found, check_queries, in_alert};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "irate-in-alert",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "irate decides about an alert",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/irate-in-alert.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !in_alert(cx, query) {
            return;
        }
        for (_, _, call) in parsed.calls() {
            if parsed.call_name(call) == "irate" {
                found.push(Found::new(
                    query,
                    call.name,
                    "`irate` looks at the last two samples only: one quiet moment resets the alert's waiting time",
                    "use `rate` over some minutes",
                ));
            }
        }
    });
}
