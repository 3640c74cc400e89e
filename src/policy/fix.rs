//! Repairs as policies describe them: `fix: { safe: { set: { refresh: 1m } } }`.

use serde_json::{Map, Value as Json};

use super::compile::Compiler;
use super::field::{FieldRef, How};
use super::fields::{Type, Written};
use super::kind::Kind;
use super::message::Template;
use super::sight::Sight;
use super::value::Subject;
use crate::config::nearest;
use crate::diagnostic::Safety;
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef};

/// How deep a value may be that is written into a file.
const DEEPEST: usize = 32;

/// What a repair can do, and what that means.
pub(crate) const CHANGES: [(&str, &str); 4] = [
    (
        "set",
        "fields to the values they get; one that is missing is added",
    ),
    (
        "append",
        "lists to the item each gets at its end; one that is missing is added",
    ),
    ("remove", "a field or a list of fields to take away"),
    ("rename", "fields to their new keys"),
];

/// A repair.
#[derive(Debug, Clone)]
pub(super) struct Repair {
    pub(super) safety: Safety,
    pub(super) changes: Vec<Change>,
}

/// What it does to one field.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Set(FieldRef, New),
    Append(FieldRef, New),
    Remove(FieldRef),
    Rename(FieldRef, String),
}

/// A value to write.
#[derive(Debug, Clone)]
pub(super) enum New {
    /// As JSON.
    Fixed(String),
    /// A text with placeholders.
    Text(Template),
}

impl New {
    /// The value for `subject`; nothing where a field in it is not there.
    pub(super) fn json<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Option<String> {
        match self {
            New::Fixed(json) => Some(json.clone()),
            New::Text(text) => Some(Json::from(text.write(subject, sight)?).to_string()),
        }
    }
}

impl Compiler<'_> {
    /// A repair of things of a kind.
    pub(super) fn repair(&mut self, node: NodeRef<'_>, kind: Kind) -> Option<Repair> {
        let usage = || "such as `fix: { safe: { set: { refresh: 1m } } }`".to_owned();
        let mut members = node.members();
        let (Some(first), None) = (members.next(), members.next()) else {
            let message = "a fix has one key: `safe`, `unsafe` or `display`";
            self.fault(node, message, usage());
            return None;
        };
        let word = first.key().unwrap_or_default();
        let Some(safety) = Safety::ALL.into_iter().find(|one| one.name() == word) else {
            let message = format!("`{word}` does not say how far the fix can be trusted");
            let near = nearest(&word, Safety::ALL.map(Safety::name));
            let help = near.map_or_else(usage, |near| format!("did you mean `{near}`?"));
            self.fault_at_key(first, message, help);
            return None;
        };
        let mut changes = Vec::new();
        for member in first.members() {
            let word = member.key().unwrap_or_default();
            match word.as_ref() {
                "set" | "append" | "rename" => {
                    if member.kind() != NodeKind::Object {
                        let message = format!("`{word}` is a mapping of fields");
                        self.fault(member, message, usage());
                    }
                    for entry in member.members() {
                        changes.extend(self.change(&word, entry, kind));
                    }
                }
                "remove" => {
                    let one = (member.kind() != NodeKind::Array).then_some(member);
                    for name in member.items().chain(one) {
                        let text = self.text(name, "remove");
                        let field = text.and_then(|text| self.field_in(name, kind, &text));
                        let field = field.and_then(|field| self.writable(field, name.span()));
                        changes.extend(field.map(Change::Remove));
                    }
                }
                _ => {
                    let words = CHANGES.map(|(name, _)| name);
                    let help = match nearest(&word, words) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there are {}", words.join(", ")),
                    };
                    self.fault_at_key(member, format!("a fix cannot `{word}`"), help);
                }
            }
        }
        if first.members().next().is_none() {
            self.fault_at_key(first, "the fix changes nothing", usage());
        }
        if changes.is_empty() {
            return None;
        }
        Some(Repair { safety, changes })
    }

    fn change(&mut self, word: &str, entry: NodeRef<'_>, kind: Kind) -> Option<Change> {
        let name = entry.key()?;
        let field = self.field(kind, &name, entry)?;
        let field = self.writable(field, entry.key_span()?)?;
        Some(match word {
            "set" => Change::Set(field, self.new_value(entry, kind)?),
            "append" => {
                if !matches!(field.ty, Type::Texts | Type::Any) {
                    let message =
                        format!("`{name}` is a {}: nothing can be appended", field.ty.name());
                    self.fault_at_key(entry, message, "`set` gives it another value");
                    return None;
                }
                Change::Append(field, self.new_value(entry, kind)?)
            }
            _ => Change::Rename(field, self.text(entry, &name)?),
        })
    }

    /// A field named in a list.
    fn field_in(&mut self, node: NodeRef<'_>, kind: Kind, name: &str) -> Option<FieldRef> {
        let field = FieldRef::find(kind, name);
        if field.is_none() {
            let (message, help) = super::condition::unknown(kind, name);
            self.fault(node, message, help);
        }
        field
    }

    /// Refuses a field of which nobody knows where it would be written.
    fn writable(&mut self, field: FieldRef, named: Span) -> Option<FieldRef> {
        if matches!(field.how, How::Known(_, Written::No)) {
            let message = format!(
                "`{}` follows from other fields and cannot be written",
                field.name
            );
            let help = "name the field of the file by a JSON pointer";
            self.fault_at(named, message, help);
            return None;
        }
        Some(field)
    }

    fn new_value(&mut self, node: NodeRef<'_>, kind: Kind) -> Option<New> {
        if node.kind() == NodeKind::String {
            let template = self.template(node, "the new value", kind)?;
            if template.says_what_is_found() {
                let message = "a new value knows nothing of `{value}`";
                self.fault(node, message, "name the field: `{title}`");
                return None;
            }
            return Some(match template.is_plain() {
                true => New::Fixed(Json::from(node.as_str()?).to_string()),
                false => New::Text(template),
            });
        }
        let value = self.json(node, 0)?;
        Some(New::Fixed(value.to_string()))
    }

    /// A value of the policy file as JSON.
    fn json(&mut self, node: NodeRef<'_>, depth: usize) -> Option<Json> {
        self.spend(node, depth <= DEEPEST)?;
        Some(match node.kind() {
            NodeKind::Object => {
                let mut map = Map::new();
                for member in node.members() {
                    let key = member.key().unwrap_or_default().into_owned();
                    map.insert(key, self.json(member, depth + 1)?);
                }
                Json::Object(map)
            }
            NodeKind::Array => {
                let mut list = Vec::new();
                for item in node.items() {
                    list.push(self.json(item, depth + 1)?);
                }
                Json::Array(list)
            }
            NodeKind::Bool => Json::Bool(node.as_bool()?),
            NodeKind::Number => match node.as_i64() {
                Some(whole) => Json::from(whole),
                None => Json::from(node.as_f64()?),
            },
            NodeKind::String => Json::from(node.as_str()?),
            NodeKind::Null | NodeKind::Alias => Json::Null,
        })
    }
}
