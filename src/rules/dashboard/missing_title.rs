//! Dashboards without a title.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form, Wrapper};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "missing-title",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "dashboard without a title",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/missing-title.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let titled = dashboard
        .title()
        .is_some_and(|title| !title.trim().is_empty());
    if titled || dashboard.form == Form::LibraryPanel {
        return;
    }
    // A title of another type is a fault of its own.
    let node = dashboard.node.get("title");
    if node.is_some_and(|node| node.as_str().is_none() && !node.is_null()) {
        return;
    }
    let place = node.map_or_else(|| Place::head(dashboard.node), Place::value);
    let finding = cx
        .report(place, "Grafana refuses the dashboard: it has no title")
        .help("give it a `title`");
    // What fills a wrapper in before it is sent can add the title.
    if dashboard.wrapper() != Wrapper::None {
        let _ = finding.lower(Severity::Info);
    }
}
