//! The metrics that Prometheus makes of its alerts.
//!
//! Prometheus 3.5, rules/alerting.go: `ALERTS` is 1 and has `alertstate`, "pending" or "firing"; `ALERTS_FOR_STATE` is the
//! Unix time since when the alert is active and has no `alertstate`.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{Aggregate, AggregateOp, MatchOp};
use crate::promql::{ExprId, ExprKind, Matcher, Parsed};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "alert-state-misuse",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "ALERTS or ALERTS_FOR_STATE taken for something else",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/alert-state-misuse.md"),
    check: Check::Document(check),
};

const STATES: &[&str] = &["pending", "firing"];
/// No alert is active since before this time.
const EARLIEST: f64 = 1e9;

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !query.text().contains("ALERTS") {
            return;
        }
        for (_, _, selector) in parsed.selectors() {
            let Some((name, _)) = parsed.metric_name(selector) else {
                continue;
            };
            let mut matchers = parsed.ast.matchers(selector).iter();
            let Some(state) = matchers.find(|m| parsed.label(&m.label) == "alertstate") else {
                continue;
            };
            match &*name {
                "ALERTS_FOR_STATE" if demands(parsed, state) => found.push(Found::new(
                    query,
                    state.span,
                    "`ALERTS_FOR_STATE` has no label `alertstate`: the selector finds nothing",
                    "select `ALERTS{alertstate=\"…\"}`, or join with it",
                )),
                "ALERTS" => {
                    if let Some(value) = unknown_state(parsed, state) {
                        found.push(Found::new(
                            query,
                            state.value.span,
                            format!(
                                "no alert is in the state `{value}`: the selector finds nothing"
                            ),
                            "the states that Prometheus writes are `pending` and `firing`",
                        ));
                    }
                }
                _ => {}
            }
        }
        for (_, _, binary) in parsed.binaries() {
            let limit = query.flow(cx.project).value(binary.rhs);
            if binary.op.is_comparison()
                && limit.is_some_and(|limit| limit < EARLIEST)
                && let Some(span) = since_when(parsed, binary.lhs)
            {
                found.push(timestamp(query, span));
            }
        }
        for (_, _, aggregate) in parsed.aggregations() {
            if let Some(span) = added(parsed, aggregate) {
                found.push(timestamp(query, span));
            }
        }
    });
}

fn timestamp<'q, 't>(query: &'q crate::model::Query<'t>, span: Span) -> Found<'q, 't> {
    Found::new(
        query,
        span,
        "`ALERTS_FOR_STATE` is the time since when the alert is active, a number of ten digits, not how many there are",
        "count with `count(ALERTS{alertstate=\"firing\"})`; how long it lasts is `time() - ALERTS_FOR_STATE`",
    )
}

/// Whether the matcher asks for the label to be there.
fn demands(parsed: &Parsed, matcher: &Matcher) -> bool {
    matcher.op == MatchOp::Equal
        && matcher.value.quote != 0
        && matcher.value.holes.is_empty()
        && !parsed.string(&matcher.value).is_empty()
}

/// A state that Prometheus does not know.
fn unknown_state(parsed: &Parsed, matcher: &Matcher) -> Option<String> {
    let value = parsed.string(&matcher.value);
    (demands(parsed, matcher) && !STATES.contains(&&*value)).then(|| value.into_owned())
}

/// The selector of an expression that is nothing but the time since when alerts are active.
fn since_when(parsed: &Parsed, id: ExprId) -> Option<Span> {
    let ExprKind::Selector(selector) = &parsed.ast.expr(parsed.ast.unparen(id)).kind else {
        return None;
    };
    let (name, span) = parsed.metric_name(selector)?;
    (name == "ALERTS_FOR_STATE").then_some(span)
}

fn added(parsed: &Parsed, aggregate: &Aggregate) -> Option<Span> {
    (aggregate.op == AggregateOp::Sum)
        .then_some(aggregate.expr)
        .flatten()
        .and_then(|inner| since_when(parsed, inner))
}
