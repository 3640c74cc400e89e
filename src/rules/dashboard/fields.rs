//! The types of a dashboard's fields, from `rules/facts/dashboard_fields.toml`, and a walk along them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::found::is_placeholder;
use crate::diagnostic::Severity;
use crate::model::{Dashboard, Form};
use crate::syntax::{Dialect, KeySet, Kind, NodeRef};

mod tables {
    use super::{Accepts, Field, Shape};
    use crate::diagnostic::Severity;

    include!(concat!(env!("OUT_DIR"), "/dashboard_fields.rs"));

    /// The shape of a dashboard of either schema, and of a library panel.
    pub(super) const ROOTS: [usize; 3] = [CLASSIC, V2, PANEL];

    pub(super) fn shape(at: usize) -> Option<&'static Shape> {
        SHAPES.get(at)
    }
}

/// The fields of an object.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// Among several shapes it is this one where a field has this value.
    when: Option<(&'static str, &'static str)>,
    /// Without this field Grafana never looks at the others.
    needs: Option<&'static str>,
    fields: &'static [Field],
}

/// A field and what may stand in it.
#[derive(Debug)]
pub(crate) struct Field {
    key: &'static str,
    accepts: &'static [Accepts],
    /// What does not belong there and does no harm.
    tolerates: &'static [Accepts],
    /// How bad another type is, and what happens.
    fault: Option<(Severity, &'static str)>,
    /// What happens where an empty text stands there, if that is something else.
    blank: Option<&'static str>,
    /// What to take out where nothing better is known.
    remove: &'static str,
}

/// A type; null is always one.
#[derive(Debug)]
enum Accepts {
    String,
    Number,
    /// A string that holds a number.
    Numeric,
    Bool,
    Object,
    Array,
    /// An empty string.
    Blank,
    /// An empty list or object.
    Empty,
    ListOf(&'static [Accepts]),
    MapOf(&'static [Accepts]),
    Shape(usize),
}

/// A value of another type than its field's.
pub(crate) struct Mismatch<'t> {
    pub(crate) node: NodeRef<'t>,
    pub(crate) shape: &'static str,
    pub(crate) severity: Severity,
    /// What happens.
    pub(crate) effect: &'static str,
    /// What belongs there, in words.
    pub(crate) wanted: String,
    /// What may be taken out instead.
    pub(crate) remove: &'static str,
}

/// A value to look at: where it stands, in which field of which shape, and what may stand there.
struct Open<'t> {
    node: NodeRef<'t>,
    shape: &'static Shape,
    field: &'static Field,
    accepts: &'static [Accepts],
}

/// Every value of a wrong type, in no particular order.
pub(crate) fn mismatches<'t>(dashboard: &Dashboard<'t>) -> Vec<Mismatch<'t>> {
    let [classic, v2, panel] = tables::ROOTS;
    let root = match dashboard.form {
        Form::Classic => classic,
        Form::V2 => v2,
        Form::LibraryPanel => panel,
    };
    let mut found = Vec::new();
    let mut open = Vec::new();
    // A YAML alias leads to the same object again.
    let aliases = dashboard.node.tree().dialect() == Dialect::Yaml;
    let mut seen = FxHashSet::default();
    let mut keys: FxHashMap<usize, KeySet<'static>> = FxHashMap::default();
    let mut shapes: Vec<(NodeRef<'t>, usize)> = vec![(dashboard.node, root)];
    while let Some((object, at)) = shapes.pop() {
        let Some(shape) = tables::shape(at) else {
            continue;
        };
        if aliases && !seen.insert((object.resolve().id(), at)) || !is_complete(object, shape) {
            continue;
        }
        let keys = keys.entry(at).or_insert_with(|| {
            let keys = shape.fields.iter().map(|field| field.key);
            object.tree().key_set(keys)
        });
        object.get_all(keys, |at, node| {
            open.extend(shape.fields.get(at).map(|field| Open {
                node,
                shape,
                field,
                accepts: field.accepts,
            }));
        });
        while let Some(value) = open.pop() {
            look_at(&value, &mut open, &mut shapes, &mut found);
        }
    }
    found
}

/// Whether it has what it needs to be looked at: a query without an `expr` is not sent.
fn is_complete(object: NodeRef<'_>, shape: &Shape) -> bool {
    let Some(key) = shape.needs else { return true };
    let needed = object.get(key).filter(|node| !node.is_null());
    needed.is_some_and(|node| node.as_str().is_none_or(|text| !text.trim().is_empty()))
}

fn look_at<'t>(
    value: &Open<'t>,
    open: &mut Vec<Open<'t>>,
    shapes: &mut Vec<(NodeRef<'t>, usize)>,
    found: &mut Vec<Mismatch<'t>>,
) {
    let node = value.node;
    if node.is_null() {
        return;
    }
    if value.field.tolerates.iter().any(|kind| fits(node, kind)) {
        return;
    }
    let Some(accepted) = value.accepts.iter().find(|accepts| fits(node, accepts)) else {
        if node.as_str().is_some_and(|text| is_placeholder(&text)) {
            return;
        }
        let is_blank = node.as_str().is_some_and(|text| text.trim().is_empty());
        let blank = value.field.blank.filter(|_| is_blank);
        found.extend(value.field.fault.map(|(severity, effect)| Mismatch {
            node,
            shape: value.shape.name,
            severity,
            effect: blank.unwrap_or(effect),
            wanted: words(value.accepts),
            remove: value.field.remove,
        }));
        return;
    };
    match accepted {
        Accepts::ListOf(accepts) | Accepts::MapOf(accepts) => {
            open.extend(node.children().map(|node| Open {
                node,
                accepts,
                ..*value
            }));
        }
        Accepts::Shape(_) => shapes.extend(shape_of(node, value.accepts).map(|at| (node, at))),
        _ => {}
    }
}

/// Which of several shapes an object has: the only one, or the one its `kind` or `type` says.
fn shape_of(node: NodeRef<'_>, accepts: &[Accepts]) -> Option<usize> {
    let named = accepts.iter().filter_map(|accepts| match accepts {
        Accepts::Shape(at) => Some(*at),
        _ => None,
    });
    let mut named = named.peekable();
    let first = named.next()?;
    if named.peek().is_none() {
        return Some(first);
    }
    std::iter::once(first).chain(named).find(|at| {
        let when = tables::shape(*at).and_then(|shape| shape.when);
        when.is_some_and(|(key, value)| {
            node.get(key).and_then(NodeRef::as_str).as_deref() == Some(value)
        })
    })
}

fn fits(node: NodeRef<'_>, accepts: &Accepts) -> bool {
    match accepts {
        Accepts::String => node.kind() == Kind::String,
        Accepts::Number => node.kind() == Kind::Number,
        Accepts::Numeric => node
            .as_str()
            .is_some_and(|text| text.trim().parse::<f64>().is_ok()),
        Accepts::Bool => node.as_bool().is_some(),
        Accepts::Object | Accepts::MapOf(_) | Accepts::Shape(_) => node.kind() == Kind::Object,
        Accepts::Array | Accepts::ListOf(_) => node.kind() == Kind::Array,
        Accepts::Blank => node.as_str().is_some_and(|text| text.is_empty()),
        Accepts::Empty => {
            matches!(node.kind(), Kind::Array | Kind::Object) && node.children().next().is_none()
        }
    }
}

fn words(accepts: &[Accepts]) -> String {
    let mut words: Vec<&str> = accepts
        .iter()
        .map(|accepts| match accepts {
            Accepts::String | Accepts::Blank => "a string",
            Accepts::Number | Accepts::Numeric => "a number",
            Accepts::Bool => "`true` or `false`",
            Accepts::Object | Accepts::MapOf(_) | Accepts::Shape(_) => "an object",
            Accepts::Array | Accepts::ListOf(_) | Accepts::Empty => "a list",
        })
        .collect();
    words.dedup();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_file_says() {
        let file: toml_edit::DocumentMut =
            include_str!("../../../rules/facts/dashboard_fields.toml")
                .parse()
                .expect("valid TOML");
        let mut at = 0;
        for (name, shape) in file.iter().filter(|(name, _)| *name != "v2") {
            let shape = shape.as_table().expect("a table");
            let found = tables::shape(at).expect("a shape");
            let keys: Vec<_> = found.fields.iter().map(|field| field.key).collect();
            let expected: Vec<_> = shape
                .iter()
                .map(|(key, _)| key)
                .filter(|key| !["when", "needs"].contains(key))
                .collect();
            assert_eq!((found.name, &keys), (name, &expected));
            at += 1;
        }
        assert!(tables::shape(at).is_none());
    }
}
