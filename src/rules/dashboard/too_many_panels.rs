//! Dashboards nobody reads to the end.

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "too-many-panels",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "dashboard with very many panels",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "most",
        default: OptionDefault::Int(40),
        doc: "The most panels a dashboard may have.",
    }],
    page: include_str!("../../../rules/dashboard/too-many-panels.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let OptionValue::Int(most) = cx.option("most") else {
        return;
    };
    let count = dashboard
        .panels
        .iter()
        .filter(|panel| !panel.is_exported_model() && !panel.is_left_out())
        .filter(|panel| !panel.row.is_some_and(|row| row.is_collapsed()))
        .count();
    if i64::try_from(count).is_ok_and(|count| count <= most) {
        return;
    }
    let _ = cx
        .report(
            Place::head(dashboard.node),
            format!("the dashboard opens with {count} panels: people lose the important ones among the rest"),
        )
        .help("split it and link the parts, or fold the rows that are seldom needed");
}
