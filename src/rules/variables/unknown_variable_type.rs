//! Variables of a type that Grafana does not know.

use crate::diagnostic::{Group, Severity};
use crate::model::{Variable, VariableKind};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-variable-type",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "template variable of a type that Grafana does not know",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/unknown-variable-type.md"),
    check: Check::Variable(check),
};

fn check<'t>(variable: &Variable<'t>, cx: &mut Context<'_, 't>) {
    if variable.kind != VariableKind::Unknown {
        return;
    }
    let v2 = variable.entry != variable.node;
    let node = variable.entry.get(if v2 { "kind" } else { "type" });
    let given = node.and_then(NodeRef::as_str);
    let name = variable.name();
    let (place, message) = match (node, given.filter(|given| !given.is_empty())) {
        (Some(node), Some(given)) => (
            Place::value(node),
            format!("Grafana knows no variables of type `{given}` and leaves `{name}` out"),
        ),
        // A template for a generator that puts the type in (scylla-monitoring).
        _ if variable.node.get("class").is_some() => return,
        _ => (
            Place::head(variable.node),
            format!("the variable `{name}` has no type, and Grafana leaves it out"),
        ),
    };
    let _ = cx.report(place, message).help(if v2 {
        "the kinds are QueryVariable, CustomVariable, TextVariable, ConstantVariable, DatasourceVariable, IntervalVariable, AdhocVariable, GroupByVariable and SwitchVariable"
    } else {
        "the types are query, custom, textbox, constant, datasource, interval, adhoc, groupby and switch"
    });
}
