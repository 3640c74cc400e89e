//! Literal and folded block scalars, decoded with the way back.

use std::borrow::Cow;

use super::scalar::{Pieces, line_break};
use super::{line_end, word_end};
use crate::span::Span;
use crate::syntax::arena::Style;
use crate::syntax::tree::Decoded;

/// What the header of a block scalar says.
struct Header {
    /// Start of the line after it.
    body: usize,
    /// `-`: no line break at the end.
    strip: bool,
    /// `+`: all line breaks at the end.
    keep: bool,
}

/// A line break between two lines.
#[derive(Clone, Copy)]
struct Break {
    start: usize,
    end: usize,
}

/// The content of a block scalar whose header stands after byte `from`, and its place. `range` is granit's: from the
/// first text of the content to the token after it.
pub(super) fn decode(
    text: &str,
    from: usize,
    range: Span,
    value: Cow<'_, str>,
    style: Style,
) -> (Span, Decoded) {
    // Where there is no text, granit's range begins at the header.
    let bytes = text.as_bytes();
    let start = range.start as usize;
    let empty = value.trim_matches('\n').is_empty();
    let from = match bytes.get(start) {
        Some(b'|' | b'>') if empty => start,
        _ => from,
    };
    let Some(header) = header(bytes, from) else {
        return (range, Pieces::default().finish(value, range));
    };
    let end = (range.end as usize).max(header.body).min(text.len());
    let indent = indent(text, &header, end, &value);
    let pieces = lines(text, &header, end, indent, style == Style::Folded);
    let span = match (pieces.segments.first(), pieces.segments.last()) {
        (Some(first), Some(last)) => Span {
            start: first.source,
            end: last.source + last.source_len,
        },
        _ => Span::at(header.body),
    };
    let whole = if pieces.value == value { span } else { range };
    (whole, pieces.finish(value, range))
}

/// Finds the `|` or `>` after byte `at` (the end of the token before it) and reads the header.
fn header(bytes: &[u8], mut at: usize) -> Option<Header> {
    loop {
        match bytes.get(at)? {
            b'|' | b'>' => break,
            b'#' => at = line_end(bytes, at),
            b'&' | b'!' => at = word_end(bytes, at),
            b' ' | b'\t' | b'\n' | b'\r' | b':' | b'-' | b'?' | b'.' | 0xEF | 0xBB | 0xBF => {
                at += 1
            }
            _ => return None,
        }
    }
    let mut strip = false;
    let mut keep = false;
    for byte in bytes.get(at + 1..)?.iter().take(2) {
        match byte {
            b'-' => strip = true,
            b'+' => keep = true,
            b'1'..=b'9' => {}
            _ => break,
        }
    }
    let end = line_end(bytes, at);
    Some(Header {
        body: end + line_break(bytes, end),
        strip,
        keep,
    })
}

/// Columns of white space that are not content: told by the first line with text, of which the value says how much of
/// its white space is content.
fn indent(text: &str, header: &Header, end: usize, value: &str) -> usize {
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let with_text = |line: &&str| !line.trim_matches([' ', '\r']).is_empty();
    let written = text[header.body..end].split('\n').find(with_text);
    let meant = value.split('\n').find(with_text);
    match (written, meant) {
        (Some(written), Some(meant)) => spaces(written).saturating_sub(spaces(meant)),
        // Nothing but white space, some of which can be content where the header gives the indentation.
        _ => match value.split('\n').map(spaces).max() {
            Some(meant @ 1..) => {
                let written = text[header.body..end].split('\n').map(spaces).max();
                written.unwrap_or(0).saturating_sub(meant)
            }
            _ => usize::MAX,
        },
    }
}

fn lines(text: &str, header: &Header, end: usize, indent: usize, folded: bool) -> Pieces {
    let bytes = text.as_bytes();
    let mut pieces = Pieces::default();
    // The break after the last line with text, and those of the blank lines after it.
    let mut last: Option<Break> = None;
    let mut blank: Vec<Break> = Vec::new();
    let mut last_blank = false;
    let mut at = header.body;
    while at < end {
        let stop = line_end(bytes, at).min(end);
        let next = stop + line_break(bytes, stop);
        let own = Break {
            start: stop,
            end: next,
        };
        let leading = bytes[at..stop]
            .iter()
            .take_while(|&&byte| byte == b' ')
            .count();
        let content = at + leading.min(indent);
        at = next;
        if content == stop {
            if next > stop || stop == text.len() && last.is_none() && blank.is_empty() {
                blank.push(own);
            }
            continue;
        }
        if next == stop
            && stop < text.len()
            && bytes[content..stop].iter().all(|&byte| byte == b' ')
        {
            // The indentation of the token after the scalar.
            break;
        }
        let starts_blank = matches!(bytes[content], b' ' | b'\t');
        match last {
            Some(gap) if folded && !last_blank && !starts_blank => {
                let fold = match blank.len() {
                    0 => " ".to_owned(),
                    count => "\n".repeat(count),
                };
                pieces.put(&fold, gap.start, content);
            }
            _ => {
                last.into_iter()
                    .chain(blank.iter().copied())
                    .for_each(|gap| newline(&mut pieces, text, gap));
            }
        }
        blank.clear();
        pieces.copy(text, content, stop);
        last_blank = starts_blank;
        // granit ends the last line of the text even where no line break does.
        last = (own.end > own.start || stop == text.len()).then_some(own);
    }
    if !header.strip {
        last.into_iter()
            .for_each(|gap| newline(&mut pieces, text, gap));
    }
    if header.keep {
        blank
            .into_iter()
            .for_each(|gap| newline(&mut pieces, text, gap));
    }
    pieces
}

fn newline(pieces: &mut Pieces, text: &str, gap: Break) {
    if text.get(gap.start..gap.end) == Some("\n") {
        pieces.copy(text, gap.start, gap.end);
    } else {
        pieces.put("\n", gap.start, gap.end);
    }
}
