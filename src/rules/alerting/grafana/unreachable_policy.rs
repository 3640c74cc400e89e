//! Notification policies that no alert ever comes to.

use rustc_hash::FxHashMap;

use super::policies::{Chosen, head};
use crate::diagnostic::{Group, Severity};
use crate::model::LabelMatcher;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unreachable-policy",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "notification policy that no alert ever comes to",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/unreachable-policy.md"),
    check: Check::EmittedBy("invalid-policy-matcher"),
};

/// What the policies below one another have let through so far.
#[derive(Default)]
struct Passed<'p> {
    /// The one that takes whatever comes to it.
    all: Option<usize>,
    /// Those that take what these matchers choose.
    exact: FxHashMap<&'p [LabelMatcher], usize>,
}

/// An alert goes to the first policy of a level whose matchers hold, and on from it only with `continue`.
pub(super) fn check<'t>(policies: &[Chosen<'t>], cx: &mut Context<'_, 't>) {
    let mut levels: FxHashMap<usize, Passed<'_>> = FxHashMap::default();
    for (number, chosen) in policies.iter().enumerate() {
        let Some(parent) = chosen.policy.parent else {
            continue;
        };
        let passed = levels.entry(parent).or_default();
        let matchers = chosen.matchers.as_deref();
        let taker = passed.all.or_else(|| passed.exact.get(matchers?).copied());
        if let Some(taker) = taker.and_then(|taker| policies.get(taker)) {
            let why = match taker.matchers.as_deref().is_some_and(is_catch_all) {
                true => "takes every alert",
                false => "takes all it would choose",
            };
            let message = format!(
                "no alert ever comes to this policy: one before it {why} and does not `continue`"
            );
            let _ = cx
                .report_as(&RULE, head(chosen.policy.node), message)
                .related(head(taker.policy.node), "this one takes them")
                .help("put it before the other, or let that one continue with `continue: true`");
            continue;
        }
        if chosen.policy.continues() {
            continue;
        }
        let Some(matchers) = matchers else { continue };
        if is_catch_all(matchers) {
            passed.all = Some(number);
        } else {
            passed.exact.insert(matchers, number);
        }
    }
}

fn is_catch_all(matchers: &[LabelMatcher]) -> bool {
    matchers.iter().all(LabelMatcher::is_always_true)
}
