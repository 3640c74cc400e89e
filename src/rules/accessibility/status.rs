//! The colours that say what state something is in, and what else says it.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::colors::{Colored, colored, mapping_colors, threshold_colors};
use crate::color::verdict::Use;
use crate::model::{FieldConfig, Mapping, Override, Panel, Thresholds};
use crate::syntax::NodeRef;

/// Colours of one panel of which each stands for a state.
pub(super) struct StatusSet<'t> {
    pub(super) colors: Vec<Colored<'t>>,
    pub(super) cue: Cue,
    pub(super) paint: Paint,
}

/// What tells the states of a set apart.
pub(super) enum Cue {
    /// Nothing but the colours, and why.
    Color(String),
    /// The value is printed, or its place says it.
    Value,
}

/// What is painted with a colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    /// A text on the panel's own background.
    Text(Use),
    /// A cell, a bar, a background: Grafana chooses black or white for a text on it (`getContrastText`).
    Fill,
}

/// The sets of a panel.
pub(super) fn status_sets<'t>(panel: &Panel<'t>) -> Vec<StatusSet<'t>> {
    let mut sets = Sets::default();
    let kind = panel.kind();
    if kind == "singlestat" {
        sets.singlestat(panel.node);
    }
    for style in panel
        .node
        .get("styles")
        .into_iter()
        .flat_map(NodeRef::items)
    {
        sets.old_column(style);
    }
    let Some(config) = panel.field_config() else {
        return sets.all;
    };
    let mode = config.color_mode();
    let by_thresholds = mode.as_deref().is_none_or(|mode| mode == "thresholds");
    let mappings = mapping_colors(config.mappings());
    let thresholds = match by_thresholds {
        true => threshold_colors(&config),
        false => Vec::new(),
    };
    if hides_values(panel, &kind, mode.is_none() && mappings.is_empty()) {
        let mut colors: Vec<_> = mappings.into_iter().map(|(color, _)| color).collect();
        colors.extend(thresholds);
        let why = "no value is shown beside it".to_owned();
        sets.add(colors, Cue::Color(why), Paint::Fill);
        return sets.all;
    }
    let paint = paint(panel, &config, &kind);
    if kind == "timeseries" || kind == "trend" {
        // Lines and areas behind the series, whatever colours the series have.
        if paint.is_some() {
            sets.add(threshold_colors(&config), Cue::Value, Paint::Fill);
        }
        return sets.all;
    }
    if let Some(paint) = paint {
        sets.states(&mappings, thresholds, paint);
    }
    for rule in config.overrides() {
        sets.overridden(&config, &rule, paint, by_thresholds);
    }
    sets.all
}

/// Whether a panel shows a colour for a value and neither the value nor a text for it.
fn hides_values(panel: &Panel<'_>, kind: &str, bare: bool) -> bool {
    let option = |name: &str| panel.option(&[name]).and_then(NodeRef::as_str);
    match kind {
        // A state timeline's own default is a scale of colours, not thresholds.
        "state-timeline" if bare => false,
        "state-timeline" | "status-history" => option("showValue").as_deref() == Some("never"),
        "stat" => {
            matches!(option("textMode").as_deref(), Some("none" | "name"))
                && option("colorMode").as_deref() != Some("none")
        }
        "bargauge" => {
            option("valueMode").as_deref() == Some("hidden")
                && option("displayMode").as_deref() != Some("gradient")
        }
        _ => false,
    }
}

/// What a panel paints by its fields' states; `None` where it paints nothing by them.
fn paint(panel: &Panel<'_>, config: &FieldConfig<'_>, kind: &str) -> Option<Paint> {
    match kind {
        "stat" => match panel.option(&["colorMode"]).and_then(NodeRef::as_str) {
            None => Some(Paint::Text(Use::LargeText)),
            Some(mode) if mode == "value" => Some(Paint::Text(Use::LargeText)),
            Some(mode) if mode.starts_with("background") => Some(Paint::Fill),
            Some(_) => None,
        },
        "gauge" | "bargauge" | "state-timeline" | "status-history" => Some(Paint::Fill),
        "table" => {
            let cell = config
                .default(&["custom", "cellOptions", "type"])
                .or_else(|| config.default(&["custom", "displayMode"]))?;
            cell_paint(&cell.as_str()?)
        }
        "timeseries" | "trend" => {
            let style = config
                .default(&["custom", "thresholdsStyle", "mode"])?
                .as_str()?;
            (style != "off").then_some(Paint::Fill)
        }
        _ => None,
    }
}

/// What a table's cell of this type paints (`TableCellDisplayMode`).
fn cell_paint(cell: &str) -> Option<Paint> {
    match cell {
        "color-text" => Some(Paint::Text(Use::Text)),
        "color-background"
        | "color-background-solid"
        | "gauge"
        | "basic"
        | "lcd-gauge"
        | "gradient-gauge" => Some(Paint::Fill),
        _ => None,
    }
}

#[derive(Default)]
struct Sets<'t> {
    all: Vec<StatusSet<'t>>,
    /// The first colours of the sets: the same list may count for several columns.
    seen: FxHashSet<(usize, u32)>,
}

impl<'t> Sets<'t> {
    fn add(&mut self, colors: Vec<Colored<'t>>, cue: Cue, paint: Paint) {
        let Some(first) = colors.first() else { return };
        let key = (
            std::ptr::from_ref(first.node.tree()) as usize,
            first.node.id(),
        );
        if matches!(cue, Cue::Color(_)) || self.seen.insert(key) {
            self.all.push(StatusSet { colors, cue, paint });
        }
    }

    /// Mappings and threshold steps whose values are shown; mappings with the same text, or none, apart.
    fn states(
        &mut self,
        mappings: &[(Colored<'t>, Option<String>)],
        thresholds: Vec<Colored<'t>>,
        paint: Paint,
    ) {
        let mut texts: Vec<&String> = mappings
            .iter()
            .filter_map(|(_, text)| text.as_ref())
            .collect();
        texts.sort();
        texts.dedup();
        for text in texts {
            let alike: Vec<_> = mappings
                .iter()
                .filter(|(_, other)| other.as_ref() == Some(text))
                .map(|(color, _)| color.clone())
                .collect();
            if alike.len() < 2 {
                continue;
            }
            let why = if text.trim().is_empty() {
                "the states are shown without a word".to_owned()
            } else {
                format!("both states are shown as \"{text}\"")
            };
            self.add(alike, Cue::Color(why), paint);
        }
        let colors = mappings.iter().map(|(color, _)| color.clone()).collect();
        self.add(colors, Cue::Value, paint);
        self.add(thresholds, Cue::Value, paint);
    }

    /// What an override changes; what it leaves comes from the defaults.
    fn overridden(
        &mut self,
        config: &FieldConfig<'t>,
        rule: &Override<'t>,
        default: Option<Paint>,
        by_thresholds: bool,
    ) {
        let cell = rule
            .properties("custom.cellOptions")
            .last()
            .and_then(|options| options.get("type"))
            .or_else(|| rule.properties("custom.displayMode").last());
        let own_paint = cell.map(|cell| cell_paint(&cell.as_str().unwrap_or_default()));
        let own_thresholds = rule.properties("thresholds").last();
        let own_mappings = rule.properties("mappings").last();
        if own_paint.is_none() && own_thresholds.is_none() && own_mappings.is_none() {
            return;
        }
        let Some(paint) = own_paint.unwrap_or(default) else {
            return;
        };
        let mode = rule
            .properties("color")
            .last()
            .and_then(|color| color.get("mode")?.as_str());
        let by_thresholds = mode.map_or(by_thresholds, |mode: Cow<'_, str>| mode == "thresholds");
        let mappings = match own_mappings {
            Some(list) => mapping_colors(list.items().map(|node| Mapping { node })),
            None => mapping_colors(config.mappings()),
        };
        let thresholds = match own_thresholds {
            _ if !by_thresholds => Vec::new(),
            Some(node) => step_colors(node),
            None => threshold_colors(config),
        };
        self.states(&mappings, thresholds, paint);
    }

    /// The panel before `stat`: three colours and up to two thresholds, "50,80".
    fn singlestat(&mut self, panel: NodeRef<'t>) {
        let is = |key: &str| panel.get(key).and_then(NodeRef::as_bool) == Some(true);
        let paint = match (is("colorBackground"), is("colorValue")) {
            (true, _) => Paint::Fill,
            (false, true) => Paint::Text(Use::LargeText),
            _ => return,
        };
        let Some(thresholds) = panel.get("thresholds").and_then(NodeRef::as_str) else {
            return;
        };
        let steps = thresholds.split(',').filter(|step| !step.trim().is_empty());
        self.listed(panel, steps.count(), paint);
    }

    /// A column of the table before Grafana 7.
    fn old_column(&mut self, style: NodeRef<'t>) {
        let paint = match style.get("colorMode").and_then(NodeRef::as_str).as_deref() {
            Some("value") => Paint::Text(Use::Text),
            Some("cell" | "row") => Paint::Fill,
            _ => return,
        };
        let steps = style.get("thresholds").into_iter().flat_map(NodeRef::items);
        self.listed(style, steps.count(), paint);
    }

    /// The colours in `colors` that so many thresholds lead to.
    fn listed(&mut self, node: NodeRef<'t>, thresholds: usize, paint: Paint) {
        if thresholds == 0 {
            return;
        }
        let colors = node.get("colors").into_iter().flat_map(NodeRef::items);
        let colors = colors.take(thresholds + 1).filter_map(colored).collect();
        self.add(colors, Cue::Value, paint);
    }
}

fn step_colors(thresholds: NodeRef<'_>) -> Vec<Colored<'_>> {
    let steps = Thresholds::new(thresholds).map(|thresholds| thresholds.steps());
    steps
        .unwrap_or_default()
        .iter()
        .filter_map(|step| colored(step.color_node()?))
        .collect()
}
