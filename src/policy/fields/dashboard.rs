//! What a policy may ask of dashboards, and of their rows, variables and annotations.

use std::borrow::Cow;

use super::{Read, Scope, Table, Type, document, field, key};
use crate::model::{Dashboard, DataSourceRef, Form, Variable, VariableKind, Wrapper};
use crate::policy::kind::Kind;
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Subject, Value};
use crate::syntax::{Kind as NodeKind, NodeRef};

/// A dashboard.
pub(super) static DASHBOARD: Table = Table {
    title: "a dashboard",
    scope: Scope::Own,
    fields: &[
        key("title", Type::Text, &["title"], "its title"),
        field(
            "uid",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.uid_node())),
            "its uid; of a resource its name",
        )
        .classic(&["uid"]),
        super::DESCRIPTION,
        key("tags", Type::Texts, &["tags"], "its tags"),
        field(
            "folder",
            Type::Text,
            Read::Dashboard(folder),
            "the folder: what its wrapper or its resource says, else the name of the directory it lies in",
        ),
        field(
            "form",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::Text(Cow::Borrowed(form(dashboard)), Spot::None)),
            "`classic`, `v2` or `library-panel`",
        ),
        field(
            "wrapper",
            Type::Text,
            Read::Dashboard(|dashboard, _| {
                let word = match dashboard.wrapper() {
                    Wrapper::None => "none",
                    Wrapper::Api => "api",
                    Wrapper::Resource => "resource",
                };
                Value::Text(Cow::Borrowed(word), Spot::None)
            }),
            "what it stands in: `none`, `api` or `resource`",
        ),
        field(
            "timezone",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.timezone_node())),
            "its time zone",
        )
        .classic(&["timezone"]),
        field(
            "week-start",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.week_start_node())),
            "the first day of its weeks",
        )
        .classic(&["weekStart"]),
        field(
            "refresh",
            Type::Duration,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.refresh_node())),
            "how often it refreshes itself",
        )
        .classic(&["refresh"]),
        field(
            "time.from",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.time_from_node())),
            "the beginning of its time range: `now-6h`",
        )
        .classic(&["time", "from"]),
        field(
            "time.to",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.time_to_node())),
            "the end of its time range: `now`",
        )
        .classic(&["time", "to"]),
        field(
            "editable",
            Type::Flag,
            Read::Dashboard(|dashboard, _| match dashboard.editable_node() {
                Some(node) => Value::Node(node),
                None => Value::Flag(true, Spot::None),
            }),
            "whether people may change it; true where nothing is said",
        )
        .written(&["editable"]),
        field(
            "schema-version",
            Type::Number,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.schema_version_node())),
            "the version of the classic schema",
        ),
        field(
            "links",
            Type::Things(Kind::Link),
            Read::Dashboard(|dashboard, _| super::objects(Kind::Link, dashboard.node.get("links"))),
            "its links",
        ),
        field(
            "panels",
            Type::Things(Kind::Panel),
            Read::Dashboard(|dashboard, _| {
                Value::things(0..dashboard.panels.len(), Subject::Panel)
            }),
            "its panels that are no rows, in rows too",
        ),
        field(
            "rows",
            Type::Things(Kind::Row),
            Read::Dashboard(|dashboard, _| Value::things(0..dashboard.rows.len(), Subject::Row)),
            "its rows and tabs",
        ),
        field(
            "variables",
            Type::Things(Kind::Variable),
            Read::Dashboard(|dashboard, _| {
                Value::things(0..dashboard.variables.len(), Subject::Variable)
            }),
            "its template variables",
        ),
        field(
            "annotations",
            Type::Things(Kind::Annotation),
            Read::Dashboard(|dashboard, _| {
                Value::things(0..dashboard.annotations.len(), Subject::Annotation)
            }),
            "its annotation queries",
        ),
        field(
            "queries",
            Type::Things(Kind::Query),
            Read::Queries,
            "the queries of its panels, annotations and variables",
        ),
    ],
};

/// The dashboard around a part of it.
pub(super) static AROUND: Table = Table {
    title: "the dashboard around it",
    scope: Scope::Document,
    fields: &[
        field(
            "dashboard.title",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.node.get("title"))),
            "the title of its dashboard",
        ),
        field(
            "dashboard.uid",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.uid_node())),
            "the uid of its dashboard",
        ),
        field(
            "dashboard.tags",
            Type::Texts,
            Read::Dashboard(|dashboard, _| Value::node(dashboard.node.get("tags"))),
            "the tags of its dashboard",
        ),
        field(
            "dashboard.folder",
            Type::Text,
            Read::Dashboard(folder),
            "the folder of its dashboard",
        ),
        field(
            "dashboard.form",
            Type::Text,
            Read::Dashboard(|dashboard, _| Value::Text(Cow::Borrowed(form(dashboard)), Spot::None)),
            "`classic`, `v2` or `library-panel`",
        ),
    ],
};

/// A row.
pub(super) static ROW: Table = Table {
    title: "a row",
    scope: Scope::Own,
    fields: &[
        key("title", Type::Text, &["title"], "its title"),
        field(
            "collapsed",
            Type::Flag,
            Read::Row(|row| {
                let node = ["collapsed", "collapse"]
                    .iter()
                    .find_map(|key| row.node.get(key));
                flag(row.is_collapsed(), node)
            }),
            "it opens folded",
        ),
        field(
            "repeat",
            Type::Text,
            Read::Row(|row| Value::node(row.repeat_node())),
            "the variable it is repeated over",
        ),
        field(
            "kind",
            Type::Text,
            Read::Row(|row| Value::Text(Cow::Borrowed(row.kind.name()), Spot::None)),
            "`row` or `tab`",
        ),
    ],
};

/// A template variable.
pub(super) static VARIABLE: Table = Table {
    title: "a template variable",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        key(
            "label",
            Type::Text,
            &["label"],
            "what people read in its place",
        ),
        super::DESCRIPTION,
        field(
            "type",
            Type::Text,
            Read::Variable(|variable| {
                let spot = variable.node.get("type").map_or(Spot::None, Spot::Node);
                Value::Text(Cow::Borrowed(variable_type(variable)), spot)
            }),
            "`query`, `custom`, `textbox`, `constant`, `datasource`, `interval`, `adhoc`, `groupby`, `switch` …, in either schema",
        ),
        field(
            "query",
            Type::Text,
            Read::Variable(|variable| Value::node(variable.query_node())),
            "its query, its values, its text",
        ),
        field(
            "regex",
            Type::Text,
            Read::Variable(|variable| Value::node(variable.regex_node())),
            "the regular expression its values go through",
        )
        .written(&["regex"]),
        field(
            "multi",
            Type::Flag,
            Read::Variable(|variable| flag(variable.is_multi(), variable.node.get("multi"))),
            "several values may be chosen",
        )
        .written(&["multi"]),
        field(
            "include-all",
            Type::Flag,
            Read::Variable(|variable| flag(variable.has_all(), variable.node.get("includeAll"))),
            "it offers All",
        )
        .written(&["includeAll"]),
        key(
            "all-value",
            Type::Text,
            &["allValue"],
            "what All stands for",
        ),
        key(
            "hide",
            Type::Any,
            &["hide"],
            "whether it is shown: a number, in v2 a word",
        ),
        key(
            "refresh",
            Type::Any,
            &["refresh"],
            "when its values are read again: a number, in v2 a word",
        ),
        field(
            "datasource",
            Type::Text,
            Read::Variable(|variable| source(variable.data_source_node())),
            "the uid or name of its data source",
        ),
    ],
};

/// An annotation query.
pub(super) static ANNOTATION: Table = Table {
    title: "an annotation query",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        field(
            "enabled",
            Type::Flag,
            Read::Annotation(|one| flag(one.is_enabled(), one.node.get("enable"))),
            "it is on when the dashboard opens",
        )
        .written(&["enable"]),
        field(
            "hidden",
            Type::Flag,
            Read::Annotation(|one| flag(one.is_hidden(), one.node.get("hide"))),
            "its switch is not shown",
        )
        .written(&["hide"]),
        field(
            "built-in",
            Type::Flag,
            Read::Annotation(|one| flag(one.is_built_in(), one.node.get("builtIn"))),
            "it is Grafana's own",
        ),
        key("color", Type::Text, &["iconColor"], "its colour"),
        field(
            "expr",
            Type::Text,
            Read::Annotation(|one| Value::node(one.query().get("expr"))),
            "its query in PromQL or LogQL",
        ),
        field(
            "datasource",
            Type::Text,
            Read::Annotation(|one| source(one.data_source_node())),
            "the uid or name of its data source",
        ),
    ],
};

/// Whether something is so, and where that is said.
pub(super) fn flag<'v, 't>(flag: bool, node: Option<NodeRef<'t>>) -> Value<'v, 't> {
    Value::Flag(flag, node.map_or(Spot::None, Spot::Node))
}

/// The uid or name in a reference to a data source.
pub(super) fn source<'v, 't>(node: Option<NodeRef<'t>>) -> Value<'v, 't> {
    let named = node.and_then(|node| match node.kind() {
        NodeKind::Object => node.get("uid").or_else(|| node.get("name")),
        _ => Some(node),
    });
    Value::node(named)
}

/// The plugin that a reference to a data source leads to, as far as that is known.
pub(super) fn source_type<'v, 't>(
    source: &DataSourceRef<'t>,
    node: Option<NodeRef<'t>>,
    sight: &Sight<'v, 't>,
) -> Value<'v, 't> {
    use crate::model::TypeEvidence::{Provisioned, Said};
    let Some(dashboard) = sight.dashboard() else {
        return Value::Missing;
    };
    match dashboard.resolve(source, sight.reach) {
        Said(plugin) | Provisioned(plugin) => {
            let said = node.map(|node| node.get("type").unwrap_or(node));
            Value::Text(Cow::Owned(plugin), said.map_or(Spot::None, Spot::Node))
        }
        _ => Value::Missing,
    }
}

fn form(dashboard: &Dashboard<'_>) -> &'static str {
    match dashboard.form {
        Form::Classic => "classic",
        Form::V2 => "v2",
        Form::LibraryPanel => "library-panel",
    }
}

/// The folder as a wrapper of the API (`meta.folderTitle`) or a resource (the annotation `grafana.app/folder`) says it.
fn folder<'v, 't>(dashboard: &'v Dashboard<'t>, sight: &Sight<'v, 't>) -> Value<'v, 't> {
    let said = dashboard.root.path(&["meta", "folderTitle"]).or_else(|| {
        dashboard
            .root
            .path(&["metadata", "annotations", "grafana.app/folder"])
    });
    Value::node(said).or(|| {
        let path = document::parts(&sight.file.source.path).0;
        Value::Text(Cow::Borrowed(document::parts(path).1), Spot::None)
    })
}

fn variable_type(variable: &Variable<'_>) -> &'static str {
    match variable.kind {
        VariableKind::Query => "query",
        VariableKind::Custom => "custom",
        VariableKind::TextBox => "textbox",
        VariableKind::Constant => "constant",
        VariableKind::DataSource => "datasource",
        VariableKind::Interval => "interval",
        VariableKind::AdHoc => "adhoc",
        VariableKind::GroupBy => "groupby",
        VariableKind::Switch => "switch",
        VariableKind::Snapshot => "snapshot",
        VariableKind::Runtime => "system",
        VariableKind::Unknown => "unknown",
    }
}
