//! Scalars as go-yaml resolves them.

use super::arena::Kind;
use super::tree::Dialect;

/// A boolean as go-yaml reads one into a bool field (`resolve.go` of yaml.v2 and the bool decoding of yaml.v3).
pub(crate) fn boolean(raw: &str) -> Option<bool> {
    match raw {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => {
            Some(true)
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => {
            Some(false)
        }
        _ => None,
    }
}

/// A number as written.
pub(crate) fn number(raw: &str, dialect: Dialect) -> Option<f64> {
    if dialect == Dialect::Json {
        return raw.parse().ok();
    }
    yaml_number(raw)
}

/// The kind of an untagged plain YAML scalar (`resolve.go` of yaml.v3).
pub(crate) fn plain_kind(raw: &str) -> Kind {
    match raw {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Bool,
        _ if yaml_number(raw).is_some() => Kind::Number,
        _ => Kind::String,
    }
}

fn yaml_number(raw: &str) -> Option<f64> {
    match *raw.as_bytes().first()? {
        b'.' => match raw {
            ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            _ => float(raw),
        },
        b'0'..=b'9' | b'+' | b'-' => match &raw[1..] {
            ".inf" | ".Inf" | ".INF" if raw.starts_with('+') => Some(f64::INFINITY),
            ".inf" | ".Inf" | ".INF" if raw.starts_with('-') => Some(f64::NEG_INFINITY),
            _ if raw.contains('_') => {
                let plain = raw.replace('_', "");
                whole(&plain).or_else(|| float(&plain))
            }
            _ => whole(raw).or_else(|| float(raw)),
        },
        _ => None,
    }
}

/// A whole number as Go's `strconv.ParseInt` and `ParseUint` read one with base 0: octal with `0` or `0o`.
fn whole(raw: &str) -> Option<f64> {
    let (negative, digits) = match raw.as_bytes() {
        [b'-', ..] => (true, &raw[1..]),
        [b'+', ..] => (false, &raw[1..]),
        _ => (false, raw),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|char: char| char.is_ascii_hexdigit()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    let signed = raw.len() > digits.len() && raw.starts_with(['-', '+']);
    let limit = if negative { 1 << 63 } else { i64::MAX as u64 };
    if signed && value > limit {
        return None;
    }
    Some(if negative {
        -(value as f64)
    } else {
        value as f64
    })
}

/// A number with a point or an exponent; one too large for 64 bits is none, as in Go.
fn float(raw: &str) -> Option<f64> {
    let unsigned = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let shaped = unsigned
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let begins = unsigned.starts_with(|char: char| char.is_ascii_digit() || char == '.');
    if !shaped || !begins {
        return None;
    }
    raw.parse::<f64>().ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_resolve_as_in_go() {
        for (raw, value) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("12", 12.0),
            ("+1", 1.0),
            ("-17", -17.0),
            ("014", 12.0),
            ("0o14", 12.0),
            ("089", 89.0),
            ("0x1F", 31.0),
            ("-0x1f", -31.0),
            ("0b101", 5.0),
            ("1_000", 1000.0),
            ("1_", 1.0),
            (".5", 0.5),
            ("+.5", 0.5),
            ("1.", 1.0),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("18446744073709551615", 18446744073709551615.0),
            ("99999999999999999999", 1e20),
            (".inf", f64::INFINITY),
            ("-.INF", f64::NEG_INFINITY),
        ] {
            assert_eq!(plain_kind(raw), Kind::Number, "{raw}");
            assert_eq!(number(raw, Dialect::Yaml), Some(value), "{raw}");
        }
        for raw in [
            "12:30:00",
            "1.2.3",
            "2001-12-14",
            "_1",
            "._5",
            ".5_0",
            "0x",
            "0xg",
            "1e",
            "1e999",
            "+",
            "-",
            ".",
            "5m",
            "--1",
            "+-1",
            "yes",
            "on",
            "infinity",
            "nan",
            "0x1p3",
            "<<",
            "1 000",
            "é",
        ] {
            assert_eq!(plain_kind(raw), Kind::String, "{raw}");
        }
        for raw in ["", "~", "null", "NULL"] {
            assert_eq!(plain_kind(raw), Kind::Null, "{raw}");
        }
        assert_eq!(plain_kind("True"), Kind::Bool);
    }
}
