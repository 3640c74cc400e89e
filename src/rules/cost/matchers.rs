//! Matchers of queries, for the rules that judge their patterns.

use crate::model::Query;
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed};

/// The matchers with a regular expression of a query that is PromQL without errors. Those on `__name__`, which choose
/// metrics, are not among them.
pub(super) fn patterns<'q>(query: &'q Query<'_>) -> Vec<&'q Matcher> {
    if !query.language.is_promql() || !query.text().contains('~') {
        return Vec::new();
    }
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return Vec::new();
    }
    parsed
        .matchers()
        .map(|(_, matcher)| matcher)
        .filter(|matcher| matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex))
        .filter(|matcher| !matcher.metric_name && parsed.label(&matcher.label) != "__name__")
        .collect()
}

/// The pattern as it is written between its quotes, where what is written is what it says: no escape of the string, so that
/// bytes of the one are bytes of the other.
pub(super) fn plain_pattern<'q>(parsed: &'q Parsed, matcher: &Matcher) -> Option<&'q str> {
    let written = parsed.slice(matcher.value.inner());
    (parsed.string(&matcher.value) == written).then_some(written)
}
