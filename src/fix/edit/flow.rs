//! Collections with brackets: JSON's, and YAML's flow style.

use super::layout::{Style, lead, line_indent, quoted};
use super::{Edits, Place, yaml};
use crate::span::Span;
use crate::syntax::{Dialect, NodeRef};

fn start(node: NodeRef<'_>) -> usize {
    node.member_span().start as usize
}

fn end(node: NodeRef<'_>) -> usize {
    node.member_span().end as usize
}

/// Whether it has its brackets: a single pair in a YAML sequence (`[a: 1]`) has none.
fn braced(collection: NodeRef<'_>) -> bool {
    let text = collection.tree().text().get(collection.span().range());
    text.is_some_and(|text| text.starts_with(['{', '[']) && text.ends_with(['}', ']']))
}

/// What stands between a comma and the child after it.
fn separator(collection: NodeRef<'_>, style: &Style) -> Option<String> {
    let text = collection.tree().text();
    let children: Vec<NodeRef<'_>> = collection.children().take(2).collect();
    match children[..] {
        [first, second] => {
            let gap = text.get(end(first)..start(second))?;
            let comma = gap.find(',')?;
            lead(text, end(first) + comma + 1, start(second))
        }
        [only] => {
            let lead = lead(text, collection.span().start as usize + 1, start(only))?;
            if lead.contains('\n') || !lead.is_empty() {
                Some(lead)
            } else {
                Some(style.gap.to_owned())
            }
        }
        _ => None,
    }
}

fn value(node: NodeRef<'_>, style: &Style, json: &str, indent: &str) -> String {
    if node.tree().dialect() == Dialect::Yaml {
        return yaml::flow_text(json);
    }
    style.laid_out_at(json, indent)
}

pub(super) fn insert_members(
    object: NodeRef<'_>,
    place: Place<'_>,
    members: &[(&str, &str)],
) -> Option<Edits> {
    let style = Style::around(object);
    let bare = object
        .members()
        .next()
        .is_some_and(|sibling| !is_quoted(sibling));
    let member = |(key, json): &(&str, &str), indent: &str| {
        let key = match bare {
            true => yaml::scalar(&quoted(key)),
            false => quoted(key),
        };
        let value = value(object, &style, json, indent);
        format!("{key}{}{value}", style.colon)
    };
    insert(object, place, &style, |indent| {
        members.iter().map(|new| member(new, indent)).collect()
    })
}

pub(super) fn append_item(array: NodeRef<'_>, json: &str) -> Option<Edits> {
    let style = Style::around(array);
    insert(array, Place::Last, &style, |indent| {
        vec![value(array, &style, json, indent)]
    })
}

fn is_quoted(member: NodeRef<'_>) -> bool {
    member
        .key_span()
        .and_then(|span| member.tree().text().get(span.range()))
        .is_none_or(|key| key.starts_with(['"', '\'']))
}

fn insert(
    collection: NodeRef<'_>,
    place: Place<'_>,
    style: &Style,
    contents: impl Fn(&str) -> Vec<String>,
) -> Option<Edits> {
    let text = collection.tree().text();
    if !braced(collection) {
        return None;
    }
    let Some(first) = collection.children().next() else {
        return fill(collection, style, contents);
    };
    let separator = separator(collection, style)?;
    let indent = match separator.rfind('\n') {
        Some(at) => &separator[at + 1..],
        None => line_indent(text, start(first)),
    };
    let content = contents(indent).join(&format!(",{separator}"));
    let after = match place {
        Place::First => {
            return Some(vec![(
                Span::at(start(first)),
                format!("{content},{separator}"),
            )]);
        }
        Place::After(member) if member.parent() == Some(collection) => member,
        Place::After(_) => return None,
        Place::Last => collection.children().last()?,
    };
    Some(vec![(
        Span::at(end(after)),
        format!(",{separator}{content}"),
    )])
}

/// Puts the first things into an empty collection.
fn fill(
    collection: NodeRef<'_>,
    style: &Style,
    contents: impl Fn(&str) -> Vec<String>,
) -> Option<Edits> {
    let text = collection.tree().text();
    let span = collection.span();
    let inside = Span::new(span.start as usize + 1, (span.end as usize).checked_sub(1)?);
    if !text.get(inside.range())?.trim().is_empty() {
        return None;
    }
    let content = match style.unit() {
        Some(unit) => {
            let outer = line_indent(text, span.start as usize);
            let eol = style.eol();
            let inner = format!("{outer}{unit}");
            let content = contents(&inner).join(&format!(",{eol}{inner}"));
            format!("{eol}{inner}{content}{eol}{outer}")
        }
        None => contents("").join(&format!(",{}", style.gap)),
    };
    Some(vec![(inside, content)])
}

pub(super) fn remove(node: NodeRef<'_>) -> Option<Edits> {
    let collection = node.parent().filter(|parent| braced(*parent))?;
    let children: Vec<NodeRef<'_>> = collection.children().collect();
    let at = children.iter().position(|child| *child == node)?;
    let span = match (at.checked_sub(1), children.get(at + 1)) {
        (Some(before), _) => Span::new(end(children[before]), end(node)),
        (None, Some(next)) => Span::new(start(node), start(*next)),
        (None, None) => {
            let whole = collection.span();
            Span::new(
                whole.start as usize + 1,
                (whole.end as usize).checked_sub(1)?,
            )
        }
    };
    Some(vec![(span, String::new())])
}
