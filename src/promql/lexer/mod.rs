//! Text to tokens, one at a time, as Prometheus cuts them; template variables are tokens of their own.

mod brackets;
mod literals;

use super::ast::HoleRange;
use super::error::{ErrorKind, ParseError};
use super::holes::{self, Hole, HoleRole};
use super::token::{Tok, Token, keyword};
use crate::span::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Statements,
    /// Inside `{…}`: no keywords, no colons.
    Braces,
    /// Inside `[…]`, before the first number.
    Duration,
}

/// The lexer. The parser pulls; what lies behind an error is never looked at.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    mode: Mode,
    bracket: Option<u32>,
    brace: u32,
    got_colon: bool,
    got_duration: bool,
    /// Where the open parentheses are.
    pub(super) parens: Vec<u32>,
    pub(super) holes: Vec<Hole>,
    pub(super) comments: Vec<Span>,
    /// What the last [`Tok::Error`] was about.
    pub(super) error: Option<Box<ParseError>>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_alpha(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

fn is_alnum(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// A character as a person would name it.
pub(super) fn show_char(c: char) -> String {
    match c {
        '\u{a0}' => "a no-break space (U+00A0)".into(),
        '\u{feff}' => "a byte order mark (U+FEFF)".into(),
        '\u{200b}' => "a zero-width space (U+200B)".into(),
        '\u{2013}' | '\u{2014}' | '\u{2212}' => format!("a dash `{c}` (U+{:04X})", c as u32),
        c if c.is_control() || c.is_whitespace() => format!("U+{:04X}", c as u32),
        c => format!("`{c}`"),
    }
}

fn is_smart_quote(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            mode: Mode::Statements,
            bracket: None,
            brace: 0,
            got_colon: false,
            got_duration: false,
            parens: Vec::new(),
            holes: Vec::new(),
            comments: Vec::new(),
            error: None,
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn token(&self, tok: Tok, start: usize) -> Token {
        Token {
            tok,
            span: Span::new(start, self.pos),
            first_hole: 0,
            hole_count: 0,
            flag: false,
        }
    }

    fn take(&mut self, tok: Tok, len: usize) -> Token {
        let start = self.pos;
        self.pos += len;
        self.token(tok, start)
    }

    fn fail(&mut self, at: Span, error: ParseError) -> Token {
        self.error = Some(Box::new(error));
        Token {
            tok: Tok::Error,
            span: at,
            first_hole: 0,
            hole_count: 0,
            flag: false,
        }
    }

    fn char_span(&self, at: usize) -> Span {
        let len = self.text[at..].chars().next().map_or(0, char::len_utf8);
        Span::new(at, at + len)
    }

    /// The next token. After [`Tok::Error`] or [`Tok::Eof`] it is not to be asked again.
    pub(super) fn next(&mut self) -> Token {
        loop {
            while self.pos < self.bytes.len() && is_space(self.bytes[self.pos]) {
                self.pos += 1;
            }
            if self.byte(self.pos) == b'#' && self.mode != Mode::Duration {
                let start = self.pos;
                let rest = &self.bytes[start..];
                let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                self.pos += len;
                self.comments.push(Span::new(start, self.pos));
                continue;
            }
            return match self.mode {
                Mode::Statements => self.statement(),
                Mode::Braces => self.in_braces(),
                Mode::Duration => self.in_brackets(),
            };
        }
    }

    fn statement(&mut self) -> Token {
        let start = self.pos;
        let Some(&byte) = self.bytes.get(start) else {
            return self.at_end();
        };
        let next = self.byte(start + 1);
        match byte {
            b',' => self.take(Tok::Comma, 1),
            b'*' => self.take(Tok::Mul, 1),
            b'/' => self.take(Tok::Div, 1),
            b'%' => self.take(Tok::Mod, 1),
            b'+' => self.take(Tok::Add, 1),
            b'-' => self.take(Tok::Sub, 1),
            b'^' => self.take(Tok::Pow, 1),
            b'@' => self.take(Tok::At, 1),
            b'=' => match next {
                b'=' => self.take(Tok::EqlC, 2),
                b'~' => self.stray_match(start, "=~"),
                _ => self.take(Tok::Assign, 1),
            },
            b'!' => {
                match next {
                    b'=' => self.take(Tok::Neq, 2),
                    b'~' => self.stray_match(start, "!~"),
                    _ => {
                        let span = Span::new(start, start + 1);
                        let error = ParseError::new(ErrorKind::Syntax, span, "unexpected `!`, expected `!=`")
                        .help("PromQL has no negation; write `!=` to compare, `unless` to exclude series");
                        self.fail(span, error)
                    }
                }
            }
            b'<' => match next {
                b'=' => self.take(Tok::Lte, 2),
                b'/' => self.take(Tok::TrimUpper, 2),
                _ => self.take(Tok::Lss, 1),
            },
            b'>' => match next {
                b'=' => self.take(Tok::Gte, 2),
                b'/' => self.take(Tok::TrimLower, 2),
                _ => self.take(Tok::Gtr, 1),
            },
            b'"' | b'\'' | b'`' => self.string(byte),
            b'0'..=b'9' => self.number(),
            b'.' if next.is_ascii_digit() => self.number(),
            b'(' => {
                self.parens.push(start as u32);
                self.take(Tok::LParen, 1)
            }
            b')' => self.close_paren(),
            b'{' => {
                self.mode = Mode::Braces;
                self.brace = start as u32;
                self.take(Tok::LBrace, 1)
            }
            b'[' => {
                if holes::hole_at(self.text, start).is_some() {
                    return self.word(start);
                }
                if let Some(open) = self.bracket {
                    let span = Span::new(start, start + 1);
                    let open = Span::new(open as usize, open as usize + 1);
                    let error =
                        ParseError::new(ErrorKind::Syntax, span, "unexpected `[` inside a range")
                            .related(open, "the range starts here");
                    return self.fail(span, error);
                }
                self.got_colon = false;
                self.got_duration = false;
                self.bracket = Some(start as u32);
                self.mode = Mode::Duration;
                self.take(Tok::LBracket, 1)
            }
            b']' => {
                if self.bracket.take().is_none() {
                    let span = Span::new(start, start + 1);
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        span,
                        "unexpected `]`: no `[` is open here",
                    );
                    return self.fail(span, error);
                }
                self.take(Tok::RBracket, 1)
            }
            b'$' if holes::hole_at(self.text, start).is_some() => self.word(start),
            b':' if self.bracket.is_some() => {
                if self.got_colon {
                    let span = Span::new(start, start + 1);
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        span,
                        "unexpected second `:` in a subquery, expected `]`",
                    );
                    return self.fail(span, error);
                }
                self.got_colon = true;
                self.take(Tok::Colon, 1)
            }
            b':' => self.word(start),
            _ if is_alpha(byte) => {
                if self.bracket.is_some() {
                    if let Some(token) = self.duration_keyword(start) {
                        return token;
                    }
                    return self.word_in_brackets(start);
                }
                self.word(start)
            }
            _ => self.bad_char(start, ""),
        }
    }

    fn at_end(&mut self) -> Token {
        let end = Span::new(self.bytes.len(), self.bytes.len());
        let open = match (self.parens.last(), self.bracket) {
            (Some(&open), _) => Some((open, "(", ")")),
            (None, Some(open)) => Some((open, "[", "]")),
            _ => None,
        };
        if let Some((at, left, right)) = open {
            let span = Span::new(at as usize, at as usize + 1);
            let error = ParseError::new(
                ErrorKind::Syntax,
                span,
                format!("this `{left}` is never closed"),
            )
            .related(end, format!("the query ends here, expected `{right}`"));
            return self.fail(end, error);
        }
        self.token(Tok::Eof, self.pos)
    }

    fn close_paren(&mut self) -> Token {
        let start = self.pos;
        if self.parens.pop().is_none() {
            let span = Span::new(start, start + 1);
            let after = Span::new(start + 1, start + 1);
            let error = ParseError::new(
                ErrorKind::Syntax,
                span,
                "unexpected `)`: no `(` is open here",
            )
            .related(after, "the parentheses are balanced before it")
            .suggest("remove it", vec![(span, String::new())]);
            return self.fail(span, error);
        }
        self.take(Tok::RParen, 1)
    }

    fn stray_match(&mut self, start: usize, op: &str) -> Token {
        let span = Span::new(start, start + 2);
        let plain = if op == "=~" { "==" } else { "!=" };
        let error = ParseError::new(
            ErrorKind::Syntax,
            span,
            format!("`{op}` can only be used inside `{{…}}`, on a label"),
        )
        .help(format!("to compare values, write `{plain}`"));
        self.fail(span, error)
    }

    fn bad_char(&mut self, start: usize, place: &str) -> Token {
        let span = self.char_span(start);
        let c = self.text[start..].chars().next().unwrap_or(' ');
        let mut error = ParseError::new(
            ErrorKind::Syntax,
            span,
            format!("unexpected {}{place}", show_char(c)),
        );
        if is_smart_quote(c) {
            let mut edits = vec![(span, "\"".to_string())];
            let rest = start + c.len_utf8();
            let close = self.text[rest..]
                .char_indices()
                .find(|(_, c)| is_smart_quote(*c) || matches!(c, '"' | '\n'));
            if let Some((at, c)) = close
                && is_smart_quote(c)
            {
                edits.push((Span::new(rest + at, rest + at + c.len_utf8()), "\"".into()));
            }
            error.message = format!("typographic quote `{c}`: PromQL strings use \", ' or `");
            error = error.suggest("use straight quotes", edits);
        } else if c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}' {
            error = error.help("only space, tab and line breaks separate words in PromQL");
            let replacement = if c.is_whitespace() { " " } else { "" };
            error = error.suggest("use a plain space", vec![(span, replacement.into())]);
        } else if matches!(c, '\u{2013}' | '\u{2014}' | '\u{2212}') {
            error = error.suggest("use a plain minus", vec![(span, "-".into())]);
        } else if c == '$' {
            error = error.help("a variable is `$name`, `${name}` or `${name:format}`");
        } else if c == '&' || c == '|' {
            error = error.help("the set operators are `and`, `or` and `unless`");
        } else if c == ';' {
            error = error.help("a query is one expression; remove the `;`");
        } else if c == '}' {
            error.message = "unexpected `}`: no `{` is open here".into();
        } else if c == '.' || !c.is_ascii() {
            error = error.help(
                "names outside quotes are ASCII letters, digits, `_` and `:`; \
                 other names are written {\"my.metric\"} since Prometheus 3",
            );
        }
        self.fail(span, error)
    }

    fn in_braces(&mut self) -> Token {
        let start = self.pos;
        let Some(&byte) = self.bytes.get(start) else {
            let end = Span::new(start, start);
            let span = Span::new(self.brace as usize, self.brace as usize + 1);
            let error = ParseError::new(ErrorKind::Syntax, span, "this `{` is never closed")
                .related(end, "the query ends here, expected `}`");
            return self.fail(end, error);
        };
        match byte {
            b',' => self.take(Tok::Comma, 1),
            b'"' | b'\'' | b'`' => self.string(byte),
            b'=' if self.byte(start + 1) == b'~' => self.take(Tok::EqlRegex, 2),
            b'=' => self.take(Tok::Assign, 1),
            b'!' => match self.byte(start + 1) {
                b'~' => self.take(Tok::NeqRegex, 2),
                b'=' => self.take(Tok::Neq, 2),
                _ => {
                    let span = Span::new(start, start + 1);
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        span,
                        "unexpected `!`, expected `!=` or `!~`",
                    );
                    self.fail(span, error)
                }
            },
            b'}' => {
                self.mode = Mode::Statements;
                self.take(Tok::RBrace, 1)
            }
            b'{' => {
                let span = Span::new(start, start + 1);
                let open = Span::new(self.brace as usize, self.brace as usize + 1);
                let error = ParseError::new(
                    ErrorKind::Syntax,
                    span,
                    "unexpected `{`: the selector before it is not closed",
                )
                .related(open, "it starts here");
                self.fail(span, error)
            }
            b'$' | b'[' if holes::hole_at(self.text, start).is_some() => self.word(start),
            _ if is_alpha(byte) => self.word(start),
            _ => {
                let token = self.bad_char(start, " inside `{…}`");
                let open = Span::new(self.brace as usize, self.brace as usize + 1);
                if let Some(error) = &mut self.error {
                    if matches!(byte, b')' | b']' | b'+' | b'*' | b'/' | b'(') {
                        error.related.push((open, "this `{` is still open".into()));
                    } else if byte == b'~' {
                        error.help = Some("the matchers are `=`, `!=`, `=~` and `!~`".into());
                        let span = Span::new(start, start + 1);
                        error.suggestion = Some(super::error::Suggestion::new(
                            "match a regular expression with `=~`",
                            vec![(span, "=~".into())],
                        ));
                    } else if matches!(byte, b'<' | b'>') {
                        error.help =
                            Some("labels are strings and are only compared with `=`, `!=`, `=~` and `!~`".into());
                    } else if matches!(byte, b'.' | b'-' | b':') || byte.is_ascii_digit() {
                        error.help = Some(
                            "a label name outside quotes is letters, digits and `_`; \
                             other names are quoted since Prometheus 3"
                                .into(),
                        );
                    }
                }
                token
            }
        }
    }

    /// A run of name characters and variables.
    fn word(&mut self, start: usize) -> Token {
        let first_hole = self.holes.len();
        let colons = self.mode == Mode::Statements && self.bracket.is_none();
        let mut has_colon = false;
        let mut pos = start;
        loop {
            let byte = self.byte(pos);
            if is_alnum(byte) {
                pos += 1;
            } else if byte == b':' && colons {
                has_colon = true;
                pos += 1;
            } else if matches!(byte, b'$' | b'[')
                && let Some(hole) = holes::hole_at(self.text, pos)
            {
                pos = hole.span.end as usize;
                self.holes.push(hole);
            } else {
                break;
            }
        }
        self.pos = pos;
        let hole_count = self.holes.len() - first_hole;
        if hole_count > 0 {
            if self.mode == Mode::Duration {
                self.mode = Mode::Statements;
            }
            self.got_duration = true;
            let first = self.byte(start);
            return Token {
                tok: Tok::Hole,
                span: Span::new(start, pos),
                first_hole: first_hole as u32,
                hole_count: hole_count as u32,
                flag: first.is_ascii_digit() || first == b'.',
            };
        }
        let tok = if has_colon {
            Tok::MetricIdent
        } else if self.mode == Mode::Braces {
            Tok::Ident
        } else {
            let tok = keyword(&self.bytes[start..pos]).unwrap_or(Tok::Ident);
            match tok {
                Tok::Fill | Tok::FillLeft | Tok::FillRight if !self.paren_follows(pos) => {
                    Tok::Ident
                }
                tok => tok,
            }
        };
        self.token(tok, start)
    }

    fn paren_follows(&self, mut at: usize) -> bool {
        while is_space(self.byte(at)) {
            at += 1;
        }
        self.byte(at) == b'('
    }

    pub(super) fn set_role(&mut self, run: HoleRange, role: HoleRole) {
        if !run.is_empty() {
            holes::set_role(&mut self.holes, run, role);
        }
    }

    /// Where the open brace is, for messages.
    pub(super) fn brace_span(&self) -> Span {
        Span::new(self.brace as usize, self.brace as usize + 1)
    }
}
