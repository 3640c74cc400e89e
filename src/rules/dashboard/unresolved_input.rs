//! Inputs of exports for sharing, in files that are provisioned.

use super::provisioned::{by_operator, data_source_nodes, is_provisioned, named};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, DataSourceRef};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unresolved-input",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "input of an export that nobody fills in",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/unresolved-input.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if by_operator(dashboard, cx) {
        return;
    }
    let mut inputs = data_source_nodes(&dashboard.panels).filter_map(|(node, source)| {
        let DataSourceRef::Variable { name, .. } = source else {
            return None;
        };
        let input = dashboard.inputs.iter().any(|(input, _)| *input == *name);
        (input && dashboard.variable(&name).is_none()).then_some((named(node)?, name))
    });
    let Some((first, name)) = inputs.next() else {
        return;
    };
    let provisioned = is_provisioned(dashboard, cx);
    let mut finding = cx
        .report(
            Place::value(first),
            format!("provisioning does not fill `${{{name}}}` in: the panel finds no data source"),
        )
        .help("use a data source variable instead, or import the dashboard by hand");
    for (other, _) in inputs.take(50) {
        finding = finding.related(Place::value(other), "not filled in either");
    }
    if !provisioned {
        let _ = finding.lower(Severity::Info);
    }
}
