//! What was wrong where the reading of a YAML document ended.

use granit_parser::ErrorKind;

use super::{MAX_DEPTH, line_end, word_end};
use crate::span::Span;
use crate::syntax::tree::{Problem, ProblemKind};

/// The problem for granit's error at byte `at`; `quote` is the quoted scalar it lies in.
pub(super) fn describe(
    text: &str,
    at: usize,
    error: &ErrorKind,
    quote: Option<(usize, Option<usize>)>,
) -> Problem {
    let bytes = text.as_bytes();
    let mut at = at.min(text.len());
    if bytes[at..].iter().all(u8::is_ascii_whitespace) {
        at = text.trim_end().len();
    }
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = &text[line_start(bytes, at)..line_end(bytes, at)];
    let mut span = place(bytes, at);
    let mut kind = ProblemKind::Invalid;
    let message = if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        let start = line_start(bytes, at);
        span = Span::new(start, start + line.len());
        "a git conflict marker: the merge was never finished".to_owned()
    } else if let Some((start, None)) = quote {
        span = Span::new(start, line_end(bytes, start));
        "the quote that opens here is never closed".to_owned()
    } else {
        match error {
            ErrorKind::ExpectedBlockMappingKey | ErrorKind::MappingValueNotAllowed
                if let Some(start) = template_value(line) =>
            {
                let start = line_start(bytes, at) + start;
                span = Span::new(start, start + 2);
                "`{{` begins a map of YAML here; put the whole text in quotes".to_owned()
            }
            ErrorKind::RecursionLimitExceeded => {
                kind = ProblemKind::TooDeep;
                format!("nested more than {MAX_DEPTH} levels deep; the document was not read on")
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart => {
                if let Some(tab) = memchr::memchr(b'\t', &bytes[at..]) {
                    let tab = first_tab(bytes, at + tab);
                    span = Span::new(tab, tab + 1);
                }
                "a tab; YAML is indented with spaces only".to_owned()
            }
            ErrorKind::InvalidColonPlacement => {
                "a `:` where no key can stand; is a bracket open?".to_owned()
            }
            ErrorKind::DocumentIndicatorInQuotedScalar => {
                "a quote is not closed before the next document".to_owned()
            }
            ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar => {
                "more text after the closing quote".to_owned()
            }
            ErrorKind::MappingValueNotAllowed => {
                "a `:` that makes this a key, where no key can stand; put the text in quotes, or check the indentation"
                    .to_owned()
            }
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
                "a `:` is missing after this key, or the indentation is wrong".to_owned()
            }
            ErrorKind::ExpectedBlockMappingKey => {
                "expected a key here; check the indentation".to_owned()
            }
            ErrorKind::ExpectedBlockSequenceEntry => {
                "expected a `-` here; check the indentation".to_owned()
            }
            ErrorKind::UnclosedFlowCollection { open } => {
                format!("the `{open}` that opens here is never closed")
            }
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
                format!("`{close}` closes a `{open}`")
            }
            ErrorKind::MisplacedFlowCollectionEnd => "this bracket closes nothing".to_owned(),
            ErrorKind::ExpectedFlowMappingSeparator => "expected `,` or `}`".to_owned(),
            ErrorKind::ExpectedFlowSequenceSeparator => "expected `,` or `]`".to_owned(),
            ErrorKind::UnclosedQuotedScalar => "the quote is never closed".to_owned(),
            ErrorKind::UnknownQuotedScalarEscape => {
                span = bad_escape(text, at).unwrap_or(span);
                format!(
                    "`{}` is no YAML escape; a backslash in double quotes is written `\\\\`",
                    text[span.range()].escape_debug()
                )
            }
            ErrorKind::UnexpectedCharacter { character } => format!(
                "`{}` cannot start a text; put it in quotes",
                character.escape_debug()
            ),
            other => other.to_string(),
        }
    };
    Problem {
        kind,
        span,
        message,
        related: None,
        repair: None,
    }
}

/// Where the value on this line begins, if it is a template without quotes: `summary: {{ $labels.job }} is down`.
fn template_value(line: &str) -> Option<usize> {
    let start = line.find(": ")? + 2;
    (line[start..].starts_with("{{") && !line[..start].contains(['"', '\'', '#'])).then_some(start)
}

/// The first of the lines above that begin with a tab too; a tab at `tab` that begins no line stays.
fn first_tab(bytes: &[u8], mut tab: usize) -> usize {
    while tab > 0 && bytes[tab - 1] == b'\n' {
        let end = tab - 1 - usize::from(tab > 1 && bytes[tab - 2] == b'\r');
        let above = line_start(bytes, end);
        if bytes.get(above) != Some(&b'\t') {
            break;
        }
        tab = above;
    }
    tab
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |line| line + 1)
}

/// The first escape after `at` that is none.
fn bad_escape(text: &str, at: usize) -> Option<Span> {
    let mut chars = text[at..].char_indices();
    while let Some((escape, char)) = chars.next() {
        if char == '\\' {
            let (next, char) = chars.next()?;
            if !"0abt\tnvfre \"/\\N_LPxuU\n\r".contains(char) {
                return Some(Span::new(at + escape, at + next + char.len_utf8()));
            }
        }
    }
    None
}

/// The word at `at`, or the one character.
fn place(bytes: &[u8], at: usize) -> Span {
    const LONGEST: usize = 120;
    match bytes.get(at) {
        None => Span::at(at),
        Some(byte) if byte.is_ascii_whitespace() => Span::new(at, at + 1),
        Some(_) => {
            let mut end = word_end(&bytes[..bytes.len().min(at + LONGEST)], at);
            while bytes.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
                end += 1;
            }
            Span::new(at, end)
        }
    }
}
