//! The replacements that a policy's repair comes to.

use super::added::{self, Added};
use super::field::{FieldRef, How};
use super::fields::Read;
use super::fix::{Change, Repair};
use super::sight::Sight;
use super::value::{Subject, Value};
use crate::diagnostic::Safety;
use crate::diagnostic::suppress::with_directives_of;
use crate::fix::edit::{self, Edits};
use crate::model::Form;
use crate::syntax::{Kind as NodeKind, NodeRef};

/// A repair of one thing.
pub(super) struct Mended {
    /// What it does.
    pub(super) title: String,
    pub(super) safety: Safety,
    pub(super) edits: Edits,
}

impl Repair {
    /// What it does to `subject`; nothing where it changes nothing, or cannot be written.
    pub(super) fn write<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Option<Mended> {
        let mut edits = Edits::new();
        let mut fields = Vec::new();
        let mut words = Vec::new();
        let mut shared = false;
        for change in &self.changes {
            let alone = change.edits(subject, sight, Reach::Own);
            let (here, more) = match alone {
                Some(alone) => (alone, false),
                None => (change.edits(subject, sight, Reach::Shared)?, true),
            };
            shared |= more;
            words.push(change.words(subject, sight)?);
            match here {
                New::Edits(here) => edits.extend(here),
                New::Field(field) => fields.push(field),
            }
        }
        edits.extend(added::write(fields)?);
        if edits.is_empty() {
            return None;
        }
        let mut title = words.join(", ");
        // Whoever has the same text by an alias would be changed, too.
        let safety = match shared {
            true => {
                title += ", in a text that others share";
                Safety::Display
            }
            false => self.safety,
        };
        Some(Mended {
            title,
            safety,
            edits,
        })
    }
}

/// How far a repair may go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// What belongs to the thing alone.
    Own,
    /// What it shares with others by YAML's aliases and merges, too.
    Shared,
}

/// What a change comes to.
enum New<'t> {
    Edits(Edits),
    Field(Added<'t>),
}

impl Change {
    /// What it does, in words.
    fn words<'v, 't>(&self, subject: Subject<'v, 't>, sight: &Sight<'v, 't>) -> Option<String> {
        Some(match self {
            Change::Set(field, new) => {
                let json = new.json(subject, sight)?;
                format!("set `{}` to {}", field.name, shown(&json))
            }
            Change::Append(field, new) => {
                let json = new.json(subject, sight)?;
                format!("add {} to `{}`", shown(&json), field.name)
            }
            Change::Remove(field) => format!("remove `{}`", field.name),
            Change::Rename(field, key) => format!("rename `{}` to `{key}`", field.name),
        })
    }

    fn edits<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
        reach: Reach,
    ) -> Option<New<'t>> {
        let missing = |field, json: String| insert(field, subject, sight, reach, json);
        let edits = match self {
            Change::Set(field, new) => {
                let json = new.json(subject, sight)?;
                match present(field, subject, sight, reach) {
                    Some(node) => edit::replace_value(node, &with_comments(field, node, json)),
                    None => return missing(field, json).map(New::Field),
                }
            }
            Change::Append(field, new) => {
                let json = new.json(subject, sight)?;
                match present(field, subject, sight, reach) {
                    Some(list) if list.kind() == NodeKind::Array => {
                        let list = match reach {
                            Reach::Own => list,
                            Reach::Shared => list.resolve(),
                        };
                        edit::append_item(list, &json)
                    }
                    Some(other) if !other.is_null() => None,
                    Some(null) => edit::replace_value(null, &format!("[{json}]")),
                    None => return missing(field, format!("[{json}]")).map(New::Field),
                }
            }
            Change::Remove(field) => edit::remove_member(present(field, subject, sight, reach)?),
            Change::Rename(field, key) => {
                let node = present(field, subject, sight, reach)?;
                match node.parent()?.get(key) {
                    Some(_) => None,
                    None => edit::rename_key(node, key),
                }
            }
        };
        edits.map(New::Edits)
    }
}

/// Where a field stands, null included, as far as `reach` goes.
fn present<'v, 't>(
    field: &FieldRef,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
    reach: Reach,
) -> Option<NodeRef<'t>> {
    let read = match field.read(subject, sight) {
        Value::Node(node) => Some(node),
        _ => None,
    };
    let found = read.or_else(|| {
        let (from, keys) = way(field, subject, sight)?;
        keys.iter().try_fold(from, |node, key| node.get(key))
    });
    let own = |node: &NodeRef<'t>| sight.is_own(subject, *node);
    match reach {
        Reach::Own => found.filter(|node| own(node) && !sight.is_shared(*node)),
        Reach::Shared => found.filter(|node| own(node) || sight.is_shared(*node)),
    }
}

/// The object from which a field is written, and the keys below it.
fn way<'v, 't>(
    field: &FieldRef,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Option<(NodeRef<'t>, Vec<String>)> {
    let classic = sight
        .dashboard()
        .is_none_or(|dashboard| dashboard.form != Form::V2);
    if !classic && field.is_classic() {
        return None;
    }
    let steps = field.path()?;
    let (from, rest) = sight.base(subject, &steps)?;
    Some((from, rest.to_vec()))
}

/// A field that is missing, and where it is to be added.
fn insert<'v, 't>(
    field: &FieldRef,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
    reach: Reach,
    json: String,
) -> Option<Added<'t>> {
    let (mut holder, keys) = way(field, subject, sight)?;
    let mut rest = keys.as_slice();
    while let [first, more @ ..] = rest {
        let own = holder
            .members()
            .filter(|member| member.key().is_some_and(|key| key == *first))
            .last();
        match own.or_else(|| holder.get(first)) {
            Some(inner) if inner.kind() == NodeKind::Object && !more.is_empty() => {
                // What is merged in stays what it is: an object of its own would hide it.
                if reach == Reach::Own && (own.is_none() || inner.is_alias()) {
                    return None;
                }
                holder = inner.resolve();
                rest = more;
            }
            // A key of its own counts, and not what is merged in.
            Some(_) if own.is_none() && more.is_empty() && reach == Reach::Own => break,
            Some(_) => return None,
            None => break,
        }
    }
    if reach == Reach::Own && sight.is_shared(holder) {
        return None;
    }
    let keys = rest.to_vec();
    (!keys.is_empty()).then_some(Added { holder, keys, json })
}

/// A value in a title.
fn shown(json: &str) -> String {
    const MOST: usize = 40;
    match json.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json.to_owned(),
    }
}

/// A new value, of a description with the comments that silence findings there.
fn with_comments(field: &FieldRef, node: NodeRef<'_>, json: String) -> String {
    if !matches!(field.how, How::Known(Read::Description, _)) {
        return json;
    }
    let old = node.as_str().filter(|old| old.contains("<!--"));
    match (old, serde_json::from_str(&json)) {
        (Some(old), Ok(new)) => serde_json::Value::from(with_directives_of(&old, new)).to_string(),
        _ => json,
    }
}
