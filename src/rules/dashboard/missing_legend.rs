//! Panels of several queries whose series are called by all their labels.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Host, Panel, Query};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "missing-legend",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "query without a legend in a panel of several",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/missing-legend.md"),
    check: Check::Dashboard(check),
};

/// Panels that write the names of series beside them.
const NAMING: &[&str] = &[
    "bargauge",
    "barchart",
    "gauge",
    "graph",
    "piechart",
    "stat",
    "state-timeline",
    "timeseries",
];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let shown = |query: &&Query<'t>| {
        let in_panel = matches!(query.host, Host::Panel(_));
        in_panel && !query.hidden && query.language.is_promql()
    };
    let queries: Vec<&Query<'t>> = dashboard.queries.iter().filter(shown).collect();
    // The queries of a panel stand together.
    for of_panel in queries.chunk_by(|a, b| a.host == b.host) {
        let panel = of_panel.first().and_then(|query| dashboard.panel_of(query));
        if let (Some(panel), 2..) = (panel, of_panel.len()) {
            check_panel(panel, of_panel, cx);
        }
    }
}

fn check_panel<'t>(panel: &Panel<'t>, queries: &[&Query<'t>], cx: &mut Context<'_, 't>) {
    if !NAMING.contains(&panel.kind().as_ref()) {
        return;
    }
    let number = panel.node.id();
    for query in queries.iter().filter(|query| is_bare(query)) {
        let steps = Context::query_steps(cx.scope, query);
        let _ = cx
            .report(
                Place::head(query.node),
                "the panel has several queries and this one no legend: its series are called by all their labels, and nobody sees which query they are of",
            )
            .at(steps)
            .help("write a `legendFormat`, such as `{{instance}} read`")
            .together_by(&number, "nor has this one");
    }
}

/// Without a legend a series is called by its metric and all its labels; `__auto` is a legend (Grafana 12.1,
/// packages/grafana-prometheus/src/result_transformer.ts).
fn is_bare(query: &Query<'_>) -> bool {
    let said = |key: &str| query.node.get(key).and_then(NodeRef::as_str);
    let named = said("legendFormat").is_some_and(|legend| !legend.trim().is_empty());
    let plain = matches!(said("format").as_deref(), None | Some("time_series"));
    plain && !named
}
