//! Chosen values that a variable no longer offers.

use std::borrow::Cow;

use super::options::offered;
use crate::diagnostic::{Group, Severity};
use crate::model::{Variable, VariableKind};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "stale-current",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "saved choice of a variable that it no longer offers",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/stale-current.md"),
    check: Check::Variable(check),
};

fn check<'t>(variable: &Variable<'t>, cx: &mut Context<'_, 't>) {
    if !matches!(variable.kind, VariableKind::Custom | VariableKind::Interval) {
        return;
    }
    let Some(offered) = offered(variable) else {
        return;
    };
    let Some(current) = variable.node.path(&["current", "value"]) else {
        return;
    };
    let chosen: Vec<NodeRef<'t>> = match current.kind() {
        Kind::Array => current.items().collect(),
        _ => vec![current],
    };
    for node in chosen {
        let Some(value) = node.as_str() else { continue };
        // `$__all` and `$__auto…` are Grafana's own.
        let known = value.is_empty()
            || value.starts_with('$')
            || offered.values.iter().any(|(_, offer)| *offer == value);
        if !known {
            let name = variable.name();
            let _ = cx
                .report(
                    Place::value(node),
                    format!(
                        "`{}` is saved as the choice of `{name}`, which does not offer it",
                        shortened(value)
                    ),
                )
                .help("save the dashboard with one of the values that it offers");
        }
    }
}

fn shortened(value: Cow<'_, str>) -> String {
    const MOST: usize = 60;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or("")),
        None => value.into_owned(),
    }
}
