//! Quantiles that give infinity.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::AggregateOp;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "quantile-out-of-range",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "quantile below 0 or above 1",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/quantile-out-of-range.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        let calls = parsed.calls().filter_map(|(_, _, call)| {
            matches!(
                parsed.call_name(call),
                "histogram_quantile" | "quantile_over_time"
            )
            .then(|| parsed.ast.args(call).first().copied())
            .flatten()
        });
        let aggregations = parsed.aggregations().filter_map(|(_, _, aggregate)| {
            (aggregate.op == AggregateOp::Quantile)
                .then_some(aggregate.param)
                .flatten()
        });
        for id in calls.chain(aggregations) {
            let Some(value) = query.flow(cx.project).value(id) else {
                continue;
            };
            let shown = if value < 0.0 {
                "minus infinity"
            } else if value > 1.0 {
                "infinity"
            } else {
                continue;
            };
            let help = if value > 1.0 && value <= 100.0 {
                format!("a quantile is a part of one: `{}`", value / 100.0)
            } else {
                "a quantile is between 0 and 1".to_owned()
            };
            found.push(Found::new(
                query,
                parsed.ast.expr(id).span,
                format!("the quantile {value} is not between 0 and 1: every value is {shown}"),
                help,
            ));
        }
    });
}
