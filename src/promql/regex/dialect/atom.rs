//! Escapes and character classes.

use super::Walker;
use crate::promql::regex::RegexError;
use crate::promql::string::{ceil_boundary, floor_boundary};
use crate::span::Span;

impl Walker<'_> {
    /// A backslash outside of a class; returns whether it matches the empty string.
    pub(super) fn escape_or_class(&mut self) -> Result<bool, RegexError> {
        match self.byte(self.pos + 1) {
            b'A' | b'B' | b'z' => {
                self.pos += 2;
                Ok(true)
            }
            b'b' => {
                self.pos += 2;
                Ok(false)
            }
            b'd' | b'D' | b's' | b'S' | b'w' | b'W' => {
                self.pos += 2;
                Ok(false)
            }
            b'p' | b'P' => self.unicode_class().map(|()| false),
            _ => self.escape().map(|_| false),
        }
    }

    /// `\pL`, `\p{Greek}`.
    fn unicode_class(&mut self) -> Result<(), RegexError> {
        let start = self.pos;
        let mut end = start + 2;
        if self.byte(end) == b'{' {
            match self.pattern[end..].find('}') {
                Some(close) => end += close + 1,
                None => return self.error(start, self.bytes.len(), "`\\p{` is never closed"),
            }
        } else if end < self.bytes.len() {
            end = self.char_end(end);
        }
        let class = &self.pattern[start..end];
        let plain = class.replacen("{^", "{", 1);
        if regex_syntax::parse(&plain).is_err() {
            return self.error(
                start,
                end,
                format!("`{class}` is no class of Unicode characters"),
            );
        }
        self.pos = end;
        Ok(())
    }

    /// One escaped character.
    fn escape(&mut self) -> Result<u32, RegexError> {
        let start = self.pos;
        let Some(c) = self.pattern[start + 1..].chars().next() else {
            return self.error(start, start + 1, "a backslash at the end");
        };
        let after = start + 1 + c.len_utf8();
        match c {
            '0'..='7' => {
                let next = self.byte(after);
                if c != '0' && !(b'0'..=b'7').contains(&next) {
                    let mut error = self.invalid_escape(start, after);
                    error.help = Some("RE2 has no back references".into());
                    return Err(error);
                }
                let mut value = c as u32 - '0' as u32;
                let mut pos = after;
                while pos < start + 4 && (b'0'..=b'7').contains(&self.byte(pos)) {
                    value = value * 8 + u32::from(self.byte(pos) - b'0');
                    pos += 1;
                }
                self.pos = pos;
                Ok(value)
            }
            'x' => {
                let (digits, end) = if self.byte(after) == b'{' {
                    match self.pattern[after..].find('}') {
                        Some(close) => (&self.pattern[after + 1..after + close], after + close + 1),
                        None => return Err(self.invalid_escape(start, after + 1)),
                    }
                } else {
                    let end = floor_boundary(self.pattern, after + 2);
                    let digits = &self.pattern[after..end];
                    (if digits.len() == 2 { digits } else { "" }, end)
                };
                let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
                let value =
                    u32::from_str_radix(digits.trim_start_matches('0'), 16).unwrap_or(u32::MAX);
                let value = if digits.bytes().all(|b| b == b'0') {
                    0
                } else {
                    value
                };
                if !hex || value > 0x10_ffff {
                    return Err(self.invalid_escape(start, end));
                }
                self.pos = end;
                Ok(value)
            }
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => {
                self.pos = after;
                Ok(match c {
                    'a' => 7,
                    'f' => 12,
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    _ => 11,
                })
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => {
                self.pos = after;
                Ok(c as u32)
            }
            _ => Err(self.invalid_escape(start, after)),
        }
    }

    fn invalid_escape(&self, start: usize, end: usize) -> RegexError {
        let end = ceil_boundary(self.pattern, end);
        RegexError {
            span: Span::new(start, end),
            message: format!("`{}` is no escape of RE2", &self.pattern[start..end]),
            help: None,
        }
    }

    /// `[…]`.
    pub(super) fn class(&mut self) -> Result<(), RegexError> {
        let open = self.pos;
        self.pos += 1;
        if self.byte(self.pos) == b'^' {
            self.pos += 1;
        }
        let mut first = true;
        loop {
            let start = self.pos;
            if start >= self.bytes.len() {
                return self.error(open, open + 1, "this `[` is never closed");
            }
            if self.bytes[start] == b']' && !first {
                self.pos += 1;
                return Ok(());
            }
            first = false;
            if self.bytes[start] == b'['
                && self.byte(start + 1) == b':'
                && let Some(end) = self.pattern[start + 2..].find(":]")
            {
                let end = start + 2 + end + 2;
                let name = self.pattern[start + 2..end - 2].trim_start_matches('^');
                const NAMES: [&str; 14] = [
                    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower",
                    "print", "punct", "space", "upper", "word", "xdigit",
                ];
                if !NAMES.contains(&name) {
                    let class = &self.pattern[start..end];
                    return self.error(start, end, format!("`{class}` is no character class"));
                }
                self.pos = end;
                continue;
            }
            if self.bytes[start] == b'\\' {
                match self.byte(start + 1) {
                    b'd' | b'D' | b's' | b'S' | b'w' | b'W' => {
                        self.pos += 2;
                        continue;
                    }
                    b'p' | b'P' => {
                        self.unicode_class()?;
                        continue;
                    }
                    _ => {}
                }
            }
            let low = self.class_char(open)?;
            if self.byte(self.pos) == b'-'
                && self.pos + 1 < self.bytes.len()
                && self.byte(self.pos + 1) != b']'
            {
                self.pos += 1;
                let high = self.class_char(open)?;
                if high < low {
                    let range = &self.pattern[start..self.pos];
                    return self.error(
                        start,
                        self.pos,
                        format!("the range `{range}` is the wrong way round"),
                    );
                }
            }
        }
    }

    fn class_char(&mut self, open: usize) -> Result<u32, RegexError> {
        if self.pos >= self.bytes.len() {
            return self.error(open, open + 1, "this `[` is never closed");
        }
        if self.bytes[self.pos] == b'\\' {
            return self.escape();
        }
        let c = self.pattern[self.pos..].chars().next().unwrap_or(' ');
        self.pos += c.len_utf8();
        Ok(c as u32)
    }
}
