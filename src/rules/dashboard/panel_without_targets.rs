//! Panels that ask for no data.

use crate::diagnostic::{Group, Severity};
use crate::model::{DataSourceRef, Panel};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panel-without-targets",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "panel that asks for no data",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panel-without-targets.md"),
    check: Check::Panel(check),
};

/// Core panels that are drawn from the results of queries and nothing else.
const SHOW_DATA: &[&str] = &[
    "barchart",
    "bargauge",
    "gauge",
    "graph",
    "heatmap",
    "histogram",
    "logs",
    "piechart",
    "singlestat",
    "stat",
    "state-timeline",
    "status-history",
    "table",
    "timeseries",
    "trend",
    "xychart",
];

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let (Some(kind), name) = (panel.kind_node(), panel.kind()) else {
        return;
    };
    // A panel of the library has its queries there.
    let elsewhere = panel.library().is_some() || panel.is_exported_model();
    if elsewhere || !SHOW_DATA.contains(&name.as_ref()) {
        return;
    }
    // Grafana's own data source, and results of other panels, need no query of this panel's.
    if matches!(
        panel.data_source(),
        DataSourceRef::Dashboard | DataSourceRef::Grafana
    ) {
        return;
    }
    let asks = panel
        .targets_node()
        .is_some_and(|targets| targets.items().next().is_some());
    if asks || panel.node.get("snapshotData").is_some() {
        return;
    }
    let _ = cx
        .report(
            Place::value(kind),
            format!("this {name} panel has no query and shows \"No data\""),
        )
        .help("give it a query, or delete it");
}
