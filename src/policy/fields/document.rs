//! What a policy may ask of the file.

use std::borrow::Cow;

use super::{Field, Read, Scope, Table, Type, field};
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Value};

/// The file.
pub(super) static FILE: Table = Table {
    title: "the file",
    scope: Scope::Document,
    fields: FIELDS,
};

static FIELDS: &[Field] = &[
    field(
        "file.path",
        Type::Text,
        Read::Document(|sight| text(path(sight))),
        "its path as reports show it, with `/`",
    ),
    field(
        "file.name",
        Type::Text,
        Read::Document(|sight| text(parts(path(sight)).1)),
        "its name without folders",
    ),
    field(
        "file.folder",
        Type::Text,
        Read::Document(|sight| text(parts(path(sight)).0)),
        "the folders it lies in, as a path; empty at the top",
    ),
    field(
        "file.kind",
        Type::Text,
        Read::Document(|sight| text(sight.info.kind.name())),
        "what the document is taken for, as `dashlint inspect` says it: `dashboard`, `Prometheus rules` …",
    ),
];

fn path<'t>(sight: &Sight<'_, 't>) -> &'t str {
    &sight.file.source.path
}

fn text<'v, 't>(text: &'t str) -> Value<'v, 't>
where
    't: 'v,
{
    Value::Text(Cow::Borrowed(text), Spot::None)
}

/// The folders of a path, and the name.
pub(super) fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
