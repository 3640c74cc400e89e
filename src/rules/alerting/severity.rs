//! The label that says how bad an alert is.

use super::face::{alerts, report_together};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Rule};
use crate::spelling::misspelt;
use crate::template::Template;

pub(crate) const MISSING: Rule = Rule {
    id: "missing-severity",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "alert that does not say how bad it is",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "labels",
        default: OptionDefault::List(&["severity", "priority", "level"]),
        doc: "Labels of which an alert needs one.",
    }],
    page: include_str!("../../../rules/alerting/missing-severity.md"),
    check: Check::Document(missing),
};

pub(crate) const UNKNOWN: Rule = Rule {
    id: "unknown-severity",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "severity that no route knows",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "severities",
        default: OptionDefault::List(&[]),
        doc: "The values the label `severity` may have. Empty: any, but not what looks like a misspelt usual one.",
    }],
    page: include_str!("../../../rules/alerting/unknown-severity.md"),
    check: Check::Document(unknown),
};

/// Severities in use: those of the monitoring mixins, of OpenShift, of syslog (RFC 5424), of trackers and pagers.
const USUAL: [&str; 29] = [
    "alert",
    "average",
    "blocker",
    "critical",
    "crit",
    "debug",
    "disaster",
    "emergency",
    "error",
    "fatal",
    "high",
    "info",
    "information",
    "informational",
    "low",
    "major",
    "medium",
    "minor",
    "none",
    "normal",
    "notice",
    "notify",
    "ok",
    "page",
    "severe",
    "ticket",
    "urgent",
    "warn",
    "warning",
];

fn list(cx: &Context<'_, '_>, name: &str) -> Vec<String> {
    match cx.option(name) {
        OptionValue::List(values) => values,
        _ => Vec::new(),
    }
}

fn missing(cx: &mut Context<'_, '_>) {
    let names = list(cx, "labels");
    let found: Vec<_> = alerts(cx)
        .filter(|seen| names.iter().all(|name| seen.label(name).is_none()))
        .map(|seen| (seen, seen.head()))
        .collect();
    report_together(
        cx,
        &found,
        "nothing says how bad this alert is: no route can tell it from the others",
        "set the label `severity`",
        "no severity either",
    );
}

fn unknown(cx: &mut Context<'_, '_>) {
    let configured = list(cx, "severities");
    for seen in alerts(cx) {
        let Some(label) = seen.label("severity") else {
            continue;
        };
        let Some(text) = label.as_text() else {
            continue;
        };
        let value = &*text.value;
        if value.is_empty() || Template::is_template(value) || value.contains('$') {
            continue;
        }
        let known: Vec<&str> = match configured.as_slice() {
            [] => USUAL.to_vec(),
            own => own.iter().map(String::as_str).collect(),
        };
        let is_known = match configured.as_slice() {
            // Whoever writes "Critical" routes "Critical".
            [] => known.contains(&value.to_ascii_lowercase().as_str()),
            own => own.iter().any(|own| own == value),
        };
        if is_known {
            continue;
        }
        let long = known.iter().copied().filter(|known| known.len() > 3);
        let near = misspelt(value, long);
        if configured.is_empty() && near.is_none() {
            continue;
        }
        let message = match (&near, configured.is_empty()) {
            (Some(near), true) => format!(
                "`{value}` is probably meant to be `{near}`: no route for `{near}` takes the alert"
            ),
            _ => format!(
                "`{value}` is none of the severities of this project: no route takes the alert"
            ),
        };
        let finding = cx.report(label, message).at(seen.steps());
        let _ = match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("one of {}", configured.join(", "))),
        };
    }
}
