//! Uids that Grafana refuses for their characters.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Form, Wrapper};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "uid-bad-characters",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "dashboard uid with characters that Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/uid-bad-characters.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // The name of a resource follows the rules of Kubernetes.
    if dashboard.wrapper() == Wrapper::Resource || dashboard.form == Form::LibraryPanel {
        return;
    }
    let (Some(node), Some(uid)) = (dashboard.uid_node(), dashboard.uid()) else {
        return;
    };
    // Something fills it in before Grafana sees it.
    if uid.contains("{{") || uid.contains("${") || uid.starts_with('<') {
        return;
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let Some((at, bad)) = uid.char_indices().find(|(_, c)| !allowed(*c)) else {
        return;
    };
    let _ = cx
        .report(
            Place::text(node, Span::new(at, at + bad.len_utf8())),
            format!("Grafana refuses the dashboard: its uid contains {bad:?}"),
        )
        .help("use letters, digits, `-` and `_`");
}
