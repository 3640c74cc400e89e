//! Dashboards that reload every few seconds.

use crate::cost::interval;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "refresh-too-fast",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "dashboard that reloads every few seconds",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "warn-below",
            default: OptionDefault::Int(10),
            doc: "Seconds below which it is a warning.",
        },
        OptionSpec {
            name: "advise-below",
            default: OptionDefault::Int(30),
            doc: "Seconds below which it is advice.",
        },
    ],
    page: include_str!("../../../rules/cost/refresh-too-fast.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = dashboard.refresh_node() else {
        return;
    };
    let Some(text) = node.as_str() else { return };
    let Some(seconds) = interval(text.trim()) else {
        return;
    };
    let (OptionValue::Int(warn), OptionValue::Int(advise)) =
        (cx.option("warn-below"), cx.option("advise-below"))
    else {
        return;
    };
    let severity = if seconds < warn as f64 {
        Severity::Warning
    } else if seconds < advise as f64 {
        Severity::Info
    } else {
        return;
    };
    if !dashboard
        .queries
        .iter()
        .any(|query| query.language.is_promql())
    {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!("reloaded every {text}, it often shows the same samples again: there are new ones only when Prometheus scrapes, usually every 15s to 1m"),
        )
        .lower(severity)
        .help("refresh as often as the data changes: every 30s or 1m");
}
