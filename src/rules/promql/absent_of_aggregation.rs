//! `absent` over groups.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{Aggregate, ExprKind};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "absent-of-aggregation",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "`absent` of groups, which tells of no single group",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/absent-of-aggregation.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            let function = parsed.call_name(call);
            if !matches!(function, "absent" | "absent_over_time") {
                continue;
            }
            let Some(mut id) = parsed.ast.args(call).first().copied() else {
                continue;
            };
            while let ExprKind::Subquery(subquery) = &parsed.ast.expr(parsed.ast.unparen(id)).kind {
                id = subquery.expr;
            }
            let ExprKind::Aggregate(aggregate) = &parsed.ast.expr(parsed.ast.unparen(id)).kind
            else {
                continue;
            };
            if let Some(grouping) = aggregate.grouping
                && groups(parsed, aggregate)
            {
                found.push(
                    Found::new(
                        query,
                        call.name,
                        format!("`{function}` has a result only when the last group is gone: a single group that disappears is not noticed"),
                        format!("compare with what has to be there: `expected unless on (…) {}(…)`", aggregate.op.as_str()),
                    )
                    .note(grouping.keyword.cover(grouping.list.span), "all these groups together"),
                );
            } else if has_equal_matcher(parsed, aggregate) {
                found.push(
                    Found::new(
                        query,
                        call.name,
                        format!("`{function}` of an aggregation has no labels: whoever gets the alert does not see what is missing"),
                        format!("ask for the series themselves: `{function}(metric{{job=\"…\"}})` has the labels that are compared with `=`"),
                    )
                    .lower(Severity::Info)
                    .note(aggregate.op_span, "the selector's labels end here"),
                );
            }
        }
    });
}

/// Whether it makes groups by labels.
fn groups(parsed: &Parsed, aggregate: &Aggregate) -> bool {
    aggregate.grouping.is_some_and(|grouping| {
        grouping.complete
            && !grouping.without
            && parsed.ast.labels(&grouping.list).iter().any(|label| {
                // A group with one fixed value is but one group.
                let name = parsed.label(label);
                !is_fixed(parsed, aggregate, &name)
            })
    })
}

fn selector<'q>(parsed: &'q Parsed, aggregate: &Aggregate) -> Option<&'q crate::promql::Selector> {
    let id = parsed.ast.unparen(aggregate.expr?);
    match &parsed.ast.expr(id).kind {
        ExprKind::Selector(selector) => Some(selector),
        _ => None,
    }
}

/// Whether the selector under the aggregation compares the label with one value.
fn is_fixed(parsed: &Parsed, aggregate: &Aggregate, name: &str) -> bool {
    selector(parsed, aggregate).is_some_and(|selector| {
        parsed
            .ast
            .matchers(selector)
            .iter()
            .any(|m| m.op == crate::promql::ast::MatchOp::Equal && parsed.label(&m.label) == name)
    })
}

/// Whether `absent` of the selector alone would have labels.
fn has_equal_matcher(parsed: &Parsed, aggregate: &Aggregate) -> bool {
    selector(parsed, aggregate).is_some_and(|selector| {
        parsed.ast.matchers(selector).iter().any(|m| {
            m.op == crate::promql::ast::MatchOp::Equal
                && !m.metric_name
                && parsed.label(&m.label) != "__name__"
        })
    })
}
