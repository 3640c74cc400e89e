//! Values of different units on one axis.

use super::shown::Shown;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::units::Value;
use crate::units::explain::words;

pub(crate) const RULE: Rule = Rule {
    id: "mixed-units-in-panel",
    group: Group::Units,
    severity: Severity::Info,
    summary: "values of different units on one axis",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/mixed-units-in-panel.md"),
    check: Check::EmittedBy("unit-mismatch"),
};

pub(super) fn check<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    for of_panel in queries.chunk_by(|a, b| std::ptr::eq(a.panel, b.panel)) {
        check_panel(of_panel, cx);
    }
}

fn check_panel<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    let measured: Vec<(&Shown<'_, 't>, Value)> = queries
        .iter()
        .filter(|query| matches!(query.panel.kind().as_ref(), "timeseries" | "graph"))
        .filter_map(|query| Some((query, query.certain()?)))
        .filter(|(_, value)| !value.dims.is_none())
        .collect();
    let Some(((first, value), rest)) = measured.split_first() else {
        return;
    };
    let other = rest.iter().find(|(query, other)| {
        let one_axis = query.unit.map(|node| node.span()) == first.unit.map(|node| node.span());
        one_axis && other.dims != value.dims
    });
    let Some((second, other)) = other else { return };
    let whole = |query: &Shown<'_, '_>| Span::new(0, query.query.text().len());
    let _ = cx
        .report_as(
            &RULE,
            Place::query(second.query, whole(second)),
            format!(
                "the axis has one unit for {} and {}, so one of them is drawn flat or read wrong",
                words(value),
                words(other)
            ),
        )
        .at(Context::panel_steps(second.panel))
        .related(
            Place::query(first.query, whole(first)),
            format!("{} here", words(value)),
        )
        .help("give one of them an override with its own unit and axis, or a panel of its own");
}
