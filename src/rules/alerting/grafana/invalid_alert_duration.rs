//! Durations of Grafana alerting that are none, or that Grafana cannot keep.

use super::facts::BASE_INTERVAL;
use crate::diagnostic::{Group, Severity};
use crate::model::{Alerting, AlertingForm};
use crate::promql::duration as prometheus_seconds;
use crate::rules::context::Focus;
use crate::rules::{Check, Context, Rule, Scope};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-alert-duration",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "duration in a file of Grafana alerting that Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-alert-duration.md"),
    check: Check::Document(check),
};

/// What a duration must be besides one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Must {
    /// Any.
    Any,
    /// Longer than nothing.
    Last,
    /// What the scheduler can keep.
    Tick,
}

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // The operator's own fields are Go's durations; what it hands on as a text is Grafana's.
    let own: fn(&str) -> Option<f64> = match alerting.form {
        AlertingForm::File => prometheus_seconds,
        AlertingForm::Operator => go_seconds,
    };
    for group in &alerting.groups {
        duration(group.node.get("interval"), own, Must::Tick, cx);
    }
    for (index, rule) in alerting.rules.iter().enumerate() {
        cx.focus = Focus::Alert(index);
        for key in ["for", "keepFiringFor"] {
            duration(rule.node.get(key), own, Must::Any, cx);
        }
        if let Some(settings) = rule.notification_settings() {
            routing(settings, cx);
        }
    }
    cx.focus = Focus::None;
    policies(alerting, cx);
}

fn policies<'t>(alerting: &Alerting<'t>, cx: &mut Context<'_, 't>) {
    for policy in alerting.policy_trees() {
        routing(policy.node, cx);
    }
}

/// When notifications go out: of a policy, or in a rule's own settings.
fn routing<'t>(node: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    duration(node.get("group_wait"), prometheus_seconds, Must::Any, cx);
    for key in ["group_interval", "repeat_interval"] {
        duration(node.get(key), prometheus_seconds, Must::Last, cx);
    }
}

fn duration<'t>(
    node: Option<NodeRef<'t>>,
    read: fn(&str) -> Option<f64>,
    must: Must,
    cx: &mut Context<'_, 't>,
) {
    let Some(node) = node else { return };
    let Some(text) = node.as_text().map(|text| text.value) else {
        return;
    };
    // An empty one is none, which all but the interval of a group may be.
    if text.contains('$') || text.contains("{{") || text.is_empty() && must != Must::Tick {
        return;
    }
    let Some(seconds) = read(&text) else {
        let help = match (node.kind(), must) {
            (Kind::Number, _) => format!("write the unit too, such as `{text}s`"),
            _ => "write a number and a unit, such as `30s`, `5m` or `1h`".to_owned(),
        };
        let _ = cx
            .report(
                node,
                format!("Grafana refuses this: `{text}` is no duration"),
            )
            .help(help);
        return;
    };
    let tick = f64::from(BASE_INTERVAL);
    if must == Must::Last && seconds == 0.0 {
        let _ = cx
            .report(node, "Grafana refuses this: the interval is zero")
            .help("write one that lasts, or leave it out");
    } else if must == Must::Tick && (seconds <= 0.0 || seconds % tick != 0.0) {
        let message = format!(
            "Grafana refuses the group: it looks at alerts every {BASE_INTERVAL} s, and `{text}` is no multiple of that"
        );
        let below = (seconds / tick).floor() * tick;
        let _ = cx.report(node, message).help(match below {
            0.0 => format!("write `{BASE_INTERVAL}s` or a multiple of it"),
            _ => format!("write `{below}s` or `{}s`", below + tick),
        });
    }
}

/// How many seconds a duration has as Go writes it: `1h30m`, `1.5m` (time.ParseDuration; without a sign, which the
/// operator's schema does not allow).
fn go_seconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 7] = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let mut seconds = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number: f64 = rest.strip_suffix(after)?.parse().ok()?;
        let (unit, next) = UNITS
            .iter()
            .find_map(|(name, unit)| Some((unit, after.strip_prefix(name)?)))?;
        seconds += number * unit;
        rest = next;
    }
    (!text.is_empty()).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::go_seconds;

    #[test]
    fn durations_of_go() {
        assert_eq!(go_seconds("1h30m"), Some(5400.0));
        assert_eq!(go_seconds("5m0s"), Some(300.0));
        assert_eq!(go_seconds("1.5m"), Some(90.0));
        for text in ["", "5", "1d", "m", "-5m", "5 m"] {
            assert_eq!(go_seconds(text), None, "{text}");
        }
    }
}
