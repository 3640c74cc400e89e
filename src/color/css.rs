//! Colours as CSS writes them: what a browser makes of a text Grafana hands on.

use super::Rgba;
use super::data;

/// What a browser makes of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Css {
    /// A colour.
    Color(Rgba),
    /// A colour that depends on more than the text, or is written in a colour space not read here.
    Elsewhere,
}

/// Functions that give a colour and are not computed here.
const OTHER_FUNCTIONS: [&str; 9] = [
    "hwb",
    "lab",
    "lch",
    "oklab",
    "oklch",
    "color",
    "color-mix",
    "light-dark",
    "var",
];

/// Keywords whose colour depends on the place.
const KEYWORDS: [&str; 6] = [
    "currentcolor",
    "inherit",
    "initial",
    "unset",
    "revert",
    "revert-layer",
];

/// The longest text looked at: a colour is shorter.
const LONGEST: usize = 128;

/// Reads a colour; nothing if it is none.
pub(crate) fn parse(text: &str) -> Option<Css> {
    let text = text.trim_ascii();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if let Some(digits) = text.strip_prefix('#') {
        return hex(digits).map(Css::Color);
    }
    let lower = text.to_ascii_lowercase();
    if let Some((name, rest)) = lower.split_once('(') {
        // A browser closes what the end of the text leaves open.
        let inner = rest.strip_suffix(')').unwrap_or(rest);
        return match name {
            "rgb" | "rgba" => rgb(inner).map(Css::Color),
            "hsl" | "hsla" => hsl(inner).map(Css::Color),
            _ if OTHER_FUNCTIONS.contains(&name) && !inner.trim_ascii().is_empty() => {
                Some(Css::Elsewhere)
            }
            _ => None,
        };
    }
    if lower == "transparent" {
        return Some(Css::Color(Rgba::default()));
    }
    if KEYWORDS.contains(&lower.as_str()) {
        return Some(Css::Elsewhere);
    }
    data::find(data::CSS, &lower)
        .or_else(|| data::find(data::CSS_PASSED, &lower))
        .map(Css::Color)
}

/// The colour of 3, 4, 6 or 8 hexadecimal digits.
pub(crate) fn hex(digits: &str) -> Option<Rgba> {
    let mut nibbles = [0u8; 8];
    let bytes = digits.as_bytes();
    if !matches!(bytes.len(), 3 | 4 | 6 | 8) {
        return None;
    }
    for (nibble, byte) in nibbles.iter_mut().zip(bytes) {
        *nibble = char::from(*byte).to_digit(16)? as u8;
    }
    let n = nibbles;
    Some(match bytes.len() {
        3 => Rgba::opaque(n[0] * 17, n[1] * 17, n[2] * 17),
        4 => Rgba {
            r: n[0] * 17,
            g: n[1] * 17,
            b: n[2] * 17,
            a: n[3] * 17,
        },
        6 => Rgba::opaque(n[0] * 16 + n[1], n[2] * 16 + n[3], n[4] * 16 + n[5]),
        _ => Rgba {
            r: n[0] * 16 + n[1],
            g: n[2] * 16 + n[3],
            b: n[4] * 16 + n[5],
            a: n[6] * 16 + n[7],
        },
    })
}

/// A number with what follows it.
#[derive(Clone, Copy)]
struct Number<'t> {
    value: f64,
    unit: &'t str,
}

/// Reads a number; `none` is 0. Infinity and the like are not CSS.
fn number(text: &str) -> Option<Number<'_>> {
    let text = text.trim_ascii();
    if text == "none" {
        return Some(Number {
            value: 0.0,
            unit: "",
        });
    }
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    while end < bytes.len() && (bytes[end].is_ascii_digit() || bytes[end] == b'.') {
        end += 1;
    }
    if bytes.get(end) == Some(&b'e') {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let digits = bytes[end + 1 + sign..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    let (digits, unit) = text.split_at(end);
    let value: f64 = digits.parse().ok()?;
    value.is_finite().then_some(Number { value, unit })
}

/// The three or four arguments of a colour function, with commas or with blanks and a slash.
fn arguments(inner: &str) -> Option<([Number<'_>; 3], f64)> {
    let (channels, alpha) = if inner.contains(',') {
        let mut parts = inner.split(',');
        let channels = [
            number(parts.next()?)?,
            number(parts.next()?)?,
            number(parts.next()?)?,
        ];
        let alpha = parts.next().map(number);
        if parts.next().is_some() {
            return None;
        }
        (channels, alpha)
    } else {
        let (colors, alpha) = match inner.split_once('/') {
            Some((colors, alpha)) => (colors, Some(number(alpha))),
            None => (inner, None),
        };
        let mut parts = colors.split_ascii_whitespace();
        let channels = [
            number(parts.next()?)?,
            number(parts.next()?)?,
            number(parts.next()?)?,
        ];
        if parts.next().is_some() {
            return None;
        }
        (channels, alpha)
    };
    let alpha = match alpha {
        None => 1.0,
        Some(alpha) => share(alpha?, 1.0)?,
    };
    Some((channels, alpha))
}

/// A number or a percentage as a share from 0 to 1; `whole` is the number that means all.
fn share(n: Number<'_>, whole: f64) -> Option<f64> {
    match n.unit {
        "" => Some((n.value / whole).clamp(0.0, 1.0)),
        "%" => Some((n.value / 100.0).clamp(0.0, 1.0)),
        _ => None,
    }
}

fn byte(share: f64) -> u8 {
    (share * 255.0).round() as u8
}

fn rgb(inner: &str) -> Option<Rgba> {
    let ([r, g, b], alpha) = arguments(inner)?;
    Some(Rgba {
        r: byte(share(r, 255.0)?),
        g: byte(share(g, 255.0)?),
        b: byte(share(b, 255.0)?),
        a: byte(alpha),
    })
}

fn hsl(inner: &str) -> Option<Rgba> {
    let ([hue, saturation, lightness], alpha) = arguments(inner)?;
    let degrees = match hue.unit {
        "" | "deg" => hue.value,
        "rad" => hue.value.to_degrees(),
        "grad" => hue.value * 0.9,
        "turn" => hue.value * 360.0,
        _ => return None,
    };
    let saturation = share(saturation, 100.0)?;
    let lightness = share(lightness, 100.0)?;
    let sector = degrees.rem_euclid(360.0) / 30.0;
    let chroma = saturation * lightness.min(1.0 - lightness);
    let channel = |offset: f64| {
        let k = (offset + sector).rem_euclid(12.0);
        byte((lightness - chroma * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)).clamp(0.0, 1.0))
    };
    Some(Rgba {
        r: channel(0.0),
        g: channel(8.0),
        b: channel(4.0),
        a: byte(alpha),
    })
}
