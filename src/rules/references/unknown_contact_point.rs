//! Contact points that do not exist.

use std::borrow::Cow;

use super::{CALLED, Dangling, nothing, refused, report};
use crate::diagnostic::{Group, Severity};
use crate::project::NameKind;
use crate::rules::{Check, Context, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-contact-point",
    group: Group::References,
    severity: Severity::Error,
    summary: "contact point that is not among those the Grafana is given",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-contact-point.md"),
    check: Check::Document(check),
};

/// What a Grafana has from the start: the first up to Grafana 12 (pkg/setting, alertmanagerDefaultConfiguration), the
/// second later (grafana-operator 5, examples/notification_policy).
const BUILT_IN: &[&str] = &["grafana-default-email", "empty"];

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    let mut found = Vec::new();
    for policy in alerting.policy_trees() {
        let node = policy.node.get("receiver");
        found.extend(node.and_then(|node| dangling(node, "the policies", cx)));
    }
    for (index, rule) in alerting.rules.iter().enumerate() {
        let node = rule
            .notification_settings()
            .and_then(|node| node.get("receiver"));
        let one = node.and_then(|node| dangling(node, "the rule", cx));
        found.extend(one.map(|one| one.at(Context::alert_steps(alerting, index))));
    }
    if !found.is_empty() {
        let known = cx.reach.names(NameKind::ContactPoint);
        report(cx, found, &known);
    }
}

fn dangling<'t>(node: NodeRef<'t>, what: &str, cx: &Context<'_, 't>) -> Option<Dangling<'t>> {
    let name: Cow<'_, str> = node.as_str().filter(|name| !name.is_empty())?;
    if name.contains('$') || BUILT_IN.contains(&name.as_ref()) {
        return None;
    }
    let missing = cx.reach.missing(NameKind::ContactPoint, &name)?;
    let words = nothing("contact point", CALLED, &name, missing);
    let message = format!("{words}: {}", refused(what, missing));
    Some(Dangling::new(node, name, missing, message))
}
