//! Uids that Grafana refuses for their length.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form, Wrapper};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "uid-too-long",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "dashboard uid of more than 40 characters",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/uid-too-long.md"),
    check: Check::Dashboard(check),
};

/// The longest uid Grafana stores (pkg/services/dashboards/errors.go).
const LONGEST: usize = 40;

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // The name of a resource follows the rules of Kubernetes.
    if dashboard.wrapper() == Wrapper::Resource || dashboard.form == Form::LibraryPanel {
        return;
    }
    let (Some(node), Some(uid)) = (dashboard.uid_node(), dashboard.uid()) else {
        return;
    };
    if uid.len() <= LONGEST {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!("Grafana refuses the dashboard: its uid has {} characters, and {LONGEST} are allowed", uid.len()),
        )
        .help("shorten it; links to the dashboard hold it too");
}
