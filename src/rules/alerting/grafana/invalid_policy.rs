//! Notification policies that cannot be what they are.

use rustc_hash::{FxHashMap, FxHashSet};

use super::policies::head;
use crate::diagnostic::{Group, Severity};
use crate::model::Policy;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-policy",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "notification policy that Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-policy.md"),
    check: Check::EmittedBy("invalid-policy-matcher"),
};

/// grafana/alerting, definition/alertmanager_validation.go (Validate, ValidateChild).
/// `met` are the lists of labels that were looked at, which aliases can repeat.
pub(super) fn check<'t>(policy: &Policy<'t>, met: &mut FxHashSet<u32>, cx: &mut Context<'_, 't>) {
    if policy.root {
        root(policy, cx);
    }
    if let Some(labels) = policy.node.get("group_by")
        && met.insert(labels.resolve().id())
    {
        group_by(labels, cx);
    }
}

fn root<'t>(policy: &Policy<'t>, cx: &mut Context<'_, 't>) {
    let named = policy.node.get("receiver").filter(|node| !node.is_null());
    if named.is_none_or(|node| node.as_text().is_some_and(|text| text.value.is_empty())) {
        let message = "Grafana refuses the policies: the first one names no contact point, which alerts no other takes would go to";
        let _ = cx
            .report_as(&RULE, head(policy.node), message)
            .help("write the name of a contact point into `receiver`");
    }
    for list in policy.matching() {
        // Only the older kinds are refused.
        let newer = matches!(list.key().as_deref(), Some("matchers" | "object_matchers"));
        let message = match newer {
            true => "alerts that the first policy does not match are sent to nobody",
            false => {
                "Grafana refuses the policies: the first one takes every alert, and can have no matchers"
            }
        };
        let finding = at_key(list, message, cx)
            .help("put this into `routes`, below a first policy without matchers");
        if newer {
            let _ = finding.lower(Severity::Warning);
        }
    }
    for key in ["mute_time_intervals", "active_time_intervals"] {
        let list = policy.node.get(key);
        if let Some(list) = list.filter(|list| list.items().next().is_some()) {
            let message = "Grafana refuses the policies: the first one cannot be muted";
            let _ = at_key(list, message, cx).help("mute the policies below it");
        }
    }
    if policy.continues()
        && let Some(node) = policy.node.get("continue")
    {
        let message =
            "Grafana refuses the policies: there is none after the first one to continue with";
        let _ = at_key(node, message, cx).help("remove `continue`");
    }
}

fn group_by<'t>(labels: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    if labels.kind() != Kind::Array {
        return;
    }
    let mut known = FxHashMap::default();
    for label in labels.items() {
        let Some(text) = label.as_text().map(|text| text.value) else {
            continue;
        };
        if let Some(first) = known.get(&text) {
            let message =
                format!("Grafana refuses the policies: alerts are grouped by `{text}` twice");
            let _ = cx
                .report_as(&RULE, label, message)
                .related(*first, "the first time");
        } else {
            known.insert(text, label);
        }
    }
    if let Some(all) = known.get("...")
        && known.len() > 1
    {
        let message =
            "Grafana refuses the policies: `...` groups by every label, and so stands alone";
        let _ = cx
            .report_as(&RULE, *all, message)
            .help("remove the other labels, or `...`");
    }
}

fn at_key<'c, 't>(
    node: NodeRef<'t>,
    message: &str,
    cx: &'c mut Context<'_, 't>,
) -> crate::rules::context::Finding<'c, 't> {
    let place = match node.key_span() {
        Some(span) => Place::bytes(node, span),
        None => Place::head(node),
    };
    cx.report_as(&RULE, place, message)
}
