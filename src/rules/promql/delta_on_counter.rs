//! Differences of counters, which fall at every restart.

use super::found::{Found, check_queries, kind};
use crate::diagnostic::{Group, Severity};
use crate::promql::MetricKind;
use crate::promql::ast::ExprKind;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "delta-on-counter",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "delta or deriv of a counter",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/delta-on-counter.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            let function = parsed.call_name(call);
            let instead = match function {
                "delta" => "increase",
                "idelta" => "irate",
                "deriv" => "rate",
                _ => continue,
            };
            let Some(&series) = parsed.ast.args(call).first() else {
                continue;
            };
            let ExprKind::Selector(selector) = &parsed.ast.expr(series).kind else {
                continue;
            };
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            if kind(cx, &name) == Some(MetricKind::Counter) {
                found.push(
                    Found::new(
                        query,
                        call.name,
                        format!("`{name}` is a counter: when its process restarts, `{function}` shows a deep fall that never was"),
                        format!("use `{instead}`, which knows restarts"),
                    )
                    .note(span, "starts from zero at every restart"),
                );
            }
        }
    });
}
