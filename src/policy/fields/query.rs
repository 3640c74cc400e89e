//! What a policy may ask of queries.

use std::borrow::Cow;

use super::dashboard::{flag, source};
use super::{Read, Scope, Table, Type, field, key};
use crate::model::{Host, Language, Query};
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Subject, Value};
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef};
use crate::units::explain::words;

/// A query.
pub(super) static QUERY: Table = Table {
    title: "a query",
    scope: Scope::Own,
    fields: &[
        field(
            "expr",
            Type::Text,
            Read::Query(|query, _, _| whole(query)),
            "its text",
        ),
        field(
            "language",
            Type::Text,
            Read::Query(|query, _, _| Value::Text(Cow::Borrowed(language(query)), Spot::None)),
            "`promql`, `metricsql`, `logql`, `variable` (`label_values(…)` and its kin), `expression` or `other`",
        ),
        field(
            "host",
            Type::Text,
            Read::Query(|query, _, _| Value::Text(Cow::Borrowed(host(query)), Spot::None)),
            "what holds it: `panel`, `annotation`, `variable`, `rule` or `alert` (of Grafana)",
        ),
        field(
            "ref-id",
            Type::Text,
            Read::Query(|query, _, _| {
                let spot = query.node.get("refId").map_or(Spot::None, Spot::Node);
                match query.ref_id.as_str() {
                    "" => Value::Missing,
                    name => Value::Text(Cow::Borrowed(name), spot),
                }
            }),
            "the name that results and expressions know it by",
        ),
        key(
            "legend",
            Type::Text,
            &["legendFormat"],
            "its legend: `{{instance}}`",
        ),
        field(
            "instant",
            Type::Flag,
            Read::Query(|query, _, _| flag(query.is_instant(), query.node.get("instant"))),
            "it is evaluated once and not along the time range",
        )
        .written(&["instant"]),
        field(
            "hidden",
            Type::Flag,
            Read::Query(|query, _, _| flag(query.hidden, query.node.get("hide"))),
            "it is switched off",
        ),
        key(
            "format",
            Type::Text,
            &["format"],
            "`time_series`, `table` or `heatmap`",
        ),
        key("interval", Type::Text, &["interval"], "its least step"),
        field(
            "datasource",
            Type::Text,
            Read::Query(|query, subject, sight| {
                let own = query.node.get("datasource");
                let beside = || query.node.parent().filter(is_object)?.get("datasource");
                let panel = || sight.panel_of(subject)?.data_source_node();
                source(own.or_else(beside).or_else(panel))
            }),
            "the uid or name of its data source, or of its panel's",
        ),
        field(
            "unit.inferred",
            Type::Text,
            Read::Query(inferred),
            "what its values are, by the names of its metrics and what is done with them, where that is certain: `seconds`, `bytes per second`, `a share from 0 to 1` …",
        ),
    ],
};

fn is_object(node: &NodeRef<'_>) -> bool {
    node.kind() == NodeKind::Object
}

/// The text of a query.
pub(super) fn whole<'v, 't>(query: &'v Query<'t>) -> Value<'v, 't> {
    let span = Span::new(0, query.text().len());
    Value::Text(Cow::Borrowed(query.text()), Spot::Query(query, span))
}

fn language(query: &Query<'_>) -> &'static str {
    match query.language {
        Language::PromQl | Language::ProbablyPromQl => "promql",
        Language::MetricsQl => "metricsql",
        Language::LogQl => "logql",
        Language::PromVariable => "variable",
        Language::Expression => "expression",
        Language::Other => "other",
    }
}

fn host(query: &Query<'_>) -> &'static str {
    match query.host {
        Host::Panel(_) => "panel",
        Host::Annotation(_) => "annotation",
        Host::Variable(_) => "variable",
        Host::Rule(_) => "rule",
        Host::AlertRule(_) => "alert",
    }
}

fn inferred<'v, 't>(
    query: &'v Query<'t>,
    _: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Value<'v, 't> {
    if !query.language.is_promql() || !query.parsed().is_valid() {
        return Value::Missing;
    }
    let inference = sight.project.units().of(query.parsed());
    match inference.root().filter(|value| value.is_strong()) {
        Some(value) => {
            let span = Span::new(0, query.text().len());
            Value::Text(Cow::Owned(words(&value)), Spot::Query(query, span))
        }
        None => Value::Missing,
    }
}
