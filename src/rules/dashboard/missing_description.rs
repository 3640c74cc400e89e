//! Dashboards that do not say what they are for.

use crate::diagnostic::suppress::says_nothing;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "missing-description",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "dashboard without a description",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/missing-description.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let described = dashboard
        .description()
        .is_some_and(|description| !says_nothing(&description));
    if described || dashboard.form == Form::LibraryPanel {
        return;
    }
    let _ = cx
        .report(
            Place::head(dashboard.node),
            "nothing says what this dashboard is for: in a list of many, people guess by its title",
        )
        .help("say in `description` whom it is for and what it answers");
}
