//! Expressions that read a query which is not there.

use super::pipeline::{Pipeline, is_written_out};
use crate::diagnostic::{Group, Severity};
use crate::model::ExpressionKind;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "undefined-expression-input",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "expression of an alert rule that reads a query which is not there",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/undefined-expression-input.md"),
    check: Check::EmittedBy("invalid-expression"),
};

pub(super) fn check<'t>(pipeline: &Pipeline<'t>, cx: &mut Context<'_, 't>) {
    if !pipeline.names_are_known() {
        return;
    }
    for entry in &pipeline.entries {
        for input in &entry.inputs {
            if !is_written_out(&input.name) || pipeline.find(&input.name).is_some() {
                continue;
            }
            // Whether case counts in the names of tables is up to the engine.
            let mut names = pipeline.entries.iter().map(|entry| &entry.name);
            if entry.kind == Some(ExpressionKind::Sql)
                && names.any(|name| name.eq_ignore_ascii_case(&input.name))
            {
                continue;
            }
            let message = format!(
                "the rule cannot be evaluated: expression `{}` reads `{}`, and no query of the rule is called that",
                entry.name, input.name
            );
            let others = pipeline.names_besides(Some(&entry.name));
            let help = match others.is_empty() {
                true => "add the query that it is to read".to_owned(),
                false => format!("read one of the rule's queries: {others}"),
            };
            let _ = cx
                .report_as(&RULE, Place::text(input.node, input.span), message)
                .help(help);
        }
    }
}
