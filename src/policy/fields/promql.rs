//! What a policy may ask of queries in PromQL: the facts of [`crate::promql::facts`], and what they cost.

use std::borrow::Cow;
use std::ops::Range;

use super::{Field, Read, Scope, Table, Type, field};
use crate::cost::Effort;
use crate::model::Query;
use crate::policy::kind::Kind;
use crate::policy::sight::Sight;
use crate::policy::value::{Spot, Subject, Value};
use crate::span::Span;

/// One of these questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Fact {
    Valid,
    Metrics,
    Selectors,
    Matchers,
    Functions,
    Aggregations,
    Labels,
    ResultLabels,
    Ranges,
    Numbers,
    Variables,
    Cost,
    Samples,
}

/// The facts of a query; of an alert those of all its queries together.
pub(super) static PROMQL: Table = Table {
    title: "its PromQL",
    scope: Scope::Own,
    fields: FIELDS,
};

static FIELDS: &[Field] = &[
    field(
        "promql.valid",
        Type::Flag,
        Read::Promql(Fact::Valid),
        "it is PromQL, and Prometheus takes it",
    ),
    field(
        "promql.metrics",
        Type::Texts,
        Read::Promql(Fact::Metrics),
        "the metrics it names",
    ),
    field(
        "promql.selectors",
        Type::Things(Kind::Selector),
        Read::Promql(Fact::Selectors),
        "its selectors, with what is around them",
    ),
    field(
        "promql.matchers",
        Type::Things(Kind::Matcher),
        Read::Promql(Fact::Matchers),
        "the matchers of its selectors",
    ),
    field(
        "promql.functions",
        Type::Texts,
        Read::Promql(Fact::Functions),
        "the functions it calls",
    ),
    field(
        "promql.aggregations",
        Type::Things(Kind::Aggregation),
        Read::Promql(Fact::Aggregations),
        "its aggregations",
    ),
    field(
        "promql.labels",
        Type::Texts,
        Read::Promql(Fact::Labels),
        "the labels it names: in matchers, aggregations and joins",
    ),
    field(
        "promql.result-labels",
        Type::Texts,
        Read::Promql(Fact::ResultLabels),
        "the labels its result can have, where the text names them all; there even where it has none",
    ),
    field(
        "promql.ranges",
        Type::Durations,
        Read::Promql(Fact::Ranges),
        "its ranges and those of its subqueries, where no variable stands for them",
    ),
    field(
        "promql.numbers",
        Type::Texts,
        Read::Promql(Fact::Numbers),
        "its numbers as they are written",
    ),
    field(
        "promql.variables",
        Type::Texts,
        Read::Promql(Fact::Variables),
        "the template variables in it, as they are written",
    ),
];

/// What queries cost together.
pub(super) static SUMS: Table = Table {
    title: "what it costs",
    scope: Scope::Own,
    fields: &[
        field(
            "promql.cost",
            Type::Number,
            Read::Promql(Fact::Cost),
            "the work of its queries, as `dashlint explain panel-cost` says it: a million is about 0.1 seconds of one processor",
        ),
        field(
            "promql.samples",
            Type::Number,
            Read::Promql(Fact::Samples),
            "the samples its queries read",
        ),
    ],
};

/// A fact of these queries together.
pub(super) fn read<'v, 't>(
    fact: Fact,
    queries: Range<usize>,
    sight: &Sight<'v, 't>,
) -> Value<'v, 't> {
    match fact {
        Fact::Valid => valid(queries, sight),
        Fact::Cost => sum(queries, sight, |effort| effort.work),
        Fact::Samples => sum(queries, sight, |effort| effort.samples),
        Fact::ResultLabels => result_labels(queries, sight),
        fact => Value::Facts(fact, queries),
    }
}

impl Fact {
    /// Shows `see` what these queries say, until it has found something.
    pub(in crate::policy) fn find<'v, 't, T>(
        self,
        mut queries: Range<usize>,
        sight: &Sight<'v, 't>,
        see: &mut dyn FnMut(&Value<'v, 't>) -> Option<T>,
    ) -> Option<T> {
        queries.find_map(|at| self.find_in(at, sight.query(at)?, sight, see))
    }

    fn find_in<'v, 't, T>(
        self,
        at: usize,
        query: &'v Query<'t>,
        sight: &Sight<'v, 't>,
        see: &mut dyn FnMut(&Value<'v, 't>) -> Option<T>,
    ) -> Option<T> {
        let facts = || sight.facts(at);
        let spot = |span: Span| Spot::Query(query, span);
        let mut text =
            |text: &'v str, span: Span| see(&Value::Text(Cow::Borrowed(text), spot(span)));
        let selections = || sight.selections(at).iter();
        match self {
            Fact::Metrics => selections().find_map(|one| text(one.metric.as_deref()?, one.span)),
            Fact::Functions => facts()?
                .functions()
                .find_map(|(name, span)| text(name, span)),
            Fact::Labels => {
                let mut labels = sight.labels(at).iter();
                labels.find_map(|label| text(&label.name, label.span))
            }
            Fact::Numbers => facts()?
                .numbers()
                .find_map(|number| text(number.text, number.span)),
            Fact::Variables => {
                if !query.language.is_promql() {
                    return None;
                }
                let parsed = query.parsed();
                let mut holes = parsed.holes.iter();
                holes.find_map(|hole| text(parsed.slice(hole.span), hole.span))
            }
            Fact::Ranges => facts()?
                .ranges()
                .find_map(|(seconds, span)| see(&Value::Number(seconds?, spot(span)))),
            Fact::Selectors => {
                selections().find_map(|one| see(&Value::Thing(Subject::Selector(one, query))))
            }
            Fact::Matchers => selections()
                .flat_map(|one| &one.matchers)
                .find_map(|matcher| see(&Value::Thing(Subject::Matcher(matcher, query)))),
            Fact::Aggregations => {
                let mut all = sight.aggregations(at).iter();
                all.find_map(|one| see(&Value::Thing(Subject::Aggregation(one, query))))
            }
            Fact::Valid | Fact::ResultLabels | Fact::Cost | Fact::Samples => None,
        }
    }
}

/// Whether all of them are PromQL that Prometheus takes; nothing where none is PromQL.
fn valid<'v, 't>(queries: Range<usize>, sight: &Sight<'v, 't>) -> Value<'v, 't> {
    let mut found = Value::Missing;
    for query in queries.filter_map(|at| sight.query(at)) {
        if !query.language.is_promql() {
            continue;
        }
        let fault = query.parsed().errors.first().map(|error| error.span);
        let span = fault.unwrap_or_else(|| Span::new(0, query.text().len()));
        found = Value::Flag(fault.is_none(), Spot::Query(query, span));
        if fault.is_some() {
            break;
        }
    }
    found
}

/// The labels that the results can have; nothing where one of them may have others.
fn result_labels<'v, 't>(queries: Range<usize>, sight: &Sight<'v, 't>) -> Value<'v, 't> {
    let mut found = Vec::new();
    for at in queries {
        let (Some(query), Some(facts)) = (sight.query(at), sight.facts(at)) else {
            continue;
        };
        let Some(labels) = facts.result_labels() else {
            return Value::Missing;
        };
        let spot = Spot::Query(query, Span::new(0, query.text().len()));
        found.extend(
            labels
                .into_iter()
                .map(|label| Value::Text(Cow::Borrowed(label), spot)),
        );
    }
    Value::List(found)
}

fn sum<'v, 't>(
    queries: Range<usize>,
    sight: &Sight<'v, 't>,
    part: fn(Effort) -> f64,
) -> Value<'v, 't> {
    let mut total: Option<(f64, f64, Spot<'v, 't>)> = None;
    for at in queries {
        let (Some(query), Some(effort)) = (sight.query(at), sight.effort(at)) else {
            continue;
        };
        let one = part(effort);
        let here = Spot::Query(query, Span::new(0, query.text().len()));
        // The dearest one is where it is said.
        total = Some(match total {
            Some((sum, most, spot)) if most >= one => (sum + one, most, spot),
            Some((sum, ..)) => (sum + one, one, here),
            None => (one, one, here),
        });
    }
    total.map_or(Value::Missing, |(sum, _, spot)| Value::Number(sum, spot))
}
