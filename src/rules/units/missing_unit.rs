//! Panels without a unit whose values have one.

use super::shown::Shown;
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::units::explain::words;
use crate::units::suggest::right_unit;

pub(crate) const RULE: Rule = Rule {
    id: "missing-unit",
    group: Group::Units,
    severity: Severity::Info,
    summary: "panel without a unit whose values certainly have one",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/units/missing-unit.md"),
    check: Check::EmittedBy("unit-mismatch"),
};

/// Whether a unit says nothing of what is measured.
fn is_plain(id: &str) -> bool {
    matches!(id, "" | "none" | "short")
}

pub(super) fn check<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    // The queries of a panel stand together.
    for of_panel in queries.chunk_by(|a, b| std::ptr::eq(a.panel, b.panel)) {
        check_panel(of_panel, cx);
    }
}

fn check_panel<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    let Some(first) = queries.first() else { return };
    // A table has columns that are no values.
    if first.panel.kind() == "table" {
        return;
    }
    let targets = first.panel.targets().len();
    if targets != queries.len() || queries.iter().any(|query| !is_plain(&query.id())) {
        return;
    }
    let unit_of = |query: &Shown<'_, '_>| {
        let value = query.certain().filter(|value| !value.dims.is_none())?;
        Some((right_unit(&value, "")?, value))
    };
    let Some((unit, value)) = unit_of(first) else {
        return;
    };
    if !queries
        .iter()
        .all(|query| unit_of(query).is_some_and(|(other, _)| other == unit))
    {
        return;
    }
    let whole = Span::new(0, first.query.text().len());
    let place = first
        .unit
        .map_or_else(|| Place::head(first.panel.node), Place::value);
    let finding = cx
        .report_as(
            &RULE,
            place,
            format!(
                "the panel has no unit, so its values, which are {}, show as bare numbers",
                words(&value)
            ),
        )
        .at(Context::panel_steps(first.panel))
        .related(Place::query(first.query, whole), "the query")
        .help(format!("the unit of these values is `{unit}`"));
    let edit = first.unit.and_then(|node| {
        let text = node.text()?;
        node.encode_str(Span::new(0, text.value.len()), unit)
    });
    let _ = finding.fix(
        format!("use the unit `{unit}`"),
        Safety::Unsafe,
        edit.map(|edit| vec![edit]),
    );
}
