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
    /// `limitk`, `limit_ratio`.
    Aggregation(AggregateOp),
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

impl Feature {
    /// The flag of Prometheus (`--enable-feature=…`) without which the newest version refuses it.
    pub fn flag(self) -> Option<&'static str> {
        match self {
            Feature::Function(function) if function.experimental => {
                Some("promql-experimental-functions")
            }
            Feature::Aggregation(_) => Some("promql-experimental-functions"),
            Feature::DurationExpression => Some("promql-duration-expr"),
            Feature::Anchored | Feature::Smoothed => Some("promql-extended-range-selectors"),
            Feature::Fill => Some("promql-binop-fill-modifiers"),
            _ => None,
        }
    }

    /// The version of Prometheus that brought it, if known (cloudflare/pint 75663d6, promql/features).
    pub fn since(self) -> Option<(u8, u8)> {
        match self {
            Feature::Function(function) => function.since,
            Feature::Aggregation(_) => Some((2, 54)),
            Feature::DurationExpression => Some((3, 4)),
            Feature::Anchored | Feature::Smoothed => Some((3, 7)),
            Feature::Fill => Some((3, 10)),
            Feature::Utf8Name => Some((3, 0)),
            Feature::DurationAsNumber
            | Feature::AtModifier
            | Feature::NegativeOffset
            | Feature::HistogramTrim => None,
        }
    }

    /// How to call it.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Function(function) => function.name,
            Feature::Aggregation(op) => op.as_str(),
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
