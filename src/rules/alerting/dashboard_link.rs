//! Links from alerts to dashboards.

use super::face::{Seen, alerts};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "broken-dashboard-link",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert whose link to a dashboard leads nowhere",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/broken-dashboard-link.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for seen in alerts(cx) {
        if matches!(seen.alert, Alert::Grafana(_)) {
            ties(cx, &seen);
        }
        for annotation in seen.annotations() {
            let key = annotation.key().unwrap_or_default();
            if !key.starts_with("__") && key.contains("dashboard") {
                link(cx, &seen, annotation);
            }
        }
    }
}

/// `__dashboardUid__` and `__panelId__`, and the fields of a provisioned rule that stand for them (Grafana 12.1,
/// pkg/services/provisioning/alerting/rules_types.go).
fn ties<'s, 't>(cx: &mut Context<'s, 't>, seen: &Seen<'s, 't>) {
    let said = |node: &NodeRef<'t>| node.as_text().is_some_and(|text| !text.value.is_empty());
    let field = |name: &str| seen.node().get(name).filter(said);
    let annotation = |name: &str| seen.node().path(&["annotations", name]).filter(said);
    let (noted, noted_panel) = (annotation("__dashboardUid__"), annotation("__panelId__"));
    let dashboard = field("dashboardUid").or(noted);
    let panel = field("panelId").or(noted_panel);
    // `SetDashboardAndPanelFromAnnotations` and `ValidateAlertRule` of Grafana 12.1,
    // pkg/services/ngalert/models/alert_rule.go: the field `dashboardUid` may stand alone.
    let lonely = match (dashboard, panel) {
        (None, Some(panel)) => Some(panel),
        (Some(_), None) => noted,
        _ => None,
    };
    if let Some(lonely) = lonely {
        let _ = cx
            .report(
                lonely,
                "an alert names a dashboard and a panel of it, or neither: Grafana refuses this rule",
            )
            .at(seen.steps())
            .help("set `__dashboardUid__` and `__panelId__`, or drop both");
    }
    if let Some((panel, text)) = panel.zip(panel.and_then(NodeRef::as_text))
        && text.value.parse::<i64>().is_err()
        && !text.value.contains('$')
    {
        let _ = cx
            .report(
                panel,
                "the id of a panel is a whole number: Grafana refuses this rule",
            )
            .at(seen.steps())
            .help("the panel's id stands in its link: `viewPanel=12`");
    }
    if let Some((dashboard, uid)) = dashboard.zip(dashboard.and_then(NodeRef::as_text)) {
        missing(cx, seen, dashboard, &uid.value);
    }
}

/// `dashboard_url: https://grafana.acme.io/d/abc/name`.
fn link<'s, 't>(cx: &mut Context<'s, 't>, seen: &Seen<'s, 't>, annotation: NodeRef<'t>) {
    let Some(text) = annotation.as_text() else {
        return;
    };
    let path = text.value.split(['?', '#']).next().unwrap_or("");
    let Some((_, rest)) = path.split_once("/d/") else {
        return;
    };
    let uid = rest.split('/').next().unwrap_or("");
    missing(cx, seen, annotation, uid);
}

fn missing<'s, 't>(cx: &mut Context<'s, 't>, seen: &Seen<'s, 't>, at: NodeRef<'t>, uid: &str) {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    // A project without dashboards has them elsewhere.
    if uid.is_empty()
        || !uid.chars().all(known)
        || cx.project.dashboard_count() < 2
        || cx.project.has_dashboard(uid)
    {
        return;
    }
    let _ = cx
        .report(
            Place::value(at),
            format!("no dashboard of the project has the uid \"{uid}\": unless it comes from elsewhere, the link leads to \"not found\""),
        )
        .lower(Severity::Info)
        .at(seen.steps())
        .help("link to the uid of a dashboard that is there");
}
