//! Aggregations that aggregate nothing.

use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "without-nothing",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "aggregation that takes no label away",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/without-nothing.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !query.language.is_promql() || !query.text().contains("without") {
        return;
    }
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return;
    }
    for (_, _, aggregate) in parsed.aggregations() {
        let Some(grouping) = aggregate.grouping else {
            continue;
        };
        let empty =
            grouping.without && grouping.complete && parsed.ast.labels(&grouping.list).is_empty();
        // topk and its like choose series; nobody expects them to be merged.
        if !empty || aggregate.op.keeps_series() {
            continue;
        }
        let place = grouping.keyword.cover(grouping.list.span);
        let op = aggregate.op.as_str();
        let _ = cx
            .report(
                Place::query(query, place),
                format!("`{op} without ()` merges only series that differ in nothing but their name: as many come out as go in"),
            )
            .help(format!("name the labels that go, `{op} without (instance)`, or those that stay, `{op} by (job)`"));
    }
}
