//! Mute timings that do not exist.

use super::{CALLED, Dangling, nothing, refused, report};
use crate::diagnostic::{Group, Severity};
use crate::project::NameKind;
use crate::rules::{Check, Context, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-mute-timing",
    group: Group::References,
    severity: Severity::Error,
    summary: "mute timing that is not among those the Grafana is given",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-mute-timing.md"),
    check: Check::Document(check),
};

/// The lists that name them, in files and in the operator's resources (grafana-operator 5, notificationpolicy_types.go and
/// grafanaalertrulegroup_types.go).
const LISTS: &[&str] = &[
    "mute_time_intervals",
    "active_time_intervals",
    "muteTimeIntervals",
    "activeTimeIntervals",
];

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    let mut found = Vec::new();
    for policy in alerting.policy_trees() {
        found.extend(dangling(policy.node, "the policies", cx));
    }
    for (index, rule) in alerting.rules.iter().enumerate() {
        if let Some(settings) = rule.notification_settings() {
            let rules = dangling(settings, "the rule", cx);
            found.extend(rules.map(|one| one.at(Context::alert_steps(alerting, index))));
        }
    }
    if !found.is_empty() {
        let known = cx.reach.names(NameKind::MuteTiming);
        report(cx, found, &known);
    }
}

fn dangling<'t>(
    holder: NodeRef<'t>,
    what: &str,
    cx: &Context<'_, 't>,
) -> impl Iterator<Item = Dangling<'t>> {
    let lists = LISTS.iter().filter_map(move |list| holder.get(list));
    lists.flat_map(NodeRef::items).filter_map(move |node| {
        let name = node.as_str().filter(|name| !name.is_empty())?;
        if name.contains('$') {
            return None;
        }
        let missing = cx.reach.missing(NameKind::MuteTiming, &name)?;
        let words = nothing("mute timing", CALLED, &name, missing);
        let message = format!("{words}: {}", refused(what, missing));
        Some(Dangling::new(node, name, missing, message))
    })
}
