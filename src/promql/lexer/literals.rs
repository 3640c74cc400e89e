//! Numbers, durations and strings.

use super::{Lexer, Mode, is_alnum};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::holes::{self, HoleRole};
use crate::promql::string;
use crate::promql::token::{Tok, Token};
use crate::span::Span;

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Token {
        let start = self.pos;
        // `5$unit`, `0.$p`, `1[[unit]]`: a number with a variable in it.
        let mut end = start;
        while is_alnum(self.byte(end)) || self.byte(end) == b'.' {
            end += 1;
        }
        if matches!(self.byte(end), b'$' | b'[') && holes::hole_at(self.text, end).is_some() {
            self.pos = end;
            let mut token = self.word(end);
            token.span = Span::new(start, token.span.end as usize);
            token.flag = true;
            return token;
        }
        self.got_duration = true;
        if self.mode == Mode::Duration {
            self.mode = Mode::Statements;
        }
        if self.scan_number() {
            return self.token(Tok::Number, start);
        }
        if self.scan_duration() {
            return self.token(Tok::Duration, start);
        }
        let span = Span::new(start, end.max(self.pos.min(self.bytes.len())));
        let span = Span::new(
            start,
            string::floor_boundary(self.text, span.end as usize).max(start + 1),
        );
        let word = &self.text[span.range()];
        let mut error = ParseError::new(
            ErrorKind::Number,
            span,
            format!("`{word}` is neither a number nor a duration"),
        );
        error = match word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') {
            "M" | "H" | "D" | "S" | "W" | "Y" | "MS" => {
                let lower = word.to_ascii_lowercase();
                error.suggest("units are lower case", vec![(span, lower)])
            }
            "min" | "mins" | "minutes" | "minute" => {
                let fixed = format!(
                    "{}m",
                    word.trim_end_matches(|c: char| c.is_ascii_alphabetic())
                );
                error.suggest("the unit of minutes is `m`", vec![(span, fixed)])
            }
            "sec" | "secs" | "seconds" | "second" => {
                let fixed = format!(
                    "{}s",
                    word.trim_end_matches(|c: char| c.is_ascii_alphabetic())
                );
                error.suggest("the unit of seconds is `s`", vec![(span, fixed)])
            }
            _ => error
                .help("a duration is whole numbers with the units y, w, d, h, m, s, ms: `1h30m`"),
        };
        self.fail(span, error)
    }

    pub(super) fn accept(&mut self, set: &[u8]) -> bool {
        if self.pos < self.bytes.len() && set.contains(&self.bytes[self.pos]) {
            self.pos += 1;
            return true;
        }
        false
    }

    pub(super) fn at_eof(&self) -> bool {
        self.pos >= self.bytes.len()
    }

    /// Takes a number; where it returns false the position says how far it came.
    pub(super) fn scan_number(&mut self) -> bool {
        let start = self.pos;
        let mut hex = false;
        if self.accept(b"0") && self.accept(b"xX") {
            self.accept(b"_");
            hex = true;
        }
        let is_digit = |b: u8| {
            if hex {
                b.is_ascii_hexdigit()
            } else {
                b.is_ascii_digit()
            }
        };
        self.accept(b".");
        if is_digit(self.byte(self.pos)) {
            self.pos += 1;
        }
        let mut dot = false;
        let mut exponent = false;
        loop {
            let byte = self.byte(self.pos);
            match byte {
                b'.' => {
                    self.pos += 1;
                    if dot {
                        return false;
                    }
                    dot = true;
                    if self.accept(b"_.") || hex {
                        return false;
                    }
                }
                b'e' | b'E' => {
                    self.pos += 1;
                    if exponent {
                        return false;
                    }
                    exponent = true;
                    self.accept(b"+-");
                    if self.accept(b"._eE") || self.at_eof() {
                        return false;
                    }
                }
                b'_' => {
                    self.pos += 1;
                    if self.accept(b"._eE") || self.at_eof() {
                        return false;
                    }
                }
                _ if is_digit(byte) => {
                    while is_digit(self.byte(self.pos)) {
                        self.pos += 1;
                    }
                }
                _ => break,
            }
        }
        self.pos > start && !is_alnum(self.byte(self.pos))
    }

    pub(super) fn scan_duration(&mut self) -> bool {
        if !self.accept(b"smhdwy") {
            return false;
        }
        self.accept(b"s");
        while self.accept(b"0123456789") {
            while self.accept(b"0123456789") {}
            if !self.accept(b"smhdw") {
                return false;
            }
            self.accept(b"s");
        }
        !is_alnum(self.byte(self.pos))
    }

    pub(super) fn string(&mut self, quote: u8) -> Token {
        let start = self.pos;
        let mut pos = start + 1;
        let mut escaped = false;
        let mut variables = false;
        loop {
            let Some(&byte) = self.bytes.get(pos) else {
                return self.unterminated(start, pos);
            };
            if byte == quote {
                break;
            }
            match byte {
                b'$' | b'[' => variables = true,
                b'\n' if quote != b'`' => return self.unterminated(start, pos),
                b'\\' if quote != b'`' => {
                    escaped = true;
                    match string::escape(self.text, pos, quote) {
                        Ok((_, end)) => {
                            pos = end;
                            continue;
                        }
                        Err(error) => {
                            if self.bytes[pos..].len() == 1 {
                                return self.unterminated(start, pos + 1);
                            }
                            let whole = Span::new(start, self.string_end(start, quote));
                            return self.fail(whole, error.related(whole, "in this string"));
                        }
                    }
                }
                0xef if self.bytes[pos..].starts_with("\u{fffd}".as_bytes()) => {
                    let span = Span::new(pos, pos + 3);
                    let whole = Span::new(start, self.string_end(start, quote));
                    let error = ParseError::new(
                        ErrorKind::String,
                        span,
                        "the replacement character U+FFFD: Prometheus takes it for invalid UTF-8",
                    )
                    .related(whole, "in this string");
                    return self.fail(whole, error);
                }
                _ => {}
            }
            pos += 1;
        }
        self.pos = pos + 1;
        let first_hole = self.holes.len();
        if variables {
            holes::holes_in(
                self.text,
                start + 1,
                pos,
                HoleRole::InString,
                &mut self.holes,
            );
        }
        Token {
            tok: Tok::Str,
            span: Span::new(start, self.pos),
            first_hole: first_hole as u32,
            hole_count: (self.holes.len() - first_hole) as u32,
            flag: escaped,
        }
    }

    pub(super) fn unterminated(&mut self, start: usize, end: usize) -> Token {
        let span = Span::new(start, end);
        let quote = self.byte(start) as char;
        let error = ParseError::new(
            ErrorKind::String,
            span,
            format!("this string has no closing `{quote}`"),
        );
        let error = if end < self.bytes.len() {
            error.help(
                "a string in \" or ' ends on its line; a raw string in backticks may span lines",
            )
        } else {
            error
        };
        self.fail(span, error)
    }

    /// Roughly where a broken string ends: its closing quote, the line's or the query's end.
    pub(super) fn string_end(&self, start: usize, quote: u8) -> usize {
        let rest = &self.bytes[start + 1..];
        let mut pos = 0;
        while pos < rest.len() {
            match rest[pos] {
                b'\n' if quote != b'`' => return start + 1 + pos,
                b'\\' if quote != b'`' => pos += 1,
                byte if byte == quote => return start + 2 + pos,
                _ => {}
            }
            pos += 1;
        }
        self.bytes.len()
    }
}
