//! Thresholds that nothing shows.

use super::effect::{Effect, effect, is_default};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "thresholds-without-effect",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "threshold steps that change nothing in this panel",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/thresholds-without-effect.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(thresholds) = panel.field_config().and_then(|config| config.thresholds()) else {
        return;
    };
    // Grafana writes its own defaults, and a base step alone, into panels of every kind.
    if thresholds.steps().len() < 2 || is_default(thresholds) {
        return;
    }
    let Effect::None(why) = effect(panel) else {
        return;
    };
    let _ = cx
        .report(
            Place::head(thresholds.steps_node),
            format!("these threshold steps change nothing: {why}"),
        )
        .help("remove the steps, or let the panel show them");
}
