//! The whole time range, read again at each of its points.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "whole-range-window",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "`[$__range]` in a query along the time range",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/whole-range-window.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut hits = Vec::new();
    for query in cx.queries() {
        let panel = matches!(query.host, Host::Panel(_));
        if panel && query.language.is_promql() && !query.is_instant() {
            find(query, &mut hits);
        }
    }
    let help = "make the query instant where one value is shown; along time, `[$__rate_interval]` is what each point needs";
    repeated::report(&hits, help, "here too", cx);
}

fn find<'q, 't>(query: &'q Query<'t>, hits: &mut Vec<Hit<'q, 't>>) {
    if !query.text().contains("__range") {
        return;
    }
    let parsed = query.parsed();
    for range in parsed.ranges().filter(|range| !range.subquery) {
        let holes = parsed.holes_of(range.duration.holes);
        let whole = holes.iter().any(|hole| {
            matches!(
                parsed.hole_name(hole),
                "__range" | "__range_s" | "__range_ms"
            )
        });
        if whole && parsed.errors.is_empty() {
            hits.push(Hit {
                query,
                span: range.brackets,
                message: "the whole time range is read again for every point of it".to_owned(),
            });
        }
    }
}
