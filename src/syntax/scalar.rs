//! Scalars as go-yaml resolves them.

use super::tree::{Dialect, Kind};

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
    let first = *raw.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    let unsigned = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let sign = if raw.starts_with('-') { -1.0 } else { 1.0 };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(sign * f64::INFINITY);
    }
    if matches!(raw, ".nan" | ".NaN" | ".NAN") {
        return Some(f64::NAN);
    }
    let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
    let whole = |digits: &str, radix| {
        i64::from_str_radix(digits, radix)
            .ok()
            .map(|value| value as f64 * sign)
    };
    if let Some(hex) = plain
        .strip_prefix("0x")
        .or_else(|| plain.strip_prefix("0X"))
    {
        return whole(hex, 16);
    }
    if let Some(octal) = plain
        .strip_prefix("0o")
        .or_else(|| plain.strip_prefix("0O"))
    {
        return whole(octal, 8);
    }
    if let Some(binary) = plain
        .strip_prefix("0b")
        .or_else(|| plain.strip_prefix("0B"))
    {
        return whole(binary, 2);
    }
    if plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|byte| byte.is_ascii_digit())
    {
        return whole(&plain, 8).or_else(|| plain.parse::<f64>().ok().map(|value| value * sign));
    }
    let shaped = plain
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        && plain.bytes().any(|byte| byte.is_ascii_digit())
        && plain
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    if !shaped {
        return None;
    }
    plain.parse::<f64>().ok().map(|value| value * sign)
}
