//! What a policy may ask of alerts, recording rules and their groups, of either engine.

use std::borrow::Cow;

use super::query::whole;
use super::{Field, Read, Scope, Table, Type, field, key};
use crate::model::Document;
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Subject, Value};
use crate::promql::facts::RecordName;
use crate::syntax::NodeRef;

/// An alert.
pub(super) static ALERT: Table = Table {
    title: "an alert",
    scope: Scope::Own,
    fields: &[
        alert_name("name", "its name"),
        alert_name("alertname", "the same"),
        alert_name("title", "the same"),
        ENGINE,
        field(
            "expr",
            Type::Text,
            Read::Rule(expr),
            "its expression; of Grafana its first query",
        ),
        key(
            "labels",
            Type::Map,
            &["labels"],
            "its labels; `labels.severity` is one of them",
        ),
        names("label-names", "labels", "the names of its labels"),
        key(
            "annotations",
            Type::Map,
            &["annotations"],
            "its annotations; `annotations.summary` is one of them",
        ),
        names(
            "annotation-names",
            "annotations",
            "the names of its annotations",
        ),
        field(
            "for",
            Type::Duration,
            Read::Rule(|node, _, _| or_none(node.get("for"))),
            "how long it waits; 0 where nothing is said",
        )
        .written(&["for"]),
        field(
            "keep-firing-for",
            Type::Duration,
            Read::Rule(|node, _, _| {
                let keys = ["keep_firing_for", "keepFiringFor"];
                or_none(keys.iter().find_map(|key| node.get(key)))
            }),
            "how long it goes on firing; 0 where nothing is said",
        ),
        key(
            "uid",
            Type::Text,
            &["uid"],
            "the uid of an alert of Grafana",
        ),
        field(
            "no-data-state",
            Type::Text,
            Read::First(&["noDataState", "no_data_state"]),
            "what Grafana makes of no data: `NoData`, `OK`, `Alerting`, `KeepLast`",
        ),
        field(
            "exec-err-state",
            Type::Text,
            Read::First(&["execErrState", "exec_err_state"]),
            "what Grafana makes of an error: `Error`, `OK`, `Alerting`, `KeepLast`",
        ),
        field(
            "paused",
            Type::Flag,
            Read::First(&["isPaused", "is_paused"]),
            "Grafana does not evaluate it",
        ),
        field(
            "queries",
            Type::Things(crate::policy::kind::Kind::Query),
            Read::Queries,
            "its queries in PromQL and LogQL",
        ),
    ],
};

/// A recording rule.
pub(super) static RECORDING: Table = Table {
    title: "a recording rule",
    scope: Scope::Own,
    fields: &[
        recorded_name("name", "the metric it records"),
        recorded_name("record", "the same"),
        ENGINE,
        field("expr", Type::Text, Read::Rule(expr), "its expression"),
        key(
            "labels",
            Type::Map,
            &["labels"],
            "the labels it adds; `labels.team` is one of them",
        ),
        names("label-names", "labels", "the names of those labels"),
        field(
            "record.level",
            Type::Text,
            Read::Rule(|node, _, _| part(node, |name| name.level)),
            "`level` of a name in the form `level:metric:operations`",
        ),
        field(
            "record.metric",
            Type::Text,
            Read::Rule(|node, _, _| part(node, |name| name.metric)),
            "`metric` of such a name",
        ),
        field(
            "record.operations",
            Type::Text,
            Read::Rule(|node, _, _| part(node, |name| name.operations)),
            "`operations` of such a name",
        ),
    ],
};

/// A group of rules.
pub(super) static GROUP: Table = Table {
    title: "a group of rules",
    scope: Scope::Own,
    fields: &[
        key("name", Type::Text, &["name"], "its name"),
        ENGINE,
        key(
            "interval",
            Type::Duration,
            &["interval"],
            "how often it is evaluated",
        ),
        key(
            "limit",
            Type::Number,
            &["limit"],
            "the most alerts or series of a rule",
        ),
        field(
            "query-offset",
            Type::Duration,
            Read::First(&["query_offset", "eval_offset"]),
            "how far back its rules look",
        ),
        key(
            "partial-response-strategy",
            Type::Text,
            &["partial_response_strategy"],
            "of Thanos: `warn` or `abort`",
        ),
        key(
            "source-tenants",
            Type::Texts,
            &["source_tenants"],
            "of Mimir: whose data its rules read",
        ),
        key(
            "labels",
            Type::Map,
            &["labels"],
            "the labels of all its rules",
        ),
        key("folder", Type::Text, &["folder"], "of Grafana: the folder"),
        key(
            "rules",
            Type::Any,
            &["rules"],
            "its rules, as the file has them",
        ),
    ],
};

/// The group around a rule.
pub(super) static AROUND: Table = Table {
    title: "the group around it",
    scope: Scope::Group,
    fields: &[
        of_group("group.name", Type::Text, "name", "the name of its group"),
        of_group(
            "group.interval",
            Type::Duration,
            "interval",
            "how often its group is evaluated",
        ),
        of_group(
            "group.folder",
            Type::Text,
            "folder",
            "of Grafana: the folder of its group",
        ),
        of_group(
            "group.source-tenants",
            Type::Texts,
            "source_tenants",
            "of Mimir: whose data its group reads",
        ),
    ],
};

/// Of an alert of either engine its name, under one of the words people know it by.
const fn alert_name(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Text, Read::First(&["alert", "title"]), doc)
}

/// Of a recording rule of either engine what it records.
const fn recorded_name(name: &'static str, doc: &'static str) -> Field {
    field(name, Type::Text, Read::Rule(|node, _, _| record(node)), doc)
}

/// The keys of the map at a key.
const fn names(name: &'static str, map: &'static str, doc: &'static str) -> Field {
    field(name, Type::Texts, Read::Keys(map), doc)
}

/// What the group around a rule says under a key.
const fn of_group(name: &'static str, ty: Type, key: &'static str, doc: &'static str) -> Field {
    field(name, ty, Read::Group(key), doc)
}

/// Whose rules they are.
const ENGINE: Field = field(
    "engine",
    Type::Text,
    Read::Document(engine),
    "`prometheus` or `grafana`",
);

/// A time that is 0 where nothing is said.
fn or_none<'v, 't>(node: Option<NodeRef<'t>>) -> Value<'v, 't> {
    Value::node(node).or(|| Value::Number(0.0, Spot::None))
}

fn engine<'v, 't>(sight: &Sight<'v, 't>) -> Value<'v, 't> {
    let word = match sight.document {
        Document::Alerting(_) => "grafana",
        _ => "prometheus",
    };
    Value::Text(Cow::Borrowed(word), Spot::None)
}

fn expr<'v, 't>(
    node: NodeRef<'t>,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Value<'v, 't> {
    let query = sight.query(sight.queries_of(subject).start);
    match query.filter(|_| !sight.queries_of(subject).is_empty()) {
        Some(query) => whole(query),
        None => Value::node(node.get("expr")),
    }
}

/// The name of what is recorded: `record`, of Grafana `record.metric`.
fn record<'t>(node: NodeRef<'t>) -> Value<'t, 't> {
    let record = node.get("record");
    Value::node(record.and_then(|record| record.get("metric")).or(record))
}

fn part<'v, 't>(
    node: NodeRef<'t>,
    say: impl for<'n> Fn(RecordName<'n>) -> &'n str,
) -> Value<'v, 't> {
    let Value::Node(name) = record(node) else {
        return Value::Missing;
    };
    let text = name.as_str().unwrap_or_default();
    match RecordName::parse(&text) {
        Some(parts) => Value::Text(Cow::Owned(say(parts).to_owned()), Spot::Node(name)),
        None => Value::Missing,
    }
}
