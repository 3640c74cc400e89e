//! Library panels that do not exist.

use rustc_hash::FxHashSet;

use super::{Dangling, nothing, report};
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::project::NameKind;
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-library-panel",
    group: Group::References,
    severity: Severity::Info,
    summary: "library panel that the project does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-library-panel.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if dashboard.library().is_some() {
        return;
    }
    let mut found = Vec::new();
    let mut brought = None;
    for panel in &dashboard.panels {
        let Some(library) = panel.library() else {
            continue;
        };
        let (Some(node), Some(uid)) = (library.node.get("uid"), library.uid) else {
            continue;
        };
        let Some(missing) = cx.reach.missing(NameKind::LibraryPanel, &uid) else {
            continue;
        };
        let brought = brought.get_or_insert_with(|| elements(dashboard));
        if brought.contains(uid.as_ref()) {
            continue;
        }
        let words = nothing("library panel", "has the uid", &uid, missing);
        let message = format!("{words}: unless it comes from elsewhere, the panel shows an error");
        found.push(Dangling::new(node, uid, missing, message).at(Context::panel_steps(panel)));
    }
    if !found.is_empty() {
        let known = cx.reach.names(NameKind::LibraryPanel);
        report(cx, found, &known);
    }
}

/// The uids of the library panels that an export brings along, which are the keys of `__elements`.
fn elements(dashboard: &Dashboard<'_>) -> FxHashSet<String> {
    let elements = dashboard.node.get("__elements").into_iter();
    elements
        .flat_map(NodeRef::members)
        .filter_map(|element| Some(element.key()?.into_owned()))
        .collect()
}
