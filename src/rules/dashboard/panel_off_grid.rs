//! Panels outside the grid.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, GridRect};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panel-off-grid",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panel outside the 24 columns of the grid",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panel-off-grid.md"),
    check: Check::Dashboard(check),
};

/// The columns of a dashboard (Grafana 13.2).
const COLUMNS: f64 = 24.0;

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for panel in &dashboard.panels {
        let Some(position) = panel.grid_position() else {
            continue;
        };
        let (Some(fault), Some(node)) = (position.rect().and_then(fault), position.x_node()) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("this panel {fault}: Grafana puts it somewhere else"),
            )
            .at(Context::panel_steps(panel))
            .help("keep `x` + `w` at 24 or less, and nothing negative")
            .together_by(&(), format!("this one {fault}"));
    }
}

fn fault(rect: GridRect) -> Option<String> {
    let end = rect.x + rect.w;
    if rect.x < 0.0 || rect.y < 0.0 {
        return Some("begins before the first column or line".to_owned());
    }
    if rect.w <= 0.0 || rect.h <= 0.0 {
        return Some("has no width or no height".to_owned());
    }
    (end > COLUMNS).then(|| format!("ends at column {end} of {COLUMNS}"))
}
