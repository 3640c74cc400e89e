//! What a policy may ask of queries in PromQL: the facts of [`crate::promql::facts`], and what they cost.

use std::borrow::Cow;
use std::ops::Range;

use super::{Field, Read, Table, Type, field};
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
    around: false,
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
        "the labels its result can have, where the text names them all",
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
    around: false,
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
        Fact::Cost => sum(queries, sight, |cost| cost.work()),
        Fact::Samples => sum(queries, sight, |cost| cost.samples),
        Fact::ResultLabels => result_labels(queries, sight),
        fact => {
            let mut found = Vec::new();
            for at in queries {
                if let Some(query) = sight.query(at) {
                    collect(fact, at, query, sight, &mut found);
                }
            }
            Value::List(found)
        }
    }
}

fn collect<'v, 't>(
    fact: Fact,
    at: usize,
    query: &'v Query<'t>,
    sight: &Sight<'v, 't>,
    found: &mut Vec<Value<'v, 't>>,
) {
    let Some(facts) = sight.facts(at) else {
        return;
    };
    let text =
        |name: &Cow<'v, str>, span: Span| Value::Text(name.clone(), Spot::Query(query, span));
    let selections = || sight.selections(at).iter();
    match fact {
        Fact::Metrics => {
            found.extend(selections().filter_map(|one| Some(text(one.metric.as_ref()?, one.span))))
        }
        Fact::Selectors => {
            found.extend(selections().map(|one| Value::Thing(Subject::Selector(one, query))));
        }
        Fact::Matchers => found.extend(
            selections()
                .flat_map(|one| &one.matchers)
                .map(|matcher| Value::Thing(Subject::Matcher(matcher, query))),
        ),
        Fact::Functions => found.extend(
            facts
                .functions()
                .map(|(name, span)| text(&Cow::Borrowed(name), span)),
        ),
        Fact::Aggregations => found.extend(
            sight
                .aggregations(at)
                .iter()
                .map(|one| Value::Thing(Subject::Aggregation(one, query))),
        ),
        Fact::Labels => {
            found.extend(
                facts
                    .labels()
                    .iter()
                    .map(|label| text(&label.name, label.span)),
            );
        }
        Fact::Ranges => {
            found.extend(facts.ranges().filter_map(|(seconds, span)| {
                Some(Value::Number(seconds?, Spot::Query(query, span)))
            }))
        }
        Fact::Numbers => found.extend(
            facts
                .numbers()
                .map(|number| text(&Cow::Borrowed(number.text), number.span)),
        ),
        Fact::Variables => {
            let parsed = query.parsed();
            let holes = parsed.holes.iter();
            found
                .extend(holes.map(|hole| text(&Cow::Borrowed(parsed.slice(hole.span)), hole.span)));
        }
        Fact::Valid | Fact::ResultLabels | Fact::Cost | Fact::Samples => {}
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
    part: fn(&crate::cost::QueryCost) -> f64,
) -> Value<'v, 't> {
    let mut total: Option<(f64, f64, Spot<'v, 't>)> = None;
    for at in queries {
        let (Some(query), Some(cost)) = (sight.query(at), sight.cost(at)) else {
            continue;
        };
        let one = part(cost);
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
