//! Faults after which the reading goes on: comments, trailing commas, halves of surrogate pairs.

use jiter::JsonErrorType;
use memchr::{memchr, memmem};

use super::Stop;
use super::unescape::hex;
use crate::span::Span;
use crate::syntax::tree::{Problem, ProblemKind};

/// Blanks the fault at `stop` in the private copy (made here if there is none yet) and reports it; the byte to go on
/// from, or `None` where the fault is of another kind.
pub(super) fn mend(
    problems: &mut Vec<Problem>,
    text: &str,
    copy: &mut Option<Vec<u8>>,
    stop: &Stop,
) -> Option<usize> {
    use JsonErrorType as Why;
    match stop.why {
        Why::TrailingComma => {
            let data = copy.get_or_insert_with(|| text.as_bytes().to_vec());
            let comma = (stop.resume..stop.at).rev().find(|&at| data[at] == b',')?;
            data[comma] = b' ';
            let span = Span::new(comma, comma + 1);
            problems.push(Problem {
                kind: ProblemKind::TrailingComma,
                span,
                message: format!(
                    "a comma before the closing `{}`",
                    char::from(text.as_bytes()[stop.at])
                ),
                related: None,
                repair: Some((span, String::new())),
            });
            Some(comma)
        }
        Why::LoneLeadingSurrogateInHexEscape | Why::UnexpectedEndOfHexEscape => {
            let data = copy.get_or_insert_with(|| text.as_bytes().to_vec());
            surrogates(problems, data, stop).then_some(stop.resume)
        }
        Why::ExpectedSomeValue
        | Why::ExpectedColon
        | Why::ExpectedListCommaOrEnd
        | Why::ExpectedObjectCommaOrEnd
        | Why::KeyMustBeAString
        | Why::TrailingCharacters => {
            comment_end(text.as_bytes(), stop.at)?;
            let data = copy.get_or_insert_with(|| text.as_bytes().to_vec());
            comments(problems, data, stop.at);
            Some(stop.resume)
        }
        _ => None,
    }
}

/// The end of the comment that starts at `at`, if one does and it has an end.
fn comment_end(data: &[u8], at: usize) -> Option<usize> {
    let rest = data.get(at..)?;
    match rest {
        // `#{x}` is a placeholder of some template.
        [b'#', b'{', ..] => None,
        [b'#', ..] | [b'/', b'/', ..] => {
            let mut end = memchr(b'\n', rest).map_or(data.len(), |end| at + end);
            if end > at && data[end - 1] == b'\r' {
                end -= 1;
            }
            Some(end)
        }
        [b'/', b'*', inside @ ..] => memmem::find(inside, b"*/").map(|end| at + end + 4),
        _ => None,
    }
}

/// Blanks all comments from `at` on that are separated by nothing but white space, so that a gap full of comments is
/// read twice and not once a comment.
fn comments(problems: &mut Vec<Problem>, data: &mut [u8], mut at: usize) {
    while let Some(end) = comment_end(data, at) {
        data[at..end].fill(b' ');
        let span = Span::new(at, end);
        problems.push(Problem {
            kind: ProblemKind::Comment,
            span,
            message: "a comment; JSON has none".to_owned(),
            related: None,
            repair: Some((span, String::new())),
        });
        at = end;
        while matches!(data.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            at += 1;
        }
    }
}

/// Blanks every half of a surrogate pair in the string whose reading began at `stop.resume`; whether there was one.
fn surrogates(problems: &mut Vec<Problem>, data: &mut [u8], stop: &Stop) -> bool {
    let Some(start) = string_start(data, stop.resume) else {
        return false;
    };
    let mut found = false;
    let mut at = start + 1;
    while let Some(&byte) = data.get(at) {
        match byte {
            b'"' => break,
            b'\\' if data.get(at + 1) == Some(&b'u') => {
                let unit = hex(&data[at..]);
                let next = data.get(at + 6..).filter(|rest| rest.starts_with(b"\\u"));
                match unit {
                    Some(0xD800..=0xDBFF)
                        if next
                            .and_then(hex)
                            .is_some_and(|low| (0xDC00..0xE000).contains(&low)) =>
                    {
                        at += 12;
                    }
                    Some(0xD800..=0xDFFF) => {
                        found = true;
                        problems.push(Problem {
                            kind: ProblemKind::LoneSurrogate,
                            span: Span::new(at, at + 6),
                            message: "half of a surrogate pair; Grafana reads it as U+FFFD"
                                .to_owned(),
                            related: None,
                            repair: None,
                        });
                        data[at..at + 6].fill(b' ');
                        at += 6;
                    }
                    _ => at += 2,
                }
            }
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    found
}

/// The quote that opens the string read by the step that began at `from`: what stands before it is white space, a
/// bracket or a comma.
pub(super) fn string_start(data: &[u8], from: usize) -> Option<usize> {
    let quote = memchr(b'"', data.get(from..)?)? + from;
    data[from..quote]
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'{' | b'['))
        .then_some(quote)
}
