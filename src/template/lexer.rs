//! Tokens within an action.

use std::borrow::Cow;

use super::error::Fault;
use crate::span::Span;

/// What stands in an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'x> {
    /// A function or keyword.
    Word(&'x str),
    /// `.name`, without the dot.
    Field(&'x str),
    /// `$name`, with the `$`.
    Variable(&'x str),
    Dot,
    /// A number or character.
    Number(&'x str),
    String(Cow<'x, str>),
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    Comma,
    LeftParen,
    RightParen,
    Space,
    /// `}}`, with what trims before it.
    Close,
    /// The text ends, or a character that has no place here follows.
    Stray(Option<char>),
}

/// Reads an action's tokens.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'x> {
    text: &'x str,
    at: usize,
}

fn is_space(c: char) -> bool {
    // Line breaks are allowed since Go 1.16.
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

impl<'x> Lexer<'x> {
    pub(super) fn new(text: &'x str, at: usize) -> Self {
        Lexer { text, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'x str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Takes bytes off the front while `keep` holds.
    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'x str {
        let rest = self.rest();
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// The length of the closing braces here: `}}`, or ` -}}` of which the space is at hand.
    fn closing(&self) -> Option<usize> {
        let rest = self.rest();
        if rest.starts_with("}}") {
            return Some(2);
        }
        let trimmed = rest.strip_prefix(is_space)?;
        trimmed.starts_with("-}}").then_some(4)
    }

    /// The next token and its bytes.
    pub(super) fn next(&mut self) -> Result<(Token<'x>, Span), Fault> {
        let start = self.at;
        let token = self.token()?;
        Ok((token, Span::new(start, self.at)))
    }

    fn token(&mut self) -> Result<Token<'x>, Fault> {
        let start = self.at;
        if let Some(len) = self.closing() {
            self.at += len;
            return Ok(Token::Close);
        }
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::Stray(None));
        };
        if is_space(first) {
            // The last one may belong to the closing braces.
            let run = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
            let trims = rest[run..].starts_with("-}}") && run > 1;
            self.at += if trims { run - 1 } else { run };
            return Ok(Token::Space);
        }
        let second = rest[first.len_utf8()..].chars().next();
        match first {
            '|' => self.single(Token::Pipe),
            ',' => self.single(Token::Comma),
            '(' => self.single(Token::LeftParen),
            ')' => self.single(Token::RightParen),
            '=' => self.single(Token::Assign),
            ':' if second == Some('=') => {
                self.at += 2;
                Ok(Token::Declare)
            }
            '"' => self.quoted(),
            '`' => self.raw(),
            '\'' => self.character(),
            '$' => {
                self.at += 1;
                self.take(is_word);
                self.terminated(start)?;
                Ok(Token::Variable(&self.text[start..self.at]))
            }
            '.' if !second.is_some_and(|c| c.is_ascii_digit()) => {
                self.at += 1;
                let name = self.take(is_word);
                if name.is_empty() {
                    return Ok(Token::Dot);
                }
                self.terminated(start)?;
                Ok(Token::Field(name))
            }
            '.' | '+' | '-' | '0'..='9' => self.number(),
            c if is_word(c) => {
                let word = self.take(is_word);
                self.terminated(start)?;
                Ok(Token::Word(word))
            }
            c => {
                self.at += c.len_utf8();
                Ok(Token::Stray(Some(c)))
            }
        }
    }

    fn single(&mut self, token: Token<'x>) -> Result<Token<'x>, Fault> {
        self.at += 1;
        Ok(token)
    }

    /// A name must end before a space, a bracket, a dot, a comma, a pipe, a colon, `=` or the closing braces.
    fn terminated(&mut self, start: usize) -> Result<(), Fault> {
        let Some(next) = self.rest().chars().next() else {
            return Ok(());
        };
        if is_space(next) || matches!(next, '.' | ',' | '|' | ':' | ')' | '(' | '=' | '}') {
            return Ok(());
        }
        let at = self.at;
        let name = &self.text[start..at];
        self.at += next.len_utf8();
        let fault = Fault::syntax(
            Span::new(at, self.at),
            format!("`{next}` cannot stand in a name (after `{name}`)"),
        );
        // Prometheus' labels have no dashes, but people write them.
        Err(match next {
            '-' | '/' => fault.help(format!(
                "write `index`: `{{{{ index $labels \"some{next}name\" }}}}`"
            )),
            '}' | '{' => fault,
            _ => fault.help("put a space between the two"),
        })
    }

    fn number(&mut self) -> Result<Token<'x>, Fault> {
        let start = self.at;
        self.at += 1;
        let mut previous = '0';
        while let Some(c) = self.rest().chars().next() {
            let exponent = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E' | 'p' | 'P');
            if !(is_word(c) || c == '.' || exponent) {
                break;
            }
            previous = c;
            self.at += c.len_utf8();
        }
        let raw = &self.text[start..self.at];
        if is_number(raw) {
            return Ok(Token::Number(raw));
        }
        let message = format!("`{raw}` is no number");
        Err(Fault::syntax(Span::new(start, self.at), message))
    }

    fn quoted(&mut self) -> Result<Token<'x>, Fault> {
        let start = self.at;
        self.at += 1;
        let mut value = None::<String>;
        let body = self.at;
        loop {
            let Some(c) = self.rest().chars().next().filter(|c| *c != '\n') else {
                let message = "the string has no closing quote";
                return Err(Fault::syntax(Span::new(start, start + 1), message));
            };
            let here = self.at;
            self.at += c.len_utf8();
            match c {
                '"' => {
                    return Ok(Token::String(match value {
                        Some(value) => Cow::Owned(value),
                        None => Cow::Borrowed(&self.text[body..here]),
                    }));
                }
                '\\' => {
                    let value = value.get_or_insert_with(|| self.text[body..here].to_owned());
                    let (char, len) = escape(&self.text[self.at..]).ok_or_else(|| {
                        let next = self.text[self.at..].chars().next();
                        let end = self.at + next.map_or(0, char::len_utf8);
                        let message = format!("`\\{}` is no escape", next.unwrap_or(' '));
                        Fault::syntax(Span::new(here, end), message)
                            .help("write two backslashes, or put the string in backticks")
                    })?;
                    value.push(char);
                    self.at += len;
                }
                c => {
                    if let Some(value) = &mut value {
                        value.push(c);
                    }
                }
            }
        }
    }

    fn raw(&mut self) -> Result<Token<'x>, Fault> {
        let start = self.at;
        let body = &self.text[start + 1..];
        let Some(len) = body.find('`') else {
            let message = "the string has no closing backtick";
            return Err(Fault::syntax(Span::new(start, start + 1), message));
        };
        self.at += len + 2;
        Ok(Token::String(Cow::Borrowed(&body[..len])))
    }

    fn character(&mut self) -> Result<Token<'x>, Fault> {
        let start = self.at;
        let body = &self.text[start + 1..];
        let fault = |end: usize| {
            Fault::syntax(
                Span::new(start, end),
                "single quotes hold one character, not a string",
            )
            .help("write double quotes or backticks")
        };
        let len = match body.chars().next() {
            Some('\\') => {
                let after = &body[1..];
                let quote = after.starts_with('\'').then_some(1);
                quote
                    .or_else(|| {
                        escape(after)
                            .map(|(_, len)| len)
                            .filter(|_| !after.starts_with('"'))
                    })
                    .map(|len| len + 1)
            }
            Some(c) if c != '\n' && c != '\'' => Some(c.len_utf8()),
            _ => None,
        };
        match len.filter(|len| body[*len..].starts_with('\'')) {
            Some(len) => {
                self.at += len + 2;
                Ok(Token::Number(&self.text[start..self.at]))
            }
            None => {
                let line = body.find(['\'', '\n']).map_or(1, |end| end + 2);
                Err(fault((start + line).min(self.text.len())))
            }
        }
    }
}

/// What an escape stands for, after its backslash, and how long it is: Go's `strconv.UnquoteChar`. A byte that is no
/// character of its own becomes the replacement character.
fn escape(rest: &str) -> Option<(char, usize)> {
    let first = rest.chars().next()?;
    let number = |from: usize, len: usize, radix: u32| {
        let digits = rest.get(from..from + len)?;
        // Rust would take a sign as well.
        let plain = digits.chars().all(|digit| digit.is_digit(radix));
        u32::from_str_radix(digits, radix).ok().filter(|_| plain)
    };
    let byte = |from: usize, len: usize, radix: u32| {
        let value = number(from, len, radix).and_then(|value| u8::try_from(value).ok())?;
        let char = if value.is_ascii() {
            char::from(value)
        } else {
            '\u{fffd}'
        };
        Some((char, from + len))
    };
    // Half of a surrogate pair, and what lies beyond the last character, is refused.
    let character = |len: usize| Some((char::from_u32(number(1, len, 16)?)?, 1 + len));
    match first {
        'a' => Some(('\u{7}', 1)),
        'b' => Some(('\u{8}', 1)),
        'f' => Some(('\u{c}', 1)),
        'n' => Some(('\n', 1)),
        'r' => Some(('\r', 1)),
        't' => Some(('\t', 1)),
        'v' => Some(('\u{b}', 1)),
        '\\' | '"' => Some((first, 1)),
        'x' => byte(1, 2, 16),
        'u' => character(4),
        'U' => character(8),
        '0'..='7' => byte(0, 3, 8),
        _ => None,
    }
}

/// Whether Go reads it as a number: whole in any base, with a point or exponent, imaginary.
fn is_number(raw: &str) -> bool {
    let unsigned = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let plain = unsigned
        .strip_suffix('i')
        .unwrap_or(unsigned)
        .replace('_', "");
    let lower = plain.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        let hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit() || c == '.');
        return match digits.split_once('p') {
            Some((digits, exponent)) => hex(digits) && exponent.parse::<i32>().is_ok(),
            None => !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit()),
        };
    }
    for (prefix, radix) in [("0b", 2), ("0o", 8)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).is_ok();
        }
    }
    lower.starts_with(|c: char| c.is_ascii_digit() || c == '.') && lower.parse::<f64>().is_ok()
}
