//! A minimum above the maximum.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "min-above-max",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "minimum above the maximum, which Grafana swaps without a word",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/thresholds/min-above-max.md"),
    check: Check::Panel(check),
};

/// Grafana swaps the two on load (Grafana, packages/grafana-data/src/field/fieldOverrides.ts, validateFieldConfig);
/// what overrides set is not looked at there.
fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(defaults) = panel.field_config().and_then(|config| config.defaults()) else {
        return;
    };
    let (Some(low), Some(high)) = (defaults.get("min"), defaults.get("max")) else {
        return;
    };
    let (Some(min), Some(max)) = (low.as_f64(), high.as_f64()) else {
        return;
    };
    if min <= max {
        return;
    }
    let edits = vec![
        (low.span(), high.raw().to_owned()),
        (high.span(), low.raw().to_owned()),
    ];
    let _ = cx
        .report(
            Place::value(low),
            format!("the minimum of {min} lies above the maximum of {max}: Grafana shows the range from {max} to {min}"),
        )
        .related(Place::value(high), "the maximum")
        .help("write the bounds that are meant")
        .fix_in(defaults, "swap the bounds, as Grafana does", Safety::Safe, Some(edits));
}
