//! Labels that change with the value of their alert.

use super::templates::Expanded;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::template::{Operand, OperandKind, Role, Shape};

pub(crate) const RULE: Rule = Rule {
    id: "value-in-label",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "label that changes with the value: a new alert for each",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/value-in-label.md"),
    check: Check::EmittedBy("invalid-alert-template"),
};

/// Where the value is part of a label's text. A value that only decides (`{{ if gt $value 90.0 }}critical`) gives few
/// labels, and is left alone.
pub(super) fn look<'s, 't>(cx: &mut Context<'s, 't>, expanded: &Expanded<'_, 's, 't>) {
    if !expanded.label {
        return;
    }
    let operands = expanded.template.operands();
    let mut shown = operands.filter(|(role, operand)| *role == Role::Printed && is_value(operand));
    let Some((_, operand)) = shown.next() else {
        return;
    };
    let name = expanded.node.key().unwrap_or_default();
    let _ = cx
        .report_as(
            &RULE,
            Place::text(expanded.node, operand.span),
            format!("the label `{name}` changes with the value: with each change the alert ends and another one begins, which waits and notifies anew"),
        )
        .at(expanded.seen.steps())
        .help("show the value in an annotation");
}

/// Whether an operand is the value of the alert, or one of a Grafana alert's values.
pub(super) fn is_value(operand: &Operand<'_>) -> bool {
    match operand.kind {
        OperandKind::Variable("$value") => true,
        OperandKind::Variable(_) if operand.shape == Shape::AlertValue => true,
        OperandKind::Variable("$values") => {
            operand.shape != Shape::Labels && !names_labels(operand)
        }
        OperandKind::Variable("$") | OperandKind::Dot => {
            let alert = matches!(operand.base, Shape::PrometheusAlert | Shape::GrafanaAlert);
            let first = operand.fields.first().map(|field| field.name);
            alert && matches!(first, Some("Value" | "Values")) && !names_labels(operand)
        }
        _ => false,
    }
}

fn names_labels(operand: &Operand<'_>) -> bool {
    operand.fields.iter().any(|field| field.name == "Labels")
}
