//! Alerting resources that a file provisions and deletes again.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "provisioned-and-deleted",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert rule, receiver, mute timing or template that the file that provisions it deletes again",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/provisioned-and-deleted.md"),
    check: Check::Document(check),
};

/// First everything is provisioned, then what is to be deleted is (grafana/grafana 12,
/// pkg/services/provisioning/alerting/provisioner.go and rules_provisioner.go).
fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    let list = |key: &str| alerting.node.get(key);
    if let Some(deleted) = list("deleteRules") {
        let rules = alerting.rules.iter().map(|rule| {
            let group = alerting.groups.get(rule.group);
            (rule.node, group.map_or(rule.node, |group| group.node))
        });
        again(deleted, rules, ("uid", "rule"), cx);
    }
    if let Some(deleted) = list("deleteContactPoints") {
        let receivers = alerting.receivers().into_iter();
        let receivers = receivers.map(|receiver| (receiver.node, receiver.contact_point));
        again(deleted, receivers, ("uid", "receiver"), cx);
    }
    if let Some(deleted) = list("deleteMuteTimes") {
        let timings = alerting.mute_timings().map(|node| (node, node));
        again(deleted, timings, ("name", "mute timing"), cx);
    }
    if let Some(deleted) = list("deleteTemplates") {
        let templates = alerting.templates().map(|node| (node, node));
        again(deleted, templates, ("name", "template"), cx);
    }
}

/// Each provisioned thing comes with the object that says its organization.
fn again<'t>(
    deleted: NodeRef<'t>,
    provisioned: impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)>,
    (key, what): (&str, &str),
    cx: &mut Context<'_, 't>,
) {
    let organization = |node: NodeRef<'t>| {
        let said = node.get("orgId").and_then(NodeRef::as_i64);
        said.unwrap_or(1).max(1)
    };
    let mut known = FxHashMap::default();
    for (node, home) in provisioned {
        if let Some(name) = node.get(key)
            && let Some(text) = name.as_text()
        {
            known.insert((organization(home), text.value), name);
        }
    }
    for entry in deleted.items() {
        let Some(node) = entry.get(key) else { continue };
        let Some(text) = node.as_text().map(|text| text.value) else {
            continue;
        };
        if let Some(made) = known.get(&(organization(entry), text.clone())) {
            let message = format!(
                "the {what} `{text}` is never there: Grafana makes it and deletes it again at each start"
            );
            let _ = cx
                .report(node, message)
                .related(*made, "made here")
                .help("remove one of the two");
        }
    }
}
