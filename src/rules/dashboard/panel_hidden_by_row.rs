//! Panels nested in an open row.

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "panel-hidden-by-row",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "panel nested in a row that is not collapsed",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panel-hidden-by-row.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // Rows among the panels only: those of the rows era always hold their panels.
    let open = dashboard.rows.iter().filter(|row| {
        row.node.get("type").and_then(NodeRef::as_str).as_deref() == Some("row")
            && !row.is_collapsed()
            && in_panels(row.node)
    });
    let hidden = open.flat_map(|row| {
        let panels = row.node.get("panels").into_iter();
        panels
            .flat_map(NodeRef::items)
            .filter(|panel| panel.kind() == Kind::Object)
    });
    for panel in hidden {
        let _ = cx
            .report(
                Place::head(panel),
                "Grafana does not show this panel: it is nested in a row that is not collapsed",
            )
            .help("set `collapsed` to true in the row, or move its panels into the list behind it")
            .together("not shown either");
    }
}

fn in_panels(row: NodeRef<'_>) -> bool {
    row.parent()
        .and_then(NodeRef::key)
        .is_some_and(|key| key == "panels")
}
