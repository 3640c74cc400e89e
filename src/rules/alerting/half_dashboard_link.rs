//! Alerts that Grafana refuses for their tie to a panel.

use crate::diagnostic::{Group, Severity};
use crate::rules::{Alert, Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "half-dashboard-link",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert with a panel and no dashboard, or the other way round",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/half-dashboard-link.md"),
    check: Check::Alert(check),
};

/// `__dashboardUid__` and `__panelId__`, and the fields of a provisioned rule that stand for them, a misspelt one among them
/// (Grafana 12.1, pkg/services/provisioning/alerting/rules_types.go).
fn check<'t>(alert: &Alert<'t>, cx: &mut Context<'_, 't>) {
    let Alert::Grafana(rule) = alert else { return };
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
}
