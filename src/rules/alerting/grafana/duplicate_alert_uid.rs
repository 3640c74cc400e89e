//! Alert rules and receivers of one file that share a uid.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-alert-uid",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert rules or receivers of one file that share a uid",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/duplicate-alert-uid.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    let rules = alerting.rules.iter().map(|rule| {
        let group = alerting.groups.get(rule.group);
        let organization = group.map_or(1, |group| organization(group.node));
        (rule.node, organization)
    });
    twice(rules, "rule", cx);
    let receivers = alerting.receivers().into_iter();
    let receivers = receivers.map(|receiver| {
        let organization = organization(receiver.contact_point);
        (receiver.node, organization)
    });
    twice(receivers, "receiver", cx);
}

/// Each organization has uids of its own.
fn organization(node: NodeRef<'_>) -> i64 {
    node.get("orgId")
        .and_then(NodeRef::as_i64)
        .unwrap_or(1)
        .max(1)
}

fn twice<'t>(
    entries: impl Iterator<Item = (NodeRef<'t>, i64)>,
    what: &str,
    cx: &mut Context<'_, 't>,
) {
    let mut first = FxHashMap::default();
    for (node, organization) in entries {
        let Some(uid) = node.get("uid") else { continue };
        let Some(text) = uid.as_text().map(|text| text.value) else {
            continue;
        };
        if text.is_empty() || text.contains('$') || text.contains("{{") {
            continue;
        }
        let message = format!("only one {what} of the uid `{text}` can be: one of the two is lost");
        match first.get(&(organization, text.clone())) {
            Some(earlier) => {
                let _ = cx
                    .report(uid, message)
                    .related(*earlier, "the other one")
                    .help(format!("give each {what} a uid of its own"));
            }
            None => {
                first.insert((organization, text), uid);
            }
        }
    }
}
