//! Links that lead to no dashboard of the project.

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "broken-link-to-dashboard",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "link to a dashboard that the project does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/broken-link-to-dashboard.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // A dashboard alone says nothing of those beside it.
    let project = cx.project;
    if project.dashboard_count() < 2 {
        return;
    }
    let panels = dashboard
        .panels
        .iter()
        .flat_map(|panel| panel.links().chain(panel.data_links()));
    for link in dashboard.links().chain(panels) {
        let (Some(node), Some(url)) = (link.url_node(), link.url()) else {
            continue;
        };
        let Some(uid) = target(&url).filter(|uid| !project.has_dashboard(uid)) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("no dashboard of the project has the uid \"{uid}\": unless it comes from elsewhere, the link leads to \"not found\""),
            )
            .help("link to the uid of a dashboard that is there")
            .together_by(&(), format!("nor the uid \"{uid}\""));
    }
}

/// The uid in a link within the same Grafana: `/d/<uid>/…`.
pub(in crate::rules) fn target(url: &str) -> Option<&str> {
    let rest = url.strip_prefix('/').unwrap_or(url).strip_prefix("d/")?;
    let uid = rest.split(['/', '?', '#', '&']).next()?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!uid.is_empty() && uid.chars().all(allowed)).then_some(uid)
}
