//! The facts of `rules/facts/colors.toml` as tables. The build script writes them; nothing is parsed at run time.

use super::ramp::{Family, Palette};
use super::{Rgba, Theme, Themed};

#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
mod tables {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/colors.rs"));
}
pub(crate) use tables::*;

/// A colour mode, the `mode` of `fieldConfig.defaults.color`.
#[derive(Debug, PartialEq)]
pub struct ColorMode {
    /// Its id, as `palette-classic`.
    pub id: &'static str,
    /// How it finds a colour.
    pub kind: ModeKind,
    /// Whether the colour follows the value, not the series.
    pub by_value: bool,
    /// Its colours in order; empty if they come from elsewhere (thresholds, the classic palette, an interpolator of d3).
    pub colors: &'static [&'static str],
    /// Grafana's group "Accessible".
    pub accessible: bool,
    /// Whether red and green are its ends.
    pub red_green: bool,
    /// The first of the sampled versions of Grafana that has it; nothing if it was always there.
    pub since: Option<&'static str>,
}

/// How a colour mode finds a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeKind {
    /// One colour the author names.
    Fixed,
    /// From the threshold steps.
    Threshold,
    /// From a list, by series.
    Categorical,
    /// Between the ends of a scale, by value.
    Continuous,
    /// In the type, but not in the registry: acts as `thresholds`.
    Unregistered,
}

/// A colour scheme of the heatmap panel.
#[derive(Debug, PartialEq)]
pub struct HeatmapScheme {
    /// Its name, as `Oranges`.
    pub name: &'static str,
    /// Its shape.
    pub kind: SchemeKind,
    /// Whether red and green stand for opposite ends.
    pub red_green: RedGreen,
}

/// The shape of a colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// Two hues with a light middle.
    Diverging,
    /// From dark to light.
    Sequential,
    /// Ends where it began.
    Cyclical,
}

/// Whether a scheme tells its values apart by red and green.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedGreen {
    /// At its ends.
    Yes,
    /// Somewhere between.
    Partly,
    /// No.
    No,
}

/// The colour mode with this id, case-sensitively.
pub fn color_mode(id: &str) -> Option<&'static ColorMode> {
    MODES.iter().find(|mode| mode.id == id)
}

/// All colour modes.
pub fn color_modes() -> &'static [ColorMode] {
    MODES
}

/// The heatmap scheme with this name, case-sensitively. Grafana takes `Spectral` for a name it does not know.
pub fn heatmap_scheme(name: &str) -> Option<&'static HeatmapScheme> {
    HEATMAP.iter().find(|scheme| scheme.name == name)
}

/// The 64 colours of `palette-classic`; a series takes the one at its index modulo 64.
pub fn classic_palette() -> &'static [&'static str] {
    CLASSIC
}

/// Palettes for series that hold without red and green: the name and the colours.
pub fn series_palettes() -> &'static [(&'static str, &'static [&'static str])] {
    SERIES_PALETTES
}

/// Grafana's 30 shades of six hues, by name.
pub fn named_colors() -> &'static [(&'static str, Themed)] {
    NAMED
}

/// The colour Grafana gives where a name is empty or a fixed colour is missing.
pub fn fallback() -> Rgba {
    FALLBACK
}

/// A surface colours lie on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// A panel.
    Panel,
    /// The dashboard behind the panels.
    Canvas,
    /// Raised parts.
    Secondary,
}

impl Background {
    /// Its colour.
    pub fn of(self, theme: Theme) -> Rgba {
        match self {
            Background::Panel => PANEL.of(theme),
            Background::Canvas => CANVAS.of(theme),
            Background::Secondary => SECONDARY.of(theme),
        }
    }
}

/// What Grafana uses where the author set nothing.
pub mod defaults {
    use super::tables;

    /// The colours of the threshold steps of a panel without thresholds.
    pub fn thresholds() -> &'static [&'static str] {
        tables::DEFAULT_THRESHOLDS
    }

    /// The scheme of a heatmap.
    pub fn heatmap_scheme() -> &'static str {
        tables::DEFAULT_HEATMAP_SCHEME
    }

    /// The scheme of a heatmap whose scheme is not known.
    pub fn heatmap_unknown_scheme() -> &'static str {
        tables::DEFAULT_HEATMAP_UNKNOWN_SCHEME
    }

    /// The colour of a heatmap in `opacity` mode.
    pub fn heatmap_fill() -> &'static str {
        tables::DEFAULT_HEATMAP_FILL
    }

    /// The colour mode of a state timeline.
    pub fn state_timeline_mode() -> &'static str {
        tables::DEFAULT_STATE_TIMELINE_MODE
    }

    /// The colour of `true` (or `false`) where no mode gives one.
    pub fn boolean(value: bool) -> &'static str {
        if value {
            tables::DEFAULT_BOOLEAN_TRUE
        } else {
            tables::DEFAULT_BOOLEAN_FALSE
        }
    }
}

/// Looks `key` up in a table sorted by key.
pub(crate) fn find<T: Copy>(table: &[(&str, T)], key: &str) -> Option<T> {
    table
        .binary_search_by(|(k, _)| (*k).cmp(key))
        .ok()
        .map(|at| table[at].1)
}
