//! Regular expressions that are no more than a text.

use super::matchers::{patterns, plain_pattern};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Query;
use crate::promql::ast::MatchOp;
use crate::promql::regex::without_anchors;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "regex-literal",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "regular expression that is no more than a text",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/cost/regex-literal.md"),
    check: Check::Query(check),
};

pub(crate) const REDUNDANT_ANCHOR: Rule = Rule {
    id: "redundant-anchor",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "`^` or `$` in a pattern that is anchored anyway",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/cost/redundant-anchor.md"),
    check: Check::EmittedBy("regex-literal"),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let parsed = query.parsed();
    for matcher in patterns(query) {
        let Some(pattern) = plain_pattern(parsed, matcher) else {
            continue;
        };
        let inner = matcher.value.inner();
        let holes = parsed.holes_of(matcher.value.holes);
        let in_pattern: Vec<Span> = holes
            .iter()
            .filter_map(|hole| {
                let start = hole.span.start.checked_sub(inner.start)?;
                Some(Span::new(start as usize, start as usize + hole.span.len()))
            })
            .collect();
        let unanchored = without_anchors(pattern, &in_pattern);
        let (op, better, core) = match matcher.op {
            // What has no character is empty.
            MatchOp::NotRegex if unanchored == ".+" => ("!~", "=", ""),
            MatchOp::NotRegex => ("!~", "!=", &*unanchored),
            _ => ("=~", "=", &*unanchored),
        };
        let quoted = matcher.value.span;
        let name = parsed.label(&matcher.label);
        if is_literal(core) && holes.is_empty() {
            let quote = &parsed.slice(quoted)[..1];
            let whole = Span::new(matcher.op_span.start as usize, quoted.end as usize);
            let new = format!("{better}{quote}{core}{quote}");
            let _ = cx
                .report(
                    Place::query(query, matcher.span),
                    format!("`{op}` runs a regular expression for what `{name}{better}\"{core}\"` looks up"),
                )
                .fix(
                    format!("compare with `{better}`"),
                    Safety::Safe,
                    query.text_node.encode_str(whole, &new).map(|edit| vec![edit]),
                );
        } else if core.len() < pattern.len() && !core.is_empty() {
            let _ = cx
                .report_as(
                    &REDUNDANT_ANCHOR,
                    Place::query(query, inner),
                    format!("every pattern is anchored at both ends: `{core}` says the same"),
                )
                .together("and here")
                .fix(
                    "delete the anchors",
                    Safety::Safe,
                    query
                        .text_node
                        .encode_str(inner, core)
                        .map(|edit| vec![edit]),
                );
        }
    }
}

/// Whether a pattern matches itself and nothing else.
fn is_literal(pattern: &str) -> bool {
    !pattern.contains([
        '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\', '^', '$',
    ])
}
