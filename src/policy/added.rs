//! Fields that a repair adds, put together: two that are missing in one object are one replacement.

use serde_json::Value as Json;

use crate::fix::edit::{self, Edits, Place};
use crate::syntax::NodeRef;

/// A field to be added.
pub(super) struct Added<'t> {
    /// The nearest object around it that is there.
    pub(super) holder: NodeRef<'t>,
    /// The keys from there to the field.
    pub(super) keys: Vec<String>,
    /// Its value.
    pub(super) json: String,
}

/// Fields of one object that is to be made.
struct Object {
    /// The keys that lead to it.
    way: Vec<String>,
    members: Vec<(String, String)>,
}

impl Object {
    /// What is added to the object that is there: a member that leads here, or the fields themselves.
    fn top(&self) -> Vec<(String, String)> {
        let Some((first, way)) = self.way.split_first() else {
            return self.members.clone();
        };
        let members: Vec<String> = self
            .members
            .iter()
            .map(|(key, json)| member(key, json))
            .collect();
        let object = format!("{{{}}}", members.join(","));
        let json = way
            .iter()
            .rev()
            .fold(object, |json, key| format!("{{{}}}", member(key, &json)));
        vec![(first.clone(), json)]
    }
}

fn member(key: &str, json: &str) -> String {
    format!("{}:{json}", Json::from(key))
}

/// The replacements that add these fields; none where two of them cannot be added together.
pub(super) fn write(added: Vec<Added<'_>>) -> Option<Edits> {
    let mut holders: Vec<(NodeRef<'_>, Vec<Object>)> = Vec::new();
    for Added { holder, keys, json } in added {
        let (key, way) = keys.split_last()?;
        let at = holders.iter().position(|(known, _)| *known == holder);
        let at = at.unwrap_or_else(|| {
            holders.push((holder, Vec::new()));
            holders.len() - 1
        });
        let (_, objects) = holders.get_mut(at)?;
        let member = (key.clone(), json);
        match objects.iter_mut().find(|object| object.way == way) {
            Some(object) => object.members.push(member),
            None => objects.push(Object {
                way: way.to_vec(),
                members: vec![member],
            }),
        }
    }
    // Two blocks of YAML may end at the same byte: what is added to the inner one comes first.
    holders.sort_by_key(|(holder, _)| holder.span().len());
    let mut edits = Edits::new();
    for (holder, objects) in holders {
        let members: Vec<(String, String)> = objects.iter().flat_map(Object::top).collect();
        let members: Vec<(&str, &str)> = members
            .iter()
            .map(|(key, json)| (key.as_str(), json.as_str()))
            .collect();
        for (span, text) in edit::insert_members(holder, Place::Last, &members)? {
            match edits.iter_mut().find(|(known, _)| *known == span) {
                Some((_, before)) => before.push_str(&text),
                None => edits.push((span, text)),
            }
        }
    }
    Some(edits)
}
