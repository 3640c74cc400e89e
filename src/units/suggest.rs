//! The unit of Grafana for a value, where there is exactly one.

use super::value::{Dims, Kind, Value, near};

/// The id of the unit a value has. `now` is the one it is shown in: the family of its words is kept.
pub fn right_unit(value: &Value, now: &str) -> Option<&'static str> {
    let scale = value.certain_scale()?;
    let pick = |table: &[(f64, &'static str)]| {
        table
            .iter()
            .find(|(factor, _)| near(*factor, scale))
            .map(|(_, id)| *id)
    };
    match value.kind {
        Kind::Ratio | Kind::Share if value.dims.is_none() => {
            return pick(&[(1.0, "percentunit"), (0.01, "percent")]);
        }
        Kind::Amount => {}
        _ => return None,
    }
    if value.dims == Dims::TIME {
        return pick(&[
            (1.0, "s"),
            (1e-3, "ms"),
            (1e-6, "µs"),
            (1e-9, "ns"),
            (60.0, "m"),
            (3600.0, "h"),
            (86400.0, "d"),
        ]);
    }
    let binary = now.starts_with("bin") || now.contains("ibits") || now.contains("iBs");
    if value.dims == Dims::DATA {
        let decimal = now.starts_with("dec");
        return pick(if decimal {
            &[(1.0, "decbytes"), (0.125, "decbits")]
        } else {
            &[
                (1.0, "bytes"),
                (0.125, "bits"),
                (1024.0, "kbytes"),
                (1_048_576.0, "mbytes"),
                (1_073_741_824.0, "gbytes"),
            ]
        });
    }
    if value.dims == Dims::DATA_RATE {
        return pick(if binary {
            &[(1.0, "binBps"), (0.125, "binbps")]
        } else {
            &[(1.0, "Bps"), (0.125, "bps")]
        });
    }
    if value.dims == Dims::RATE && near(scale, 1.0) {
        return match now {
            "opm" => Some("ops"),
            "rpm" => Some("rps"),
            "wpm" => Some("wps"),
            "cpm" => Some("cps"),
            "mpm" => Some("mps"),
            _ => None,
        };
    }
    None
}
