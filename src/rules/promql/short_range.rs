//! Ranges with less than two samples.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ExprKind;
use crate::rules::scrape::scrape_interval;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "short-range",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "range too short for two samples",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/short-range.md"),
    check: Check::Document(check),
};

/// Functions without a result for less than two samples (Prometheus 3.5, promql/functions.go).
const FUNCTIONS: &[&str] = &[
    "rate",
    "irate",
    "increase",
    "delta",
    "idelta",
    "deriv",
    "predict_linear",
    "double_exponential_smoothing",
    "holt_winters",
];

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            let Some(function) = call.function.filter(|f| FUNCTIONS.contains(&f.name)) else {
                continue;
            };
            let series = function
                .range_arg()
                .and_then(|at| parsed.ast.args(call).get(at));
            let Some(ExprKind::Selector(selector)) =
                series.map(|id| &parsed.ast.expr(parsed.ast.unparen(*id)).kind)
            else {
                continue;
            };
            let Some(range) = selector.range else {
                continue;
            };
            let Some(seconds) = range
                .duration
                .seconds
                .filter(|_| range.duration.holes.is_empty())
            else {
                continue;
            };
            let scrape = scrape_interval(cx, Some(query));
            if seconds >= 2.0 * scrape.seconds {
                continue;
            }
            let (written, name, every) = (
                parsed.slice(range.duration.span),
                function.name,
                scrape.seconds,
            );
            let how_often = if seconds <= every {
                "never"
            } else {
                "only now and then"
            };
            let assumed = if scrape.said { "are" } else { "mostly are" };
            let finding = Found::new(
                query,
                range.span,
                format!(
                    "`{name}` needs two samples, and {written} {how_often} has them where metrics {assumed} scraped every {every}s: there is no result"
                ),
                format!("look back over four scrapes or more: `[{}s]`", 4.0 * every),
            );
            found.push(if scrape.said {
                finding
            } else {
                finding.lower(Severity::Info)
            });
        }
    });
}
