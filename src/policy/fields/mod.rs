//! What can be asked of each thing: one table a kind. The reader of policies, the schema and the documentation come from
//! them.

mod alerting;
mod dashboard;
mod document;
mod items;
mod panel;
mod promql;
mod provisioning;
mod query;

use crate::diagnostic::suppress::without_directives;
use crate::model::{Annotation, Dashboard, Panel, Query, Row, ThresholdStep, Variable};
use crate::promql::facts::{Aggregation, MatcherFact, Selection};
use crate::syntax::NodeRef;

use super::kind::Kind;
use super::sight::Sight;
use super::value::{Spot, Subject, Value};
pub(super) use promql::Fact;

/// What a field's value is: which operators make sense of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A time: `5m`, `1h30m`.
    Duration,
    /// True or false.
    Flag,
    /// Names with values, each of which is a field too: `labels.severity`.
    Map,
    /// Several texts.
    Texts,
    /// Several times.
    Durations,
    /// Several things with fields of their own.
    Things(Kind),
    /// Whatever stands there.
    Any,
}

impl Type {
    /// The word documentation says.
    pub(crate) fn name(self) -> String {
        match self {
            Type::Text => "text".to_owned(),
            Type::Number => "number".to_owned(),
            Type::Duration => "duration".to_owned(),
            Type::Flag => "true or false".to_owned(),
            Type::Map => "names and texts".to_owned(),
            Type::Texts => "list of texts".to_owned(),
            Type::Durations => "list of durations".to_owned(),
            Type::Things(kind) => format!("list of {}", kind.plural()),
            Type::Any => "any value".to_owned(),
        }
    }

    /// What its items are, if it has any.
    pub(crate) fn item(self) -> Option<Type> {
        match self {
            Type::Map | Type::Texts => Some(Type::Text),
            Type::Durations => Some(Type::Duration),
            Type::Things(_) | Type::Any => Some(Type::Any),
            _ => None,
        }
    }
}

/// How a field is read, by what it is asked of.
#[derive(Clone, Copy)]
pub(super) enum Read {
    /// The value at some keys of the object.
    At(&'static [&'static str]),
    /// The value of the first of some keys.
    First(&'static [&'static str]),
    /// The text at `description`, without the comments in it that silence findings.
    Description,
    /// The keys of the object at a key.
    Keys(&'static str),
    Dashboard(for<'v, 't> fn(&'v Dashboard<'t>, &Sight<'v, 't>) -> Value<'v, 't>),
    Row(for<'v, 't> fn(&'v Row<'t>) -> Value<'v, 't>),
    Panel(for<'v, 't> fn(&'v Panel<'t>, &Sight<'v, 't>) -> Value<'v, 't>),
    Query(for<'v, 't> fn(&'v Query<'t>, Subject<'v, 't>, &Sight<'v, 't>) -> Value<'v, 't>),
    Variable(for<'v, 't> fn(&'v Variable<'t>) -> Value<'v, 't>),
    Annotation(for<'v, 't> fn(&'v Annotation<'t>) -> Value<'v, 't>),
    Rule(for<'v, 't> fn(NodeRef<'t>, Subject<'v, 't>, &Sight<'v, 't>) -> Value<'v, 't>),
    /// The value at a key of the group that is looked at or that a rule belongs to.
    Group(&'static str),
    Object(for<'t> fn(NodeRef<'t>) -> Value<'t, 't>),
    Threshold(for<'v, 't> fn(&'v ThresholdStep<'t>) -> Value<'v, 't>),
    Selector(for<'v, 't> fn(&'v Selection<'v>, &'v Query<'t>) -> Value<'v, 't>),
    /// The steps of a panel's thresholds.
    Thresholds,
    /// What the metric of a selector counts.
    MetricKind,
    Matcher(for<'v, 't> fn(&'v MatcherFact<'v>, &'v Query<'t>) -> Value<'v, 't>),
    Aggregation(for<'v, 't> fn(&'v Aggregation<'v>, &'v Query<'t>) -> Value<'v, 't>),
    /// Something about the PromQL of the queries of what it is asked of.
    Promql(Fact),
    /// The queries of what it is asked of.
    Queries,
    /// Something about the file.
    Document(for<'v, 't> fn(&Sight<'v, 't>) -> Value<'v, 't>),
}

/// Where a field is written if it is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Nowhere that is certain.
    No,
    /// Under these keys of the object.
    At(&'static [&'static str]),
    /// Under these keys, in the classic schema alone.
    Classic(&'static [&'static str]),
}

/// A field.
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: &'static str,
    /// What its value is.
    pub(crate) ty: Type,
    pub(super) read: Read,
    pub(super) written: Written,
    /// One line of documentation.
    pub(crate) doc: &'static str,
}

const fn field(name: &'static str, ty: Type, read: Read, doc: &'static str) -> Field {
    Field {
        name,
        ty,
        read,
        written: Written::No,
        doc,
    }
}

/// A field that stands under some keys of the object, and nowhere else.
const fn key(
    name: &'static str,
    ty: Type,
    keys: &'static [&'static str],
    doc: &'static str,
) -> Field {
    Field {
        name,
        ty,
        read: Read::At(keys),
        written: Written::At(keys),
        doc,
    }
}

/// What people read of a thing.
const DESCRIPTION: Field = Field {
    read: Read::Description,
    ..key(
        "description",
        Type::Text,
        &["description"],
        "its description, without the comments in it that silence findings",
    )
};

impl Field {
    /// Whether a repair can write it.
    pub(crate) fn is_writable(&self) -> bool {
        self.written != Written::No
    }

    /// The same field, written under these keys where it is missing.
    const fn written(self, keys: &'static [&'static str]) -> Field {
        Field {
            written: Written::At(keys),
            ..self
        }
    }

    /// The same field, written under these keys where it is missing in a dashboard of the classic schema.
    const fn classic(self, keys: &'static [&'static str]) -> Field {
        Field {
            written: Written::Classic(keys),
            ..self
        }
    }
}

/// What of a thing and around it a field says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The thing itself.
    Own,
    /// The panel around a query.
    Panel,
    /// The group around a rule.
    Group,
    /// The dashboard or the file.
    Document,
}

/// A table of fields: what they are about, and the fields.
pub(crate) struct Table {
    /// What they say something about.
    pub(crate) title: &'static str,
    /// What of the thing and around it they say something about.
    pub(crate) scope: Scope,
    /// The fields.
    pub(crate) fields: &'static [Field],
}

/// The tables of a kind, its own first.
pub(crate) fn tables(kind: Kind) -> Vec<&'static Table> {
    match kind {
        Kind::Dashboard => vec![&dashboard::DASHBOARD, &promql::SUMS, &document::FILE],
        Kind::Row => vec![&dashboard::ROW, &dashboard::AROUND, &document::FILE],
        Kind::Panel => vec![
            &panel::PANEL,
            &panel::UNIT,
            &promql::SUMS,
            &dashboard::AROUND,
            &document::FILE,
        ],
        Kind::Query => vec![
            &query::QUERY,
            &promql::PROMQL,
            &promql::SUMS,
            &panel::AROUND,
            &dashboard::AROUND,
            &alerting::AROUND,
            &document::FILE,
        ],
        Kind::Variable => vec![&dashboard::VARIABLE, &dashboard::AROUND, &document::FILE],
        Kind::Annotation => vec![
            &dashboard::ANNOTATION,
            &promql::PROMQL,
            &dashboard::AROUND,
            &document::FILE,
        ],
        Kind::Alert => vec![
            &alerting::ALERT,
            &promql::PROMQL,
            &promql::SUMS,
            &alerting::AROUND,
            &document::FILE,
        ],
        Kind::RecordingRule => vec![
            &alerting::RECORDING,
            &promql::PROMQL,
            &promql::SUMS,
            &alerting::AROUND,
            &document::FILE,
        ],
        Kind::Group => vec![&alerting::GROUP, &document::FILE],
        Kind::DataSource => vec![&provisioning::DATA_SOURCE, &document::FILE],
        Kind::Provider => vec![&provisioning::PROVIDER, &document::FILE],
        Kind::ContactPoint => vec![&provisioning::CONTACT_POINT, &document::FILE],
        Kind::Policy => vec![&provisioning::POLICY, &document::FILE],
        Kind::Link => vec![&items::LINK],
        Kind::Threshold => vec![&items::THRESHOLD],
        Kind::Selector => vec![&items::SELECTOR],
        Kind::Matcher => vec![&items::MATCHER],
        Kind::Aggregation => vec![&items::AGGREGATION],
        Kind::Receiver => vec![&items::RECEIVER],
        Kind::Value => vec![],
    }
}

/// The field of this name, and what it says something about.
pub(crate) fn find(kind: Kind, name: &str) -> Option<(&'static Field, Scope)> {
    tables(kind).into_iter().find_map(|table| {
        let field = table.fields.iter().find(|field| field.name == name)?;
        Some((field, table.scope))
    })
}

/// Every field of a kind.
pub(crate) fn all(kind: Kind) -> impl Iterator<Item = &'static Field> {
    tables(kind).into_iter().flat_map(|table| table.fields)
}

/// What a field says of `subject`.
pub(super) fn read<'v, 't>(
    read: Read,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Value<'v, 't> {
    let object = || sight.node(subject);
    let dashboard = || sight.dashboard();
    match (read, subject) {
        (Read::At(keys), _) => with(object(), |node| Value::node(node.path(keys))),
        (Read::Description, _) => with(object(), |node| {
            let value = node.get("description");
            match value.and_then(|node| Some((node, node.as_str()?))) {
                Some((node, text)) if text.contains("<!--") => {
                    Value::Text(without_directives(text), Spot::Node(node))
                }
                _ => Value::node(value),
            }
        }),
        (Read::First(keys), _) => with(object(), |node| {
            let mut values = keys.iter().filter_map(|key| node.get(key));
            Value::node(values.find(|value| !value.is_null()))
        }),
        (Read::Keys(key), _) => with(object(), |node| {
            let members = node.get(key).into_iter().flat_map(NodeRef::members);
            Value::some(members.map(Value::Key))
        }),
        (Read::Dashboard(read), _) => with(dashboard(), |dashboard| read(dashboard, sight)),
        (Read::Panel(read), _) => with(sight.panel_of(subject), |panel| read(panel, sight)),
        (Read::Row(read), Subject::Row(at)) => {
            with(dashboard().and_then(|one| one.rows.get(at)), read)
        }
        (Read::Variable(read), Subject::Variable(at)) => {
            with(dashboard().and_then(|one| one.variables.get(at)), read)
        }
        (Read::Annotation(read), Subject::Annotation(at)) => {
            with(dashboard().and_then(|one| one.annotations.get(at)), read)
        }
        (Read::Query(read), Subject::Query(at)) => {
            with(sight.query(at), |query| read(query, subject, sight))
        }
        (Read::Rule(read), _) => {
            let rule = sight.rule_of(subject).and_then(|at| sight.rule(at));
            with(rule, |node| read(node, subject, sight))
        }
        (Read::Group(key), _) => with(sight.group_of(subject), |group| Value::node(group.get(key))),
        (Read::Object(read), Subject::Object(_, node)) => read(node),
        (Read::Thresholds, Subject::Panel(at)) => {
            let steps = sight.thresholds(at).iter();
            Value::some(steps.map(|step| Value::Thing(Subject::Threshold(step))))
        }
        (Read::Threshold(read), Subject::Threshold(step)) => read(step),
        (Read::Selector(read), Subject::Selector(selection, query)) => read(selection, query),
        (Read::MetricKind, Subject::Selector(selection, query)) => {
            items::metric_kind(selection, query, sight).unwrap_or(Value::Missing)
        }
        (Read::Matcher(read), Subject::Matcher(matcher, query)) => read(matcher, query),
        (Read::Aggregation(read), Subject::Aggregation(aggregation, query)) => {
            read(aggregation, query)
        }
        (Read::Promql(fact), _) => promql::read(fact, sight.queries_of(subject), sight),
        (Read::Queries, _) => Value::things(sight.queries_of(subject), Subject::Query),
        (Read::Document(read), _) => read(sight),
        _ => Value::Missing,
    }
}

/// What `read` says of a thing, if there is one.
fn with<'v, 't, T>(thing: Option<T>, read: impl FnOnce(T) -> Value<'v, 't>) -> Value<'v, 't> {
    match thing {
        Some(thing) => read(thing),
        None => Value::Missing,
    }
}

/// The objects of a list.
fn objects<'v, 't>(kind: Kind, list: Option<NodeRef<'t>>) -> Value<'v, 't> {
    let items = list.into_iter().flat_map(NodeRef::items);
    Value::some(items.map(|node| Value::Thing(Subject::Object(kind, node))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_has_a_name_twice() {
        for kind in Kind::CHOSEN.into_iter().chain(Kind::ITEMS) {
            let mut names: Vec<&str> = all(kind).map(|field| field.name).collect();
            names.sort_unstable();
            for pair in names.windows(2) {
                assert_ne!(pair[0], pair[1], "{} has it twice", kind.name());
            }
        }
    }
}
