//! Calculations that Grafana does not know.

use super::catalog::{REDUCERS, is_reducer, near};
use super::found::{by_text, report_once};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel, Transformation};
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-reducer",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "calculation that Grafana does not know",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-reducer.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let uses: [(fn(&Panel<'t>) -> Vec<NodeRef<'t>>, &str); 3] = [
        (in_legend, "the panel fails when it draws its legend"),
        (in_value, "the panel shows no value"),
        (
            in_transformations,
            "the transformation leaves it out or fails",
        ),
    ];
    for (places, effect) in uses {
        for (id, found) in by_text(dashboard, places) {
            if is_reducer(&id) {
                continue;
            }
            let help = match near(&id, REDUCERS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "write the id of a calculation: `lastNotNull`, `mean`, `max`, `sum`, `p95` …"
                        .to_owned()
                }
            };
            let message = format!("Grafana has no calculation `{id}`: {effect}");
            let _ = report_once(cx, &found, message).map(|finding| finding.help(help));
        }
    }
}

fn in_legend<'t>(panel: &Panel<'t>) -> Vec<NodeRef<'t>> {
    items(panel.option(&["legend", "calcs"]))
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
