//! YAML's block style, and its scalars.

use super::layout::{eol, line_start, quoted};
use super::{Edits, Place};
use crate::span::Span;
use crate::syntax::{Dialect, Kind, NodeRef, Style, parse_yaml};

/// A JSON scalar as YAML would have it: a string without quotes where that is the same string.
pub(super) fn scalar(json: &str) -> String {
    let Ok(text) = serde_json::from_str::<String>(json) else {
        return flow_text(json);
    };
    let first = text.bytes().next();
    let safe = first
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'/')
        && !text.ends_with(' ')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-./ %+()".contains(&byte));
    // What looks like a number, a boolean or nothing to any reader is quoted.
    let tree = parse_yaml(text.as_str().into());
    let string = tree
        .root()
        .is_some_and(|root| root.kind() == Kind::String && root.as_bool().is_none());
    let dated = first.is_some_and(|byte| byte.is_ascii_digit()) && text.contains('-');
    if safe && string && !dated {
        text
    } else {
        // JSON's escapes of characters beyond the first plane are not YAML's; serde_json writes them as they are.
        quoted(&text)
    }
}

/// A JSON value in one line, as YAML reads it too.
pub(super) fn flow_text(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 8);
    let (mut string, mut escaped) = (false, false);
    // Read and written anew only for its strings: keys keep their order, numbers their digits.
    let mut start = 0;
    for (at, letter) in json.char_indices() {
        if string {
            if letter == '"' && !escaped {
                string = false;
                let raw = &json[start..=at];
                match serde_json::from_str::<String>(raw) {
                    Ok(text) => out.push_str(&quoted(&text)),
                    Err(_) => out.push_str(raw),
                }
            }
            escaped = letter == '\\' && !escaped;
            continue;
        }
        match letter {
            '"' => (string, escaped, start) = (true, false, at),
            ' ' | '\t' | '\n' | '\r' => {}
            ',' => out.push_str(", "),
            ':' => out.push_str(": "),
            letter => out.push(letter),
        }
    }
    out
}

/// The bytes of a value, without the line breaks that a block scalar or collection ends with; blanks at the end of its
/// last line may be content.
fn trimmed(node: NodeRef<'_>) -> Option<Span> {
    let span = node.member_span();
    let text = node.tree().text().get(span.range())?;
    Some(Span::new(
        span.start as usize,
        span.start as usize + text.trim_end_matches(['\n', '\r']).len(),
    ))
}

/// Where the line that holds the byte before `offset` ends: before its line break, which may be missing.
fn line_end(text: &str, offset: usize) -> usize {
    let rest = &text[offset..];
    let end = offset + rest.find('\n').unwrap_or(rest.len());
    if end > offset && text.as_bytes()[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// The column of a byte, as blanks. `None` where more than blanks and dashes stands before it: a tag, an anchor, a `?`.
fn column(text: &str, offset: usize) -> Option<String> {
    let before = text.get(line_start(text, offset)..offset)?;
    if !before
        .trim_start_matches('\u{feff}')
        .bytes()
        .all(|byte| byte == b' ' || byte == b'-')
    {
        return None;
    }
    Some(" ".repeat(before.trim_start_matches('\u{feff}').chars().count()))
}

/// Where a new line can begin after `node`: after the rest of its last line. `None` where its block scalar keeps the
/// blank lines that follow it, or a block scalar's header is all there is.
fn after(node: NodeRef<'_>) -> Option<usize> {
    let text = node.tree().text();
    let end = trimmed(node)?.end as usize;
    let mut last = node;
    while let Some(child) = last.children().last().filter(|_| last.resolve() == last) {
        last = child;
    }
    if matches!(last.style(), Style::Literal | Style::Folded) {
        let start = last.key_span().map_or(last.span().start, |key| key.end) as usize;
        let header = text.get(start..last.span().start as usize)?;
        if header.contains('+') || last.span().is_empty() || last.key_span().is_none() {
            return None;
        }
        // Its lines hold no comments: a `#` there is content.
    }
    Some(line_end(text, end))
}

/// Where the dash of an item stands: on the same line, nothing but blanks between.
fn dash(item: NodeRef<'_>) -> Option<usize> {
    let text = item.tree().text();
    let start = item.span().start as usize;
    let before = text.get(line_start(text, start)..start)?;
    let blank = before.trim_end_matches(' ');
    blank
        .ends_with('-')
        .then(|| start - (before.len() - blank.len()) - 1)
}

/// Whether a text may hold an anchor (`&name`), an alias (`*name`) or a tag (`!name`), as the given marks say.
fn marked(text: &str, marks: &[char]) -> bool {
    let mut before = ' ';
    text.chars().any(|letter| {
        let start = marks.contains(&letter) && (before.is_whitespace() || "[{,:".contains(before));
        before = letter;
        start
    })
}

/// Whether taking `span` away could take an anchor away that others refer to.
pub(super) fn takes_anchor(node: NodeRef<'_>, span: Span) -> bool {
    let tree = node.tree();
    tree.dialect() == Dialect::Yaml
        && tree
            .text()
            .get(span.range())
            .is_none_or(|text| marked(text, &['&']))
}

/// An item's bytes, if they can be moved as they are.
pub(super) fn movable(item: NodeRef<'_>) -> Option<Span> {
    let text = item.tree().text();
    let span = trimmed(item)?;
    let raw = text.get(span.range())?;
    let block = item.parent()?.style() == Style::Block;
    // An anchor must stay before its aliases; a block scalar's content goes with its header.
    let plain = !matches!(item.style(), Style::Literal | Style::Folded);
    let anchored = marked(raw, &['&', '*', '!']);
    let opened = !block || dash(item).is_some();
    (plain && !anchored && opened && after(item).is_some()).then_some(span)
}

/// Right after the colon that follows a key.
fn after_colon(node: NodeRef<'_>) -> Option<usize> {
    let text = node.tree().text();
    let end = node.key_span()?.end as usize;
    let rest = text.get(end..)?;
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    rest[blank..].starts_with(':').then_some(end + blank + 1)
}

pub(super) fn replace_value(node: NodeRef<'_>, json: &str) -> Option<Edits> {
    let flow = node
        .parent()
        .is_some_and(|parent| parent.style() == Style::Flow);
    let new = if flow { flow_text(json) } else { scalar(json) };
    let span = node.span();
    let block = matches!(node.style(), Style::Literal | Style::Folded | Style::Block);
    if !block && !span.is_empty() {
        return Some(vec![(span, new)]);
    }
    let start = after_colon(node)?;
    let end = if span.is_empty() && !block {
        start
    } else {
        (trimmed(node)?.end as usize).max(start)
    };
    let anchored = node
        .tree()
        .text()
        .get(start..end)?
        .trim_start()
        .starts_with(['&', '!']);
    (!anchored).then(|| vec![(Span::new(start, end), format!(" {new}"))])
}

pub(super) fn insert_members(
    object: NodeRef<'_>,
    place: Place<'_>,
    members: &[(&str, &str)],
) -> Option<Edits> {
    let text = object.tree().text();
    let first = object.members().next()?;
    let start = first.key_span()?.start as usize;
    let indent = column(text, start)?;
    let eol = eol(text);
    let lines: Vec<String> = members
        .iter()
        .map(|(key, json)| format!("{}: {}", scalar(&quoted(key)), scalar(json)))
        .collect();
    let lines = lines.join(&format!("{eol}{indent}"));
    let member = match place {
        Place::First => {
            return Some(vec![(Span::at(start), format!("{lines}{eol}{indent}"))]);
        }
        Place::After(member) if member.parent() == Some(object) => member,
        Place::After(_) => return None,
        Place::Last => object.members().last()?,
    };
    Some(vec![(
        Span::at(after(member)?),
        format!("{eol}{indent}{lines}"),
    )])
}

pub(super) fn append_item(array: NodeRef<'_>, json: &str) -> Option<Edits> {
    let text = array.tree().text();
    let last = array.items().last()?;
    let indent = column(text, dash(last)?)?;
    let line = format!("{}{indent}- {}", eol(text), scalar(json));
    Some(vec![(Span::at(after(last)?), line)])
}

pub(super) fn remove(node: NodeRef<'_>) -> Option<Edits> {
    let parent = node.parent()?;
    if parent.tree().dialect() != Dialect::Yaml || parent.children().nth(1).is_none() {
        return None;
    }
    let text = node.tree().text();
    let start = match node.key_span() {
        Some(key) => key.start as usize,
        None => dash(node)?,
    };
    column(text, start)?;
    let line = line_start(text, start);
    if !text
        .get(line..start)?
        .trim_start_matches('\u{feff}')
        .trim()
        .is_empty()
    {
        // Behind a dash: what follows it moves up.
        let next = node
            .parent()?
            .children()
            .find(|sibling| sibling.member_span().start > node.member_span().start)?;
        let next = match next.key_span() {
            Some(key) => key.start as usize,
            None => dash(next)?,
        };
        return Some(vec![(Span::new(start, next), String::new())]);
    }
    let end = after(node)?;
    let rest = text.get(end..)?;
    let span = if rest.starts_with("\r\n") {
        Span::new(line, end + 2)
    } else if rest.starts_with('\n') {
        Span::new(line, end + 1)
    } else {
        // The last line of a file without a final line break: the one before it loses its own.
        let before = text.get(..line)?;
        Span::new(before.trim_end_matches(['\n', '\r']).len(), end)
    };
    Some(vec![(span, String::new())])
}
