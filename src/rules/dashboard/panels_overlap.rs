//! Panels that lie on each other.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, GridRect, Panel};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panels-overlap",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panels that overlap on the grid",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/panels-overlap.md"),
    check: Check::Dashboard(check),
};

/// A panel on the grid.
struct Placed<'s, 't> {
    panel: &'s Panel<'t>,
    list: u32,
    rect: GridRect,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut placed: Vec<Placed<'_, 't>> =
        dashboard
            .panels
            .iter()
            .filter_map(|panel| {
                let position = panel.grid_position()?;
                let rect = position.rect()?;
                let list = position.list()?.id();
                // Below one unit nothing is certain; so no more than the grid's columns can lie side by side.
                (rect.w >= 1.0 && rect.h >= 1.0 && rect.x >= 0.0 && rect.x < 24.0)
                    .then_some(Placed { panel, list, rect })
            })
            .collect();
    placed.sort_by(|a, b| {
        let order = a.list.cmp(&b.list);
        order
            .then(a.rect.y.total_cmp(&b.rect.y))
            .then(a.rect.x.total_cmp(&b.rect.x))
            .then_with(|| a.panel.id().cmp(&b.panel.id()))
            .then_with(|| a.panel.title().cmp(&b.panel.title()))
            .then(a.panel.node.span().start.cmp(&b.panel.node.span().start))
    });
    let mut open: Vec<&Placed<'_, 't>> = Vec::new();
    let mut overlaps = Vec::new();
    for panel in &placed {
        open.retain(|above| above.list == panel.list && above.rect.y + above.rect.h > panel.rect.y);
        match open
            .iter()
            .find(|above| side_by_side(above.rect, panel.rect))
        {
            Some(above) => overlaps.push((panel.panel, above.panel)),
            None => open.push(panel),
        }
    }
    for (panel, above) in overlaps {
        let _ = cx
            .report(
                Place::head(panel.node),
                "this panel lies on another: Grafana moves one of them, and what was side by side no longer is",
            )
            .at(Context::panel_steps(panel))
            .related(Place::head(above.node), "the panel it lies on")
            .help("place the panels in `gridPos` so that none covers another")
            .together("lies on another, too");
    }
}

/// Whether they share columns.
fn side_by_side(one: GridRect, other: GridRect) -> bool {
    one.x < other.x + other.w && other.x < one.x + one.w
}
