//! Dashboards that share a title and a folder.

use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form};
use crate::rules::location;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-title-in-folder",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "title that two dashboards of one folder have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/duplicate-title-in-folder.md"),
    check: Check::Dashboard(check),
};

/// From here on a folder may hold several dashboards of one title (grafana/grafana#90687).
const ALLOWED: Version = Version {
    major: 11,
    minor: 3,
};
/// How many other places a finding names.
const MOST: usize = 10;

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if !cx.reach.is_provisioned() || dashboard.form == Form::LibraryPanel {
        return;
    }
    let (Some(node), Some(title)) = (dashboard.node.get("title"), dashboard.title()) else {
        return;
    };
    let here = location(cx.file, Place::value(node));
    let others = cx
        .reach
        .same_title(&title, dashboard.uid().as_deref(), &here);
    if others.is_empty() {
        return;
    }
    let refused = cx.settings.grafana.is_some_and(|grafana| grafana < ALLOWED);
    let what_happens = match refused {
        true => "Grafana stores one of them and refuses the other",
        false => "people cannot tell them apart",
    };
    let mut finding = cx
        .report(
            Place::value(node),
            format!(
                "another dashboard of the same folder is called \"{title}\", too: {what_happens}"
            ),
        )
        .help("give each a title of its own, or put one into another folder");
    for other in others.into_iter().take(MOST) {
        finding = finding.related_at(other.clone(), "the same title");
    }
    if !refused {
        let _ = finding.lower(Severity::Info);
    }
}
