//! Plain and quoted YAML scalars, decoded with the way back.

use std::borrow::Cow;

use crate::span::Span;
use crate::syntax::arena::Style;
use crate::syntax::text::{Map, Segment};
use crate::syntax::tree::Decoded;

/// A decoded text in the making.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) value: String,
    pub(super) segments: Vec<Segment>,
    /// The last segment is bytes taken over as they are.
    verbatim: bool,
}

impl Pieces {
    /// Bytes `start..end` as they are.
    pub(super) fn copy(&mut self, text: &str, start: usize, end: usize) {
        if start >= end {
            return;
        }
        match self.segments.last_mut() {
            Some(last) if self.verbatim && (last.source + last.source_len) as usize == start => {
                last.source_len += (end - start) as u32;
            }
            _ => self.segment(start, end),
        }
        self.verbatim = true;
        self.value.push_str(&text[start..end]);
    }

    /// `decoded` for bytes `start..end`.
    pub(super) fn put(&mut self, decoded: &str, start: usize, end: usize) {
        if decoded.is_empty() {
            return;
        }
        self.segment(start, end);
        self.verbatim = false;
        self.value.push_str(decoded);
    }

    fn segment(&mut self, start: usize, end: usize) {
        self.segments.push(Segment {
            decoded: self.value.len() as u32,
            source: start as u32,
            source_len: (end - start) as u32,
        });
    }

    /// The decoded scalar, if this is the value it must have; else that value with no more than `span`.
    pub(super) fn finish(self, value: Cow<'_, str>, span: Span) -> Decoded {
        let map = if self.value == value {
            Map::Segments(Cow::Owned(self.segments), value.len() as u32)
        } else {
            Map::Whole(span)
        };
        Decoded {
            value: value.into_owned().into_boxed_str(),
            map,
        }
    }
}

/// The way from `value` back to the scalar at `span`; `None` where it is the bytes between the quotes. Where the scalar
/// is `mended`, `value` is that of other bytes.
pub(super) fn decode(
    text: &str,
    span: Span,
    value: Cow<'_, str>,
    style: Style,
    mended: bool,
) -> Option<Decoded> {
    let quotes = usize::from(style != Style::Plain);
    let (start, end) = (
        span.start as usize + quotes,
        (span.end as usize).saturating_sub(quotes),
    );
    let Some(raw) = text.get(start..end) else {
        return Some(Pieces::default().finish(value, span));
    };
    if raw == value {
        return None;
    }
    let mut pieces = Pieces::default();
    let bytes = raw.as_bytes();
    let mut run = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\'' if style == Style::Single => {
                pieces.copy(text, start + run, start + at);
                pieces.put("'", start + at, start + at + 2);
                at += 2;
                run = at;
            }
            b'\\' if style == Style::Double => {
                pieces.copy(text, start + run, start + at);
                let from = at;
                match line_break(bytes, at + 1) {
                    0 => {
                        let Some((char, len)) = escape(bytes, at) else {
                            return Some(Pieces::default().finish(value, span));
                        };
                        at += len;
                        pieces.put(char.encode_utf8(&mut [0; 4]), start + from, start + at);
                    }
                    len => {
                        let (breaks, next) = blank_lines(bytes, at + 1 + len);
                        at = next;
                        pieces.put(&"\n".repeat(breaks), start + from, start + at);
                    }
                }
                run = at;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                let blanks = blanks(bytes, at);
                match line_break(bytes, at + blanks) {
                    0 => at += blanks,
                    len => {
                        pieces.copy(text, start + run, start + at);
                        let from = at;
                        let (breaks, next) = blank_lines(bytes, at + blanks + len);
                        at = next;
                        let fold = match breaks {
                            0 => " ".to_owned(),
                            _ => "\n".repeat(breaks),
                        };
                        pieces.put(&fold, start + from, start + at);
                        run = at;
                    }
                }
            }
            _ => at += 1,
        }
    }
    pieces.copy(text, start + run, start + bytes.len());
    let value = match mended {
        true => Cow::Owned(pieces.value.clone()),
        false => value,
    };
    Some(pieces.finish(value, span))
}

/// Blanks at `at`.
fn blanks(bytes: &[u8], at: usize) -> usize {
    bytes[at.min(bytes.len())..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

/// Length of the line break at `at`; 0 where there is none.
pub(super) fn line_break(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        _ => 0,
    }
}

/// Number of blank lines from `at` on, and where the text of the line after them begins.
fn blank_lines(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut lines = 0;
    loop {
        at += blanks(bytes, at);
        match line_break(bytes, at) {
            0 => return (lines, at),
            len => {
                lines += 1;
                at += len;
            }
        }
    }
}

/// The escape at `at` of a double-quoted scalar, and its length.
fn escape(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let digits = |from: usize, count: usize| {
        bytes
            .get(from..from + count)?
            .iter()
            .try_fold(0u32, |code, &byte| {
                Some(code * 16 + char::from(byte).to_digit(16)?)
            })
    };
    let char = match bytes.get(at + 1)? {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return Some((char::from_u32(digits(at + 2, 2)?)?, 4)),
        b'U' => return Some((char::from_u32(digits(at + 2, 8)?)?, 10)),
        b'u' => {
            let unit = digits(at + 2, 4)?;
            if (0xD800..0xDC00).contains(&unit) && bytes.get(at + 6..at + 8) == Some(b"\\u") {
                let low = digits(at + 8, 4)?;
                if (0xDC00..0xE000).contains(&low) {
                    let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                    return Some((char::from_u32(code)?, 12));
                }
            }
            return Some((char::from_u32(unit)?, 6));
        }
        _ => return None,
    };
    Some((char, 2))
}
