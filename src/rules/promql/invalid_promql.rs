//! Queries that Prometheus refuses.

use crate::config::Dialect;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::referee::{Verdict, referee};
use crate::promql::{ErrorKind, ParseError, metricsql};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

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

pub(crate) const PARSER_DISAGREEMENT: Rule = Rule {
    id: "parser-disagreement",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "query about which two PromQL parsers disagree",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/parser-disagreement.md"),
    check: Check::EmittedBy("invalid-promql"),
};

/// How many errors of one query are reported: what follows the first ones mostly follows from them.
const MOST_IN_A_QUERY: usize = 3;

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // Grafana sends no empty query; a rule's empty expression is another fault.
    if !query.language.is_promql() || query.text().trim().is_empty() {
        return;
    }
    // Everything in PromQL is MetricsQL, and more.
    if cx.settings.dialect == Dialect::Metricsql {
        return;
    }
    let parsed = query.parsed();
    if parsed.errors.is_empty() {
        for error in cx.project.regex_errors(parsed) {
            report_error(query, &error, cx);
        }
        return;
    }
    if let Some(words) = metricsql::looks_like(parsed) {
        report_metricsql(query, &words, cx);
        return;
    }
    if referee(parsed) == Verdict::Accepts {
        report_disagreement(query, cx);
        return;
    }
    for error in parsed.errors.iter().take(MOST_IN_A_QUERY) {
        report_error(query, error, cx);
    }
}

/// promql-parser, which follows Prometheus's own grammar, takes what we refuse: one of us is wrong.
fn report_disagreement<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let Some(error) = query.parsed().errors.first() else {
        return;
    };
    let _ = cx
        .report_as(
            &PARSER_DISAGREEMENT,
            Place::query(query, visible(query.text(), error.span)),
            format!("dashlint is not sure about this query: {}, says its parser, and another parser takes it", error.message),
        )
        .help(concat!("if Prometheus takes the query, please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues"));
}

/// MetricsQL takes more than PromQL does. VictoriaMetrics is used through Grafana's Prometheus data source, and vmalert
/// reads the same rule files, so who answers is not certain; that Prometheus refuses it is.
fn report_metricsql<'t>(
    query: &Query<'t>,
    words: &[(Span, &'static str)],
    cx: &mut Context<'_, 't>,
) {
    if query.language == Language::ProbablyPromQl {
        return;
    }
    let Some((span, what)) = words.first() else {
        return;
    };
    let shown = query.text().get(span.range()).unwrap_or("");
    let finding = cx
        .report(
            Place::query(query, *span),
            format!("Prometheus refuses `{shown}`, {what}"),
        )
        .label("MetricsQL, not PromQL")
        .help(
            "if VictoriaMetrics answers, say so in dashlint.toml: [promql] dialect = \"metricsql\"",
        );
    if matches!(query.host, Host::Rule(_)) {
        let _ = finding.lower(Severity::Info);
    }
}

/// Reports one error of a query's text, with its suggestion.
pub(super) fn report_error<'t>(query: &Query<'t>, error: &ParseError, cx: &mut Context<'_, 't>) {
    let fixes = cx.rule.fix.is_some();
    let in_dashboard = matches!(
        query.host,
        Host::Panel(_) | Host::Annotation(_) | Host::AlertRule(_)
    );
    let mut finding = cx.report(
        Place::query(query, visible(query.text(), error.span)),
        error.message.clone(),
    );
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
    if let Some(suggestion) = error.suggestion.as_ref().filter(|_| fixes) {
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

/// A range that can be seen: where something is missing, the character before it.
fn visible(text: &str, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let before = text.get(..span.start as usize).unwrap_or(text).trim_end();
    match before.char_indices().next_back() {
        Some((at, _)) => Span::new(at, before.len()),
        None => Span::new(0, text.chars().next().map_or(0, char::len_utf8)),
    }
}
