//! Matchers that match everything.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Query;
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed, Selector};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "noop-matcher",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "matcher that matches every series",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/cost/noop-matcher.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !query.language.is_promql() || !query.text().contains(".*") {
        return;
    }
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return;
    }
    for (_, _, selector) in parsed.selectors() {
        let matchers = parsed.ast.matchers(selector);
        for (index, matcher) in matchers.iter().enumerate() {
            if matcher.op != MatchOp::Regex || parsed.string(&matcher.value) != ".*" {
                continue;
            }
            let name = parsed.label(&matcher.label);
            // `{__name__=~".*"}` is another thing: every metric there is.
            if name == "__name__" {
                continue;
            }
            let _ = cx
                .report(
                    Place::query(query, matcher.span),
                    format!("`{name}=~\".*\"` matches every series, with or without the label: it only costs time"),
                )
                .help(format!("delete it; for series that have the label, write `{name}!=\"\"`"))
                .fix(
                    "delete the matcher",
                    Safety::Safe,
                    query
                        .text_node
                        .encode_str(deletion(parsed, selector, matchers, index), "")
                        .map(|edit| vec![edit]),
                );
        }
    }
}

/// The matcher with the comma that goes with it; with the braces, when it is the only one beside a name.
fn deletion(parsed: &Parsed, selector: &Selector, matchers: &[Matcher], index: usize) -> Span {
    let matcher = matchers[index].span;
    if matchers.len() == 1 && selector.name.is_some() {
        return selector.braces.unwrap_or(matcher);
    }
    let text = &parsed.text;
    let after = &text[matcher.end as usize..];
    let spaces = |text: &str| text.len() - text.trim_start().len();
    let gap = spaces(after);
    if after[gap..].starts_with(',') {
        let comma = gap + 1;
        let end = matcher.end as usize + comma + spaces(&after[comma..]);
        return Span::new(matcher.start as usize, end);
    }
    match index.checked_sub(1) {
        Some(before) => Span::new(matchers[before].span.end as usize, matcher.end as usize),
        None => matcher,
    }
}
