//! What a policy may ask of the items of lists.

use std::borrow::Cow;

use super::{Field, Read, Scope, Table, Type, field, key};
use crate::model::Query;
use crate::policy::kind::Kind;
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Subject, Value};
use crate::promql::MetricKind;
use crate::promql::facts::{LabelRole, Selection};
use crate::span::Span;

/// A link.
pub(super) static LINK: Table = Table {
    title: "a link",
    scope: Scope::Own,
    fields: &[
        key("title", Type::Text, &["title"], "its title"),
        key("url", Type::Text, &["url"], "where it leads"),
        key(
            "type",
            Type::Text,
            &["type"],
            "`link`, or `dashboards` for a list by tags",
        ),
        key(
            "tags",
            Type::Texts,
            &["tags"],
            "the tags of the dashboards it lists",
        ),
        key(
            "target-blank",
            Type::Flag,
            &["targetBlank"],
            "it opens a new tab",
        ),
        key(
            "keep-time",
            Type::Flag,
            &["keepTime"],
            "it carries the time range along",
        ),
    ],
};

/// A step of thresholds.
pub(super) static THRESHOLD: Table = Table {
    title: "a step of thresholds",
    scope: Scope::Own,
    fields: &[
        field(
            "value",
            Type::Number,
            Read::Threshold(|step| match (step.value, step.value_node()) {
                (Some(value), Some(node)) => Value::Number(value, Spot::Node(node)),
                _ => Value::Missing,
            }),
            "from where on it holds; the first step has none",
        ),
        field(
            "color",
            Type::Text,
            Read::Threshold(|step| {
                let spot = step.color_node().map_or(Spot::None, Spot::Node);
                step.color()
                    .map_or(Value::Missing, |color| Value::Text(color, spot))
            }),
            "its colour",
        ),
    ],
};

/// A selector.
pub(super) static SELECTOR: Table = Table {
    title: "a selector",
    scope: Scope::Own,
    fields: &[
        field(
            "metric",
            Type::Text,
            Read::Selector(|one, query| match &one.metric {
                Some(metric) => text(metric, one.span, query),
                None => Value::Missing,
            }),
            "the metric, where the text names it",
        ),
        field(
            "kind",
            Type::Text,
            Read::MetricKind,
            "`counter` or `gauge`, as the configuration, the inventory or its name says; of others nothing",
        ),
        field(
            "matchers",
            Type::Things(Kind::Matcher),
            Read::Selector(|one, query| {
                let things = one.matchers.iter();
                Value::some(things.map(|matcher| Value::Thing(Subject::Matcher(matcher, query))))
            }),
            "its matchers",
        ),
        field(
            "matched-labels",
            Type::Texts,
            Read::Selector(|one, query| {
                let labels = one.labels.iter();
                let matched = labels.filter(|label| label.role == LabelRole::Matcher);
                Value::some(matched.map(|label| text(&label.name, label.span, query)))
            }),
            "the labels of its matchers",
        ),
        field(
            "labels",
            Type::Texts,
            Read::Selector(|one, query| {
                let labels = one.labels.iter();
                Value::some(labels.map(|label| text(&label.name, label.span, query)))
            }),
            "the labels of its matchers, and those of the aggregations and joins around it",
        ),
        field(
            "around",
            Type::Texts,
            Read::Selector(|one, query| {
                let names = one.around.iter();
                Value::some(names.map(|name| text(name, one.span, query)))
            }),
            "the functions and aggregations around it, the innermost first",
        ),
        field(
            "innermost",
            Type::Text,
            Read::Selector(|one, query| match one.around.first() {
                Some(name) => text(name, one.span, query),
                None => Value::Missing,
            }),
            "the innermost of them",
        ),
        field(
            "range",
            Type::Duration,
            Read::Selector(|one, query| match one.range {
                Some(seconds) => Value::Number(seconds, Spot::Query(query, one.span)),
                None => Value::Missing,
            }),
            "its range, where no variable stands for it",
        ),
        field(
            "reach",
            Type::Duration,
            Read::Selector(|one, query| Value::Number(one.reach, Spot::Query(query, one.span))),
            "how far back it looks: its range and offset and those of the subqueries around it; at least so far where a variable is in it",
        ),
    ],
};

/// A matcher.
pub(super) static MATCHER: Table = Table {
    title: "a matcher",
    scope: Scope::Own,
    fields: &[
        field(
            "label",
            Type::Text,
            Read::Matcher(|one, query| text(&one.label, one.span, query)),
            "the label",
        ),
        field(
            "op",
            Type::Text,
            Read::Matcher(|one, query| text(one.op.as_str(), one.span, query)),
            "`=`, `!=`, `=~` or `!~`",
        ),
        field(
            "value",
            Type::Text,
            Read::Matcher(|one, query| match &one.value {
                Some(value) => text(value, one.span, query),
                None => Value::Missing,
            }),
            "the value, where no variable is in it",
        ),
    ],
};

/// An aggregation.
pub(super) static AGGREGATION: Table = Table {
    title: "an aggregation",
    scope: Scope::Own,
    fields: &[
        field(
            "op",
            Type::Text,
            Read::Aggregation(|one, query| text(one.op.as_str(), one.span, query)),
            "`sum`, `avg`, `topk` …",
        ),
        field(
            "without",
            Type::Flag,
            Read::Aggregation(|one, query| Value::Flag(one.without, Spot::Query(query, one.span))),
            "it lists the labels that go",
        ),
        field(
            "labels",
            Type::Texts,
            Read::Aggregation(|one, query| {
                let labels = one.labels.iter();
                Value::some(labels.map(|label| text(label, one.span, query)))
            }),
            "the labels it lists",
        ),
    ],
};

/// An entry of a contact point.
pub(super) static RECEIVER: Table = Table {
    title: "an entry of a contact point",
    scope: Scope::Own,
    fields: FIELDS,
};

static FIELDS: &[Field] = &[
    key("uid", Type::Text, &["uid"], "its uid"),
    key(
        "type",
        Type::Text,
        &["type"],
        "where it sends to: `slack`, `email` …",
    ),
    key("settings", Type::Any, &["settings"], "its settings"),
    key(
        "disable-resolve-message",
        Type::Flag,
        &["disableResolveMessage"],
        "it says nothing when an alert is over",
    ),
];

fn text<'v, 't>(text: &'v str, span: Span, query: &'v Query<'t>) -> Value<'v, 't> {
    Value::Text(Cow::Borrowed(text), Spot::Query(query, span))
}

/// What the metric of a selector counts, as far as anybody knows.
pub(super) fn metric_kind<'v, 't>(
    one: &'v Selection<'v>,
    query: &'v Query<'t>,
    sight: &Sight<'v, 't>,
) -> Option<Value<'v, 't>> {
    let word = match sight.settings.metric_kind(one.metric.as_deref()?)? {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
    };
    Some(text(word, one.span, query))
}
