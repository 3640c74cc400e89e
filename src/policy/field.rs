//! A field as a policy names it: how it is read, and where it is written.

use super::fields::{self, Read, Scope, Type, Written};
use super::kind::Kind;
use super::sight::Sight;
use super::value::{Subject, Value};

/// A field as a policy names it.
#[derive(Clone)]
pub(super) struct FieldRef {
    /// As it is written.
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) scope: Scope,
    pub(super) how: How,
}

/// How it is found.
#[derive(Clone)]
pub(super) enum How {
    /// A field of the table.
    Known(Read, Written),
    /// A member of a map: `labels.severity`.
    Member(Read, Written, String),
    /// A JSON pointer below the object, as its steps.
    Pointer(Vec<String>),
}

impl std::fmt::Debug for FieldRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl FieldRef {
    /// The field called `name` of a kind.
    pub(super) fn find(kind: Kind, name: &str) -> Option<FieldRef> {
        let made = |ty, scope, how| FieldRef {
            name: name.to_owned(),
            ty,
            scope,
            how,
        };
        if let Some(pointer) = name.strip_prefix('/') {
            let steps = pointer.split('/');
            let steps = steps.map(|step| step.replace("~1", "/").replace("~0", "~"));
            return Some(made(Type::Any, Scope::Own, How::Pointer(steps.collect())));
        }
        if let Some((field, scope)) = fields::find(kind, name) {
            return Some(made(field.ty, scope, How::Known(field.read, field.written)));
        }
        let (map, member) = name.split_once('.')?;
        let (field, scope) = fields::find(kind, map).filter(|(field, _)| field.ty == Type::Map)?;
        let how = How::Member(field.read, field.written, member.to_owned());
        (!member.is_empty()).then(|| made(Type::Text, scope, how))
    }

    /// What it says of `subject`.
    pub(super) fn read<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Value<'v, 't> {
        match &self.how {
            How::Known(read, _) => fields::read(*read, subject, sight),
            How::Member(read, _, name) => match fields::read(*read, subject, sight) {
                Value::Node(map) => Value::node(map.get(name)),
                _ => Value::Missing,
            }
            // The labels of a group are those of all its rules.
            .or(|| match subject {
                Subject::Rule(_) if self.name.starts_with("labels.") => {
                    let group = sight.group_of(subject);
                    Value::node(group.and_then(|group| group.path(&["labels", name])))
                }
                _ => Value::Missing,
            }),
            How::Pointer(steps) => Value::node(sight.find(subject, steps)),
        }
    }

    /// The keys under which it is written, below what it is asked of.
    pub(super) fn path(&self) -> Option<Vec<String>> {
        let owned = |place: Written| match place {
            Written::At(keys) | Written::Classic(keys) => {
                Some(keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>())
            }
            Written::No => None,
        };
        match &self.how {
            How::Known(_, place) => owned(*place),
            How::Member(_, place, name) => {
                let mut keys = owned(*place)?;
                keys.push(name.clone());
                Some(keys)
            }
            How::Pointer(steps) => Some(steps.clone()),
        }
    }

    /// Whether it stands under those keys in the classic schema alone.
    pub(super) fn is_classic(&self) -> bool {
        match self.how {
            How::Known(_, place) | How::Member(_, place, _) => {
                matches!(place, Written::Classic(_))
            }
            How::Pointer(_) => false,
        }
    }
}
