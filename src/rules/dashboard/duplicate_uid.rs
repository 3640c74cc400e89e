//! Dashboards that share a uid.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form};
use crate::rules::location;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-uid",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "uid that two dashboards of one Grafana have",
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
    if !cx.project.shares_uid(&uid) || dashboard.form == Form::LibraryPanel {
        return;
    }
    let here = location(cx.file, Place::value(node));
    let twins = cx.reach.same_uid(&uid, &here);
    let certain = !twins.certain.is_empty();
    let others = match certain {
        true => twins.certain,
        false => twins.possible,
    };
    if others.is_empty() {
        return;
    }
    let message = match certain {
        true => format!(
            "another dashboard of this Grafana has the uid \"{uid}\": only one of them is stored, and no change of either is taken over"
        ),
        false => format!(
            "{} dashboards have the uid \"{uid}\": one Grafana shows only one of them",
            others.len() + 1
        ),
    };
    let mut finding = cx.report(Place::value(node), message).help(match certain {
        true => "give each a uid of its own",
        false => "give each a uid of its own, unless they are for different Grafanas",
    });
    for other in others.into_iter().take(MOST) {
        finding = finding.related_at(other.clone(), "the same uid");
    }
    if !certain {
        let _ = finding.lower(Severity::Info);
    }
}
