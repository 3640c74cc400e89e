//! Queries that Loki refuses, by their structure.

use super::invalid_promql::report_error;
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::logql;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-logql",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "query that Loki refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/invalid-logql.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // A variable asks Loki in another language.
    let variable = matches!(query.host, Host::Variable(_));
    if query.language != Language::LogQl || variable || query.text().trim().is_empty() {
        return;
    }
    if let Some(error) = logql::check(query.text()).first() {
        report_error(query, error, cx);
    }
}
