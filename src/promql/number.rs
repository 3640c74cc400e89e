//! Numbers and durations as Go reads them.

/// Why a duration was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DurationError {
    /// Not `1y2w3d4h5m6s7ms`, in that order, each unit once.
    Malformed,
    /// Longer than about 292 years.
    OutOfRange,
}

/// The longest duration in seconds: what 64 bits of nanoseconds hold.
pub(super) const MAX_SECONDS: f64 = (1u64 << 63) as f64 / 1e9;

const UNITS: [(&[u8], u64); 7] = [
    (b"y", 365 * 24 * 3600 * 1000),
    (b"w", 7 * 24 * 3600 * 1000),
    (b"d", 24 * 3600 * 1000),
    (b"h", 3600 * 1000),
    (b"m", 60 * 1000),
    (b"s", 1000),
    (b"ms", 1),
];

/// Seconds of `1h30m`.
pub(super) fn parse_duration(text: &str) -> Result<f64, DurationError> {
    let bytes = text.as_bytes();
    let mut pos = 0;
    let mut unit = 0;
    let mut total: u64 = 0;
    let limit = (1u64 << 63) / 1_000_000;
    let mut out_of_range = false;
    while pos < bytes.len() {
        let digits = pos;
        while pos < bytes.len() && bytes[pos].is_ascii_digit() {
            pos += 1;
        }
        let letters = pos;
        while pos < bytes.len() && bytes[pos].is_ascii_alphabetic() {
            pos += 1;
        }
        if digits == letters {
            return Err(DurationError::Malformed);
        }
        let found = UNITS[unit..]
            .iter()
            .position(|(name, _)| *name == &bytes[letters..pos])
            .ok_or(DurationError::Malformed)?;
        let millis = UNITS[unit + found].1;
        unit += found + 1;
        let count: u64 = text[digits..letters]
            .parse()
            .map_err(|_| DurationError::Malformed)?;
        match count
            .checked_mul(millis)
            .and_then(|ms| total.checked_add(ms))
        {
            Some(sum) if sum <= limit => total = sum,
            _ => out_of_range = true,
        }
    }
    if out_of_range {
        return Err(DurationError::OutOfRange);
    }
    Ok(total as f64 / 1000.0)
}

/// Seconds of a duration as configuration files hold one: `1h30m`, `0` (`ParseDuration` of prometheus/common
/// model/time.go).
pub fn duration(text: &str) -> Option<f64> {
    match text {
        "0" => Some(0.0),
        "" => None,
        text => parse_duration(text).ok(),
    }
}

/// The value of a number token: an integer with Go's prefixes, or else a float.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    if let Some(value) = parse_integer(text) {
        return Some(value as f64);
    }
    if text.eq_ignore_ascii_case("inf") {
        return Some(f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let plain;
    let digits = if text.contains('_') {
        if !underscores_ok(text) {
            return None;
        }
        plain = text.replace('_', "");
        &plain
    } else {
        text
    };
    let value: f64 = digits.parse().ok()?;
    value.is_finite().then_some(value)
}

fn parse_integer(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() > 1 && bytes[0] == b'0' {
        let (radix, digits) = match bytes[1] {
            b'x' | b'X' => (16, &text[2..]),
            b'b' | b'B' => (2, &text[2..]),
            b'o' | b'O' => (8, &text[2..]),
            _ => (8, &text[1..]),
        };
        if !digits.contains('_') {
            return i64::from_str_radix(digits, radix).ok();
        }
        if !underscores_ok(text) {
            return None;
        }
        return i64::from_str_radix(&digits.replace('_', ""), radix).ok();
    }
    if !bytes.iter().all(|b| b.is_ascii_digit() || *b == b'_') {
        return None;
    }
    if text.contains('_') {
        if !underscores_ok(text) {
            return None;
        }
        return text.replace('_', "").parse().ok();
    }
    text.parse().ok()
}

/// Whether underscores only separate digits (one may follow a base prefix).
fn underscores_ok(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut rest = bytes;
    let mut before = b'^';
    let hex = bytes.len() >= 2 && bytes[0] == b'0' && matches!(bytes[1] | 0x20, b'x' | b'b' | b'o');
    if hex {
        before = b'0';
        rest = &bytes[2..];
    }
    for &byte in rest {
        if byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()) {
            before = b'0';
        } else if byte == b'_' {
            if before != b'0' {
                return false;
            }
            before = b'_';
        } else {
            if before == b'_' {
                return false;
            }
            before = b'!';
        }
    }
    before != b'_'
}
