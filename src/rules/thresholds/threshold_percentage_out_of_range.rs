//! Percentage steps outside 0 to 100.

use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, ThresholdMode};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "threshold-percentage-out-of-range",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "percentage step that no value reaches",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/threshold-percentage-out-of-range.md"),
    check: Check::Panel(check),
};

/// A percentage is the way from min to max; without them both come from the data, so no value lies outside
/// (@grafana/data 13.2.3, getActiveThresholdForValue and getMinMaxAndDelta).
fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let fixed = |key: &str| {
        config.default(&[key]).and_then(NodeRef::as_f64).is_some()
            || config
                .overrides()
                .any(|rule| rule.properties(key).next().is_some())
    };
    for thresholds in config.all_thresholds() {
        if thresholds.mode() != ThresholdMode::Percentage {
            continue;
        }
        let steps = thresholds.steps();
        let found = steps.iter().skip(1).find_map(|step| {
            let value = step.value.filter(|value| !(0.0..=100.0).contains(value))?;
            Some((step.value_node()?, value))
        });
        let Some((node, value)) = found else { continue };
        let (side, bound) = if value > 100.0 {
            ("above", "max")
        } else {
            ("below", "min")
        };
        let finding = cx
            .report(
                Place::value(node),
                format!("percentage steps go from 0 to 100: {value} % lies {side} the whole range"),
            )
            .help("write a share of the way from min to max, or use absolute steps");
        if fixed(bound) {
            // Values may lie outside a range that the panel fixes.
            let _ = finding.lower(Severity::Info);
        }
    }
}
