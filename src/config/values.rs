//! Values of the configuration, read from TOML.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use toml_edit::{Item, Value};

use crate::diagnostic::Severity;
use crate::rules::{OptionDefault, OptionValue};

/// A version of Grafana or Prometheus, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 12 of 12.1.
    pub major: u32,
    /// 1 of 12.1.
    pub minor: u32,
}

impl FromStr for Version {
    type Err = String;

    /// `12`, `12.1`, `v12.1.3`: what follows the minor number does not matter.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<u32>> = text
            .strip_prefix('v')
            .unwrap_or(text)
            .split('.')
            .map(|part| {
                (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
                    .then(|| part.parse().ok())?
            })
            .collect();
        match parts.as_deref() {
            Some([major, rest @ ..]) if rest.len() <= 2 => Ok(Version {
                major: *major,
                minor: rest.first().copied().unwrap_or(0),
            }),
            _ => Err(format!("`{text}` is no version")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a line of `[rules]` says about whether a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Not at all.
    Off,
    /// At its own severity, or at the one a weaker line gave it.
    On,
    /// At this severity.
    At(Severity),
}

pub(crate) fn level(item: &Item) -> Option<Level> {
    match item.as_value()? {
        Value::Boolean(on) => Some(if *on.value() { Level::On } else { Level::Off }),
        Value::String(word) => match word.value().as_str() {
            "off" => Some(Level::Off),
            word => word.parse().ok().map(Level::At),
        },
        _ => None,
    }
}

/// A date, written as TOML's own or as a string.
pub(crate) fn date(item: &Item) -> Option<Date> {
    match item.as_value()? {
        Value::Datetime(written) => {
            let date = written.value().date?;
            let (year, month, day) = (
                i16::try_from(date.year).ok()?,
                i8::try_from(date.month).ok()?,
                i8::try_from(date.day).ok()?,
            );
            Date::new(year, month, day).ok()
        }
        Value::String(text) => text.value().parse().ok(),
        _ => None,
    }
}

/// The value of a rule's option, if it has the type of its default.
pub(crate) fn option(item: &Item, default: OptionDefault) -> Option<OptionValue> {
    let value = item.as_value()?;
    match default {
        OptionDefault::Bool(_) => value.as_bool().map(OptionValue::Bool),
        OptionDefault::Int(_) => value.as_integer().map(OptionValue::Int),
        OptionDefault::Float(_) => value
            .as_float()
            .or_else(|| value.as_integer().map(|whole| whole as f64))
            .map(OptionValue::Float),
        OptionDefault::Str(_) => value.as_str().map(|text| OptionValue::Str(text.to_owned())),
        OptionDefault::List(_) => {
            let items: Option<Vec<String>> = value
                .as_array()?
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect();
            items.map(OptionValue::List)
        }
    }
}

/// A number above zero.
pub(crate) fn positive(item: &Item) -> Option<f64> {
    let number = item
        .as_float()
        .or_else(|| item.as_integer().map(|whole| whole as f64))?;
    (number > 0.0).then_some(number)
}

/// The theme dashboards are looked at in. Unset it is the dark one, Grafana's own default: in the light theme most of
/// Grafana's named colours miss the usual contrasts, and nobody could act on all those findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The dark one.
    #[default]
    Dark,
    /// The light one.
    Light,
    /// Either.
    Both,
}

impl Theme {
    /// The themes in which colours are judged.
    pub fn themes(self) -> &'static [crate::color::Theme] {
        use crate::color::Theme as Painted;
        match self {
            Theme::Dark => &[Painted::Dark],
            Theme::Light => &[Painted::Light],
            Theme::Both => &[Painted::Dark, Painted::Light],
        }
    }
}

/// The language of the queries of Prometheus data sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Prometheus' own.
    #[default]
    Promql,
    /// VictoriaMetrics'.
    Metricsql,
}

/// How metrics and labels may be called (Prometheus: `metric_name_validation_scheme`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// Any text, as by default since Prometheus 3.0.
    #[default]
    Utf8,
    /// Letters, digits and `_`, in metrics `:` too.
    Legacy,
}
