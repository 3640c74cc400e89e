//! Replacing a part of a decoded text: what to write where it was written.
//!
//! Each style of string has its own way to write a character, and its own texts it cannot hold. Where it is not certain
//! that the new bytes read back as the new text and nothing else, the answer is `None`.

use super::arena::{Kind, Style};
use super::node::NodeRef;
use super::scalar;
use super::text::Map;
use super::tree::{Dialect, Tree};
use crate::span::Span;

impl Tree {
    /// A replacement of bytes of the tree's text as a replacement of bytes of the file: the same for a file's own
    /// tree; in a carrier escaped or indented as the carrying string needs it. `None` where the carrier cannot hold
    /// the new text, or `span` has no exact place in it.
    pub fn encode(&self, span: Span, replacement: &str) -> Option<(Span, String)> {
        self.text.get(span.range())?;
        let Some(carrier) = &self.carrier else {
            return Some((span, replacement.to_owned()));
        };
        let site = Site {
            text: &self.text,
            map: &carrier.map,
            style: carrier.style,
            yaml: carrier.yaml,
            indent: carrier.indent as usize,
            flow: true,
        };
        site.replace(span, replacement)
    }
}

impl NodeRef<'_> {
    /// Replaces the bytes `span` of a string's decoded text (one token of a query, say): the bytes of the file to
    /// replace, and by what. `None` where it is no string, or its style cannot hold the new text.
    pub fn encode_str(self, span: Span, replacement: &str) -> Option<(Span, String)> {
        let node = self.resolve();
        let text = node.text()?;
        let mut ancestor = node.parent();
        let mut flow = false;
        while let Some(here) = ancestor.filter(|_| !flow) {
            flow = here.style() == Style::Flow;
            ancestor = here.parent();
        }
        let site = Site {
            text: &text.value,
            map: &text.map,
            style: node.style(),
            yaml: self.tree().dialect() == Dialect::Yaml,
            indent: super::indent_of(node) as usize,
            flow,
        };
        let (span, replacement) = site.replace(span, replacement)?;
        self.tree().encode(span, &replacement)
    }
}

/// A decoded text and how it is written.
struct Site<'s> {
    text: &'s str,
    map: &'s Map<'s>,
    style: Style,
    yaml: bool,
    indent: usize,
    /// It stands within brackets.
    flow: bool,
}

impl Site<'_> {
    fn replace(&self, span: Span, new: &str) -> Option<(Span, String)> {
        self.text.get(span.range())?;
        let source = self.map.exact(span)?;
        let written = match (self.yaml, self.style) {
            (false, _) => json(new),
            (true, Style::Double) => {
                if self.edges_hold(span, new) {
                    double(new)
                } else {
                    let inner = new.trim_matches(' ');
                    if inner.is_empty() {
                        return None;
                    }
                    let lead = new.len() - new.trim_start_matches(' ').len();
                    let tail = new.len() - lead - inner.len();
                    "\\x20".repeat(lead) + &double(inner) + &"\\x20".repeat(tail)
                }
            }
            (true, Style::Single) => {
                (self.edges_hold(span, new) && one_line(new)).then(|| new.replace('\'', "''"))?
            }
            (true, Style::Plain) => (self.edges_hold(span, new) && self.plain_holds(span, new))
                .then(|| new.to_owned())?,
            (true, Style::Folded) => self.folded_holds(span, new).then(|| new.to_owned())?,
            (true, Style::Literal) => return self.literal(span, source, new),
            (true, Style::Flow | Style::Block) => return None,
        };
        Some((source, written))
    }

    /// The texts before and after `span` on its line; a line ends where the writing is folded.
    fn line(&self, span: Span) -> (&str, bool, &str, bool) {
        let (start, end) = (span.start as usize, span.end as usize);
        let (before, after) = self.map.folds_around(span, self.text);
        let from = before.map_or(0, |fold| (fold as usize).min(start));
        let to = after.map_or(self.text.len(), |fold| (fold as usize).max(end));
        (
            &self.text[from..start],
            before.is_some(),
            &self.text[end..to],
            after.is_some(),
        )
    }

    /// White space next to a line break is lost in quoted and plain scalars, and an empty line is another break.
    fn edges_hold(&self, span: Span, new: &str) -> bool {
        let blank = |char: Option<char>| char.is_none_or(|char| matches!(char, ' ' | '\t'));
        let (before, folded_before, after, folded_after) = self.line(span);
        let first = new.chars().chain(after.chars()).next();
        let last = after.chars().rev().chain(new.chars().rev()).next();
        let last = last.or(before.chars().next_back());
        let first = before.chars().next().or(first);
        let starts = folded_before && before.is_empty() && blank(first);
        let ends = folded_after && after.is_empty() && blank(last);
        !(starts || ends)
    }

    fn plain_holds(&self, span: Span, new: &str) -> bool {
        const NOT_FIRST: &str = "-?:,[]{}#&*!|>'\"%@`=<~.";
        if !one_line(new)
            || self
                .text
                .get(span.range())
                .is_none_or(|old| old.contains('\n'))
        {
            return false;
        }
        let (before, folded, after, folded_after) = self.line(span);
        let line = format!("{before}{new}{after}");
        let alone = !folded && !folded_after;
        let first = line.chars().next();
        !(line.is_empty()
            || line.trim_matches([' ', '\t']) != line
            || line.contains(": ")
            || line.contains(":\t")
            || line.ends_with(':')
            || line.starts_with('#')
            || line.contains(" #")
            || line.contains("\t#")
            || line.starts_with("---")
            || line.starts_with("...")
            || self.flow && line.contains([',', '[', ']', '{', '}', ':'])
            || !folded && first.is_some_and(|first| NOT_FIRST.contains(first))
            || alone
                && (scalar::plain_kind(&line) != Kind::String || scalar::boolean(&line).is_some()))
    }

    /// In a folded scalar the change stays on one line, which must not become empty, nor begin with white space unless
    /// it did before.
    fn folded_holds(&self, span: Span, new: &str) -> bool {
        let old = self.text.get(span.range()).unwrap_or("\n");
        if !one_line(new) || old.contains('\n') || !self.map.one_piece(span) {
            return false;
        }
        let (mut before, _, mut after, _) = self.line(span);
        before = before.rsplit('\n').next().unwrap_or(before);
        after = after.split('\n').next().unwrap_or(after);
        let blank = |char: char| matches!(char, ' ' | '\t');
        let filled = |middle: &str| {
            [before, middle, after]
                .iter()
                .any(|part| !part.chars().all(blank))
        };
        // A line that is indented further than the others stays so; its breaks are not folded either way.
        if before.starts_with(blank) {
            return filled(new) && filled(old);
        }
        let first = |middle: &str| {
            let mut all = before.chars().chain(middle.chars()).chain(after.chars());
            all.next()
        };
        [new, old]
            .iter()
            .all(|middle| first(middle).is_some_and(|char| !blank(char)))
    }

    /// In a literal scalar every new line gets the indentation of the others.
    fn literal(&self, span: Span, mut source: Span, new: &str) -> Option<(Span, String)> {
        let (start, end) = (span.start as usize, span.end as usize);
        if !new.split('\n').all(one_line) || self.indent == 0 && new.contains('\n') {
            return None;
        }
        // The line breaks at the end belong to the header's chomping.
        let body = self.text.trim_end_matches('\n').len();
        let (before, after) = (&self.text[..start], &self.text[end..]);
        if end > body {
            return None;
        }
        let content = || before.chars().chain(new.chars());
        if end == body && content().next_back().is_none_or(|last| last == '\n') {
            return None;
        }
        // The first line with text tells the indentation.
        if before.trim_matches('\n').is_empty() {
            let first = new.chars().chain(after.chars()).find(|&char| char != '\n');
            if first.is_none_or(|char| matches!(char, ' ' | '\t')) {
                return None;
            }
        }
        let line_break = match memchr::memchr(b'\n', self.text.as_bytes()) {
            Some(at) if self.map.source(Span::new(at, at + 1)).len() == 2 => "\r\n",
            _ => "\n",
        };
        let mut written = String::with_capacity(new.len());
        for (number, line) in new.split('\n').enumerate() {
            if number > 0 {
                written.push_str(line_break);
                let last = number == new.matches('\n').count();
                if !line.is_empty() || last && !after.starts_with('\n') {
                    written.extend(std::iter::repeat_n(' ', self.indent));
                }
            }
            written.push_str(line);
        }
        // The indentation of the line after a line break goes with it.
        if start < end && before_end(self.text, end) == Some('\n') && !after.is_empty() {
            source.end = self.map.source(Span::at(end)).start;
        }
        // A line that was empty has no indentation yet.
        let was_empty = before.ends_with('\n') && self.text[start..].starts_with('\n');
        let begins = new.chars().chain(after.chars()).next();
        if (was_empty || before.is_empty() && self.text.starts_with('\n')) && begins != Some('\n') {
            let gap = self.map.source(Span::new(start.checked_sub(1)?, start)).end;
            if gap != source.start {
                return None;
            }
            written.insert_str(0, &" ".repeat(self.indent));
        }
        Some((source, written))
    }
}

fn before_end(text: &str, end: usize) -> Option<char> {
    text[..end].chars().next_back()
}

/// Nothing in it breaks a line or needs an escape.
fn one_line(text: &str) -> bool {
    !text.chars().any(|char| char != '\t' && needs_escape(char))
}

fn needs_escape(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn json(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    for char in text.chars() {
        match char {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            char if (char as u32) < 0x20 => written.push_str(&format!("\\u{:04x}", char as u32)),
            char => written.push(char),
        }
    }
    written
}

/// As in JSON, with what YAML has no characters for.
fn double(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    for char in text.chars() {
        match char {
            '"' | '\\' | '\n' | '\r' | '\t' => {
                written.push_str(&json(char.encode_utf8(&mut [0; 4])))
            }
            char if needs_escape(char) => written.push_str(&format!("\\u{:04x}", char as u32)),
            char => written.push(char),
        }
    }
    written
}
