//! Panels and rows repeated over a variable that has one value.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel, Row, VariableKind};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "repeat-without-multi",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "repeat over a variable that has one value at a time",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/repeat-without-multi.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let panels = dashboard.panels.iter().filter_map(Panel::repeat_node);
    let rows = dashboard.rows.iter().filter_map(Row::repeat_node);
    for node in panels.chain(rows) {
        check_repeat(node, dashboard, cx);
    }
}

/// Text boxes, constants and ad hoc filters are never repeated over, others once for each chosen value
/// (Grafana 11.5).
fn check_repeat<'t>(node: NodeRef<'t>, dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(name) = node.as_str().filter(|name| !name.is_empty()) else {
        return;
    };
    let Some(variable) = dashboard.variable(&name) else {
        return;
    };
    let single = match variable.kind {
        VariableKind::Query | VariableKind::Custom | VariableKind::DataSource => {
            !variable.is_multi() && !variable.has_all()
        }
        VariableKind::TextBox | VariableKind::Constant | VariableKind::AdHoc => true,
        _ => false,
    };
    if !single {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!("variable `{name}` has one value at a time, so nothing is repeated"),
        )
        .related(Place::value(variable.name_node()), "the variable")
        .help("let the variable take several values, or remove the repeat");
}
