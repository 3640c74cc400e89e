//! Queries that Prometheus refuses.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::{ErrorKind, ParseError, metricsql};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-promql",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "query that Prometheus refuses",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/promql/invalid-promql.md"),
    check: Check::Query(check),
};

/// How many errors of one query are reported: what follows the first ones mostly follows from them.
const MOST_IN_A_QUERY: usize = 3;

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // Grafana sends no empty query; a rule's empty expression is another fault.
    if !query.language.is_promql() || query.text().trim().is_empty() {
        return;
    }
    let parsed = query.parsed();
    if parsed.errors.is_empty() {
        for error in cx.project.regex_errors(parsed) {
            report(query, &error, cx);
        }
        return;
    }
    // MetricsQL takes more than PromQL does: where nothing says that Prometheus answers, it may be meant.
    if query.language == Language::ProbablyPromQl && metricsql::looks_like(parsed).is_some() {
        return;
    }
    for error in parsed.errors.iter().take(MOST_IN_A_QUERY) {
        report(query, error, cx);
    }
}

fn report<'t>(query: &Query<'t>, error: &ParseError, cx: &mut Context<'_, 't>) {
    let in_dashboard = matches!(
        query.host,
        Host::Panel(_) | Host::Annotation(_) | Host::AlertRule(_)
    );
    let mut finding = cx.report(Place::query(query, error.span), error.message.clone());
    if error.kind == ErrorKind::Depth {
        finding = finding.lower(Severity::Info);
    }
    // Where the data source is not known, the query may be meant for another one.
    if query.language == Language::ProbablyPromQl {
        finding = finding.lower(Severity::Warning);
    }
    if let Some(help) = &error.help {
        finding = finding.help(help.clone());
    }
    for (span, message) in &error.related {
        finding = finding.related(Place::query(query, *span), message.clone());
    }
    if let Some(suggestion) = &error.suggestion {
        let range = if in_dashboard {
            "[$__rate_interval]"
        } else {
            "[5m]"
        };
        let edits = suggestion
            .with_range(range)
            .into_iter()
            .map(|(span, text)| query.text_node.encode_str(span, &text))
            .collect();
        let _ = finding.fix(suggestion.title.clone(), Safety::Unsafe, edits);
    }
}
