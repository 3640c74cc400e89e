//! Alert rules whose condition is none of their queries.

use super::pipeline::{Pipeline, condition, is_written_out};
use crate::diagnostic::{Group, Severity};
use crate::model::AlertRule;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "undefined-condition",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert rule whose condition is none of its queries",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/undefined-condition.md"),
    check: Check::EmittedBy("invalid-expression"),
};

pub(super) fn check<'t>(rule: &AlertRule<'t>, pipeline: &Pipeline<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = condition(rule) else {
        return;
    };
    let Some(name) = node.as_text().map(|text| text.value) else {
        return;
    };
    if !is_written_out(&name) || !pipeline.names_are_known() || pipeline.find(&name).is_some() {
        return;
    }
    let message = match rule.record() {
        Some(_) => format!(
            "nothing is ever recorded: the rule records `{name}`, and no query of it is called that"
        ),
        None => format!(
            "the rule never fires but with an error: it alerts on `{name}`, and no query of it is called that"
        ),
    };
    let _ = cx.report_as(&RULE, node, message).help(format!(
        "name one of the rule's queries: {}",
        pipeline.names()
    ));
}
