//! Selectors that do not say which metric.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::ast::MatchOp;
use crate::promql::{Parsed, Selector};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "no-metric-name",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "selector that names no metric",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/no-metric-name.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let (mut all, mut chosen) = (Vec::new(), Vec::new());
    for query in cx.queries() {
        if query.language.is_promql() && query.parsed().errors.is_empty() {
            check_query(query, &mut all, &mut chosen);
        }
    }
    let help = "name the metric; to count series of all metrics, ask the server's TSDB status page or record the count";
    repeated::report(&all, help, "nor here", cx);
    let help = "name the metric, unless every metric is meant";
    repeated::report_at(Severity::Info, &chosen, help, "nor here", cx);
}

/// Selectors that read all series there are, and those whose other matchers choose among them.
fn check_query<'q, 't>(
    query: &'q Query<'t>,
    all: &mut Vec<Hit<'q, 't>>,
    chosen: &mut Vec<Hit<'q, 't>>,
) {
    let parsed = query.parsed();
    for (id, expr, selector) in parsed.selectors() {
        if selector.name.is_some() || selector.open {
            continue;
        }
        // The second argument of info() is no selector of series: it chooses labels.
        let chooses = parsed.calls().any(|(_, _, call)| {
            parsed.call_name(call) == "info" && parsed.ast.args(call).get(1) == Some(&id)
        });
        if chooses {
            continue;
        }
        let Some(message) = judge(parsed, selector) else {
            continue;
        };
        let (hits, message) = match chooser(parsed, selector) {
            Some(matcher) => (
                &mut *chosen,
                format!("without a metric's name this reads every metric with `{matcher}`"),
            ),
            None => (&mut *all, message),
        };
        hits.push(Hit {
            query,
            span: expr.span,
            message,
        });
    }
}

/// The first matcher that leaves but some of all series: one that compares a label with a text, or with a pattern that is no mere wildcard.
fn chooser<'p>(parsed: &'p Parsed, selector: &Selector) -> Option<&'p str> {
    let matchers = parsed.ast.matchers(selector).iter();
    let mut choosing = matchers.filter(|matcher| {
        let value = parsed.string(&matcher.value);
        let wildcard = matches!(&*value, "" | ".*" | ".+");
        parsed.label(&matcher.label) != "__name__"
            && matches!(matcher.op, MatchOp::Equal | MatchOp::Regex)
            && !wildcard
    });
    choosing.next().map(|matcher| parsed.slice(matcher.span))
}

/// What is wrong with a selector without a name: nothing where the name is compared with a text, or with a pattern that
/// begins with some letters.
fn judge(parsed: &Parsed, selector: &Selector) -> Option<String> {
    let mut pattern = None;
    for matcher in parsed.ast.matchers(selector) {
        if matcher.metric_name {
            return None;
        }
        if parsed.label(&matcher.label) != "__name__" {
            continue;
        }
        match matcher.op {
            MatchOp::Equal | MatchOp::Hole => return None,
            MatchOp::Regex if !parsed.holes_of(matcher.value.holes).is_empty() => return None,
            MatchOp::Regex => pattern = Some(parsed.string(&matcher.value).into_owned()),
            _ => {}
        }
    }
    match pattern {
        None => Some(
            "without a metric's name Prometheus looks through the series of every metric"
                .to_owned(),
        ),
        Some(pattern) => {
            let letters = pattern.trim_start_matches(['^', '(']);
            let prefix =
                letters.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
            // A list of names, or names that begin alike, is a choice.
            (prefix == Some(0)).then(|| format!("`__name__=~\"{pattern}\"` can be any metric: Prometheus looks through all of them"))
        }
    }
}
