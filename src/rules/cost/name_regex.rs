//! Metrics chosen by a regular expression.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::MatchOp;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "name-regex",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "metrics chosen by a pattern over their names",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/name-regex.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut hits = Vec::new();
    for query in cx.queries() {
        if !query.language.is_promql() || !query.text().contains("__name__") {
            continue;
        }
        let parsed = query.parsed();
        if !parsed.errors.is_empty() {
            continue;
        }
        for (_, matcher) in parsed.matchers() {
            let named = !matcher.metric_name && parsed.label(&matcher.label) == "__name__";
            if !named
                || matcher.op != MatchOp::Regex
                || !parsed.holes_of(matcher.value.holes).is_empty()
            {
                continue;
            }
            let pattern = parsed.string(&matcher.value);
            // A list of names is a choice like any other, and a pattern for any name is `no-metric-name`'s.
            let wild = pattern.contains(['.', '*', '+', '[', '\\']);
            let any = pattern.trim_start_matches(['^', '(']).starts_with('.');
            if wild && !any {
                let message = format!(
                    "`__name__=~\"{pattern}\"` reads every metric with such a name, those that come later too"
                );
                hits.push(Hit {
                    query,
                    span: matcher.span,
                    message,
                });
            }
        }
    }
    let help = "list the metrics that are meant: `{__name__=~\"a|b\"}`, or one query each";
    repeated::report(&hits, help, "and here", cx);
}
