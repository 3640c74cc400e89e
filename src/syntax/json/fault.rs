//! What was wrong where the reading of a JSON text ended.

use jiter::JsonErrorType as Why;
use memchr::memchr;

use super::mend::string_start;
use super::{Next, Reader, Stop};
use crate::span::Span;
use crate::syntax::keys::clip;
use crate::syntax::tree::{Problem, ProblemKind};

/// The problem at `stop`, in `data`: the text with comments and the like blanked.
pub(super) fn describe(reader: &Reader<'_>, data: &[u8], stop: &Stop) -> Problem {
    let fault = Fault { reader, data, stop };
    match stop.why {
        Why::EofWhileParsingString => fault.open_string(),
        Why::ControlCharacterWhileParsingString => fault.control_character(),
        Why::InvalidEscape
        | Why::UnexpectedEndOfHexEscape
        | Why::LoneLeadingSurrogateInHexEscape => fault.escape(),
        Why::InvalidNumber => fault.number(),
        Why::NumberOutOfRange => fault.invalid(
            fault.word(stop.at),
            "a number of more than 4300 digits".to_owned(),
        ),
        Why::ExpectedSomeIdent => fault.unexpected_value(fault.word(stop.at)),
        Why::EofWhileParsingList | Why::EofWhileParsingObject | Why::EofWhileParsingValue => {
            fault.end_of_text()
        }
        _ => fault.unexpected(),
    }
}

struct Fault<'f> {
    reader: &'f Reader<'f>,
    data: &'f [u8],
    stop: &'f Stop,
}

impl Fault<'_> {
    fn invalid(&self, span: Span, message: String) -> Problem {
        Problem {
            kind: ProblemKind::Invalid,
            span,
            message,
            related: None,
            repair: None,
        }
    }

    fn text(&self, span: Span) -> &str {
        self.reader.text.get(span.range()).unwrap_or("")
    }

    /// The innermost open bracket, for a second place.
    fn opened(&self) -> Option<(Span, String)> {
        let frame = self.reader.stack.last()?;
        let at = frame.open as usize;
        let bracket = if frame.object { "{" } else { "[" };
        Some((
            Span::new(at, at + 1),
            format!("the `{bracket}` opened here"),
        ))
    }

    fn open_string(&self) -> Problem {
        let start = string_start(self.data, self.stop.resume).unwrap_or(self.stop.resume);
        let end = memchr(b'\n', &self.data[start..]).map_or(self.data.len(), |end| start + end);
        self.invalid(
            Span::new(start, end),
            "the string that starts here is never closed".to_owned(),
        )
    }

    fn control_character(&self) -> Problem {
        let at = self.stop.at;
        let span = Span::new(at, at + 1);
        let start = string_start(self.data, self.stop.resume);
        let related = start.map(|start| {
            let span = Span::new(start, start + 1);
            (span, "the string starts here".to_owned())
        });
        let (message, repair) = match self.data.get(at) {
            Some(b'\n' | b'\r') => (
                "a line break inside a string: close the string before it, or write `\\n`"
                    .to_owned(),
                None,
            ),
            Some(b'\t') => (
                "a tab inside a string must be written `\\t`".to_owned(),
                Some((span, "\\t".to_owned())),
            ),
            byte => {
                let code = format!("\\u{:04x}", byte.copied().unwrap_or_default());
                (
                    format!("a control character inside a string must be written `{code}`"),
                    Some((span, code)),
                )
            }
        };
        Problem {
            related,
            repair,
            ..self.invalid(span, message)
        }
    }

    fn escape(&self) -> Problem {
        let at = self.stop.at;
        let start = (at.saturating_sub(12)..at)
            .rev()
            .find(|&start| self.data[start] == b'\\')
            .unwrap_or(at);
        let end = self.char_end(at);
        let span = Span::new(start, end);
        let message = match self.data.get(start + 1) {
            Some(b'u') => "`\\u` needs four hexadecimal digits after it".to_owned(),
            _ => format!(
                "`{}` is no JSON escape; a backslash itself is written `\\\\`",
                self.text(span).escape_debug()
            ),
        };
        self.invalid(span, message)
    }

    fn number(&self) -> Problem {
        let span = self.word(self.stop.at);
        let word = self.text(span);
        let digits = word.trim_start_matches('-');
        let why = if digits.starts_with("0x") || digits.starts_with("0X") {
            "JSON has no hexadecimal numbers"
        } else if digits.starts_with('0')
            && digits[1..].starts_with(|char: char| char.is_ascii_digit())
        {
            "a number must not start with 0"
        } else if digits.contains(['I', 'N']) {
            "JSON has no such number"
        } else if digits.is_empty() {
            "a minus sign without a number"
        } else if digits.ends_with(['.', 'e', 'E', '+', '-']) {
            "digits are missing"
        } else {
            "other characters follow its digits"
        };
        let message = format!("`{}` is no JSON number: {why}", clip(word));
        self.invalid(span, message)
    }

    fn end_of_text(&self) -> Problem {
        let rest = &self.data[self.stop.resume.min(self.data.len())..];
        if self.reader.next == Next::End || self.reader.stack.is_empty() {
            if rest.iter().all(u8::is_ascii_whitespace) && self.reader.arena.nodes.is_empty() {
                return Problem {
                    kind: ProblemKind::Empty,
                    ..self.invalid(Span::at(0), "there is nothing in this file".to_owned())
                };
            }
            return self.unexpected_value(self.word(self.data.len()));
        }
        // A word cut short: `[1, tru`.
        let word = self.word(self.data.len());
        if !word.is_empty() && word.start as usize >= self.reader.read_to {
            return self.unexpected_value(word);
        }
        let end = self.data.trim_ascii_end().len();
        let closer = match self.reader.stack.last() {
            Some(frame) if frame.object => '}',
            _ => ']',
        };
        Problem {
            related: self.opened(),
            ..self.invalid(
                Span::at(end),
                format!("the text ends here, but a `{closer}` is missing"),
            )
        }
    }

    /// Something stands where something else should.
    fn unexpected(&self) -> Problem {
        let at = self.stop.at;
        if let Some(problem) = self.telling(at) {
            return problem;
        }
        let span = self.token(at);
        let found = clip(self.text(span)).into_owned();
        let first = self.data.get(at).copied().unwrap_or_default();
        match self.stop.why {
            Why::TrailingCharacters => Problem {
                kind: ProblemKind::TrailingData,
                ..self.invalid(
                    span,
                    match first {
                        b'}' | b']' => format!("`{found}` closes nothing: the value ended before"),
                        _ => format!("`{found}` after the end of the value"),
                    },
                )
            },
            Why::KeyMustBeAString if word_byte(first) => self.invalid(
                span,
                format!("the key `{found}` needs double quotes around it"),
            ),
            Why::KeyMustBeAString => self.invalid(
                span,
                match self.reader.next {
                    Next::Open => format!("found `{found}`, expected a key or `}}`"),
                    _ => format!("found `{found}`, expected a key in double quotes"),
                },
            ),
            Why::ExpectedColon => {
                let key = string_start(self.data, self.stop.resume).map(|start| {
                    let key = self.token(start);
                    (key, "the key".to_owned())
                });
                Problem {
                    related: key,
                    ..self.invalid(span, format!("found `{found}`, expected `:` after the key"))
                }
            }
            Why::ExpectedListCommaOrEnd | Why::ExpectedObjectCommaOrEnd => {
                let closer = match self.stop.why {
                    Why::ExpectedListCommaOrEnd => ']',
                    _ => '}',
                };
                let apart = self.reader.read_to < at;
                if !apart && word_byte(first) && at > 0 && word_byte(self.data[at - 1]) {
                    return self.number();
                }
                let message = match first {
                    b'"' | b'{' | b'[' => format!("a comma is missing before `{found}`"),
                    _ if apart && word_byte(first) => {
                        format!("a comma is missing before `{found}`")
                    }
                    _ => format!("found `{found}`, expected `,` or `{closer}`"),
                };
                Problem {
                    related: self.opened(),
                    ..self.invalid(span, message)
                }
            }
            _ => self.unexpected_value(span),
        }
    }

    /// What stands at `span` is no value.
    fn unexpected_value(&self, span: Span) -> Problem {
        if let Some(problem) = self.telling(span.start as usize) {
            return problem;
        }
        let found = self.text(span);
        let message = match found {
            "," => "a value is missing before this comma".to_owned(),
            "]" | "}" => format!("a value is missing before this `{found}`"),
            "True" | "False" => format!("`{found}` is written `{}` in JSON", found.to_lowercase()),
            "None" | "nil" | "undefined" | "Null" | "NULL" => {
                format!("`{found}` is written `null` in JSON")
            }
            "NaN" | "Infinity" | "-Infinity" => {
                format!("`{found}` is no JSON number; `null` is the nearest there is")
            }
            "..." | "…" => {
                format!("`{found}` stands for something left out; JSON has no such thing")
            }
            _ if found.starts_with(['.', '+']) => {
                format!(
                    "`{}` is no JSON number: a digit or `-` comes first",
                    clip(found)
                )
            }
            _ => format!("found `{}`, expected a value", clip(found)),
        };
        Problem {
            related: None,
            ..self.invalid(span, message)
        }
    }

    /// Things that say more than that they are out of place.
    fn telling(&self, at: usize) -> Option<Problem> {
        let rest = self.data.get(at..)?;
        let line_end = memchr(b'\n', rest).map_or(self.data.len(), |end| at + end);
        let line = &rest[..line_end - at];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let whole = Span::new(at, at + line.len());
        // `{{ x }}`: the first brace was taken for an object.
        let doubled = at > 0 && self.data[at - 1] == b'{';
        if doubled
            && matches!(rest, [b'{', byte, ..] if !matches!(byte, b'"' | b'}' | b'\n' | b'\r'))
        {
            return Some(self.template(Span::new(at - 1, at + line.len())));
        }
        let line_start = at == 0 || self.data[at - 1] == b'\n';
        if line_start
            && [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"]
                .iter()
                .any(|mark| line.starts_with(*mark))
        {
            return Some(self.invalid(
                whole,
                "a git conflict marker: the merge was never finished".to_owned(),
            ));
        }
        match rest {
            [b'/', b'*', ..] => Some(self.invalid(
                Span::new(at, at + 2),
                "the comment that starts here is never closed, and JSON has none".to_owned(),
            )),
            [b'{', b'{' | b'%', ..]
            | [b'<', b'%', ..]
            | [b'$' | b'#', b'{', ..]
            | [b'$', b'$', b'{', ..] => Some(self.template(whole)),
            [b'\'', inside @ ..] => {
                let end = memchr::memchr2(b'\'', b'\n', inside)
                    .filter(|&end| inside[end] == b'\'')
                    .map_or(at + 1, |end| at + end + 2);
                Some(self.invalid(
                    Span::new(at, end),
                    "single quotes; JSON strings need double quotes".to_owned(),
                ))
            }
            _ => None,
        }
    }

    fn template(&self, span: Span) -> Problem {
        self.invalid(
            span,
            "a template placeholder; this file is no JSON before it is rendered".to_owned(),
        )
    }

    /// The word, string, or single character at `at`.
    fn token(&self, at: usize) -> Span {
        const LONGEST: usize = 200;
        match self.data.get(at) {
            Some(b'"') => {
                let mut end = at + 1;
                while let Some(&byte) = self.data.get(end) {
                    match byte {
                        b'"' => return Span::new(at, end + 1),
                        b'\n' => break,
                        b'\\' => end += 2,
                        _ => end += 1,
                    }
                    if end > at + LONGEST {
                        break;
                    }
                }
                Span::new(at, at + 1)
            }
            Some(&byte) if word_byte(byte) => self.word(at),
            _ => Span::new(at, self.char_end(at)),
        }
    }

    /// The run of letters, digits and signs around `at`.
    fn word(&self, at: usize) -> Span {
        let at = at.min(self.data.len());
        let before = self.data[..at]
            .iter()
            .rev()
            .take_while(|&&byte| word_byte(byte))
            .count();
        let after = self.data[at..]
            .iter()
            .take_while(|&&byte| word_byte(byte))
            .count();
        let (start, end) = (at - before, at + after);
        Span::new(start, if start == end { self.char_end(at) } else { end })
    }

    /// The end of the character at `at`.
    fn char_end(&self, at: usize) -> usize {
        let mut end = (at + 1).min(self.data.len());
        while !self.reader.text.is_char_boundary(end) {
            end += 1;
        }
        end
    }
}

fn word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.' | b'$')
}
