//! Queries of variables that a Prometheus data source does not understand.

use super::invalid_promql::report_error;
use crate::diagnostic::{Group, Severity};
use crate::model::{Language, Query};
use crate::promql::variable_query::variable_query;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-variable-query",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "query of a variable that Prometheus's data source does not understand",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/invalid-variable-query.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if query.language != Language::PromVariable || query.text().trim().is_empty() {
        return;
    }
    // The first one: what follows mostly follows from it.
    if let Some(error) = variable_query(query.text()).all_errors().next() {
        report_error(query, error, cx);
    }
}
