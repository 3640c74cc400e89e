//! Alerts on two aggregations of different moments.

use super::found::{Found, check_queries, condition};
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query, RuleKind};
use crate::promql::ast::{ExprId, ExprKind};
use crate::promql::{Parsed, parse};
use crate::rules::{Check, Context, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "fragile-comparison",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "alert on two aggregations that does not wait",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/fragile-comparison.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !fires_at_once(cx, query) {
            return;
        }
        let Some(condition) = condition(parsed).filter(|found| found.op.is_comparison()) else {
            return;
        };
        for side in [condition.lhs, condition.rhs] {
            let ExprKind::Binary(binary) = &parsed.ast.expr(parsed.ast.unparen(side)).kind else {
                continue;
            };
            if binary.op.is_arithmetic()
                && aggregated(parsed, binary.lhs)
                && aggregated(parsed, binary.rhs)
            {
                found.push(
                    Found::new(
                        query,
                        binary.op_span,
                        "after a restart of Prometheus one side has its series before the other, and the alert fires at once on what is missing",
                        "let it wait for some evaluations: `for: 5m`",
                    )
                    .note(condition.op_span, "decides at the first evaluation"),
                );
            }
        }
    });
}

fn aggregated(parsed: &Parsed, id: ExprId) -> bool {
    match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
        ExprKind::Aggregate(aggregate) => !aggregate.op.keeps_series(),
        _ => false,
    }
}

/// The query is the expression of an alert in Prometheus rules whose `for` is missing or nothing.
fn fires_at_once(cx: &Context<'_, '_>, query: &Query<'_>) -> bool {
    let (Host::Rule(at), Scope::Rules(rules)) = (query.host, cx.scope) else {
        return false;
    };
    let Some(rule) = rules.rules.get(at) else {
        return false;
    };
    rule.kind == RuleKind::Alert
        && match crate::model::string(rule.node, "for") {
            None => rule.node.get("for").is_none(),
            Some(wait) => parse(&wait).root().is_some_and(
                |root| matches!(&root.kind, ExprKind::Number(number) if number.value == 0.0),
            ),
        }
}
