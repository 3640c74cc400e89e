//! Scales of colours from red to green where only the colour shows the value.

use crate::color::data::{RedGreen, color_mode, heatmap_scheme};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "palette-not-accessible",
    group: Group::Accessibility,
    severity: Severity::Info,
    summary: "colour scale from red to green that shows values by colour alone",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/palette-not-accessible.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = scale(panel) else { return };
    let name = node.as_str().unwrap_or_default();
    let _ = cx
        .report(
            Place::value(node),
            format!("the scale `{name}` runs from red to green: to people with deuteranopia its ends are one colour, and nothing else shows the value here"),
        )
        .help("choose a scale that runs from dark to light, such as Viridis or Cividis, or show the values");
}

/// The scale's name, where its ends are red and green and the values are not shown.
fn scale<'t>(panel: &Panel<'t>) -> Option<NodeRef<'t>> {
    let option = |path: &[&str]| panel.option(path).and_then(NodeRef::as_str);
    let kind = panel.kind();
    if kind == "heatmap" {
        let scheme = panel.option(&["color", "scheme"])?;
        let known = heatmap_scheme(&scheme.as_str()?)?;
        let by_scheme = option(&["color", "mode"]).as_deref() != Some("opacity");
        return (by_scheme && known.red_green == RedGreen::Yes).then_some(scheme);
    }
    let hidden = match kind.as_ref() {
        "state-timeline" | "status-history" => option(&["showValue"]).as_deref() == Some("never"),
        "stat" => matches!(option(&["textMode"]).as_deref(), Some("none" | "name")),
        "geomap" => true,
        _ => false,
    };
    let config = panel.field_config()?;
    // A mapping's colour goes before the scale's.
    if config.mappings().next().is_some() {
        return None;
    }
    let mode = config.default(&["color", "mode"])?;
    (hidden && color_mode(&mode.as_str()?)?.red_green).then_some(mode)
}
