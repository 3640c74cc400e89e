//! Notification channels of the alerting that is gone.

use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;

pub(crate) const RULE: Rule = Rule {
    id: "legacy-notifiers",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "notification channels that Grafana 11 and later do not read",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/legacy-notifiers.md"),
    check: Check::Document(check),
};

/// The version without the old alerting (Grafana, "What's new in v11.0": legacy alerting is removed).
const REMOVED: Version = Version {
    major: 11,
    minor: 0,
};

fn check(cx: &mut Context<'_, '_>) {
    let root = cx.document.filter(|info| info.kind == DocKind::Notifiers);
    let Some(root) = root.and_then(|info| cx.file.root(info)) else {
        return;
    };
    if cx.settings.grafana.is_some_and(|grafana| grafana < REMOVED) {
        return;
    }
    let lists = ["notifiers", "delete_notifiers"];
    let Some(list) = lists.iter().find_map(|key| root.get(key)) else {
        return;
    };
    let _ = cx
        .report(
            Place::key(list),
            "Grafana 11 and later do not read notification channels: nobody is told of an alert through these",
        )
        .help("make contact points of them, in `provisioning/alerting`");
}
