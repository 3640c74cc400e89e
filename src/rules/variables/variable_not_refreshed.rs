//! Query variables that do not follow the time range, where the convention wants it.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Variable, VariableKind};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "variable-not-refreshed",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "query variable that is not asked again when the time range changes",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/variable-not-refreshed.md"),
    check: Check::Variable(check),
};

fn check<'t>(variable: &Variable<'t>, cx: &mut Context<'_, 't>) {
    if variable.kind != VariableKind::Query {
        return;
    }
    let refresh = variable.node.get("refresh");
    let on_change = refresh.is_some_and(|node| {
        node.as_i64() == Some(2) || node.as_str().as_deref() == Some("onTimeRangeChanged")
    });
    if on_change {
        return;
    }
    let v2 = variable.entry != variable.node;
    let (name, better) = (
        variable.name(),
        if v2 { "\"onTimeRangeChanged\"" } else { "2" },
    );
    let place = refresh.map_or(Place::value(variable.name_node()), Place::value);
    let finding = cx
        .report(
            place,
            format!(
                "`{name}` is not asked again when the time range changes: series of another time are not offered"
            ),
        )
        .help(format!("set `refresh` to {better}"));
    if let Some(node) = refresh.filter(|node| !NodeRef::is_null(*node)) {
        let edit = vec![(node.span(), better.to_owned())];
        let _ = finding.fix_in(
            node,
            "refresh it when the time range changes",
            Safety::Unsafe,
            Some(edit),
        );
    }
}
