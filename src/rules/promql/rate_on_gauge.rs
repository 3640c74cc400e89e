//! Rates of what goes up and down.

use super::found::{Found, check_queries, kind, ranged_metrics};
use crate::diagnostic::{Group, Severity};
use crate::promql::MetricKind;
use crate::promql::nature::Nature;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "rate-on-gauge",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "rate of a gauge",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/rate-on-gauge.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (function, name, span) in ranged_metrics(parsed) {
            let what = match (kind(cx, &name), cx.project.definitions().nature(&name)) {
                (Some(MetricKind::Gauge), _) => "is a gauge".to_owned(),
                (None, Some(Nature::Gauge(by))) => {
                    format!("is recorded with `{by}` and goes up and down")
                }
                _ => continue,
            };
            let instead = match function {
                "increase" => "delta",
                _ => "deriv",
            };
            found.push(
                Found::new(
                    query,
                    span,
                    format!("`{name}` {what}: `{function}` takes every fall for a restart and counts the whole value anew"),
                    format!("use `{instead}` for how a gauge moves, `changes` or `resets` for how often"),
                )
                .defined(cx.project, &name),
            );
        }
    });
}
