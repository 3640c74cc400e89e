//! Patterns that match nothing.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::MatchOp;
use crate::promql::regex::matches_nothing;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "impossible-regex",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "pattern that matches no value at all",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/impossible-regex.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, matcher) in parsed.matchers() {
            let value = &matcher.value;
            if !matcher.op.is_regex() || value.quote == 0 || !value.holes.is_empty() {
                continue;
            }
            if matcher.op == MatchOp::NotRegex && parsed.slice(value.inner()) == ".*" {
                found.push(Found::new(
                    query,
                    value.span,
                    "every value matches this pattern, and none at all does too, so `!~` leaves nothing: the selector finds nothing",
                    format!("for series without the label write `{}=\"\"`", parsed.label(&matcher.label)),
                )
                .lower(Severity::Warning));
                continue;
            }
            // Only an anchor in the middle makes a pattern impossible that Go takes.
            if !parsed.slice(value.inner()).contains(['^', '$', '[', '\\']) {
                continue;
            }
            if !matches_nothing(&parsed.string(value)) {
                continue;
            }
            let message = match matcher.op {
                MatchOp::NotRegex => {
                    "no value matches this pattern, so the matcher excludes nothing"
                }
                _ => "no value matches this pattern: the selector finds nothing",
            };
            let finding = Found::new(
                query,
                value.span,
                message,
                "`^` and `$` stand for the two ends of the value: write `\\\\^` or `\\\\$` for the characters, or take them out",
            );
            found.push(match matcher.op {
                MatchOp::NotRegex => finding.lower(Severity::Warning),
                _ => finding,
            });
        }
    });
}
