//! Rates of recorded rates.

use super::found::{Found, check_queries, ranged_metrics};
use crate::diagnostic::{Group, Severity};
use crate::promql::nature::Nature;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "rate-of-rate",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "rate of a metric that is recorded as a rate",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/rate-of-rate.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (function, name, span) in ranged_metrics(parsed) {
            let message = match (cx.project.definitions().nature(&name), recorded_rate(&name)) {
                (Some(Nature::Rate(by)), _) => format!(
                    "`{name}` is recorded with `{by}`: `{function}` of it takes every fall for a reset"
                ),
                (None, Some(operation)) => format!(
                    "`{name}` is by its name a rate already (`{operation}`): `{function}` of it takes every fall for a reset"
                ),
                _ => continue,
            };
            found.push(
                Found::new(
                    query,
                    span,
                    message,
                    format!(
                        "show it as it is, or use `avg_over_time` in the place of `{function}`"
                    ),
                )
                .defined(cx.project, &name),
            );
        }
    });
}

/// The operation that a name in the form `level:metric:operations` ends with, if it is a rate over some time.
fn recorded_rate(name: &str) -> Option<&str> {
    let (_, operation) = name.rsplit_once(':')?;
    let window = ["rate", "irate", "increase"]
        .iter()
        .find_map(|function| operation.strip_prefix(function))?;
    let unit = window.trim_start_matches(|c: char| c.is_ascii_digit());
    (unit.len() < window.len() && matches!(unit, "s" | "m" | "h" | "d")).then_some(operation)
}
