//! Thresholds without steps.

use super::effect::{Effect, effect};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "empty-threshold-steps",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "thresholds without a step, which paint everything grey",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/empty-threshold-steps.md"),
    check: Check::Panel(check),
};

/// Without steps the colour is `#808080` (@grafana/data 13.2.3, getActiveThreshold).
fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let Some(thresholds) = config.thresholds() else {
        return;
    };
    if !thresholds.steps().is_empty() || effect(panel) != Effect::Colors {
        return;
    }
    // Mappings and overrides give colours too.
    if config.mappings().next().is_some() || config.overrides().next().is_some() {
        return;
    }
    let _ = cx
        .report(
            Place::value(thresholds.steps_node),
            "the thresholds have no step: every value is shown in grey",
        )
        .help(
            "write the colour of the base step, or choose a colour mode that needs no thresholds",
        );
}
