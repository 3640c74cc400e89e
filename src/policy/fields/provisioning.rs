//! What a policy may ask of data sources, providers, contact points and notification policies.

use super::{Read, Scope, Table, Type, field, key, objects};
use crate::model::parse_matchers;
use crate::policy::kind::Kind;
use crate::policy::value::{Spot, Value};
use crate::syntax::{Kind as NodeKind, NodeRef};

/// A data source.
pub(super) static DATA_SOURCE: Table = Table {
    title: "a data source",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        key("uid", Type::Text, &["uid"], "its uid"),
        key(
            "type",
            Type::Text,
            &["type"],
            "its plugin: `prometheus`, `loki` …",
        ),
        key("url", Type::Text, &["url"], "its address"),
        key("access", Type::Text, &["access"], "`proxy` or `direct`"),
        key(
            "is-default",
            Type::Flag,
            &["isDefault"],
            "panels that name none use it",
        ),
        key(
            "editable",
            Type::Flag,
            &["editable"],
            "people may change it in Grafana",
        ),
        key("org-id", Type::Number, &["orgId"], "its organisation"),
        key(
            "basic-auth",
            Type::Flag,
            &["basicAuth"],
            "it sends a name and a password",
        ),
        key("json-data", Type::Any, &["jsonData"], "its options"),
    ],
};

/// A provider of dashboards.
pub(super) static PROVIDER: Table = Table {
    title: "a provider of dashboards",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        key("type", Type::Text, &["type"], "`file`"),
        key("org-id", Type::Number, &["orgId"], "its organisation"),
        key(
            "folder",
            Type::Text,
            &["folder"],
            "the folder its dashboards go to",
        ),
        key(
            "folder-uid",
            Type::Text,
            &["folderUid"],
            "the uid of that folder",
        ),
        key(
            "path",
            Type::Text,
            &["options", "path"],
            "where its dashboards lie",
        ),
        key(
            "folders-from-files",
            Type::Flag,
            &["options", "foldersFromFilesStructure"],
            "each directory becomes a folder",
        ),
        key(
            "allow-ui-updates",
            Type::Flag,
            &["allowUiUpdates"],
            "people may save over its dashboards",
        ),
        key(
            "disable-deletion",
            Type::Flag,
            &["disableDeletion"],
            "dashboards stay when their files go",
        ),
        key(
            "editable",
            Type::Flag,
            &["editable"],
            "an option that Grafana ignores today",
        ),
    ],
};

/// A contact point.
pub(super) static CONTACT_POINT: Table = Table {
    title: "a contact point",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        key("org-id", Type::Number, &["orgId"], "its organisation"),
        field(
            "receivers",
            Type::Things(Kind::Receiver),
            Read::Object(|node| match node.get("receivers") {
                Some(list) => objects(Kind::Receiver, Some(list)),
                // A resource of the operator is one itself.
                None => Value::List(vec![Value::Thing(crate::policy::value::Subject::Object(
                    Kind::Receiver,
                    node,
                ))]),
            }),
            "its entries",
        ),
    ],
};

/// A notification policy.
pub(super) static POLICY: Table = Table {
    title: "a notification policy",
    scope: Scope::Own,
    fields: &[
        key("receiver", Type::Text, &["receiver"], "the contact point"),
        field(
            "root",
            Type::Flag,
            Read::Object(|node| {
                let list = node.parent().and_then(|list| list.key());
                Value::Flag(list.as_deref() != Some("routes"), Spot::None)
            }),
            "it is the top of its tree",
        ),
        key(
            "group-by",
            Type::Texts,
            &["group_by"],
            "the labels its alerts are grouped by",
        ),
        key(
            "group-wait",
            Type::Duration,
            &["group_wait"],
            "how long it waits for more alerts of a group",
        ),
        key(
            "group-interval",
            Type::Duration,
            &["group_interval"],
            "how long it waits before it tells of new ones",
        ),
        key(
            "repeat-interval",
            Type::Duration,
            &["repeat_interval"],
            "how long it waits before it tells again",
        ),
        key(
            "continue",
            Type::Flag,
            &["continue"],
            "those after it are asked too",
        ),
        key(
            "mute-timings",
            Type::Texts,
            &["mute_time_intervals"],
            "when it keeps quiet",
        ),
        field(
            "matched-labels",
            Type::Texts,
            Read::Object(matched),
            "the labels its matchers ask for",
        ),
        key(
            "routes",
            Type::Any,
            &["routes"],
            "the policies below it, as the file has them",
        ),
    ],
};

/// The labels of all matchers, however they are written.
fn matched<'v, 't>(node: NodeRef<'t>) -> Value<'v, 't> {
    let mut labels = Vec::new();
    let mut add = |name: String, node| labels.push(Value::Text(name.into(), Spot::Node(node)));
    for key in ["match", "match_re"] {
        for member in node.get(key).into_iter().flat_map(NodeRef::members) {
            if let Some(name) = member.key() {
                add(name.into_owned(), member);
            }
        }
    }
    for key in ["matchers", "object_matchers"] {
        for matcher in node.get(key).into_iter().flat_map(NodeRef::items) {
            match matcher.kind() {
                NodeKind::Array => {
                    let first = matcher.items().next().and_then(NodeRef::as_str);
                    if let Some(name) = first {
                        add(name.into_owned(), matcher);
                    }
                }
                NodeKind::Object => {
                    let name = matcher.get("label").or_else(|| matcher.get("name"));
                    if let Some(name) = name.and_then(NodeRef::as_str) {
                        add(name.into_owned(), matcher);
                    }
                }
                _ => {
                    let text = matcher.as_str().unwrap_or_default();
                    for (parsed, _) in parse_matchers(&text).into_iter().flatten() {
                        add(parsed.name, matcher);
                    }
                }
            }
        }
    }
    Value::some(labels.into_iter())
}
