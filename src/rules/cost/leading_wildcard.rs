//! Patterns that begin with anything.

use super::matchers::patterns;
use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "leading-wildcard",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "pattern that begins with `.*`",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/leading-wildcard.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut hits = Vec::new();
    for query in cx.queries() {
        let parsed = query.parsed();
        for matcher in patterns(query) {
            let pattern = parsed.string(&matcher.value);
            let rest = pattern
                .strip_prefix(".*")
                .or_else(|| pattern.strip_prefix(".+"));
            // `.*` and `.+` alone, and what contains a word, cannot be said otherwise.
            let ends = rest.is_some_and(|rest| {
                !rest.is_empty() && !rest.ends_with(".*") && !rest.ends_with(".+")
            });
            if ends && parsed.holes_of(matcher.value.holes).is_empty() {
                hits.push(Hit {
                    query,
                    span: matcher.span,
                    message: format!(
                        "`{}` is tried on every value of `{}`: nothing in it can be looked up",
                        parsed.slice(matcher.span),
                        parsed.label(&matcher.label)
                    ),
                });
            }
        }
    }
    let help = "list the values that are meant (`a|b`), or give the label a beginning they share";
    repeated::report(&hits, help, "here too", cx);
}
