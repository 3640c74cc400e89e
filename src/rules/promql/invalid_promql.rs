//! Queries that Prometheus refuses.

use crate::config::Dialect;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::referee::{Verdict, referee};
use crate::promql::{ErrorKind, ParseError, functions, metricsql};
use crate::rules::context::Focus;
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
    check: Check::Document(check),
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

fn check(cx: &mut Context<'_, '_>) {
    // Everything in PromQL is MetricsQL, and more.
    if cx.settings.dialect == Dialect::Metricsql {
        return;
    }
    let mut metricsql = MetricsQl::default();
    for query in cx.queries() {
        // Grafana sends no empty query; a rule's empty expression is another fault.
        if !query.language.is_promql() || query.text().trim().is_empty() {
            continue;
        }
        cx.focus = Focus::Query(query);
        let parsed = query.parsed();
        if parsed.errors.is_empty() {
            for error in cx.project.regex_errors(parsed) {
                report_error(query, &error, cx);
            }
        } else if !metricsql.takes(query) {
            report_refused(query, cx);
        }
    }
    metricsql.report(cx);
}

fn report_refused<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let parsed = query.parsed();
    if is_placeholder(query.text()) {
        let length = query.text().trim_end().len();
        let _ = cx
            .report(
                Place::query(query, Span::new(0, length)),
                "a placeholder stands here where a query belongs: Prometheus refuses it",
            )
            .lower(Severity::Info)
            .help("write the query, or leave this file out with `exclude` if it is a template for others");
        return;
    }
    if referee(parsed) == Verdict::Accepts {
        report_disagreement(query, cx);
        return;
    }
    for error in parsed.errors.iter().take(MOST_IN_A_QUERY) {
        if !was_renamed_later(query, error, cx) {
            report_error(query, error, cx);
        }
    }
}

/// `<promql_expression>`: words for whoever copies the file.
fn is_placeholder(text: &str) -> bool {
    text.trim()
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .is_some_and(|words| {
            words.contains(|c: char| c.is_ascii_alphabetic())
                && words
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'))
        })
}

/// The name is that of the configured Prometheus, which has no other.
fn was_renamed_later(query: &Query<'_>, error: &ParseError, cx: &Context<'_, '_>) -> bool {
    let name = query.text().get(error.span.range()).unwrap_or("");
    error.kind == ErrorKind::UnknownFunction
        && cx
            .settings
            .prometheus
            .is_some_and(|version| version.major < 3)
        && functions::RENAMED.iter().any(|(old, _)| *old == name)
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

/// The queries of a document that MetricsQL takes and PromQL does not. VictoriaMetrics is used through Grafana's Prometheus data source, and
/// vmalert reads the same rule files, so that who answers is not certain: one hint for the document.
#[derive(Default)]
struct MetricsQl<'s, 't> {
    /// What only MetricsQL has, or queries of VictoriaMetrics' own metrics.
    certain: Vec<(&'s Query<'t>, Span, &'static str)>,
    /// What may as well be a slip, unless it stands beside certain ones.
    slips: Vec<(&'s Query<'t>, Span, &'static str)>,
}

impl<'s, 't> MetricsQl<'s, 't> {
    /// Whether the query, which PromQL refuses, may be MetricsQL. It is kept for the report then.
    fn takes(&mut self, query: &'s Query<'t>) -> bool {
        let parsed = query.parsed();
        let certain = metricsql::certain_sign(parsed);
        let slip = || metricsql::slip(parsed);
        let Some((span, what)) = certain.or_else(slip) else {
            return false;
        };
        let list = match certain {
            Some(_) => &mut self.certain,
            None => &mut self.slips,
        };
        list.push((query, span, what));
        true
    }

    fn report(mut self, cx: &mut Context<'s, 't>) {
        if self.certain.is_empty() {
            for (query, ..) in self.slips {
                cx.focus = Focus::Query(query);
                report_refused(query, cx);
            }
            return;
        }
        self.certain.append(&mut self.slips);
        // Where the data source is not known, nothing is said of what another one takes.
        self.certain
            .retain(|(query, ..)| query.language != Language::ProbablyPromQl);
        for (query, span, what) in self.certain {
            cx.focus = Focus::Query(query);
            let _ = cx
                .report(
                    Place::query(query, span),
                    "Prometheus refuses this query, which is written in MetricsQL",
                )
                .lower(Severity::Info)
                .label(what)
                .help(
                    "if VictoriaMetrics answers, say so in dashlint.toml: [promql] dialect = \"metricsql\"",
                )
                .together(what);
        }
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
