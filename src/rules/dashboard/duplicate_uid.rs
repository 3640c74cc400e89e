//! Dashboards that share a uid.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form};
use crate::rules::location;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-uid",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "uid that two dashboards of the project have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/duplicate-uid.md"),
    check: Check::Dashboard(check),
};

/// How many other places a finding names.
const MOST: usize = 10;

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let (Some(node), Some(uid)) = (dashboard.uid_node(), dashboard.uid()) else {
        return;
    };
    let places = cx.project.dashboards(&uid);
    if places.len() < 2 || dashboard.form == Form::LibraryPanel {
        return;
    }
    let here = location(cx.file, Place::value(node));
    let mut finding = cx
        .report(
            Place::value(node),
            format!(
                "{} dashboards have the uid \"{uid}\": one Grafana shows only one of them",
                places.len()
            ),
        )
        .help("give each a uid of its own, unless they are for different Grafanas");
    for other in places.iter().filter(|other| **other != here).take(MOST) {
        finding = finding.related_at(other.clone(), "the same uid");
    }
}
