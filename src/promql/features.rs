//! What a query uses that not every Prometheus understands.

use super::ast::AggregateOp;
use super::functions::Function;
use crate::span::Span;

/// The use of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureUse {
    /// Where.
    pub span: Span,
    /// Which.
    pub feature: Feature,
}

/// A feature that is experimental, or younger than the oldest Prometheus in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// A function that is experimental or came with a certain version.
    Function(&'static Function),
    /// `limitk`, `limit_ratio`, `group`.
    Aggregation(AggregateOp),
    /// The operator `atan2`.
    Atan2,
    /// Arithmetic, `step()`, `range()` in durations.
    DurationExpression,
    /// `anchored`.
    Anchored,
    /// `smoothed`.
    Smoothed,
    /// `fill`, `fill_left`, `fill_right`.
    Fill,
    /// `</` and `>/` on native histograms.
    HistogramTrim,
    /// A quoted metric or label name.
    Utf8Name,
    /// `@`.
    AtModifier,
    /// A negative offset.
    NegativeOffset,
    /// `5m` where a number is wanted, `300` where a duration is wanted.
    DurationAsNumber,
}

/// In which versions of Prometheus a feature is to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// The version that brought it, as far as it is known and later than 2.15.
    pub since: Option<(u8, u8)>,
    /// The flag (`--enable-feature=…`) without which it is refused while it is experimental.
    pub flag: Option<&'static str>,
    /// The version from which no flag is needed, for what was experimental once.
    pub stable: Option<(u8, u8)>,
}

impl Availability {
    const fn always(since: (u8, u8)) -> Self {
        Availability {
            since: Some(since),
            flag: None,
            stable: None,
        }
    }

    const fn behind(flag: &'static str, since: (u8, u8)) -> Self {
        Availability {
            since: Some(since),
            flag: Some(flag),
            stable: None,
        }
    }

    const fn stable(mut self, from: (u8, u8)) -> Self {
        self.stable = Some(from);
        self
    }

    /// The flag that Prometheus of `version` wants, the newest one where none is given.
    pub fn flag_in(&self, version: Option<(u32, u32)>) -> Option<&'static str> {
        let stable = match (self.stable, version) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some((major, minor)), Some(version)) => {
                version >= (u32::from(major), u32::from(minor))
            }
        };
        self.flag.filter(|_| !stable)
    }
}

/// The flag for functions and aggregations that may still change.
const FUNCTIONS: &str = "promql-experimental-functions";

impl Feature {
    /// In which versions it is to be had. Sources: the release notes of Prometheus up to 3.14 (CHANGELOG.md, "FEATURE" and
    /// "CHANGE" of PromQL), for what they do not name cloudflare/pint 75663d6, promql/features.
    pub fn availability(self) -> Availability {
        match self {
            Feature::Function(function) => Availability {
                since: function.since,
                flag: match function.name {
                    // 3.14.0, #19089
                    "start_timestamp" => Some("use-start-timestamps"),
                    // Promoted in 3.14.0, #19093
                    "first_over_time" => Some(FUNCTIONS),
                    _ if function.experimental => Some(FUNCTIONS),
                    _ => None,
                },
                stable: (function.name == "first_over_time").then_some((3, 14)),
            },
            // 2.20.0, #7480
            Feature::Aggregation(AggregateOp::Group) => Availability::always((2, 20)),
            // 2.54.0, #12503
            Feature::Aggregation(_) => Availability::behind(FUNCTIONS, (2, 54)),
            // 2.31.0, #9248
            Feature::Atan2 => Availability::always((2, 31)),
            // On without the flag from 3.14.0, #19033
            Feature::DurationExpression => {
                Availability::behind("promql-duration-expr", (3, 4)).stable((3, 14))
            }
            Feature::Anchored | Feature::Smoothed => {
                Availability::behind("promql-extended-range-selectors", (3, 7))
            }
            Feature::Fill => Availability::behind("promql-binop-fill-modifiers", (3, 10)),
            // 2.55.0, #14482; stable in 3.0.0, #14705
            Feature::Utf8Name => Availability::behind("utf8-names", (2, 55)).stable((3, 0)),
            // 2.25.0, #8121; stable in 2.33.0, #10121
            Feature::AtModifier => {
                Availability::behind("promql-at-modifier", (2, 25)).stable((2, 33))
            }
            // 2.26.0, #8487; stable in 2.33.0, #10121
            Feature::NegativeOffset => {
                Availability::behind("promql-negative-offset", (2, 26)).stable((2, 33))
            }
            // 2.54.0, #9138
            Feature::DurationAsNumber => Availability::always((2, 54)),
            Feature::HistogramTrim => Availability {
                since: None,
                flag: None,
                stable: None,
            },
        }
    }

    /// The flag of Prometheus (`--enable-feature=…`) without which the newest version refuses it.
    pub fn flag(self) -> Option<&'static str> {
        self.availability().flag_in(None)
    }

    /// How to call it.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Function(function) => function.name,
            Feature::Aggregation(op) => op.as_str(),
            Feature::Atan2 => "atan2",
            Feature::DurationExpression => "duration expressions",
            Feature::Anchored => "anchored",
            Feature::Smoothed => "smoothed",
            Feature::Fill => "fill",
            Feature::HistogramTrim => "histogram trim operators",
            Feature::Utf8Name => "quoted names",
            Feature::AtModifier => "the @ modifier",
            Feature::NegativeOffset => "negative offsets",
            Feature::DurationAsNumber => "durations as numbers",
        }
    }
}
