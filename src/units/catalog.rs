//! The units Grafana knows, and the ids it does not.
//!
//! [`lookup`] says what the text of a `unit` option is: a unit of the catalogue, a custom form such as `suffix:pods`, or
//! something Grafana prints behind the number as it stands, without scaling and without a word. The facts are in
//! `rules/facts/units.toml`; the build script turns them into a table, so nothing is parsed at run time.

use super::near;

#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
mod tables {
    use super::{Format, Trap, Unit};
    include!(concat!(env!("OUT_DIR"), "/units.rs"));
}
pub(crate) use tables::CONFUSIONS;
use tables::UNITS;

/// A unit of Grafana's list.
#[derive(Debug, PartialEq)]
pub struct Unit {
    /// What stands in the file, as `Bps`. Ids are case-sensitive.
    pub id: &'static str,
    /// What the unit picker shows, as `bytes/sec(SI)`.
    pub label: &'static str,
    /// Grafana's group, as `Data rate`.
    pub category: &'static str,
    /// What is measured, as `data-rate`. Grafana's category says it only roughly.
    pub dimension: &'static str,
    /// `value in base = value × factor + offset`; nothing for what cannot be converted (texts, booleans, decibels).
    pub factor: Option<f64>,
    /// See `factor`; 0 for all but temperatures.
    pub offset: f64,
    /// The base unit of the dimension, as `byte/s`; nothing for texts and booleans.
    pub base: Option<&'static str>,
    /// What is counted or shared, where the dimension alone does not say it, as `requests`.
    pub quantity: Option<&'static str>,
    /// How Grafana writes a value.
    pub format: Format,
    /// The first of the sampled versions of Grafana that has it; nothing if 6.7 did.
    pub since: Option<&'static str>,
    /// What it is often taken for.
    pub trap: Option<Trap>,
    /// Its place in Grafana's list, from 0.
    pub order: u16,
}

impl Unit {
    /// A value in the base unit.
    pub fn to_base(&self, value: f64) -> Option<f64> {
        self.factor.map(|factor| value * factor + self.offset)
    }

    /// Whether Grafana picks a prefix for the size of the value, as `1.5 kB` for 1500 bytes.
    pub fn autoscales(&self) -> bool {
        matches!(
            self.format,
            Format::Si { .. }
                | Format::Iec { .. }
                | Format::Count { .. }
                | Format::Currency { .. }
                | Format::Short
                | Format::Time
                | Format::DurationWords
                | Format::DurationClock
                | Format::Clock
        )
    }

    /// Whether the value is a moment: milliseconds since 1970.
    pub fn is_date(&self) -> bool {
        self.format == Format::DateTime
    }
}

/// How Grafana writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The number and a suffix.
    Fixed {
        /// What follows the number; may be empty.
        suffix: &'static str,
    },
    /// Steps of 1000: k, M, G …
    Si {
        /// What follows the prefix.
        suffix: &'static str,
        /// How many steps up the value already is; 1 for kilo.
        prescale: i8,
    },
    /// Steps of 1024: Ki, Mi, Gi …
    Iec {
        /// What follows the prefix.
        suffix: &'static str,
        /// How many steps up the value already is; 1 for kibi.
        prescale: i8,
    },
    /// Thousands as K, millions as Mil …
    Short,
    /// K, M, B, T and a suffix.
    Count {
        /// What follows the letter.
        suffix: &'static str,
    },
    /// K, M, B, T and a symbol.
    Currency {
        /// The symbol.
        symbol: &'static str,
        /// Whether it follows the number.
        after: bool,
    },
    /// A share in percent.
    Percent,
    /// The text as it is.
    Text,
    /// Hexadecimal.
    Hex,
    /// Scientific notation.
    Scientific,
    /// With the separators of the reader's language.
    Locale,
    /// A duration in the unit that fits its size.
    Time,
    /// A duration in words, as `2 days`.
    DurationWords,
    /// A duration as `hh:mm:ss`.
    DurationClock,
    /// A duration as `2h:14m:05s`.
    Clock,
    /// A moment.
    DateTime,
    /// One of two words.
    Boolean,
}

/// What an id is often taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trap {
    /// What it means, to stand behind "means".
    pub means: &'static str,
    /// The ids that were perhaps wanted.
    pub instead: &'static [&'static str],
}

/// What the text of a `unit` option is.
#[derive(Clone, Debug, PartialEq)]
pub enum UnitId<'t> {
    /// A unit of the catalogue. An empty text is `none`: the number alone.
    Known(&'static Unit),
    /// Something that is no id and yet no mistake: a form with a colon that Grafana understands, or a variable.
    Custom(Custom<'t>),
    /// Grafana prints the text behind the number as it stands and scales nothing.
    Unknown,
}

/// What was perhaps meant by a text that is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Ids that were perhaps meant, the likeliest first, at most three.
    pub near: Vec<&'static str>,
    /// What to do if no id alone is the answer: one sentence without its full stop.
    pub hint: Option<String>,
}

impl UnitId<'_> {
    /// The unit, if it is one of the catalogue.
    pub fn known(&self) -> Option<&'static Unit> {
        match self {
            UnitId::Known(unit) => Some(unit),
            _ => None,
        }
    }
}

/// A text that is no id and yet no mistake.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Custom<'t> {
    /// `prefix:TEXT`: the text stands before the number.
    Prefix(&'t str),
    /// `suffix:TEXT`: the text stands behind the number.
    Suffix(&'t str),
    /// `time:PATTERN`: milliseconds since 1970, written by a pattern of moment.js.
    Time(&'t str),
    /// `si:UNIT`: steps of 1000. A first letter that is an SI prefix is taken as one: `si:meters` is milli-`eters`.
    Si {
        /// That letter and its factor; `('m', 0.001)`.
        prefix: Option<(char, f64)>,
        /// What follows it.
        unit: &'t str,
    },
    /// `count:UNIT`: K, M, B, T and the unit.
    Count(&'t str),
    /// `currency:SYMBOL`: K, M, B, T behind a symbol.
    Currency(&'t str),
    /// `currency:financial:SYMBOL` or `currency:financial:SYMBOL:suffix`: the whole number.
    Financial {
        /// The symbol; may be empty.
        symbol: &'t str,
        /// Whether it follows the number.
        after: bool,
    },
    /// `bool:TRUE/FALSE`: two words. Without a slash false is `-`.
    Bool {
        /// The word for true.
        yes: &'t str,
        /// The word for false.
        no: &'t str,
    },
    /// A template variable or a macro: the unit is not known here.
    Variable(&'t str),
}

/// The prefixes `si:` knows; `µ` and `μ` are one to Grafana.
const SI: [(char, f64); 14] = [
    ('f', 1e-15),
    ('p', 1e-12),
    ('n', 1e-9),
    ('µ', 1e-6),
    ('μ', 1e-6),
    ('m', 1e-3),
    ('k', 1e3),
    ('M', 1e6),
    ('G', 1e9),
    ('T', 1e12),
    ('P', 1e15),
    ('E', 1e18),
    ('Z', 1e21),
    ('Y', 1e24),
];

/// A second spelling Grafana keeps for old files.
const ALIASES: [(&str, &str); 1] = [("farenheit", "fahrenheit")];

/// All units, sorted by id.
pub fn units() -> &'static [Unit] {
    &UNITS
}

/// The unit with this id, case-sensitively as in Grafana.
pub fn unit(id: &str) -> Option<&'static Unit> {
    let id = ALIASES
        .iter()
        .find(|(alias, _)| *alias == id)
        .map_or(id, |(_, id)| *id);
    UNITS
        .binary_search_by(|unit| unit.id.cmp(id))
        .ok()
        .map(|at| &UNITS[at])
}

/// What the text of a `unit` option is.
pub fn lookup(id: &str) -> UnitId<'_> {
    if let Some(unit) = unit(if id.is_empty() { "none" } else { id }) {
        return UnitId::Known(unit);
    }
    if let Some(custom) = custom(id) {
        return UnitId::Custom(custom);
    }
    if id.contains('$') || id.contains("{{") || id.contains("[[") {
        return UnitId::Custom(Custom::Variable(id));
    }
    UnitId::Unknown
}

/// What was perhaps meant by a text that [`lookup`] does not know. It looks at every unit.
pub fn suggest(id: &str) -> Suggestion {
    near::suggest(id)
}

/// A form with a colon that Grafana understands.
fn custom(id: &str) -> Option<Custom<'_>> {
    let (key, text) = id.split_once(':')?;
    Some(match key {
        "prefix" => Custom::Prefix(text),
        "suffix" => Custom::Suffix(text),
        "time" => Custom::Time(text),
        "si" => {
            let first = text.chars().next();
            match SI.into_iter().find(|(letter, _)| Some(*letter) == first) {
                Some((letter, factor)) => Custom::Si {
                    prefix: Some((letter, factor)),
                    unit: &text[letter.len_utf8()..],
                },
                None => Custom::Si {
                    prefix: None,
                    unit: text,
                },
            }
        }
        "count" => Custom::Count(text),
        "currency" => match text.strip_prefix("financial:") {
            Some(rest) => match rest.strip_suffix(":suffix") {
                Some(symbol) => Custom::Financial {
                    symbol,
                    after: true,
                },
                None => Custom::Financial {
                    symbol: rest,
                    after: false,
                },
            },
            None => Custom::Currency(text),
        },
        "bool" => {
            let (yes, no) = text.split_once('/').unwrap_or((text, "-"));
            Custom::Bool { yes, no }
        }
        _ => return None,
    })
}
