//! Links from alerts to dashboards.

use crate::diagnostic::{Group, Severity};
use crate::model::AlertRule;
use crate::project::Missing;
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
    check: Check::Alert(check),
};

fn check<'t>(alert: &Alert<'t>, cx: &mut Context<'_, 't>) {
    if let Alert::Grafana(rule) = alert {
        ties(rule, cx);
    }
    let annotations = alert.node().get("annotations");
    for annotation in annotations.into_iter().flat_map(NodeRef::members) {
        let key = annotation.key().unwrap_or_default();
        if !key.starts_with("__") && key.contains("dashboard") {
            link(annotation, cx);
        }
    }
}

/// `__dashboardUid__` and `__panelId__`, and the fields of a provisioned rule that stand for them, a misspelt one among them
/// (Grafana 12.1, pkg/services/provisioning/alerting/rules_types.go).
fn ties<'t>(rule: &AlertRule<'t>, cx: &mut Context<'_, 't>) {
    let said = |node: &NodeRef<'t>| node.as_text().is_some_and(|text| !text.value.is_empty());
    let field = |name: &str| rule.node.get(name).filter(said);
    let noted = rule.annotation("__dashboardUid__").filter(said);
    let dashboard = field("dashboardUid")
        .or_else(|| field("dasboardUid"))
        .or(noted);
    let panel = field("panelId").or_else(|| rule.annotation("__panelId__").filter(said));
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
            .help("the panel's id stands in its link: `viewPanel=12`");
    }
    if let Some((dashboard, uid)) = dashboard.zip(dashboard.and_then(NodeRef::as_text)) {
        missing(dashboard, &uid.value, cx);
        if let Some((panel, text)) = panel.zip(panel.and_then(NodeRef::as_text)) {
            missing_panel(panel, &uid.value, &text.value, cx);
        }
    }
}

/// `dashboard_url: https://grafana.acme.io/d/abc/name`.
fn link<'t>(annotation: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(text) = annotation.as_text() else {
        return;
    };
    let (path, query) = text.value.split_once('?').unwrap_or((&text.value, ""));
    let path = path.split('#').next().unwrap_or("");
    if let Some((_, rest)) = path.split_once("/d/") {
        let uid = rest.split('/').next().unwrap_or("");
        missing(annotation, uid, cx);
        let mut query = query.split(['&', '#']);
        if let Some(panel) = query.find_map(|pair| pair.strip_prefix("viewPanel=")) {
            missing_panel(annotation, uid, panel.trim_start_matches("panel-"), cx);
        }
    }
}

fn missing_panel<'t>(at: NodeRef<'t>, uid: &str, panel: &str, cx: &mut Context<'_, 't>) {
    let missing = panel
        .parse()
        .ok()
        .and_then(|panel| cx.reach.missing_panel(uid, panel));
    let Some(missing) = missing else { return };
    let finding = cx
        .report(
            Place::value(at),
            format!("the dashboard \"{uid}\" has no panel with the id {panel}: the alert shows at no panel, and its link opens none"),
        )
        .lower(Severity::Warning)
        .help("name the id of a panel that is there: it stands in the panel's link, `viewPanel=12`");
    if missing == Missing::Possibly {
        let _ = finding.lower(Severity::Info);
    }
}

fn missing<'t>(at: NodeRef<'t>, uid: &str, cx: &mut Context<'_, 't>) {
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
        .help("link to the uid of a dashboard that is there");
}
