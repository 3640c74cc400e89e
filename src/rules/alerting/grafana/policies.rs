//! Notification policies, read once for all rules on them.

use rustc_hash::FxHashSet;

use super::{invalid_policy, invalid_policy_matcher, unreachable_policy};
use crate::model::{LabelMatcher, Policy};
use crate::rules::{Context, Place, Scope};
use crate::syntax::NodeRef;

/// A policy and the matchers that choose its alerts.
pub(super) struct Chosen<'t> {
    pub(super) policy: Policy<'t>,
    /// In order; `None` where one of them cannot be read.
    pub(super) matchers: Option<Vec<LabelMatcher>>,
}

/// The check of [`invalid_policy_matcher`], which owns the others.
pub(super) fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    let policies: Vec<_> = alerting
        .policy_trees()
        .into_iter()
        .map(|policy| Chosen {
            policy,
            matchers: invalid_policy_matcher::read(&policy, cx),
        })
        .collect();
    let mut met = FxHashSet::default();
    for chosen in &policies {
        invalid_policy::check(&chosen.policy, &mut met, cx);
    }
    unreachable_policy::check(&policies, cx);
}

/// The head of a policy: the contact point it names, else its first byte.
pub(super) fn head<'t>(policy: NodeRef<'t>) -> Place<'t, 't> {
    match policy.get("receiver") {
        Some(receiver) => Place::value(receiver),
        None => Place::head(policy),
    }
}
