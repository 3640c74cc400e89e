//! Dashboards in the wrapper of the HTTP API.

use super::provisioned::is_provisioned;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form, Wrapper};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "api-wrapper-in-provisioning",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "HTTP API wrapper around a provisioned dashboard",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/api-wrapper-in-provisioning.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = dashboard.root.get("dashboard") else {
        return;
    };
    if dashboard.wrapper() != Wrapper::Api || dashboard.form == Form::LibraryPanel {
        return;
    }
    let provisioned = is_provisioned(dashboard, cx);
    let finding = cx
        .report(
            Place::head(node),
            "file provisioning refuses this dashboard: it looks for a title beside `dashboard`, not in it",
        )
        .help("keep only what stands in `dashboard`");
    if !provisioned {
        let _ = finding.lower(Severity::Info);
    }
}
