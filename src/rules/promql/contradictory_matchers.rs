//! Matchers of one label that exclude each other.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "contradictory-matchers",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "matchers that no series can meet",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/contradictory-matchers.md"),
    check: Check::Document(check),
};

/// Selectors with more matchers than this are not looked at; every pair is compared.
const MAX_MATCHERS: usize = 64;

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, selector) in parsed.selectors() {
            let matchers = parsed.ast.matchers(selector);
            if matchers.len() > MAX_MATCHERS {
                continue;
            }
            for (at, later) in matchers.iter().enumerate() {
                let earlier = matchers
                    .iter()
                    .take(at)
                    .find(|earlier| contradict(parsed, earlier, later));
                let Some(earlier) = earlier else { continue };
                let name = parsed.label(&later.label);
                found.push(
                    Found::new(
                        query,
                        later.span,
                        format!(
                            "no series meets both matchers of `{name}`: the selector finds nothing"
                        ),
                        format!("keep one of them; for either value write `{name}=~\"…|…\"`"),
                    )
                    .note(earlier.span, "the other matcher"),
                );
            }
        }
    });
}

fn contradict(parsed: &Parsed, a: &Matcher, b: &Matcher) -> bool {
    let plain = |m: &Matcher| m.value.quote != 0 && m.value.holes.is_empty() && !m.metric_name;
    if !plain(a) || !plain(b) || parsed.label(&a.label) != parsed.label(&b.label) {
        return false;
    }
    match (allowed(parsed, a), allowed(parsed, b)) {
        (Some(a_values), Some(b_values)) => !a_values
            .split('|')
            .any(|value| b_values.split('|').any(|other| other == value)),
        (Some(values), None) => values.split('|').all(|value| forbids(parsed, b, value)),
        (None, Some(values)) => values.split('|').all(|value| forbids(parsed, a, value)),
        (None, None) => false,
    }
}

/// The values a matcher allows, where it lists them, with `|` between them.
fn allowed<'q>(parsed: &'q Parsed, matcher: &Matcher) -> Option<std::borrow::Cow<'q, str>> {
    let value = parsed.string(&matcher.value);
    match matcher.op {
        MatchOp::Equal => (!value.contains('|')).then_some(value),
        MatchOp::Regex => listed(&value).then_some(value),
        _ => None,
    }
}

/// Whether a pattern is nothing but values.
fn listed(pattern: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '/' | '|' | ' ');
    pattern.chars().all(plain)
}

/// Whether a matcher rules the value out.
fn forbids(parsed: &Parsed, matcher: &Matcher, value: &str) -> bool {
    let other = parsed.string(&matcher.value);
    match matcher.op {
        MatchOp::NotEqual => other == value,
        MatchOp::NotRegex => {
            (other == ".+" && !value.is_empty())
                || other == ".*"
                || (listed(&other) && other.split('|').any(|listed| listed == value))
        }
        MatchOp::Regex => other == ".+" && value.is_empty(),
        _ => false,
    }
}
