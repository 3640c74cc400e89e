//! Calculations that Grafana does not know.

use std::collections::BTreeMap;

use super::catalog::{REDUCERS, is_reducer};
use super::found::{Found, by_text, report_unknown};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Panel, Transformation};
use crate::rules::{Check, Context, Rule};
use crate::spelling::misspelt;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-reducer",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "calculation that Grafana does not know",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-reducer.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let legend = by_text(dashboard, in_legend);
    report(legend, "the panel fails when it draws its legend", cx);
    let value = by_text(dashboard, in_value);
    report(value, "the panel shows no value", cx);
    let transformation = by_text(dashboard, in_transformations);
    report(
        transformation,
        "the transformation leaves it out or fails",
        cx,
    );
}

fn report<'t>(
    calculations: BTreeMap<String, Vec<Found<'_, 't>>>,
    effect: &str,
    cx: &mut Context<'_, 't>,
) {
    for (id, found) in calculations {
        if is_reducer(&id) {
            continue;
        }
        let message = format!("Grafana has no calculation `{id}`: {effect}");
        let near = misspelt(&id, REDUCERS.iter().copied());
        let otherwise =
            "write the id of a calculation: `lastNotNull`, `mean`, `max`, `sum`, `p95` …";
        report_unknown(cx, &id, &found, &message, near, otherwise);
    }
}

/// Where a legend names calculations, if it is shown at all.
fn in_legend<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    let shown = panel
        .option(&["legend", "showLegend"])
        .and_then(NodeRef::as_bool);
    let list = panel.option(&["legend", "calcs"]);
    items(list.filter(|_| shown != Some(false)))
}

fn in_value<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    items(panel.option(&["reduceOptions", "calcs"]))
}

fn in_transformations<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    panel.each_transformation().flat_map(reducers_of).collect()
}

/// Where a transformation names calculations.
fn reducers_of(transformation: Transformation<'_>) -> Vec<NodeRef<'_>> {
    let Some(options) = transformation.options() else {
        return Vec::new();
    };
    match transformation.id().unwrap_or_default().as_ref() {
        "reduce" => items(options.get("reducers")),
        "groupBy" => {
            let fields = options.get("fields").into_iter().flat_map(NodeRef::members);
            fields
                .flat_map(|field| items(field.get("aggregations")))
                .collect()
        }
        "calculateField" => options.path(&["reduce", "reducer"]).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn items(list: Option<NodeRef<'_>>) -> Vec<NodeRef<'_>> {
    list.into_iter().flat_map(NodeRef::items).collect()
}
