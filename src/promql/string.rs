//! String literals: escapes, and the way back from decoded offsets to the query.

use super::ast::StringLiteral;
use super::error::{ErrorKind, ParseError};
use crate::span::Span;
use std::borrow::Cow;

/// The character boundary at or before an offset.
pub(super) fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The character boundary at or after an offset.
pub(super) fn ceil_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// What an escape stands for.
pub(super) enum Escaped {
    Char(char),
    /// `\xNN` and `\NNN` are bytes in Go, not characters.
    Byte(u8),
}

/// Reads the escape at `at` (a backslash); returns what it stands for and where it ends.
pub(super) fn escape(
    text: &str,
    at: usize,
    quote: u8,
) -> Result<(Escaped, usize), Box<ParseError>> {
    let bytes = text.as_bytes();
    let Some(c) = text[at + 1..].chars().next() else {
        let span = Span::new(at, at + 1);
        let error = ParseError::new(
            ErrorKind::String,
            span,
            "the escape sequence is not finished",
        );
        return Err(Box::new(error));
    };
    let (digits, radix, max, byte) = match c {
        'a' => return Ok((Escaped::Char('\u{7}'), at + 2)),
        'b' => return Ok((Escaped::Char('\u{8}'), at + 2)),
        'f' => return Ok((Escaped::Char('\u{c}'), at + 2)),
        'n' => return Ok((Escaped::Char('\n'), at + 2)),
        'r' => return Ok((Escaped::Char('\r'), at + 2)),
        't' => return Ok((Escaped::Char('\t'), at + 2)),
        'v' => return Ok((Escaped::Char('\u{b}'), at + 2)),
        '\\' => return Ok((Escaped::Char('\\'), at + 2)),
        c if c == quote as char => return Ok((Escaped::Char(c), at + 2)),
        '0'..='7' => (3, 8, 255, true),
        'x' => (2, 16, 255, true),
        'u' => (4, 16, 0x10_ffff, false),
        'U' => (8, 16, 0x10_ffff, false),
        c => {
            let span = Span::new(at, at + 1 + c.len_utf8());
            let error = ParseError::new(
                ErrorKind::String,
                span,
                format!("unknown escape sequence `\\{c}`"),
            );
            let doubled = vec![(Span::new(at, at + 1), "\\\\".to_string())];
            let error = error
                .help(
                    "in a regular expression write two backslashes, or put the string in backticks",
                )
                .suggest("write the backslash twice", doubled);
            return Err(Box::new(error));
        }
    };
    let start = if radix == 8 { at + 1 } else { at + 2 };
    let mut value: u32 = 0;
    let mut pos = start;
    while pos < start + digits {
        let digit = bytes.get(pos).and_then(|&b| (b as char).to_digit(radix));
        let Some(digit) = digit else {
            let end = ceil_boundary(text, pos + 1);
            let span = Span::new(at, end);
            let message = if pos >= text.len() {
                "the escape sequence is not finished".to_string()
            } else {
                let kind = if radix == 8 { "octal" } else { "hexadecimal" };
                format!("an escape sequence `\\{c}` needs {digits} {kind} digits")
            };
            return Err(Box::new(ParseError::new(ErrorKind::String, span, message)));
        };
        value = value.saturating_mul(radix).saturating_add(digit);
        pos += 1;
    }
    let span = Span::new(at, pos);
    let invalid = || {
        Box::new(ParseError::new(
            ErrorKind::String,
            span,
            "the escape sequence is no valid Unicode code point",
        ))
    };
    if value > max {
        return Err(invalid());
    }
    let escaped = if byte {
        Escaped::Byte(value as u8)
    } else {
        Escaped::Char(char::from_u32(value).ok_or_else(invalid)?)
    };
    Ok((escaped, pos))
}

impl StringLiteral {
    /// The value; `text` is the query. Bytes that are no UTF-8 become U+FFFD.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let inner = self.inner();
        let Some(raw) = text.get(inner.range()) else {
            return Cow::Borrowed("");
        };
        if !self.escaped {
            return Cow::Borrowed(raw);
        }
        let mut bytes = Vec::with_capacity(raw.len());
        self.decode(text, |_, piece| bytes.extend_from_slice(piece));
        Cow::Owned(match String::from_utf8(bytes) {
            Ok(value) => value,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }

    /// The bytes of the query that `decoded` (bytes of [`StringLiteral::value`]) came from.
    pub fn map_span(&self, text: &str, decoded: Span) -> Span {
        let inner = self.inner();
        if !self.escaped {
            let end = inner.end as usize;
            let start = inner.start as usize;
            return Span::new(
                (start + decoded.start as usize).min(end),
                (start + decoded.end as usize).min(end),
            );
        }
        let (mut start, mut end) = (inner.end as usize, inner.end as usize);
        let (mut start_found, mut end_found) = (false, false);
        let mut at = 0usize;
        self.decode(text, |source, piece| {
            let len = piece.len();
            let exact = source.len() == len;
            let locate = |offset: usize| {
                if exact {
                    source.start as usize + (offset - at)
                } else {
                    source.start as usize
                }
            };
            if !start_found && (decoded.start as usize) < at + len {
                start = locate((decoded.start as usize).max(at));
                start_found = true;
            }
            if !end_found && (decoded.end as usize) <= at + len {
                let offset = decoded.end as usize;
                end = if offset <= at {
                    source.start as usize
                } else if exact {
                    source.start as usize + (offset - at)
                } else {
                    source.end as usize
                };
                end_found = true;
            }
            at += len;
        });
        Span::new(start, end.max(start))
    }

    /// Calls `each` with every piece: its place in the query and its decoded bytes.
    fn decode(&self, text: &str, mut each: impl FnMut(Span, &[u8])) {
        let inner = self.inner();
        let (mut pos, end) = (inner.start as usize, inner.end as usize);
        let bytes = text.as_bytes();
        while pos < end {
            let stop = memchr::memchr(b'\\', &bytes[pos..end]).map_or(end, |found| pos + found);
            if stop > pos {
                each(Span::new(pos, stop), &bytes[pos..stop]);
                pos = stop;
                continue;
            }
            let Ok((escaped, next)) = escape(text, pos, self.quote) else {
                return;
            };
            let span = Span::new(pos, next);
            match escaped {
                Escaped::Char(c) => each(span, c.encode_utf8(&mut [0; 4]).as_bytes()),
                Escaped::Byte(byte) if byte < 0x80 => each(span, &[byte]),
                Escaped::Byte(byte) => each(span, &[byte]),
            }
            pos = next;
        }
    }
}
