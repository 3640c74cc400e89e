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
    let provisioned = is_provisioned(dashboard, cx);
    for (panel, node, source) in data_source_nodes(&dashboard.panels) {
        let DataSourceRef::Variable { name, .. } = source else {
            continue;
        };
        let input = dashboard.inputs.iter().any(|(input, _)| *input == *name);
        let Some(named) = named(node).filter(|_| input && dashboard.variable(&name).is_none())
        else {
            continue;
        };
        let finding = cx
            .report(
                Place::value(named),
                format!(
                    "provisioning does not fill `${{{name}}}` in: the panel finds no data source"
                ),
            )
            .at(Context::panel_steps(panel))
            .help("use a data source variable instead, or import the dashboard by hand")
            .together_by(&(), "not filled in either");
        if !provisioned {
            let _ = finding.lower(Severity::Info);
        }
    }
}
