//! States of an alert without data or with an error that Grafana does not know.

use super::facts::{ERROR_STATES, NO_DATA_STATES};
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Alert, Check, Context, Rule};
use crate::span::Span;
use crate::spelling::{is_same_but_case, misspelt};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-alert-state",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "state for an alert without data or with an error that Grafana does not know",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../../rules/alerting/unknown-alert-state.md"),
    check: Check::Alert(check),
};

fn check<'t>(alert: &Alert<'t>, cx: &mut Context<'_, 't>) {
    let Alert::Grafana(rule) = alert else { return };
    // A recording rule has no state.
    if rule.record().is_some() {
        return;
    }
    for (key, states) in [
        ("noDataState", NO_DATA_STATES),
        ("execErrState", ERROR_STATES),
    ] {
        let Some(node) = rule.node.get(key) else {
            continue;
        };
        let Some(text) = node.as_text().map(|text| text.value) else {
            continue;
        };
        let state = text.trim();
        if state.is_empty()
            || state.contains('$')
            || state.contains("{{")
            || states.contains(&state)
        {
            continue;
        }
        let message = format!("Grafana refuses the rule: `{key}` cannot be `{state}`");
        let finding = cx.report(node, message);
        let Some(near) = misspelt(state, states.iter().copied()) else {
            let _ = finding.help(format!("write one of {}", states.join(", ")));
            continue;
        };
        let finding = finding.help(format!("did you mean `{near}`? case matters"));
        if is_same_but_case(state, near) {
            let edit = node.encode_str(Span::new(0, text.len()), near);
            let _ = finding.fix(
                format!("write `{near}`"),
                Safety::Safe,
                edit.map(|edit| vec![edit]),
            );
        }
    }
}
