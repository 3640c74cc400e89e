//! Selectors that do not say which metric.

use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::ast::MatchOp;
use crate::promql::{Parsed, Selector};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

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

/// How many other places one finding lists.
const MOST_RELATED: usize = 20;

/// One cause, one finding a dashboard: whoever writes one selector like this writes twenty.
fn check(cx: &mut Context<'_, '_>) {
    let mut found = Vec::new();
    for query in cx.queries() {
        if query.language.is_promql() && query.parsed().errors.is_empty() {
            check_query(query, &mut found);
        }
    }
    let Some((query, span, what)) = found.first() else {
        return;
    };
    let message = match found.len() - 1 {
        0 => what.clone(),
        others => format!("{what} (and {others} more here)"),
    };
    let steps = Context::query_steps(cx.scope, query);
    let mut finding = cx
        .report(Place::query(query, *span), message)
        .at(steps)
        .help("name the metric; to count series of all metrics, ask the server's TSDB status page or record the count");
    for (query, span, _) in found.iter().skip(1).take(MOST_RELATED) {
        finding = finding.related(Place::query(query, *span), "nor here");
    }
}

fn check_query<'q, 't>(query: &'q Query<'t>, found: &mut Vec<(&'q Query<'t>, Span, String)>) {
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
        found.extend(judge(parsed, selector).map(|what| (query, expr.span, what)));
    }
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
