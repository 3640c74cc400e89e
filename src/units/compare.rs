//! A value against the unit a panel shows it in.

use super::catalog::{Custom, Unit, UnitId, lookup};
use super::value::{Dims, Kind, Value, near};

/// What a unit of Grafana says of the values shown in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The dimensions.
    pub dims: Dims,
    /// Value × scale = value in base units.
    pub scale: f64,
    /// Milliseconds since 1970.
    pub moment: bool,
    /// A share in percent.
    pub share: bool,
}

/// What is wrong between a value and its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mismatch {
    /// The right dimension in the wrong scale.
    Scale,
    /// 0 to 1 shown as 0 to 100, or the reverse.
    RatioScale,
    /// Another dimension.
    Dims,
    /// An amount shown as a rate of it.
    AmountAsRate,
    /// A number of things shown as bytes.
    NumberAsBytes,
    /// A number of things shown as time.
    NumberAsTime,
    /// A rate shown as a share.
    RateAsPercent,
    /// A share of time shown as time, in another scale at that.
    TimeRateAsTimeScale,
    /// Seconds since 1970 where Grafana wants milliseconds.
    TimestampNotMs,
    /// A moment shown as a duration.
    TimestampAsDuration,
    /// A number of things shown as a rate.
    CountAsRate,
    /// A share shown as a rate.
    RatioAsRate,
    /// Steps of 1000 where 1024 were meant, or the reverse.
    DecimalVsBinary,
    /// A rate shown as an amount.
    RateAsAmount,
    /// Seconds per second shown as seconds.
    TimeRateAsTime,
}

impl Mismatch {
    /// A short name.
    pub fn code(self) -> &'static str {
        match self {
            Mismatch::Scale => "scale",
            Mismatch::RatioScale => "ratio-scale",
            Mismatch::Dims => "dims",
            Mismatch::AmountAsRate => "amount-as-rate",
            Mismatch::NumberAsBytes => "number-as-bytes",
            Mismatch::NumberAsTime => "number-as-time",
            Mismatch::RateAsPercent => "rate-as-percent",
            Mismatch::TimeRateAsTimeScale => "time-rate-as-time-scale",
            Mismatch::TimestampNotMs => "timestamp-not-ms",
            Mismatch::TimestampAsDuration => "timestamp-as-duration",
            Mismatch::CountAsRate => "count-as-rate",
            Mismatch::RatioAsRate => "ratio-as-rate",
            Mismatch::DecimalVsBinary => "decimal-vs-binary",
            Mismatch::RateAsAmount => "rate-as-amount",
            Mismatch::TimeRateAsTime => "time-rate-as-time",
        }
    }

    /// Whether only the "per second" is lost.
    pub fn is_lossy(self) -> bool {
        matches!(self, Mismatch::RateAsAmount | Mismatch::TimeRateAsTime)
    }
}

/// What a `unit` option says; nothing for units that fit any value, and for what is not known.
pub fn shown(id: &str) -> Option<Shown> {
    match lookup(id) {
        UnitId::Known(unit) => of_unit(unit),
        UnitId::Custom(Custom::Time(_)) => Some(Shown {
            dims: Dims::TIME,
            scale: 1e-3,
            moment: true,
            share: false,
        }),
        _ => None,
    }
}

fn of_unit(unit: &Unit) -> Option<Shown> {
    let mut exponents = [0; 10];
    let bases: &[(usize, i8)] = match unit.dimension {
        "time" | "timestamp" => &[(0, 1)],
        "count-rate" | "frequency" => &[(0, -1)],
        "data" => &[(1, 1)],
        "data-rate" => &[(1, 1), (0, -1)],
        "energy" => &[(2, 1)],
        "power" => &[(2, 1), (0, -1)],
        "electric-current" => &[(3, 1)],
        "voltage" => &[(4, 1)],
        "length" => &[(5, 1)],
        "mass" => &[(6, 1)],
        // Revolutions per second; people show clocks in it.
        "rotational-speed" if unit.id == "rothz" => &[(0, -1)],
        "ratio" if matches!(unit.id, "percent" | "percentunit") => &[],
        "temperature" => match unit.id {
            "celsius" => &[(7, 1)],
            "fahrenheit" => &[(8, 1)],
            _ => &[(9, 1)],
        },
        _ => return None,
    };
    for (at, exponent) in bases {
        if let Some(slot) = exponents.get_mut(*at) {
            *slot = *exponent;
        }
    }
    let scale = match unit.dimension {
        // A temperature is its own base; a kilogram is a thousand grams.
        "temperature" => 1.0,
        "mass" => unit.factor? * 1000.0,
        _ => unit.factor?,
    };
    Some(Shown {
        dims: Dims(exponents),
        scale,
        moment: unit.is_date(),
        share: unit.dimension == "ratio",
    })
}

/// What is wrong, if anything is.
pub fn mismatch(value: &Value, unit: Shown) -> Option<Mismatch> {
    if value.literal.is_some() || matches!(value.kind, Kind::Bool | Kind::Info | Kind::Literal) {
        return None;
    }
    if unit.moment {
        let seconds = value.kind == Kind::Timestamp
            && value.certain_scale().is_some_and(|scale| near(scale, 1.0));
        return seconds.then_some(Mismatch::TimestampNotMs);
    }
    if value.kind == Kind::Timestamp {
        return (unit.dims == Dims::TIME).then_some(Mismatch::TimestampAsDuration);
    }
    if value.dims == unit.dims {
        return same_dims(value, unit);
    }
    if value.dims.is_none() {
        return number(value, unit);
    }
    if value.dims == unit.dims.over(Dims::TIME) {
        return (!unit.dims.is_none())
            .then_some(Mismatch::RateAsAmount)
            .or(Some(Mismatch::RateAsPercent));
    }
    if value.dims.over(Dims::TIME) == unit.dims {
        return (!window_is_unit(value, unit)).then_some(Mismatch::AmountAsRate);
    }
    Some(Mismatch::Dims)
}

fn same_dims(value: &Value, unit: Shown) -> Option<Mismatch> {
    let scale = value.certain_scale()?;
    if near(scale, unit.scale) {
        return None;
    }
    if value.dims.is_none() {
        let hundred = near(scale * 0.01, unit.scale) || near(scale, unit.scale * 0.01);
        return (unit.share && value.is_share() && hundred).then_some(Mismatch::RatioScale);
    }
    if value.dims.has_data() && binary_step(scale / unit.scale) {
        return Some(Mismatch::DecimalVsBinary);
    }
    Some(Mismatch::Scale)
}

/// Whether a factor is 1.024 or a power of it: kibi for kilo, mebi for mega …
fn binary_step(factor: f64) -> bool {
    let factor = factor.max(1.0 / factor);
    (1..=4).any(|power| near(factor, 1.024_f64.powi(power)))
}

fn number(value: &Value, unit: Shown) -> Option<Mismatch> {
    let whole = value.kind == Kind::Count;
    if unit.dims == Dims::RATE {
        return match value.kind {
            Kind::Count => (!window_is_unit(value, unit)).then_some(Mismatch::CountAsRate),
            Kind::Ratio => Some(Mismatch::RatioAsRate),
            _ => None,
        };
    }
    if unit.dims.has_data() {
        return (whole || value.kind == Kind::Ratio).then_some(Mismatch::NumberAsBytes);
    }
    if unit.dims == Dims::TIME {
        if value.time_rate {
            return Some(match value.certain_scale() {
                Some(scale) if !near(scale, unit.scale) => Mismatch::TimeRateAsTimeScale,
                _ => Mismatch::TimeRateAsTime,
            });
        }
        return whole.then_some(Mismatch::NumberAsTime);
    }
    (whole || value.kind == Kind::Ratio).then_some(Mismatch::Dims)
}

/// `increase(x[1m])` is per minute.
fn window_is_unit(value: &Value, unit: Shown) -> bool {
    value
        .window
        .and_then(|window| window.seconds)
        .is_some_and(|seconds| near(seconds * unit.scale, 1.0))
}
