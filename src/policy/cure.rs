//! Whether a repair cures what it is offered for, as far as that can be told without making it.

use serde_json::Value as Json;

use super::condition::Condition;
use super::eval::Truth;
use super::field::{FieldRef, How};
use super::fields::Read;
use super::fix::Change;
use super::parse::Check;
use super::sight::Sight;
use super::value::{Spot, Subject, Value};
use super::write::Mended;
use crate::fix::edit::Edits;

impl Check {
    /// Whether `subject` would be found again after `mended`: the repair would be made again and again.
    pub(super) fn is_in_vain<'v, 't>(
        &self,
        mended: &Mended,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> bool {
        let Some(repair) = &self.repair else {
            return false;
        };
        let after = After {
            changes: &repair.changes,
            edits: &mended.edits,
            subject,
            sight,
        };
        let holds = |condition: &Condition| after.holds(condition);
        let chosen = self
            .chosen
            .as_ref()
            .is_none_or(|one| holds(one) == Truth::Yes);
        let forbidden = self
            .forbidden
            .as_ref()
            .is_some_and(|one| holds(one) == Truth::Yes);
        let missing = || {
            self.required
                .as_ref()
                .is_some_and(|one| holds(one) == Truth::No)
        };
        chosen && (forbidden || missing())
    }
}

/// A thing as it would be after some changes.
struct After<'c, 'v, 't> {
    changes: &'c [Change],
    edits: &'c Edits,
    subject: Subject<'v, 't>,
    sight: &'c Sight<'v, 't>,
}

impl<'v, 't> After<'_, 'v, 't> {
    /// Whether a condition would hold; unknown where nobody can say without making the changes.
    fn holds(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Field(field, test) => match self.value(field) {
                Some(value) => test.truth(&value, self.sight),
                None => Truth::Unknown,
            },
            Condition::Item(_) => Truth::Unknown,
            Condition::And(all) => Truth::all(all.iter().map(|one| self.holds(one))),
            Condition::Or(all) => Truth::all(all.iter().map(|one| self.holds(one).not())).not(),
            Condition::Not(inner) => self.holds(inner).not(),
        }
    }

    /// What a field would say.
    fn value(&self, field: &FieldRef) -> Option<Value<'v, 't>> {
        let path = field.path();
        let mut near = path.is_none();
        for change in self.changes {
            let changed = change.field();
            let own = changed.path();
            if changed.name == field.name || path.is_some() && path == own {
                return self.changed(change, field);
            }
            if let (Change::Rename(_, key), Some(path), Some(own)) = (change, &path, &own)
                && let (Some((last, before)), Some((_, around))) =
                    (path.split_last(), own.split_last())
                && last == key
                && before == around
            {
                return Some(changed.read(self.subject, self.sight));
            }
            near |= match (&path, &own) {
                (Some(path), Some(own)) => path.starts_with(own) || own.starts_with(path),
                _ => true,
            };
        }
        let value = field.read(self.subject, self.sight);
        (!near || self.is_elsewhere(&value)).then_some(value)
    }

    /// What the field that is changed would say.
    fn changed(&self, change: &Change, field: &FieldRef) -> Option<Value<'v, 't>> {
        let head = self.sight.head(self.subject);
        let new = |json: String| of_json(&serde_json::from_str(&json).ok()?, head);
        match change {
            Change::Set(_, json) => new(json.json(self.subject, self.sight)?),
            Change::Append(_, json) => {
                let mut items = Vec::new();
                if let Value::Node(list) = field.read(self.subject, self.sight) {
                    items.extend(list.items().map(Value::Node));
                }
                items.push(new(json.json(self.subject, self.sight)?)?);
                Some(Value::List(items))
            }
            Change::Remove(_) | Change::Rename(..) => {
                // Others say something even so.
                let plain = matches!(
                    field.how,
                    How::Known(Read::At(_) | Read::Description, _) | How::Pointer(_)
                );
                plain.then_some(Value::Missing)
            }
        }
    }

    /// Whether a value stands where none of the replacements is made.
    fn is_elsewhere(&self, value: &Value<'v, 't>) -> bool {
        let apart = |spot: Spot<'v, 't>| {
            let span = match spot {
                Spot::None => return false,
                Spot::Node(node) | Spot::Head(node) | Spot::Key(node) => node.member_span(),
                Spot::Query(query, _) => query.text_node.member_span(),
            };
            self.edits
                .iter()
                .all(|(edit, _)| edit.end < span.start || span.end < edit.start)
        };
        match value {
            Value::List(_) | Value::Facts(..) => {
                let near = |item: &Value<'v, 't>| (!apart(item.spot())).then_some(());
                value.each(self.sight, near).is_none()
            }
            value => apart(value.spot()),
        }
    }
}

impl Change {
    /// What it changes.
    fn field(&self) -> &FieldRef {
        match self {
            Change::Set(field, _)
            | Change::Append(field, _)
            | Change::Remove(field)
            | Change::Rename(field, _) => field,
        }
    }
}

/// A plain value, or a list of them.
fn of_json<'v, 't>(json: &Json, spot: Spot<'v, 't>) -> Option<Value<'v, 't>> {
    Some(match json {
        Json::Null => Value::Missing,
        Json::Bool(flag) => Value::Flag(*flag, spot),
        Json::Number(number) => Value::Number(number.as_f64()?, spot),
        Json::String(text) => Value::Text(text.clone().into(), spot),
        Json::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| of_json(item, spot)).collect();
            Value::List(items?)
        }
        Json::Object(_) => return None,
    })
}
