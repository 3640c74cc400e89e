//! What a value is: its dimensions, its scale, and how sure that is.

use crate::span::Span;

/// Exponents of the base units: second, byte, joule, ampere, volt, metre, gram, °C, °F, kelvin.
///
/// Temperatures are three bases: none converts into another by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dims(pub [i8; 10]);

/// How the base units are written.
const SYMBOLS: [&str; 10] = ["s", "B", "J", "A", "V", "m", "g", "°C", "°F", "K"];

impl Dims {
    /// None: a number.
    pub const NONE: Dims = Dims([0; 10]);
    /// Time.
    pub const TIME: Dims = Dims([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    /// Per time.
    pub const RATE: Dims = Dims([-1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    /// Data.
    pub const DATA: Dims = Dims([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    /// Data per time.
    pub const DATA_RATE: Dims = Dims([-1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);

    /// The dimensions of a product.
    #[must_use]
    pub fn times(self, other: Dims) -> Dims {
        self.zip(other, i8::saturating_add)
    }

    /// The dimensions of a quotient.
    #[must_use]
    pub fn over(self, other: Dims) -> Dims {
        self.zip(other, i8::saturating_sub)
    }

    fn zip(mut self, other: Dims, op: fn(i8, i8) -> i8) -> Dims {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = op(*mine, theirs);
        }
        self
    }

    /// Whether it is a number without dimensions.
    pub fn is_none(self) -> bool {
        self == Dims::NONE
    }

    /// Whether data is part of it.
    pub fn has_data(self) -> bool {
        self.0[1] != 0
    }

    /// Whether it is per time.
    pub fn is_per_time(self) -> bool {
        self.0[0] < 0
    }

    /// Whether people measure in it: one base unit, perhaps per second, or per second alone.
    pub fn is_usual(self) -> bool {
        let rest = &self.0[1..];
        let others: i32 = rest.iter().map(|e| i32::from(e.abs())).sum();
        rest.iter().all(|e| *e >= 0)
            && match self.0[0] {
                0 => others <= 1,
                -1 => others <= 1,
                1 => others == 0,
                _ => false,
            }
    }
}

impl std::fmt::Display for Dims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut first = true;
        for (exponent, symbol) in self.0.iter().zip(SYMBOLS).rev() {
            match exponent {
                0 => continue,
                1 if first => write!(f, "{symbol}")?,
                1 => write!(f, "·{symbol}")?,
                -1 if !first => write!(f, "/{symbol}")?,
                -1 => write!(f, "1/{symbol}")?,
                n => write!(f, "{}{symbol}^{n}", if first { "" } else { "·" })?,
            }
            first = false;
        }
        if first { write!(f, "1") } else { Ok(()) }
    }
}

/// What is measured, beyond dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An amount of something with dimensions.
    Amount,
    /// A number of things.
    Count,
    /// A share: 0 to 1, or 0 to 100 by its scale.
    Ratio,
    /// Cores, or seconds per second: a share that may exceed 1.
    Share,
    /// 0 or 1.
    Bool,
    /// Always 1: only its labels matter.
    Info,
    /// Time since 1970.
    Timestamp,
    /// A number the query itself says.
    Literal,
}

/// How sure a conclusion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// A part of it is not known.
    Guess,
    /// Many exporters mean it so, others do not.
    Weak,
    /// By documentation or convention; only this contradicts anything.
    Strong,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Its dimensions.
    pub dims: Dims,
    /// Value × scale = value in base units. Nothing if that is not known.
    pub scale: Option<f64>,
    /// What is measured.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// The number, where the query says it.
    pub literal: Option<f64>,
    /// A factor that explains no change of unit; 1 for none.
    pub(super) factor: f64,
    /// What a histogram's buckets observe.
    pub observed: Option<Observed>,
    /// It sums up a window: `increase`, `delta`.
    pub window: Option<Window>,
    /// It is the rate of a time.
    pub time_rate: bool,
    /// Where the name of a `_sum` or `_count` without that suffix stands.
    pub(super) base: Option<Span>,
    /// It is a metric, untouched.
    pub(super) plain: bool,
}

/// What a histogram observes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Its dimensions.
    pub dims: Dims,
    /// Its scale.
    pub scale: Option<f64>,
    /// What is measured.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// By classic buckets; otherwise the metric itself, if it is a native histogram.
    pub classic: bool,
}

/// The window a value sums up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// How long, if the text says it.
    pub seconds: Option<f64>,
}

impl Value {
    /// A value of these dimensions in base units.
    pub fn new(dims: Dims, kind: Kind, confidence: Confidence) -> Self {
        Value {
            dims,
            scale: Some(1.0),
            kind,
            confidence,
            literal: None,
            factor: 1.0,
            observed: None,
            window: None,
            time_rate: false,
            base: None,
            plain: false,
        }
    }

    /// A number of things, for certain.
    pub fn count() -> Self {
        Value::new(Dims::NONE, Kind::Count, Confidence::Strong)
    }

    /// A number the query says.
    pub fn literal(value: f64) -> Self {
        Value {
            literal: Some(value),
            ..Value::new(Dims::NONE, Kind::Literal, Confidence::Strong)
        }
    }

    /// Its scale, if it is known and no unexplained factor blurs it.
    pub fn certain_scale(&self) -> Option<f64> {
        if near(self.factor, 1.0) {
            self.scale
        } else {
            None
        }
    }

    /// Whether it may contradict anything.
    pub fn is_strong(&self) -> bool {
        self.confidence == Confidence::Strong && self.literal.is_none()
    }

    /// At most that sure.
    #[must_use]
    pub(super) fn at_most(mut self, confidence: Confidence) -> Self {
        self.confidence = self.confidence.min(confidence);
        self
    }

    /// What is left of it once it is not a metric any more.
    #[must_use]
    pub(super) fn computed(mut self) -> Self {
        self.plain = false;
        self
    }

    /// A share of something: a ratio, or cores.
    pub fn is_share(&self) -> bool {
        self.dims.is_none() && matches!(self.kind, Kind::Ratio | Kind::Share)
    }
}

/// Whether two factors are the same but for rounding.
pub(super) fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
