//! Grafana's template variables in a query: `$x`, `${x}`, `${x:format}`, `${x.field}`, `[[x]]`.
//!
//! The forms are those of Grafana's own expression (`@grafana/scenes`, `variables/constants.ts`):
//! `\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\${(\w+)(path)*(?::([^}]+))?}`. A name that starts with a digit is left
//! alone: `$1` and `${1}` are groups of `label_replace`.

use super::ast::HoleRange;
use crate::span::Span;

/// A template variable in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// The whole reference: `${x:csv}`.
    pub span: Span,
    /// The name: `x`.
    pub name: Span,
    /// The field path after the name, without its first dot.
    pub field: Option<Span>,
    /// The format: `csv`.
    pub format: Option<Span>,
    /// The place it has in the query.
    pub role: HoleRole,
}

/// The place a variable has in a query: what its value must be for the query to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HoleRole {
    /// A duration after `offset`, or the step of a subquery.
    Duration,
    /// The range of a selector or subquery.
    Range,
    /// A number, or a part of one (`0.$p`, `@ $t`).
    Number,
    /// The label of a matcher.
    LabelName,
    /// A label, or several, in `by (…)`, `on (…)`, `group_left (…)`.
    GroupingLabel,
    /// One or several matchers: `{$filters}`.
    MatcherList,
    /// The value of a matcher, or a part of it.
    MatcherValue,
    /// A metric's whole name.
    MetricName,
    /// A part of a metric's name.
    NamePart,
    /// A function's name, or a part of it; it may be an aggregation too.
    Function,
    /// An aggregation.
    Aggregation,
    /// An operator, also of a matcher.
    Operator,
    /// A whole expression.
    Expr,
    /// A whole clause: `sum $by (x)`.
    Clause,
    /// In a string that is no matcher's value.
    InString,
}

/// How far a field or format is looked for; keeps the scan linear whatever the text.
const MAX_FIELD: usize = 256;

/// The offset of the first of two bytes near `from`.
fn find_near(bytes: &[u8], from: usize, a: u8, b: u8) -> Option<usize> {
    let end = bytes.len().min(from + MAX_FIELD);
    memchr::memchr2(a, b, bytes.get(from..end)?)
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_word(bytes[at]) {
        at += 1;
    }
    at
}

/// The variable that starts at `at`, if one does.
pub(super) fn hole_at(text: &str, at: usize) -> Option<Hole> {
    let bytes = text.as_bytes();
    let hole = |end: usize, name: Span, field, format| Hole {
        span: Span::new(at, end),
        name,
        field,
        format,
        role: HoleRole::Expr,
    };
    let name_at = |from: usize| -> Option<Span> {
        let end = word_end(bytes, from);
        (end > from && !bytes[from].is_ascii_digit()).then(|| Span::new(from, end))
    };
    match bytes.get(at)? {
        b'$' if bytes.get(at + 1) == Some(&b'{') => {
            let name = name_at(at + 2)?;
            let mut pos = name.end as usize;
            let path = pos;
            pos = path_end(bytes, pos)?;
            let field = (pos > path).then(|| {
                let dot = usize::from(bytes[path] == b'.');
                Span::new(path + dot, pos)
            });
            let format = match bytes.get(pos)? {
                b':' => {
                    let end = pos + 1 + find_near(bytes, pos + 1, b'}', b'}')?;
                    if end == pos + 1 {
                        return None;
                    }
                    let span = Span::new(pos + 1, end);
                    pos = end;
                    Some(span)
                }
                b'}' => None,
                _ => return None,
            };
            Some(hole(pos + 1, name, field, format))
        }
        b'$' => {
            let name = name_at(at + 1)?;
            Some(hole(name.end as usize, name, None, None))
        }
        b'[' if bytes.get(at + 1) == Some(&b'[') => {
            let name = name_at(at + 2)?;
            let mut pos = name.end as usize;
            let mut format = None;
            if bytes.get(pos) == Some(&b':') {
                let end = word_end(bytes, pos + 1);
                if end == pos + 1 {
                    return None;
                }
                format = Some(Span::new(pos + 1, end));
                pos = end;
            }
            (bytes.get(pos) == Some(&b']') && bytes.get(pos + 1) == Some(&b']'))
                .then(|| hole(pos + 2, name, None, format))
        }
        _ => None,
    }
}

/// The end of `.field`, `["field"]`, `[0]` after a name in `${…}`.
fn path_end(bytes: &[u8], mut pos: usize) -> Option<usize> {
    loop {
        match bytes.get(pos)? {
            b'.' => {
                let start = pos + 1;
                pos = start;
                while !matches!(bytes.get(pos)?, b':' | b'^' | b'{' | b'}' | b'[' | b']') {
                    pos += 1;
                    if pos > start + MAX_FIELD {
                        return None;
                    }
                }
                if pos == start {
                    return None;
                }
            }
            b'[' => pos += find_near(bytes, pos, b']', b'}')? + 1,
            _ => return Some(pos),
        }
    }
}

/// Collects the variables in `text[from..to]`, the inside of a string.
pub(super) fn holes_in(text: &str, from: usize, to: usize, role: HoleRole, holes: &mut Vec<Hole>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) = memchr::memchr2(b'$', b'[', &bytes[at..to]) {
        at += found;
        match hole_at(text, at) {
            Some(hole) if hole.span.end as usize <= to => {
                at = hole.span.end as usize;
                holes.push(Hole { role, ..hole });
            }
            _ => at += 1,
        }
    }
}

/// The variables in any text that is no query: a label, a regular expression.
pub fn find_holes(text: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    holes_in(text, 0, text.len(), HoleRole::InString, &mut holes);
    holes
}

/// Gives the variables of a run their role.
pub(super) fn set_role(holes: &mut [Hole], run: HoleRange, role: HoleRole) {
    for hole in &mut holes[run.range()] {
        hole.role = role;
    }
}
