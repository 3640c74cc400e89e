//! Alerts of the alerting that is gone, each in a file of its own.

use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;

pub(crate) const RULE: Rule = Rule {
    id: "legacy-alert",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "alert of Grafana's old alerting, which Grafana 11 no longer evaluates",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/legacy-alert.md"),
    check: Check::Document(check),
};

/// The version without the old alerting (Grafana, "What's new in v11.0": legacy alerting is removed).
const REMOVED: Version = Version {
    major: 11,
    minor: 0,
};

fn check(cx: &mut Context<'_, '_>) {
    let root = cx.document.filter(|info| info.kind == DocKind::LegacyAlert);
    let alert = root
        .and_then(|info| cx.file.root(info))
        .and_then(|root| root.get("alert"));
    let Some(alert) =
        alert.filter(|_| cx.settings.grafana.is_none_or(|grafana| grafana >= REMOVED))
    else {
        return;
    };
    let _ = cx
        .report(
            Place::key(alert),
            "Grafana 11 and later do not know alerts of this kind: nothing evaluates it, and nobody is told",
        )
        .help("make an alert rule of it, in `provisioning/alerting`");
}
