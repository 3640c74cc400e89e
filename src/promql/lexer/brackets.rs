//! Inside `[…]`, before the first number: only durations and their arithmetic.

use super::{Lexer, Mode, is_alnum, is_alpha};
use crate::promql::error::{ErrorKind, ParseError, Suggestion};
use crate::promql::holes;
use crate::promql::token::{Tok, Token};
use crate::span::Span;

impl Lexer<'_> {
    pub(super) fn in_brackets(&mut self) -> Token {
        let start = self.pos;
        let Some(&byte) = self.bytes.get(start) else {
            return self.at_end_of_brackets();
        };
        match byte {
            b']' => {
                self.bracket = None;
                self.mode = Mode::Statements;
                self.take(Tok::RBracket, 1)
            }
            b':' => {
                let span = Span::new(start, start + 1);
                let after = Span::new(start + 1, start + 1);
                let message = if !self.got_duration {
                    "unexpected `:`: the range before it is missing"
                } else if self.got_colon {
                    "unexpected second `:` in a subquery, expected `]`"
                } else {
                    self.got_colon = true;
                    return self.take(Tok::Colon, 1);
                };
                let error = ParseError::new(ErrorKind::Syntax, span, message)
                    .related(after, "a subquery is `[range:step]` or `[range:]`");
                self.fail(span, error)
            }
            b'(' => {
                self.parens.push(start as u32);
                self.take(Tok::LParen, 1)
            }
            b')' => self.close_paren(),
            b'+' => self.take(Tok::Add, 1),
            b'-' => self.take(Tok::Sub, 1),
            b'*' => self.take(Tok::Mul, 1),
            b'/' => self.take(Tok::Div, 1),
            b'%' => self.take(Tok::Mod, 1),
            b'^' => self.take(Tok::Pow, 1),
            b',' => self.take(Tok::Comma, 1),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(start + 1).is_ascii_digit() => self.number(),
            b'$' | b'[' if holes::hole_at(self.text, start).is_some() => self.word(start),
            _ => {
                if let Some(token) = self.duration_keyword(start) {
                    return token;
                }
                if is_alpha(byte) {
                    return self.word_in_brackets(start);
                }
                let token = self.bad_char(start, " in a range");
                self.point_at_bracket();
                if matches!(byte, b'"' | b'\'' | b'`') {
                    self.suggest_unquoting(start);
                }
                token
            }
        }
    }

    pub(super) fn point_at_bracket(&mut self) {
        if let (Some(error), Some(open)) = (&mut self.error, self.bracket) {
            let open = Span::new(open as usize, open as usize + 1);
            error.related.push((open, "the range starts here".into()));
            if error.help.is_none() {
                error.help = Some("expected a duration such as `5m`, then `]`".into());
            }
        }
    }

    pub(super) fn suggest_unquoting(&mut self, start: usize) {
        let end = self.string_end(start, self.bytes[start]);
        let span = Span::new(start, end);
        let Some(inner) = self.text.get(start + 1..end.saturating_sub(1)) else {
            return;
        };
        if let Some(error) = &mut self.error {
            error.message = "a range has no quotes".into();
            let title = "remove the quotes";
            error.suggestion = Some(Suggestion::new(title, vec![(span, inner.into())]));
        }
    }

    pub(super) fn at_end_of_brackets(&mut self) -> Token {
        let end = Span::new(self.pos, self.pos);
        let at = self.bracket.unwrap_or(0) as usize;
        let span = Span::new(at, at + 1);
        let error = ParseError::new(ErrorKind::Syntax, span, "this `[` is never closed")
            .related(end, "the query ends here, expected a duration and `]`");
        self.fail(end, error)
    }

    /// A word where only a duration may stand.
    pub(super) fn word_in_brackets(&mut self, start: usize) -> Token {
        let mut end = start;
        while is_alnum(self.byte(end)) {
            end += 1;
        }
        if holes::hole_at(self.text, end).is_some() {
            return self.word(start);
        }
        let span = Span::new(start, end);
        let word = &self.text[span.range()];
        let message = if self.got_duration {
            format!("unexpected `{word}` in a range, expected `]` or `:`")
        } else {
            format!("unexpected `{word}` in a range, expected a duration such as `5m`")
        };
        let mut error = ParseError::new(ErrorKind::Syntax, span, message);
        if matches!(
            word,
            "interval" | "rate_interval" | "__rate_interval" | "__interval" | "range" | "__range"
        ) {
            error = error.suggest("use the variable", vec![(span, format!("${word}"))]);
        }
        let token = self.fail(span, error);
        if let (Some(error), Some(open)) = (&mut self.error, self.bracket) {
            let open = Span::new(open as usize, open as usize + 1);
            error.related.push((open, "the range starts here".into()));
        }
        token
    }

    pub(super) fn duration_keyword(&mut self, start: usize) -> Option<Token> {
        let mut end = start;
        while is_alpha(self.byte(end)) {
            end += 1;
        }
        let word = &self.bytes[start..end];
        let tok = if word.eq_ignore_ascii_case(b"step") {
            Tok::Step
        } else if word.eq_ignore_ascii_case(b"range") {
            Tok::Range
        } else if word.eq_ignore_ascii_case(b"min_of") || word.eq_ignore_ascii_case(b"max_of") {
            Tok::Ident
        } else {
            return None;
        };
        self.got_duration = true;
        Some(self.take(tok, end - start))
    }
}
