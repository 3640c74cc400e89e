//! Groups that record more seldom than Prometheus looks back.

use crate::diagnostic::{Group, Severity};
use crate::model::RuleKind;
use crate::promql::duration;
use crate::rules::{Check, Context, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "long-group-interval",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "rules recorded more seldom than Prometheus looks back for a sample",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/long-group-interval.md"),
    check: Check::Document(check),
};

/// How far Prometheus looks back for the newest sample of a series: `--query.lookback-delta`, in seconds (cmd/prometheus/main.go, 3.5).
const LOOKBACK: f64 = 300.0;

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    // The rules of a group stand one after the other.
    let mut told = None;
    for rule in &rules.rules {
        if rule.kind != RuleKind::Record || told == Some(rule.group) {
            continue;
        }
        let group = rules.groups.get(rule.group);
        let Some(interval) = group.and_then(|group| group.node.get("interval")) else {
            continue;
        };
        let Some(text) = interval.as_text() else {
            continue;
        };
        if duration(&text.value).is_none_or(|seconds| seconds <= LOOKBACK) {
            continue;
        }
        told = Some(rule.group);
        let _ = cx
            .report(
                interval,
                format!(
                    "what this group records every {} is gone in between: Prometheus looks back 5 minutes for a sample",
                    text.value
                ),
            )
            .help("evaluate the group every 5 minutes or more often, or read what it records with `last_over_time(…[…])`");
    }
}
