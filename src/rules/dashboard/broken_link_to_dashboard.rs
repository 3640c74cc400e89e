//! Links that lead to no dashboard of the project.

use crate::diagnostic::{Group, Severity};
use crate::model::{Alerting, Dashboard};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "broken-link-to-dashboard",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "link to a dashboard that the project does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/broken-link-to-dashboard.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    // A dashboard alone says nothing of those beside it.
    if cx.project.dashboard_count() < 2 {
        return;
    }
    match cx.scope {
        Scope::Dashboard(dashboard) => in_dashboard(dashboard, cx),
        Scope::Alerting(alerting) => in_alerting(alerting, cx),
        _ => {}
    }
}

fn in_dashboard<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let project = cx.project;
    let panels = dashboard
        .panels
        .iter()
        .flat_map(|panel| panel.links().chain(panel.data_links()));
    let mut broken = dashboard.links().chain(panels).filter_map(|link| {
        let (node, url) = (link.url_node()?, link.url()?);
        let uid = target(&url)?;
        (!project.has_dashboard(uid)).then(|| (node, uid.to_owned()))
    });
    let Some((first, uid)) = broken.next() else {
        return;
    };
    let mut finding = cx
        .report(
            Place::value(first),
            format!("no dashboard of the project has the uid \"{uid}\": unless it comes from elsewhere, the link leads to \"not found\""),
        )
        .help("link to the uid of a dashboard that is there");
    for (other, uid) in broken {
        finding = finding.related(Place::value(other), format!("nor the uid \"{uid}\""));
    }
}

/// The dashboards that alert rules belong to, which people are led to from the notification.
fn in_alerting<'t>(alerting: &Alerting<'t>, cx: &mut Context<'_, 't>) {
    for (index, rule) in alerting.rules.iter().enumerate() {
        // Grafana reads the misspelt key, too (Grafana 12, pkg/services/provisioning/alerting/rules_types.go).
        let keys = ["dashboardUid", "dasboardUid"];
        let mut places = keys.iter().filter_map(|key| rule.node.get(key));
        let Some(node) = places
            .next()
            .or_else(|| rule.annotation("__dashboardUid__"))
        else {
            continue;
        };
        let Some(uid) = plain(node).filter(|uid| !cx.project.has_dashboard(uid)) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("no dashboard of the project has the uid \"{uid}\": unless it comes from elsewhere, the link in the notifications leads to \"not found\""),
            )
            .at(Context::alert_steps(alerting, index))
            .help("name the uid of a dashboard that is there");
    }
}

/// A uid that is written out.
fn plain(node: NodeRef<'_>) -> Option<String> {
    let uid = node.as_str()?.into_owned();
    (!uid.is_empty() && !uid.contains('$')).then_some(uid)
}

/// The uid in a link within the same Grafana: `/d/<uid>/…`.
fn target(url: &str) -> Option<&str> {
    let rest = url.strip_prefix('/').unwrap_or(url).strip_prefix("d/")?;
    let uid = rest.split(['/', '?', '#', '&']).next()?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!uid.is_empty() && uid.chars().all(allowed)).then_some(uid)
}
