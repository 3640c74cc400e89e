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
    let mut hits = Vec::new();
    for query in cx.queries() {
        if query.language.is_promql() && query.parsed().errors.is_empty() {
            check_query(query, &mut hits);
        }
    }
    let help = "name the metric; to count series of all metrics, ask the server's TSDB status page or record the count";
    repeated::report(&hits, help, "nor here", cx);
}

fn check_query<'q, 't>(query: &'q Query<'t>, hits: &mut Vec<Hit<'q, 't>>) {
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
        hits.extend(judge(parsed, selector).map(|message| Hit {
            query,
            span: expr.span,
            message,
        }));
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
