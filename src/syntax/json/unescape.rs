//! The inside of a JSON string, decoded.

use std::borrow::Cow;

use memchr::memchr;

use crate::span::Span;
use crate::syntax::text::{Map, Segment};

/// Decodes the inside of a JSON string (`span` without the quotes). Half a surrogate pair becomes U+FFFD, as in Go; what
/// is no escape at all stays as it is.
pub(crate) fn unescape(text: &str, span: Span) -> (String, Map<'static>) {
    let raw = text.get(span.range()).unwrap_or("");
    let bytes = raw.as_bytes();
    let mut value = String::with_capacity(raw.len());
    // One for each escape, and one for what stands before it.
    let escapes = memchr::memchr_iter(b'\\', bytes).count();
    let mut segments = Vec::with_capacity(2 * escapes + 1);
    let mut at = 0;
    while at < raw.len() {
        let run = memchr(b'\\', &bytes[at..]).unwrap_or(raw.len() - at);
        if run > 0 {
            segments.push(segment(value.len(), span, at, run));
            value.push_str(&raw[at..at + run]);
            at += run;
        }
        if at >= raw.len() {
            break;
        }
        match escape(&bytes[at..]) {
            Some((char, len)) => {
                segments.push(segment(value.len(), span, at, len));
                value.push(char);
                at += len;
            }
            None => {
                segments.push(segment(value.len(), span, at, 1));
                value.push('\\');
                at += 1;
            }
        }
    }
    let map = match segments.as_slice() {
        [] => Map::Shift(span.start),
        [only] if only.source_len as usize == value.len() => Map::Shift(span.start),
        _ => Map::Segments(Cow::Owned(segments), value.len() as u32),
    };
    (value, map)
}

fn segment(decoded: usize, span: Span, at: usize, len: usize) -> Segment {
    Segment {
        decoded: decoded as u32,
        source: span.start + at as u32,
        source_len: len as u32,
    }
}

/// The escape at the start of `bytes`, and its length.
pub(super) fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let char = match bytes.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = hex(bytes)?;
            if !(0xD800..0xE000).contains(&unit) {
                return Some((char::from_u32(unit)?, 6));
            }
            let low = bytes
                .get(6..)
                .filter(|rest| rest.starts_with(b"\\u"))
                .and_then(hex)
                .filter(|low| unit < 0xDC00 && (0xDC00..0xE000).contains(low));
            return Some(match low {
                Some(low) => {
                    let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                    (char::from_u32(code)?, 12)
                }
                None => (char::REPLACEMENT_CHARACTER, 6),
            });
        }
        _ => return None,
    };
    Some((char, 2))
}

/// The four hexadecimal digits of `\uXXXX`.
pub(super) fn hex(bytes: &[u8]) -> Option<u32> {
    bytes.get(2..6)?.iter().try_fold(0, |unit, &byte| {
        Some(unit * 16 + char::from(byte).to_digit(16)?)
    })
}
