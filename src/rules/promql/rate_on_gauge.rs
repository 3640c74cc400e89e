//! Rates of what goes up and down.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::MetricKind;
use crate::promql::ast::ExprKind;
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
        for (_, _, call) in parsed.calls() {
            let function = parsed.call_name(call);
            if !matches!(function, "rate" | "irate" | "increase") {
                continue;
            }
            let Some(&series) = parsed.ast.args(call).first() else {
                continue;
            };
            let ExprKind::Selector(selector) = &parsed.ast.expr(series).kind else {
                continue;
            };
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            if cx.project.metric_kind(&name) != Some(MetricKind::Gauge) {
                continue;
            }
            let instead = match function {
                "increase" => "delta",
                _ => "deriv",
            };
            found.push(
                Found::new(
                    query,
                    call.name,
                    format!("`{name}` is a gauge: `{function}` takes every fall for a restart and counts the whole value anew"),
                    format!("use `{instead}` for how a gauge moves, `changes` or `resets` for how often"),
                )
                .note(span, "goes up and down"),
            );
        }
    });
}
