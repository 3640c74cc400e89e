//! Alerts that wake somebody and do not say what to do.

use super::runbook::runbooks;
use crate::diagnostic::{Group, Severity};
use crate::model::{Alerting, RuleFile, RuleKind};
use crate::rules::{
    Alert, Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule, Scope,
};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "missing-runbook",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "alert of a severity that wakes people, without a runbook link",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "severities",
        default: OptionDefault::List(&["critical", "page"]),
        doc: "The values of the label `severity` that need a runbook.",
    }],
    page: include_str!("../../../rules/alerting/missing-runbook.md"),
    check: Check::Document(check),
};

/// One cause, one finding a document: the first alert carries it, the others are related.
fn check(cx: &mut Context<'_, '_>) {
    let OptionValue::List(severities) = cx.option("severities") else {
        return;
    };
    let alerts = match cx.scope {
        Scope::Rules(rules) => prometheus(rules),
        Scope::Alerting(alerting) => grafana(alerting),
        _ => return,
    };
    let missing: Vec<_> = alerts
        .into_iter()
        .filter(|(alert, _)| {
            let severity = alert.label("severity").and_then(NodeRef::as_str);
            severity.is_some_and(|severity| severities.iter().any(|wanted| *wanted == severity))
                && runbooks(alert).is_empty()
        })
        .collect();
    let Some((first, index)) = missing.first() else {
        return;
    };
    let others = missing.len() - 1;
    let message = match others {
        0 => "whoever is woken by this alert is not told what to do: it has no runbook link".to_owned(),
        1 => "whoever is woken by this alert, and by one more here, is not told what to do: they have no runbook link"
            .to_owned(),
        _ => format!(
            "whoever is woken by this alert, and by {others} more here, is not told what to do: they have no runbook link"
        ),
    };
    let steps = match cx.scope {
        Scope::Rules(rules) => Context::rule_steps(rules, *index),
        Scope::Alerting(alerting) => Context::alert_steps(alerting, *index),
        _ => Vec::new(),
    };
    let mut finding = cx
        .report(Place::head(first.node()), message)
        .at(steps)
        .help("add an annotation `runbook_url` with the address of the page that says what to check and to do");
    for (alert, _) in missing.iter().skip(1).take(20) {
        finding = finding.related(Place::head(alert.node()), "no runbook link either");
    }
}

fn prometheus<'t>(rules: &RuleFile<'t>) -> Vec<(Alert<'t>, usize)> {
    rules
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.kind == RuleKind::Alert)
        .map(|(index, rule)| (Alert::Prometheus(*rule), index))
        .collect()
}

fn grafana<'t>(alerting: &Alerting<'t>) -> Vec<(Alert<'t>, usize)> {
    alerting
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| (Alert::Grafana(*rule), index))
        .collect()
}
