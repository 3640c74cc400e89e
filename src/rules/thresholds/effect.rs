//! Where a panel's thresholds show.

use crate::model::{FieldConfig, Panel, ThresholdMode, Thresholds};
use crate::syntax::NodeRef;

/// What is certain about a panel's default thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Effect {
    /// Values get their colours.
    Colors,
    /// They are drawn beside the values, which get their colours elsewhere.
    Marks,
    /// They change nothing; the words say why.
    None(&'static str),
    /// The file does not say.
    Unknown,
}

/// All thresholds of `panel`, where anything may show them: where nothing does, nobody is misled.
pub(super) fn shown<'t>(panel: &Panel<'t>) -> Vec<Thresholds<'t>> {
    match panel.field_config() {
        Some(config) if !matches!(effect(panel), Effect::None(_)) => config.all_thresholds(),
        _ => Vec::new(),
    }
}

/// What the default thresholds of `panel` do (Grafana 13.2: which options each panel type has).
pub(in crate::rules) fn effect(panel: &Panel<'_>) -> Effect {
    let Some(config) = panel.field_config() else {
        return Effect::Unknown;
    };
    let mode = config.color_mode();
    let kind = panel.kind();
    match kind.as_ref() {
        // `disableStandardOptions: [Thresholds]`.
        "piechart" => Effect::None("a pie chart has no thresholds"),
        "heatmap" => Effect::None("a heatmap takes its colours from its own scheme"),
        "histogram" if !may_be_by_thresholds(&config) => {
            Effect::None("a histogram does not colour by value")
        }
        "timeseries" | "barchart" | "trend" => {
            if styled(&config) {
                Effect::Colors
            } else if may_be_by_thresholds(&config) {
                Effect::Unknown
            } else {
                Effect::None(
                    "no threshold lines or areas are drawn and the colours do not follow them",
                )
            }
        }
        "table" if !has_coloring_cells(&config) => {
            Effect::None("no column colours its cells or draws a gauge")
        }
        "gauge"
            if draws_marks(panel) && mode.as_deref().is_some_and(|mode| mode != "thresholds") =>
        {
            Effect::Marks
        }
        "stat" | "gauge" | "bargauge" | "status-history" => match mode.as_deref() {
            None | Some("thresholds") if kind != "stat" || paints_value(panel) => Effect::Colors,
            // Without colours of values a sparkline may still follow them.
            None | Some("thresholds") => Effect::Unknown,
            Some(_) if may_be_by_thresholds(&config) => Effect::Unknown,
            Some(mode) if ignores_thresholds(mode) => {
                Effect::None("the colour scheme does not follow them")
            }
            Some(_) => Effect::Unknown,
        },
        _ => Effect::Unknown,
    }
}

/// Some value may be coloured by thresholds: by the defaults, or by an override.
fn may_be_by_thresholds(config: &FieldConfig<'_>) -> bool {
    config.color_mode().as_deref() == Some("thresholds")
        || config
            .overrides()
            .any(|rule| rule.properties("color").next().is_some())
}

/// Colour modes that look at no threshold (@grafana/data 13.2.3).
fn ignores_thresholds(mode: &str) -> bool {
    matches!(
        mode,
        "fixed" | "shades" | "palette-classic" | "palette-classic-by-name"
    ) || mode.starts_with("continuous-")
}

/// Lines or areas are drawn at thresholds.
pub(super) fn styled(config: &FieldConfig<'_>) -> bool {
    let on = |mode: Option<std::borrow::Cow<'_, str>>| mode.is_some_and(|mode| mode != "off");
    on(config
        .default(&["custom", "thresholdsStyle", "mode"])
        .and_then(NodeRef::as_str))
        || config.overrides().any(|rule| {
            rule.properties("custom.thresholdsStyle")
                .any(|style| on(style.get("mode").and_then(NodeRef::as_str)))
        })
}

/// A gauge draws thresholds as marks beside its arc unless both kinds are switched off.
fn draws_marks(panel: &Panel<'_>) -> bool {
    let flag = |key: &str| panel.option(&[key]).and_then(NodeRef::as_bool);
    flag("showThresholdMarkers") != Some(false) || flag("showThresholdLabels") == Some(true)
}

/// A stat paints its value or background unless it is told not to.
fn paints_value(panel: &Panel<'_>) -> bool {
    panel
        .option(&["colorMode"])
        .and_then(NodeRef::as_str)
        .as_deref()
        != Some("none")
}

/// A cell is coloured, or shows something that is.
fn has_coloring_cells(config: &FieldConfig<'_>) -> bool {
    let plain = |kind: Option<std::borrow::Cow<'_, str>>| {
        kind.is_none_or(|kind| matches!(kind.as_ref(), "auto" | "json-view" | "image"))
    };
    let defaults = |path: &[&str]| config.default(path).and_then(NodeRef::as_str);
    if !plain(defaults(&["custom", "cellOptions", "type"]))
        || !plain(defaults(&["custom", "displayMode"]))
    {
        return true;
    }
    config.overrides().any(|rule| {
        rule.properties("custom.cellOptions")
            .any(|cell| !plain(cell.get("type").and_then(NodeRef::as_str)))
            || rule
                .properties("custom.displayMode")
                .any(|mode| !plain(mode.as_str()))
    })
}

/// The thresholds of a panel that certainly show, and the values of their steps in the order of the file; not those that every
/// new panel has, nor shares of a range.
pub(crate) fn steps_that_show<'t>(panel: &Panel<'t>) -> Option<(Thresholds<'t>, Vec<f64>)> {
    let thresholds = panel.field_config()?.thresholds()?;
    let chosen = thresholds.mode() == ThresholdMode::Absolute && !is_default(thresholds);
    if !chosen || !matches!(effect(panel), Effect::Colors | Effect::Marks) {
        return None;
    }
    let steps = thresholds.steps();
    let values: Option<Vec<f64>> = steps.iter().skip(1).map(|step| step.value).collect();
    Some((thresholds, values.filter(|values| !values.is_empty())?))
}

/// What Grafana starts every panel with: green, and red from 80 on.
pub(in crate::rules) fn is_default(thresholds: Thresholds<'_>) -> bool {
    let steps = thresholds.steps();
    let [base, step] = steps.as_slice() else {
        return false;
    };
    base.color().as_deref() == Some("green")
        && step.color().as_deref() == Some("red")
        && step.value == Some(80.0)
}
