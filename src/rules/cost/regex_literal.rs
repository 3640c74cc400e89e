//! Regular expressions that are no more than a text.

use super::matchers::{patterns, plain_pattern};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Query;
use crate::promql::ast::MatchOp;
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
        let core = unanchored(pattern);
        let (op, better, core) = match matcher.op {
            // What has no character is empty.
            MatchOp::NotRegex if core == ".+" => ("!~", "=", ""),
            MatchOp::NotRegex => ("!~", "!=", core),
            _ => ("=~", "=", core),
        };
        let inner = matcher.value.inner();
        let quoted = matcher.value.span;
        let name = parsed.label(&matcher.label);
        if is_literal(core) && parsed.holes_of(matcher.value.holes).is_empty() {
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

/// The pattern without `^` at its start and `$` at its end, which change nothing: Prometheus puts `^(?s:…)$` around it
/// (model/labels/regexp.go).
fn unanchored(pattern: &str) -> &str {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    match pattern.strip_suffix('$') {
        // `\$` is a dollar sign, and `[$` is in a class that is not closed.
        Some(rest) if !rest.ends_with(['\\', '[']) => rest,
        _ => pattern,
    }
}

/// Whether a pattern matches itself and nothing else.
fn is_literal(pattern: &str) -> bool {
    !pattern.contains([
        '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\', '^', '$',
    ])
}
