//! How a file is written: indentation, line ends, blanks.

use crate::syntax::{Dialect, Kind, NodeRef};

/// How a text in JSON (or YAML's flow style) is written.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// `\n`, `\r\n`; nothing in a text on one line.
    eol: &'static str,
    /// One step of indentation; `None` where collections stand on one line.
    unit: Option<String>,
    /// Between key and value: `:`, `: `.
    pub(super) colon: String,
    /// Between comma and what follows on the same line.
    pub(super) gap: &'static str,
}

/// A key or string as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The line end of a text.
pub(super) fn eol(text: &str) -> &'static str {
    match memchr::memchr(b'\n', text.as_bytes()) {
        Some(at) if at > 0 && text.as_bytes()[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// The white space at the start of the line that holds `offset`.
pub(super) fn line_indent(text: &str, offset: usize) -> &str {
    let start = line_start(text, offset);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Where the line that holds `offset` starts.
pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1)
}

/// The text between two bytes, without what is before its last line break: what separates two members.
pub(super) fn lead(text: &str, from: usize, to: usize) -> Option<String> {
    let gap = text.get(from..to)?;
    match gap.rfind('\n') {
        Some(at) => {
            let blank = &gap[at + 1..];
            let indent = &blank[..blank.len() - blank.trim_start().len()];
            Some(format!("{}{indent}", eol(gap)))
        }
        None if gap.trim().is_empty() => Some(gap.to_owned()),
        None => Some(" ".to_owned()),
    }
}

impl Style {
    /// The way of writing around `node`: of the nearest object above it (or in it) with anything in it.
    pub(super) fn around(node: NodeRef<'_>) -> Self {
        let text = node.tree().text();
        let mut member = node.members().next();
        let mut above = Some(node);
        while let Some(here) = above.filter(|_| member.is_none()) {
            member = here.key_span().map(|_| here);
            above = here.parent();
        }
        let colon = member
            .and_then(|member| {
                text.get(member.key_span()?.end as usize..member.span().start as usize)
            })
            .filter(|colon| colon.trim() == ":" && !colon.contains('\n'))
            .unwrap_or(": ");
        Style {
            eol: eol(text),
            unit: unit(node),
            gap: if colon.ends_with(' ') { " " } else { "" },
            colon: colon.to_owned(),
        }
    }

    /// One step of indentation; `None` in a text without line breaks.
    pub(super) fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    pub(super) fn eol(&self) -> &'static str {
        self.eol
    }

    /// A JSON value as this file would have it, in a line of the same indentation as `node`'s.
    pub(super) fn laid_out(&self, json: &str, node: NodeRef<'_>) -> String {
        let indent = line_indent(node.tree().text(), node.member_span().start as usize);
        self.laid_out_at(json, indent)
    }

    /// The same in a line of this indentation.
    pub(super) fn laid_out_at(&self, json: &str, indent: &str) -> String {
        let mut out = String::with_capacity(json.len() * 2);
        let mut depth = 0usize;
        let mut string = false;
        let mut escaped = false;
        let mut empty = false;
        let fresh_line = |out: &mut String, depth: usize| {
            if let Some(unit) = &self.unit {
                out.push_str(self.eol);
                out.push_str(indent);
                out.push_str(&unit.repeat(depth));
            }
        };
        for letter in json.chars() {
            if string {
                out.push(letter);
                string = escaped || letter != '"';
                escaped = letter == '\\' && !escaped;
                continue;
            }
            match letter {
                ' ' | '\t' | '\n' | '\r' => continue,
                '}' | ']' => {
                    depth = depth.saturating_sub(1);
                    if !empty {
                        fresh_line(&mut out, depth);
                    }
                    out.push(letter);
                    empty = false;
                    continue;
                }
                _ => {}
            }
            if empty {
                fresh_line(&mut out, depth);
                empty = false;
            }
            match letter {
                '{' | '[' => {
                    out.push(letter);
                    depth += 1;
                    empty = true;
                }
                ',' => {
                    out.push(letter);
                    if self.unit.is_some() {
                        fresh_line(&mut out, depth);
                    } else {
                        out.push_str(self.gap);
                    }
                }
                ':' => out.push_str(&self.colon),
                '"' => {
                    out.push(letter);
                    string = true;
                }
                letter => out.push(letter),
            }
        }
        out
    }
}

/// How much deeper the content of a collection stands than the line it opens in: from the nearest one above `node`
/// (or `node` itself) that is written over several lines.
fn unit(node: NodeRef<'_>) -> Option<String> {
    if node.tree().dialect() == Dialect::Yaml {
        return None;
    }
    let text = node.tree().text();
    let mut here = Some(node);
    while let Some(collection) = here {
        here = collection.parent();
        if !matches!(collection.kind(), Kind::Object | Kind::Array) {
            continue;
        }
        let Some(first) = collection.children().next() else {
            continue;
        };
        let (open, start) = (
            collection.span().start as usize,
            first.member_span().start as usize,
        );
        if !text.get(open..start)?.contains('\n') {
            // On one line: so is what is put into it.
            return None;
        }
        let outer = line_indent(text, open);
        let inner = line_indent(text, start);
        return Some(
            inner
                .strip_prefix(outer)
                .filter(|unit| !unit.is_empty())?
                .to_owned(),
        );
    }
    None
}
