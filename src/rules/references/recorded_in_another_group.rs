//! Recorded metrics that are read before they are recorded.

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, RuleKind};
use crate::project::RecordedFact;
use crate::rules::promql::found::{Found, check_queries};
use crate::rules::{Check, Context, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "recorded-in-another-group",
    group: Group::References,
    severity: Severity::Info,
    summary: "recording rule over a metric that is recorded in another group, or later in its own",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/recorded-in-another-group.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    check_queries(cx, |cx, query, parsed, found| {
        let Host::Rule(at) = query.host else { return };
        let Some(rule) = rules
            .rules
            .get(at)
            .filter(|rule| rule.kind == RuleKind::Record)
        else {
            return;
        };
        for (_, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            let places = cx.project.recordings(&name);
            if places.is_empty() || rule.name().is_some_and(|own| own == name) {
                continue;
            }
            let document = cx.document.map_or(0, |info| info.number);
            let here = |fact: &&RecordedFact| {
                *fact.file == *cx.file.source.path && fact.document == document
            };
            let mut beside = places
                .iter()
                .filter(here)
                .filter(|fact| fact.group == rule.group)
                .peekable();
            let (message, help) = if beside.peek().is_none() {
                if places.iter().find(here).is_none() {
                    // Which files one Prometheus loads is not known.
                    continue;
                }
                (
                    "this is recorded in another group, which is evaluated at another time: what is recorded here is up to an interval late",
                    "put both rules into one group, the one that records it first",
                )
            } else if beside.all(|fact| fact.rule > at) {
                (
                    "this is recorded further down in the group: what is recorded here comes from the evaluation before",
                    "move the rule that records it up",
                )
            } else {
                continue;
            };
            found.push(Found::new(query, span, message, help));
        }
    });
}
