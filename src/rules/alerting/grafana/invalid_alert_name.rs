//! Names and uids of alert rules, and labels, that Grafana refuses.

use rustc_hash::FxHashSet;

use super::facts::{LONGEST_NAME, LONGEST_UID, RESERVED_LABELS};
use crate::diagnostic::{Group, Severity};
use crate::rules::context::Focus;
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-alert-name",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "uid, name or label of an alert rule that Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-alert-name.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    for group in &alerting.groups {
        length(group.node.get("name"), "name of the group", cx);
    }
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    for (index, rule) in alerting.rules.iter().enumerate() {
        cx.focus = Focus::Alert(index);
        length(rule.node.get("title"), "title", cx);
        uid(rule.node.get("uid"), cx);
        if let Some(metric) = rule.record().and_then(|record| record.get("metric")) {
            metric_name(metric, cx);
        }
        let labels = rule.node.get("labels");
        let labels = labels.filter(|labels| met.insert(labels.resolve().id()));
        for label in labels.into_iter().flat_map(NodeRef::members) {
            reserved(label, cx);
        }
    }
    cx.focus = Focus::None;
    for receiver in alerting.receivers() {
        uid(receiver.node.get("uid"), cx);
    }
}

fn written(node: Option<NodeRef<'_>>) -> Option<(NodeRef<'_>, std::borrow::Cow<'_, str>)> {
    let node = node?;
    let text = node.as_text()?.value;
    (!text.contains('$') && !text.contains("{{")).then_some((node, text))
}

fn length<'t>(node: Option<NodeRef<'t>>, what: &str, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = written(node) else {
        return;
    };
    let length = text.len();
    if length > LONGEST_NAME {
        let message = format!(
            "Grafana refuses the rule: the {what} is {length} bytes long, and {LONGEST_NAME} are the most"
        );
        let _ = cx.report(node, message);
    }
}

fn uid<'t>(node: Option<NodeRef<'t>>, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = written(node) else {
        return;
    };
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let message = if text.len() > LONGEST_UID {
        format!(
            "Grafana refuses this uid: it is {} characters long, and {LONGEST_UID} are the most",
            text.len()
        )
    } else if let Some(wrong) = text.chars().find(|c| !fine(*c)) {
        format!("Grafana refuses this uid: `{wrong}` cannot stand in one")
    } else {
        return;
    };
    let _ = cx
        .report(node, message)
        .help("use letters, digits, `-` and `_` only");
}

fn metric_name<'t>(node: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = written(Some(node)) else {
        return;
    };
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':');
    let good = text.starts_with(begins) && text.chars().all(|c| begins(c) || c.is_ascii_digit());
    if !good {
        let message = format!("Grafana refuses the rule: `{text}` is no name of a metric");
        let _ = cx
            .report(node, message)
            .help("use letters, digits, `_` and `:`, and no digit first");
    }
}

fn reserved<'t>(label: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let (Some(key), Some(span)) = (label.key(), label.key_span()) else {
        return;
    };
    if RESERVED_LABELS.contains(&key.as_ref()) {
        let message = format!("Grafana refuses the rule: the label `{key}` is its own");
        let _ = cx
            .report(Place::bytes(label, span), message)
            .help("remove the label, or call it something else");
    }
}
