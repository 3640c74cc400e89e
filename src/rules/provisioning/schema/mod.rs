//! What may stand where in provisioning files, from `rules/facts/provisioning.toml`, and a walk along it.
//!
//! A kind of file has a shape by name ([`shape`]); [`faults`] compares a value with it. A further kind needs no more than
//! its shapes in a file of facts that `build.rs` names, and its root in [`super::roots`].

mod accepts;
mod near;
mod walk;

pub(crate) use walk::{Fault, FaultKind, faults};

use crate::diagnostic::Severity;
use crate::syntax::NodeRef;

mod tables {
    use super::{Accepts, Fate, Field, Shape, Unknown};
    use crate::diagnostic::Severity;

    include!(concat!(env!("OUT_DIR"), "/provisioning.rs"));

    pub(super) fn all() -> &'static [Shape] {
        SHAPES
    }
}

/// The keys of an object.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name in the table.
    pub(crate) name: &'static str,
    unknown: Unknown,
    fields: &'static [Field],
}

/// What becomes of keys that are not listed.
#[derive(Debug, Clone, Copy)]
enum Unknown {
    /// This happens to them.
    Told(&'static str),
    /// Plugins may have keys that no documentation lists: only misspelt ones are told.
    Near,
    /// Nobody knows.
    Open,
}

/// A key, and what may stand there.
#[derive(Debug)]
pub(crate) struct Field {
    /// The key; of a numbered one what stands before the number.
    pub(crate) key: &'static str,
    numbered: bool,
    accepts: &'static [Accepts],
    /// It must be there, unless one of these is.
    required: Option<&'static [&'static str]>,
    /// What happens where it is missing or of another type.
    fault: (Severity, &'static str),
    values: &'static [&'static str],
    folded: bool,
    /// There are others: only a misspelt one is a fault.
    typos: bool,
    /// What happens with any value but those.
    otherwise: Option<(Severity, &'static str)>,
    fate: Fate,
    /// What an empty string does there.
    blank: Option<&'static str>,
    /// Everybody who reads it can act as Grafana.
    pub(crate) secret: bool,
}

/// Whether a key is still read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Read,
    /// Another has taken its place.
    Renamed(&'static str),
    /// It is not: how bad that is, and why.
    Gone(Severity, &'static str),
}

/// A type; null is always one.
#[derive(Debug)]
enum Accepts {
    /// Any scalar.
    String,
    /// A string.
    Text,
    /// A whole number, or a text that says one.
    Int,
    /// A boolean, or a text that says one to Go's `strconv.ParseBool`.
    Flag,
    Number,
    Bool,
    Duration,
    List,
    Object,
    Any,
    ListOf(&'static [Accepts]),
    MapOf(&'static [Accepts]),
    Shape(usize),
    /// One of several shapes, as the object around it says at `key`.
    By {
        key: &'static str,
        cases: &'static [(&'static str, usize)],
        other: usize,
    },
}

/// The shape of this name.
pub(crate) fn shape(name: &str) -> Option<&'static Shape> {
    tables::all().iter().find(|shape| shape.name == name)
}

/// Whether a data source of this type comes with Grafana.
pub(crate) fn is_core(kind: &str) -> bool {
    let field = shape("DataSource").and_then(|shape| shape.field("type"));
    field.is_some_and(|field| field.values.contains(&kind))
}

impl Shape {
    /// The field of this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is(key))
    }

    /// Whether what stands at `key` is read.
    pub(crate) fn reads(&self, key: &str) -> bool {
        self.field(key).is_some_and(Field::is_read)
    }

    /// The shape of what stands at `key` in `object`, which has this shape.
    pub(crate) fn below(&self, key: &str, object: NodeRef<'_>) -> Option<&'static Shape> {
        let accepts = self.field(key)?.accepts;
        accepts.iter().find_map(|accepts| accepts.shape(object))
    }
}

impl Field {
    fn is(&self, key: &str) -> bool {
        match key.strip_prefix(self.key) {
            Some(rest) if self.numbered => {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
            }
            Some(rest) => rest.is_empty(),
            None => false,
        }
    }

    fn is_read(&self) -> bool {
        self.fate == Fate::Read
    }
}
