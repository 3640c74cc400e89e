//! Threshold steps that were meant in the unit the title names.

use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, ThresholdMode};
use crate::rules::thresholds::effect::{Effect, effect, is_default};
use crate::rules::{Check, Context, Place, Rule};
use crate::units::compare::{Shown, shown};

pub(crate) const RULE: Rule = Rule {
    id: "threshold-scale",
    group: Group::Units,
    severity: Severity::Info,
    summary: "threshold that fits the unit of the title, not that of the panel",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/threshold-scale.md"),
    check: Check::Panel(check),
};

/// So many times the title's unit is no value anybody waits for: 100 seconds where the title speaks of milliseconds.
const FAR_ABOVE: f64 = 1e5;
/// And so small a part of it is none anybody sees: 500 bytes where the title speaks of megabytes.
const FAR_BELOW: f64 = 0.01;

/// Words of titles, and the units that they are in Grafana's list.
const WORDS: &[(&str, &str)] = &[
    ("ns", "ns"),
    ("nanoseconds", "ns"),
    ("us", "µs"),
    ("µs", "µs"),
    ("microseconds", "µs"),
    ("ms", "ms"),
    ("millis", "ms"),
    ("milliseconds", "ms"),
    ("sec", "s"),
    ("seconds", "s"),
    ("minutes", "m"),
    ("hours", "h"),
    ("kb", "deckbytes"),
    ("mb", "decmbytes"),
    ("gb", "decgbytes"),
    ("kib", "kbytes"),
    ("mib", "mbytes"),
    ("gib", "gbytes"),
];

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(thresholds) = panel.field_config().and_then(|config| config.thresholds()) else {
        return;
    };
    let Some(unit_node) = panel.unit_node() else {
        return;
    };
    if thresholds.mode() != ThresholdMode::Absolute || is_default(thresholds) {
        return;
    }
    let (Some(id), Some(title)) = (unit_node.as_str(), panel.title()) else {
        return;
    };
    let Some(unit) = shown(&id).filter(|unit| !unit.dims.is_none() && !unit.moment) else {
        return;
    };
    let Some((word, meant)) = named(&title, unit) else {
        return;
    };
    let steps = thresholds.steps();
    let values = || steps.iter().skip(1).filter_map(|step| step.value);
    let factor = unit.scale / meant.scale;
    let far_above = values().all(|value| value * factor >= FAR_ABOVE);
    let far_below = values().all(|value| value > 0.0 && value * factor <= FAR_BELOW);
    let first = steps
        .iter()
        .skip(1)
        .find_map(|step| Some((step.value?, step.value_node()?)));
    let Some((value, node)) = first.filter(|_| far_above || far_below) else {
        return;
    };
    if matches!(effect(panel), Effect::None(_)) {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!(
                "the title speaks of {word}, the panel's unit is `{id}`: there the step at {value} is {} {word}",
                value * factor
            ),
        )
        .related(Place::value(unit_node), "the panel's unit")
        .help("write the steps in the panel's unit, or choose the unit of the title");
}

/// The last word of a title that is another scale of the panel's unit.
fn named(title: &str, unit: Shown) -> Option<(&str, Shown)> {
    let mut words = title.rsplit(|c: char| !c.is_alphanumeric());
    words
        .find_map(|word| {
            let lower = word.to_lowercase();
            let (_, id) = WORDS.iter().find(|(known, _)| *known == lower)?;
            let meant = shown(id)?;
            (meant.dims == unit.dims).then_some((word, meant))
        })
        .filter(|(_, meant)| meant.scale != unit.scale)
}
