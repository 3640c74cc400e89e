//! Replacements made from values: what rules build their fixes with.
//!
//! Each function answers with replacements in the text of the value's tree ([`crate::syntax::Tree::encode`] turns them
//! into replacements in the file, where a string carries the text), or with `None` where the change cannot be made
//! without touching more than it should: then there is no fix. They change as few bytes as they can and keep to the
//! file's way of writing: indentation, line ends, blanks around colons, minified or not.
//!
//! New values are given as JSON.

mod flow;
mod layout;
mod yaml;

use crate::span::Span;
use crate::syntax::{Dialect, Kind, NodeRef, Style};

/// Replacements in a tree's text, which belong together.
pub type Edits = Vec<(Span, String)>;

/// Where a new member goes.
#[derive(Debug, Clone, Copy)]
pub enum Place<'t> {
    /// Before all others.
    First,
    /// After this one.
    After(NodeRef<'t>),
    /// After all others.
    Last,
}

/// Whether `node` is a collection in YAML's block style.
fn is_block(node: NodeRef<'_>) -> bool {
    node.tree().dialect() == Dialect::Yaml && node.style() == Style::Block
}

/// Whether `json` is a JSON text.
fn is_json(json: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok()
}

/// Puts a JSON value in the place of `node`'s.
pub fn replace_value(node: NodeRef<'_>, json: &str) -> Option<Edits> {
    if !is_json(json) {
        return None;
    }
    if node.tree().dialect() == Dialect::Yaml {
        let edits = yaml::replace_value(node, json)?;
        let kept = !edits
            .iter()
            .any(|(span, _)| yaml::takes_anchor(node, *span));
        return kept.then_some(edits);
    }
    let style = layout::Style::around(node);
    Some(vec![(node.span(), style.laid_out(json, node))])
}

/// Gives a member another key.
pub fn rename_key(member: NodeRef<'_>, key: &str) -> Option<Edits> {
    let span = member.key_span()?;
    let quoted = member
        .tree()
        .text()
        .get(span.range())?
        .starts_with(['"', '\'']);
    let text = if quoted || member.tree().dialect() == Dialect::Json {
        layout::quoted(key)
    } else {
        yaml::scalar(&layout::quoted(key))
    };
    Some(vec![(span, text)])
}

/// Adds a member to an object that does not have it.
pub fn insert_member(
    object: NodeRef<'_>,
    place: Place<'_>,
    key: &str,
    json: &str,
) -> Option<Edits> {
    insert_members(object, place, &[(key, json)])
}

/// Adds several members to an object that has none of them; they stay in their order.
pub fn insert_members(
    object: NodeRef<'_>,
    place: Place<'_>,
    members: &[(&str, &str)],
) -> Option<Edits> {
    let may = object.resolve() == object && object.kind() == Kind::Object && !members.is_empty();
    if !may || !members.iter().all(|(_, json)| is_json(json)) {
        return None;
    }
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    let twice = keys.windows(2).any(|pair| pair[0] == pair[1]);
    let is_new = |known: &str| keys.binary_search(&known).is_err();
    let known = object.members().filter_map(|member| member.key());
    if twice || !known.into_iter().all(|key| is_new(&key)) {
        return None;
    }
    if is_block(object) {
        yaml::insert_members(object, place, members)
    } else {
        flow::insert_members(object, place, members)
    }
}

/// Adds a member after another one.
pub fn insert_member_after(member: NodeRef<'_>, key: &str, json: &str) -> Option<Edits> {
    insert_member(member.parent()?, Place::After(member), key, json)
}

/// Takes a member out of its object, or an item out of its array, with its comma or its lines.
pub fn remove_member(node: NodeRef<'_>) -> Option<Edits> {
    let parent = node.parent()?;
    let edits = if is_block(parent) {
        yaml::remove(node)
    } else {
        flow::remove(node)
    };
    edits.filter(|edits| {
        !edits
            .iter()
            .any(|(span, _)| yaml::takes_anchor(node, *span))
    })
}

/// Adds an item at the end of an array.
pub fn append_item(array: NodeRef<'_>, json: &str) -> Option<Edits> {
    if array.resolve() != array || array.kind() != Kind::Array || !is_json(json) {
        return None;
    }
    if is_block(array) {
        yaml::append_item(array, json)
    } else {
        flow::append_item(array, json)
    }
}

/// Puts the items of an array in another order: `order[i]` is the present place of the item that comes to stand at
/// `i`. What stands between the items (commas, blanks, comments) stays.
pub fn reorder_items(array: NodeRef<'_>, order: &[usize]) -> Option<Edits> {
    let items: Vec<NodeRef<'_>> = array.items().collect();
    let mut seen = vec![false; items.len()];
    for &at in order {
        if std::mem::replace(seen.get_mut(at)?, true) {
            return None;
        }
    }
    if order.len() != items.len() {
        return None;
    }
    let text = array.tree().text();
    let spans: Option<Vec<Span>> = items
        .iter()
        .map(|&item| {
            if array.tree().dialect() == Dialect::Yaml {
                yaml::movable(item)
            } else {
                Some(item.span())
            }
        })
        .collect();
    let spans = spans?;
    let mut edits = Vec::new();
    for (to, &from) in order.iter().enumerate() {
        let new = text.get(spans[from].range())?;
        if to != from && text.get(spans[to].range())? != new {
            edits.push((spans[to], new.to_owned()));
        }
    }
    Some(edits)
}
