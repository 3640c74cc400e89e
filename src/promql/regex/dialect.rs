//! The grammar of Go's `regexp/syntax`, with Perl flags.

mod atom;

use super::RegexError;
use crate::promql::string::ceil_boundary;
use crate::span::Span;

#[derive(Debug, Clone, Copy)]
struct Item {
    nullable: bool,
    weight: u32,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    open: usize,
    /// Whether an alternative before matches the empty string.
    alternative: bool,
    /// Whether everything in this alternative, the last item aside, does.
    nullable: bool,
    weight: u32,
    last: Option<Item>,
}

impl Group {
    fn new(open: usize) -> Self {
        Group {
            open,
            alternative: false,
            nullable: true,
            weight: 1,
            last: None,
        }
    }

    fn push(&mut self, nullable: bool) {
        self.push_item(Item {
            nullable,
            weight: 1,
        });
    }

    fn push_item(&mut self, item: Item) {
        self.settle();
        self.last = Some(item);
    }

    fn settle(&mut self) {
        if let Some(last) = self.last.take() {
            self.nullable &= last.nullable;
            self.weight = self.weight.max(last.weight);
        }
    }

    fn bar(&mut self) {
        self.settle();
        self.alternative |= self.nullable;
        self.nullable = true;
    }

    fn finish(mut self) -> Item {
        self.settle();
        Item {
            nullable: self.alternative | self.nullable,
            weight: self.weight,
        }
    }
}

const MAX_REPEAT: u32 = 1000;
const MAX_DEPTH: usize = 1000;

/// Walks a pattern once.
pub(super) struct Walker<'p> {
    pattern: &'p str,
    bytes: &'p [u8],
    pos: usize,
}

impl<'p> Walker<'p> {
    pub(super) fn new(pattern: &'p str) -> Self {
        Walker {
            pattern,
            bytes: pattern.as_bytes(),
            pos: 0,
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn error<T>(
        &self,
        start: usize,
        end: usize,
        message: impl Into<String>,
    ) -> Result<T, RegexError> {
        let end = ceil_boundary(self.pattern, end);
        Err(RegexError {
            span: Span::new(start, end),
            message: message.into(),
            help: None,
        })
    }

    fn char_end(&self, at: usize) -> usize {
        at + self.pattern[at..].chars().next().map_or(0, char::len_utf8)
    }

    /// Walks the whole pattern; returns whether it matches the empty string.
    pub(super) fn walk(mut self) -> Result<bool, RegexError> {
        let mut stack = vec![Group::new(0)];
        // The span of the repetition that has just been read.
        let mut repeated: Option<usize> = None;
        while self.pos < self.bytes.len() {
            let start = self.pos;
            let was_repeated = repeated.take();
            let depth = stack.len();
            let Some(group) = stack.last_mut() else { break };
            match self.bytes[start] {
                b'(' => {
                    if depth > MAX_DEPTH {
                        return self.error(start, start + 1, "nested too deeply");
                    }
                    if self.byte(start + 1) == b'?' {
                        if self.flags()? {
                            stack.push(Group::new(start));
                        }
                    } else {
                        self.pos += 1;
                        stack.push(Group::new(start));
                    }
                }
                b'|' => {
                    self.pos += 1;
                    group.bar();
                }
                b')' => {
                    self.pos += 1;
                    let done = if depth > 1 { stack.pop() } else { None };
                    match (done, stack.last_mut()) {
                        (Some(done), Some(outer)) => outer.push_item(done.finish()),
                        _ => {
                            return self.error(
                                start,
                                start + 1,
                                "unexpected `)`: no `(` is open here",
                            );
                        }
                    }
                }
                b'^' | b'$' => {
                    self.pos += 1;
                    group.push(true);
                }
                b'[' => {
                    self.class()?;
                    group.push(false);
                }
                b'*' | b'+' | b'?' => {
                    self.pos += 1;
                    let optional = self.bytes[start] != b'+';
                    self.lazy();
                    let item = self.repeat(group, start, was_repeated)?;
                    item.nullable |= optional;
                    repeated = Some(was_repeated.unwrap_or(start));
                }
                b'{' => match self.counts() {
                    None => {
                        self.pos = start + 1;
                        group.push(false);
                    }
                    Some((least, most)) => {
                        let bounds_end = self.pos;
                        let too_many = least > MAX_REPEAT || most.is_some_and(|m| m > MAX_REPEAT);
                        if too_many {
                            return self.error(start, bounds_end, "a repetition count above 1000");
                        }
                        if most.is_some_and(|m| m < least) {
                            return self.error(
                                start,
                                bounds_end,
                                "the repetition counts are the wrong way round",
                            );
                        }
                        self.lazy();
                        let item = self.repeat(group, start, was_repeated)?;
                        item.nullable |= least == 0;
                        let factor = most.unwrap_or(least);
                        item.weight = if factor == 0 {
                            1
                        } else {
                            item.weight.saturating_mul(factor)
                        };
                        if (least >= 2 || most.is_some_and(|m| m >= 2)) && item.weight > MAX_REPEAT
                        {
                            return self.error(
                                start,
                                bounds_end,
                                "nested repetitions that multiply to more than 1000",
                            );
                        }
                        repeated = Some(was_repeated.unwrap_or(start));
                    }
                },
                b'\\' => {
                    if self.byte(start + 1) == b'Q' {
                        let rest = &self.pattern[start + 2..];
                        let end = rest.find("\\E");
                        let literal = end.unwrap_or(rest.len());
                        self.pos = start + 2 + literal + if end.is_some() { 2 } else { 0 };
                        if literal > 0 {
                            group.push(false);
                        }
                    } else {
                        let nullable = self.escape_or_class()?;
                        group.push(nullable);
                    }
                }
                _ => {
                    self.pos = self.char_end(start);
                    group.push(false);
                }
            }
        }
        let Some(group) = stack.pop() else {
            return Ok(true);
        };
        if !stack.is_empty() {
            return self.error(group.open, group.open + 1, "this `(` is never closed");
        }
        Ok(group.finish().nullable)
    }

    fn lazy(&mut self) {
        if self.byte(self.pos) == b'?' {
            self.pos += 1;
        }
    }

    fn repeat<'g>(
        &self,
        group: &'g mut Group,
        start: usize,
        before: Option<usize>,
    ) -> Result<&'g mut Item, RegexError> {
        if let Some(before) = before {
            let all = &self.pattern[before..self.pos];
            return self.error(before, self.pos, format!("stacked repetitions `{all}`"));
        }
        let operator = &self.pattern[start..self.pos];
        match &mut group.last {
            Some(item) => Ok(item),
            None => {
                let mut error = RegexError {
                    span: Span::new(start, self.pos),
                    message: format!("`{operator}` has nothing to repeat"),
                    help: None,
                };
                if operator == "*" {
                    error.help =
                        Some("this is a regular expression, not a glob: write `.*`".into());
                }
                Err(error)
            }
        }
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is literal.
    fn counts(&mut self) -> Option<(u32, Option<u32>)> {
        let mut pos = self.pos + 1;
        let least = self.count(&mut pos)?;
        let mut most = Some(least);
        if self.byte(pos) == b',' {
            pos += 1;
            if self.byte(pos) == b'}' {
                most = None;
            } else {
                most = Some(self.count(&mut pos)?);
            }
        }
        if pos >= self.bytes.len() || self.bytes[pos] != b'}' {
            return None;
        }
        self.pos = pos + 1;
        Some((least, most))
    }

    fn count(&self, pos: &mut usize) -> Option<u32> {
        let start = *pos;
        while self.byte(*pos).is_ascii_digit() {
            *pos += 1;
        }
        let digits = &self.pattern[start..*pos];
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            return None;
        }
        Some(digits.parse().unwrap_or(u32::MAX))
    }

    /// `(?…`; returns whether a group was opened.
    fn flags(&mut self) -> Result<bool, RegexError> {
        let start = self.pos;
        let rest = &self.pattern[start..];
        let name_from = if rest.starts_with("(?P<") {
            Some(4)
        } else if rest.starts_with("(?<") {
            Some(3)
        } else {
            None
        };
        if let Some(from) = name_from {
            let after = &rest[from..];
            let name = after.find('>').map(|end| &after[..end]);
            let valid = |name: &&str| {
                !name.is_empty() && name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric())
            };
            if let Some(name) = name.filter(valid) {
                self.pos = start + from + name.len() + 1;
                return Ok(true);
            }
            if after.starts_with('=') || after.starts_with('!') {
                return self.unsupported(start, start + from + 1, "lookbehind");
            }
            let end = start + from + name.map_or(0, |n| n.len() + 1);
            return self.error(start, end, "a group's name is letters, digits and `_`");
        }
        let mut pos = start + 2;
        let (mut minus, mut flag) = (false, false);
        loop {
            match self.byte(pos) {
                b'i' | b'm' | b's' | b'U' => flag = true,
                b'-' if !minus => {
                    minus = true;
                    flag = false;
                }
                c @ (b':' | b')') if !minus || flag => {
                    self.pos = pos + 1;
                    return Ok(c == b':');
                }
                b'=' | b'!' if pos == start + 2 => {
                    return self.unsupported(start, pos + 1, "lookahead");
                }
                b'>' if pos == start + 2 => {
                    return self.unsupported(start, pos + 1, "atomic groups");
                }
                _ => {
                    let end = (pos + 1).min(self.bytes.len());
                    let end = ceil_boundary(self.pattern, end);
                    let group = &self.pattern[start..end];
                    return self.error(start, end, format!("`{group}` is no group of RE2"));
                }
            }
            pos += 1;
        }
    }

    fn unsupported<T>(&self, start: usize, end: usize, what: &str) -> Result<T, RegexError> {
        Err(RegexError {
            span: Span::new(start, end),
            message: format!("RE2 has no {what}"),
            help: Some(
                "match what is wanted with `=~` and exclude the rest with a second matcher `!~`"
                    .into(),
            ),
        })
    }
}
