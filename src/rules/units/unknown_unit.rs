//! Units that Grafana does not know.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;
use crate::units::catalog::{Suggestion, UnitId, lookup, suggest};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-unit",
    group: Group::Units,
    severity: Severity::Info,
    summary: "unit that Grafana does not know and prints as a suffix",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/units/unknown-unit.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let units = panel.unit_node().into_iter().chain(
        config
            .overrides()
            .flat_map(|rule| rule.properties("unit").collect::<Vec<_>>()),
    );
    for node in units {
        check_unit(node, cx);
    }
}

fn check_unit<'t>(node: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(unit) = node.as_str() else { return };
    if lookup(&unit) != UnitId::Unknown {
        return;
    }
    let Suggestion { near, hint } = suggest(&unit);
    // A text near no unit is most likely a word its author wants to read behind the number.
    let Some(first) = near.first() else { return };
    // `calls/s` says what is counted, which `cps` does not.
    if near == ["cps"] {
        return;
    }
    let list: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let finding = cx
        .report(
            Place::value(node),
            format!("Grafana has no unit `{unit}`: it prints the number as it is, with ` {unit}` behind it, and scales nothing"),
        )
        .help(match hint {
            Some(hint) => hint,
            None => format!("did you mean {}? To keep the text, write `suffix:{unit}`", list.join(" or ")),
        });
    if near.len() == 1 {
        let edit = node
            .text()
            .and_then(|text| node.encode_str(crate::span::Span::new(0, text.value.len()), first));
        let _ = finding.fix(
            format!("use the unit `{first}`"),
            Safety::Unsafe,
            edit.map(|edit| vec![edit]),
        );
    }
}
