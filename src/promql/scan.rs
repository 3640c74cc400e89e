//! A light look at a query that need not parse: words, punctuation, strings, variables.

use super::holes;
use crate::span::Span;

/// What a piece of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, digits, `_`, starting with a letter.
    Word,
    /// Starting with a digit or a dot before one.
    Number,
    /// A string in the quote given; the flag says whether it is closed.
    Str(u8, bool),
    /// A variable on its own.
    Hole,
    /// Any other character.
    Punct(u8),
}

/// A piece of a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Cuts a query into pieces, without white space and comments. `single` says whether `'` quotes strings.
pub(super) fn pieces(text: &str, single: bool) -> Vec<Piece> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    let is_word = |b: u8| b == b'_' || b.is_ascii_alphanumeric();
    while at < bytes.len() {
        let byte = bytes[at];
        let start = at;
        let kind = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' | b'`' | b'\'' if byte != b'\'' || single => {
                let (end, closed) = string_end(bytes, at);
                at = end;
                Kind::Str(byte, closed)
            }
            b'$' | b'[' if holes::hole_at(text, at).is_some() => {
                at = holes::hole_at(text, at).map_or(at + 1, |hole| hole.span.end as usize);
                Kind::Hole
            }
            _ if byte.is_ascii_digit()
                || (byte == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) =>
            {
                while at < bytes.len() && (is_word(bytes[at]) || bytes[at] == b'.') {
                    at += 1;
                }
                Kind::Number
            }
            _ if is_word(byte) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
                Kind::Word
            }
            _ => {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                Kind::Punct(byte)
            }
        };
        out.push(Piece {
            kind,
            span: Span::new(start, at),
        });
    }
    out
}

fn string_end(bytes: &[u8], start: usize) -> (usize, bool) {
    let quote = bytes[start];
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 1,
            byte if byte == quote => return (at + 1, true),
            b'\n' if quote != b'`' => return (at, false),
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), false)
}
