//! Where granit is stricter than Go: lines of a quoted scalar that are indented less than the key, or with a tab.

use granit_parser::ErrorKind;

use super::line_end;
use crate::span::Span;

/// The quoted scalar that granit's error at `at` lies in, if it is one that Go accepts. `from` is the end of a token
/// before it.
pub(super) fn lenient(bytes: &[u8], from: usize, at: usize, error: &ErrorKind) -> Option<Span> {
    match error {
        ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed => {}
        _ => return None,
    }
    let (start, end) = open_quote(bytes, from, at)?;
    let end = end?;
    bytes[start..end]
        .contains(&b'\n')
        .then(|| Span::new(start, end))
}

/// The start of the quoted scalar that `at` lies in, and its end if it has one. `from` is the end of a token before it.
pub(super) fn open_quote(bytes: &[u8], from: usize, at: usize) -> Option<(usize, Option<usize>)> {
    let mut here = from;
    // Whether a token can begin here.
    let mut fresh = true;
    while here < at {
        let byte = *bytes.get(here)?;
        match byte {
            b'#' if here == 0 || bytes[here - 1].is_ascii_whitespace() => {
                here = line_end(bytes, here)
            }
            b'"' | b'\'' if fresh => {
                match quote_end(bytes, here) {
                    Some(end) if end <= at => here = end,
                    end => return Some((here, end)),
                }
                fresh = false;
            }
            b'\n' | b'\r' | b',' | b'[' | b'{' => {
                fresh = true;
                here += 1;
            }
            b':' | b'-' | b'?' => {
                let alone = bytes.get(here + 1).is_none_or(u8::is_ascii_whitespace);
                fresh = alone && (fresh || byte == b':');
                here += 1;
            }
            b'&' | b'!' if fresh => {
                here = super::word_end(bytes, here);
            }
            b' ' | b'\t' => here += 1,
            _ => {
                fresh = false;
                here += 1;
            }
        }
    }
    None
}

/// The end of the quoted scalar that starts at `start`.
fn quote_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The same text without line breaks in the quoted scalar at `span`, and without escaped ones; just as long.
pub(super) fn blank_line_breaks(text: String, span: Span) -> String {
    let mut bytes = text.into_bytes();
    let inside = &mut bytes[span.range()];
    let double = inside.first() == Some(&b'"');
    let mut at = 0;
    while at < inside.len() {
        match inside[at] {
            b'\n' | b'\r' | b'\t' => inside[at] = b' ',
            b'\\' if double => {
                if matches!(inside.get(at + 1), Some(b'\n' | b'\r')) {
                    inside[at] = b' ';
                } else {
                    at += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    // Only ASCII was replaced by ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}
