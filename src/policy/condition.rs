//! Conditions: fields and what is asked of them.

use super::compile::{Compiler, quoted};
use super::field::{FieldRef, How};
use super::fields::{self, Read, Type};
use super::kind::Kind;
use super::ops::{self, Limit, OPERATORS, Scalar, Takes, Test};
use crate::config::nearest;
use crate::promql;
use crate::syntax::{Kind as NodeKind, NodeRef};

/// Conditions in conditions: no policy needs more, and each level is a call when it is evaluated.
const DEEPEST: usize = 24;

/// What must be so.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    /// Of a field.
    Field(FieldRef, Test),
    /// Of the item itself.
    Item(Test),
    /// All of these.
    And(Vec<Condition>),
    /// One of these.
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

impl Condition {
    /// The same, with what is cheap to answer asked first: for conditions of which nobody sees which part decided.
    pub(super) fn cheapest_first(self) -> Self {
        let sorted = |parts: Vec<Condition>| {
            let mut parts: Vec<Condition> = parts.into_iter().map(Self::cheapest_first).collect();
            parts.sort_by_key(Self::effort);
            parts
        };
        match self {
            Condition::And(parts) => Condition::And(sorted(parts)),
            Condition::Or(parts) => Condition::Or(sorted(parts)),
            Condition::Not(inner) => Condition::Not(Box::new(inner.cheapest_first())),
            condition => condition,
        }
    }

    /// How dear it is to answer, roughly.
    fn effort(&self) -> usize {
        match self {
            Condition::Field(field, _) => match field.how {
                How::Known(Read::Promql(_) | Read::Queries, _) => 2,
                _ => usize::from(matches!(field.ty, Type::Things(_))),
            },
            Condition::Item(_) => 0,
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().map(Self::effort).max().unwrap_or_default()
            }
            Condition::Not(inner) => inner.effort(),
        }
    }
}

impl Compiler<'_> {
    /// The field `name`, named at `node`'s key.
    pub(super) fn field(&mut self, kind: Kind, name: &str, node: NodeRef<'_>) -> Option<FieldRef> {
        let found = FieldRef::find(kind, name);
        if found.is_none() {
            let (message, help) = unknown(kind, name);
            self.fault_at_key(node, message, help);
        }
        found
    }

    /// A condition of things of a kind.
    pub(super) fn condition(
        &mut self,
        node: NodeRef<'_>,
        kind: Kind,
        depth: usize,
    ) -> Option<Condition> {
        self.spend(node, depth <= DEEPEST)?;
        if node.kind() != NodeKind::Object {
            let message = format!(
                "a condition is a mapping of fields of a {}, not {}",
                kind.name(),
                node.kind().noun()
            );
            self.fault(node, message, "such as `{ title: { exists: true } }`");
            return None;
        }
        self.asks_something(node, &format!("the {}", kind.name()));
        let mut parts = Vec::new();
        for member in node.members() {
            let Some(name) = member.key() else { continue };
            parts.extend(match name.as_ref() {
                word @ ("and" | "or") => {
                    let parts = self.conditions(member, word, kind, depth + 1);
                    Some(match word {
                        "and" => Condition::And(parts),
                        _ => Condition::Or(parts),
                    })
                }
                "not" => self
                    .condition(member, kind, depth + 1)
                    .map(|inner| Condition::Not(Box::new(inner))),
                name => self.field(kind, name, member).and_then(|field| {
                    let test = self.test(member, field.ty, &field.name.clone(), depth + 1)?;
                    Some(Condition::Field(field, test))
                }),
            });
        }
        Some(match parts.len() {
            1 => parts.remove(0),
            _ => Condition::And(parts),
        })
    }

    fn conditions(
        &mut self,
        node: NodeRef<'_>,
        word: &str,
        kind: Kind,
        depth: usize,
    ) -> Vec<Condition> {
        if self.list(node, word, "conditions").is_none() {
            return Vec::new();
        }
        let items = node.items();
        items
            .filter_map(|item| self.condition(item, kind, depth))
            .collect()
    }

    /// What is asked of values of a type. `name` is what messages call them.
    pub(super) fn test(
        &mut self,
        node: NodeRef<'_>,
        ty: Type,
        name: &str,
        depth: usize,
    ) -> Option<Test> {
        self.spend(node, depth <= DEEPEST)?;
        let plain = match node.kind() {
            NodeKind::Object => {
                self.asks_something(node, &format!("`{name}`"));
                let mut tests = Vec::new();
                for member in node.members() {
                    let Some(word) = member.key() else { continue };
                    tests.extend(self.operator(&word, member, ty, name, depth));
                }
                self.bounds_leave_room(node, &tests);
                return Some(match tests.len() {
                    1 => tests.remove(0),
                    _ => Test::And(tests),
                });
            }
            NodeKind::Array => "in",
            _ => "equals",
        };
        self.fits(plain, node, ty, name)?;
        match plain {
            "in" => Some(Test::In(self.scalars(node, plain, ty)?)),
            _ => Some(Test::Equals(self.scalar(node, ty)?)),
        }
    }

    /// Whether an operator makes sense of a type; a fault where it does not.
    fn fits(&mut self, word: &str, node: NodeRef<'_>, ty: Type, name: &str) -> Option<()> {
        if ops::find(word).is_some_and(|operator| operator.fits(ty)) {
            return Some(());
        }
        let fitting = OPERATORS.iter().filter(|operator| operator.fits(ty));
        let fitting: Vec<&str> = fitting.map(|operator| operator.name).collect();
        let message = format!(
            "`{name}` is a {}, which `{word}` makes no sense of",
            ty.name()
        );
        self.fault_at_key(node, message, format!("it takes {}", fitting.join(", ")));
        None
    }

    fn operator(
        &mut self,
        word: &str,
        node: NodeRef<'_>,
        ty: Type,
        name: &str,
        depth: usize,
    ) -> Option<Test> {
        let Some(operator) = ops::find(word) else {
            let names = || OPERATORS.iter().map(|operator| operator.name);
            let all: Vec<&str> = names().collect();
            let help = match nearest(word, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", all.join(", ")),
            };
            self.fault_at_key(node, format!("there is no operator `{word}`"), help);
            return None;
        };
        self.fits(word, node, ty, name)?;
        Some(match (operator.takes, word) {
            (Takes::Scalar, "contains") => {
                Test::Contains(self.scalar(node, ty.item().unwrap_or(ty))?)
            }
            (Takes::Scalar, "equals") => Test::Equals(self.scalar(node, ty)?),
            (Takes::Scalar, _) => Test::Not(Box::new(Test::Equals(self.scalar(node, ty)?))),
            (Takes::Scalars, _) => Test::In(self.scalars(node, word, ty)?),
            (Takes::Text, "starts-with") => Test::StartsWith(self.text(node, word)?),
            (Takes::Text, _) => Test::EndsWith(self.text(node, word)?),
            (Takes::Pattern, _) => Test::Matches(self.pattern(node, word)?),
            (Takes::Flag, _) => Test::Exists(self.boolean(node, word)?),
            (Takes::Limit, "min") => Test::Min(self.limit(node, ty, word)?),
            (Takes::Limit, _) => Test::Max(self.limit(node, ty, word)?),
            (Takes::Count, _) => {
                let test = self.test(node, Type::Number, word, depth + 1)?;
                self.counts(node, &test);
                Test::Length(Box::new(test))
            }
            (Takes::Item, _) => {
                let inner = Box::new(self.item(node, ty, name, depth + 1)?);
                match word {
                    "any" => Test::Any(inner),
                    "all" => Test::All(inner),
                    _ => Test::None(inner),
                }
            }
            (Takes::Test, _) => Test::Not(Box::new(self.test(node, ty, name, depth + 1)?)),
            (Takes::Tests, _) => {
                self.list(node, word, "tests")?;
                let mut tests = Vec::new();
                for item in node.items() {
                    tests.extend(self.test(item, ty, name, depth + 1));
                }
                match word {
                    "and" => Test::And(tests),
                    _ => Test::Or(tests),
                }
            }
        })
    }

    /// What is asked of an item: a condition of things, a test of anything else. Of values of the document, what names
    /// operators is a test, and what names pointers a condition.
    fn item(&mut self, node: NodeRef<'_>, ty: Type, name: &str, depth: usize) -> Option<Condition> {
        let of_value = || {
            let mut keys = node.members().filter_map(NodeRef::key);
            keys.any(|key| key.starts_with('/'))
        };
        match ty {
            Type::Things(kind) => self.condition(node, kind, depth),
            Type::Any if of_value() => self.condition(node, Kind::Value, depth),
            _ => {
                let item = ty.item().unwrap_or(Type::Any);
                let of = format!("an item of {name}");
                Some(Condition::Item(self.test(node, item, &of, depth)?))
            }
        }
    }

    fn scalars(&mut self, node: NodeRef<'_>, word: &str, ty: Type) -> Option<Vec<Scalar>> {
        self.list(node, word, "values")?;
        let items = node.items();
        Some(items.filter_map(|item| self.scalar(item, ty)).collect())
    }

    fn scalar(&mut self, node: NodeRef<'_>, ty: Type) -> Option<Scalar> {
        if matches!(node.kind(), NodeKind::Object | NodeKind::Array) {
            let message = format!(
                "a text, a number or a boolean is wanted here, not {}",
                node.kind().noun()
            );
            self.fault(node, message, "a list of them goes behind `in`");
            return None;
        }
        let text = node.as_text().map(|text| text.value);
        let found = match (ty, text) {
            (_, None) => Some(Scalar::Null),
            (Type::Text, Some(text)) => {
                (node.kind() == NodeKind::String).then(|| Scalar::Text(text.into_owned()))
            }
            (Type::Duration, Some(text)) => seconds(&text).map(Scalar::Time),
            (Type::Number, _) => node.as_f64().map(Scalar::Number),
            (Type::Flag, _) => node.as_bool().map(Scalar::Flag),
            (_, Some(text)) => Some(match node.kind() {
                NodeKind::Number => Scalar::Number(node.as_f64().unwrap_or_default()),
                NodeKind::Bool => Scalar::Flag(node.as_bool().unwrap_or_default()),
                _ => Scalar::Text(text.into_owned()),
            }),
        };
        if found.is_none() {
            let message = format!("`{}` is no {}", node.raw(), ty.name());
            let help = match ty {
                Type::Text => quoted(node),
                Type::Duration => "such as 30s, 5m, 1h30m".to_owned(),
                Type::Flag => "`true` or `false`, without quotes".to_owned(),
                _ => "a number, without quotes".to_owned(),
            };
            self.fault(node, message, help);
        }
        found
    }

    fn limit(&mut self, node: NodeRef<'_>, ty: Type, word: &str) -> Option<Limit> {
        let number = node.as_f64();
        let time = || seconds(&node.as_str()?);
        let found = match ty {
            Type::Number => number.map(|value| (value, false)),
            Type::Duration => number.or_else(time).map(|value| (value, true)),
            _ => match number {
                Some(value) => Some((value, false)),
                None => time().map(|value| (value, true)),
            },
        };
        if found.is_none() {
            let (wanted, help) = match ty {
                Type::Number => ("a number", "without quotes, such as 3 or 0.5"),
                Type::Duration => ("a duration, such as 5m", "such as 30s, 5m, 1h30m"),
                _ => ("a number or a duration", "such as 3, 0.5, 30s, 5m"),
            };
            self.fault(node, format!("`{word}` takes {wanted}"), help);
        }
        found.map(|(value, time)| Limit { value, time })
    }
}

/// A time as Prometheus and Grafana write it, in seconds.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    match text {
        "0" => Some(0.0),
        _ => promql::duration(text).or_else(|| crate::cost::interval(text)),
    }
}

/// That a kind has no such field, and what is meant perhaps.
pub(super) fn unknown(kind: Kind, name: &str) -> (String, String) {
    let message = match kind {
        Kind::Value => format!("`{name}` is neither an operator nor a JSON pointer"),
        _ => format!("{} has no field `{name}`", kind.with_article()),
    };
    let names = || fields::all(kind).map(|field| field.name);
    // `functions` is `promql.functions`.
    let ends = |field: &&str| field.rsplit('.').next() == Some(name);
    let mut meant: Vec<&str> = names().filter(ends).collect();
    if meant.is_empty() {
        meant.extend(nearest(name, names()));
    }
    let help = match meant.as_slice() {
        [] => "`dashlint explain policies` lists the fields; a JSON pointer such as `/options/legend` reads the file itself".to_owned(),
        meant => format!("did you mean `{}`?", meant.join("` or `")),
    };
    (message, help)
}
