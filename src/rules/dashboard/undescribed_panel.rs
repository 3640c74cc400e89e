//! Panels that do not say what they show.

use crate::diagnostic::suppress::says_nothing;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "undescribed-panel",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "panel without a title or a description",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/undescribed-panel.md"),
    check: Check::Dashboard(check),
};

/// How many other panels one finding lists.
fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for panel in &dashboard.panels {
        let Some(what) = missing(panel) else { continue };
        let _ = cx
            .report(
                Place::head(panel.node),
                format!("this panel has {what}: who did not build it guesses what it shows"),
            )
            .at(Context::panel_steps(panel))
            .help("say in `description` what is shown and what a bad value means")
            .together_by(&(), "nor this one");
    }
}

/// What a panel lacks. Text speaks for itself, and a panel of the library has its words there.
fn missing(panel: &Panel<'_>) -> Option<&'static str> {
    if panel.kind() == "text" || panel.library().is_some() || panel.is_exported_model() {
        return None;
    }
    let described = panel
        .description()
        .is_some_and(|description| !says_nothing(&description));
    match (panel.title(), described) {
        (None, false) => Some("neither a title nor a description"),
        (None, true) => Some("no title"),
        (Some(_), false) => Some("no description"),
        (Some(_), true) => None,
    }
}
