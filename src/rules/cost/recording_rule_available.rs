//! What a recording rule keeps, or could keep, computed again by every panel.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::cost::{DashboardCost, LIMIT_REPEATED_WORK, Priced, time_in_words};
use crate::diagnostic::{Group, MOST_RELATED, Severity};
use crate::model::{Dashboard, Query};
use crate::project::RecordedExpression;
use crate::promql::ast::{Aggregate, ExprKind};
use crate::promql::shape::{Blind, shape};
use crate::promql::{ExprId, Parsed};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "recording-rule-available",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "query that a recording rule keeps already, or should",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "work",
            default: OptionDefault::Float(LIMIT_REPEATED_WORK.info),
            doc: "From how many series and steps on a sub-expression counts that a dashboard repeats.",
        },
        OptionSpec {
            name: "times",
            default: OptionDefault::Int(3),
            doc: "How often it stands in the dashboard.",
        },
    ],
    page: include_str!("../../../rules/cost/recording-rule-available.md"),
    check: Check::EmittedBy("panel-cost"),
};

/// Nobody would change a query for less work.
const LEAST_WORK: f64 = 1000.0;
/// Queries with more bytes are left alone: nobody records a part of them.
const LONGEST: usize = 16 << 10;

/// An aggregation in a query of a dashboard.
#[derive(Clone, Copy)]
struct Spot<'q, 't> {
    query: &'q Query<'t>,
    span: Span,
    work: f64,
}

/// Compares the expensive aggregations of a dashboard with what the project records, and with each other.
pub(super) fn check<'t>(dashboard: &Dashboard<'t>, cost: &DashboardCost, cx: &mut Context<'_, 't>) {
    if cx.settings.level(&RULE, &cx.file.source.path).is_none() {
        return;
    }
    let (OptionValue::Float(most), OptionValue::Int(times)) = (
        cx.settings.option(&RULE, "work"),
        cx.settings.option(&RULE, "times"),
    ) else {
        return;
    };
    let project = cx.project;
    let mut recorded: Vec<(&RecordedExpression, Vec<Spot<'_, 't>>)> = Vec::new();
    let mut repeated: Vec<Vec<Spot<'_, 't>>> = Vec::new();
    let mut by_shape: FxHashMap<u64, usize> = FxHashMap::default();
    let priced = cost.panels.iter().flat_map(|panel| &panel.queries);
    for priced in priced.filter(|priced| priced.cost.work() > LEAST_WORK) {
        let query = dashboard.queries.get(priced.query);
        let Some(query) = query.filter(|query| query.text().len() <= LONGEST) else {
            continue;
        };
        let mut known: Vec<Span> = Vec::new();
        let records = project.recorded_expressions();
        if !records.is_empty() && records.reads_any_of(query.parsed()) {
            for (span, rule) in recorded_in(query.parsed(), records) {
                let spot = Spot {
                    query,
                    span,
                    work: work_in(priced, span),
                };
                known.push(span);
                match recorded
                    .iter_mut()
                    .find(|(other, _)| other.name == rule.name)
                {
                    Some((_, spots)) => spots.push(spot),
                    None => recorded.push((rule, vec![spot])),
                }
            }
        }
        for spot in expensive(query, priced, most) {
            if known.iter().any(|known| known.encloses(spot.1.span)) {
                continue;
            }
            let at = *by_shape.entry(spot.0).or_insert(repeated.len());
            match repeated.get_mut(at) {
                Some(spots) => spots.push(spot.1),
                None => repeated.push(vec![spot.1]),
            }
        }
    }
    for (rule, spots) in recorded {
        report_recorded(rule, &spots, cx);
    }
    for spots in repeated.iter().filter(|spots| spots.len() as i64 >= times) {
        report_repeated(spots, cx);
    }
}

/// The aggregations of a query that the project records, the outermost only.
fn recorded_in<'p>(
    parsed: &Parsed,
    records: &'p crate::project::Records,
) -> Vec<(Span, &'p RecordedExpression)> {
    let mut found: Vec<(Span, &RecordedExpression)> = Vec::new();
    let aggregations: Vec<_> = parsed.aggregations().collect();
    // The inner ones come first.
    for (id, expr, aggregate) in aggregations.into_iter().rev() {
        if found.iter().any(|(span, _)| span.encloses(expr.span)) {
            continue;
        }
        let labels = chosen_afterwards(parsed, id, aggregate);
        let look = |windows: bool| {
            let blind = Blind {
                windows,
                labels: &labels,
                ..Blind::default()
            };
            records.find(shape(parsed, id, blind), windows)
        };
        let of_variable = || look(true).filter(|_| has_variable_window(parsed, expr.span));
        if let Some(rule) = look(false).or_else(of_variable) {
            found.push((expr.span, rule));
        }
    }
    found
}

/// The labels of `by`, on which one may choose before the aggregation as well as after it; none where there is more than one
/// selector, or labels are made in between.
fn chosen_afterwards(parsed: &Parsed, id: ExprId, aggregate: &Aggregate) -> Vec<String> {
    let Some(grouping) = aggregate
        .grouping
        .filter(|grouping| !grouping.without && grouping.complete)
    else {
        return Vec::new();
    };
    let mut selectors = 0;
    for inner in parsed.ast.descendants(id) {
        match &parsed.ast.expr(inner).kind {
            ExprKind::Selector(_) => selectors += 1,
            ExprKind::Call(call)
                if matches!(
                    parsed.call_name(call),
                    "label_replace" | "label_join" | "info"
                ) =>
            {
                return Vec::new();
            }
            _ => {}
        }
    }
    if selectors != 1 {
        return Vec::new();
    }
    let labels = parsed.ast.labels(&grouping.list).iter();
    labels
        .map(|label| parsed.label(label))
        .map(Cow::into_owned)
        .collect()
}

fn has_variable_window(parsed: &Parsed, within: Span) -> bool {
    parsed.ranges().any(|range| {
        within.encloses(range.brackets) && !range.subquery && !range.duration.holes.is_empty()
    })
}

fn work_in(priced: &Priced, span: Span) -> f64 {
    let reads = priced.cost.reads.iter();
    reads
        .filter(|read| span.encloses(read.span))
        .map(|read| read.work())
        .sum()
}

/// The innermost aggregations around what costs much, by their fingerprints.
fn expensive<'q, 't>(query: &'q Query<'t>, priced: &Priced, most: f64) -> Vec<(u64, Spot<'q, 't>)> {
    let parsed = query.parsed();
    let mut found: Vec<(u64, Spot<'q, 't>)> = Vec::new();
    for read in priced.cost.reads.iter().filter(|read| read.work() > most) {
        // The inner ones come first.
        let around = parsed
            .aggregations()
            .find(|(_, expr, _)| expr.span.encloses(read.span));
        let Some((id, expr, aggregate)) = around else {
            continue;
        };
        if aggregate.op.keeps_series() || found.iter().any(|(_, spot)| spot.span == expr.span) {
            continue;
        }
        let spot = Spot {
            query,
            span: expr.span,
            work: read.work(),
        };
        found.push((shape(parsed, id, Blind::default()), spot));
    }
    found
}

fn report_recorded<'t>(
    rule: &RecordedExpression,
    spots: &[Spot<'_, 't>],
    cx: &mut Context<'_, 't>,
) {
    for spot in spots {
        let window = match &rule.window {
            Some(window) if has_variable_window(spot.query.parsed(), spot.span) => {
                format!(", with a window of {window}")
            }
            _ => String::new(),
        };
        let message = format!(
            "`{}` has this already{window}: the panel computes it again from the series",
            rule.name
        );
        let steps = Context::query_steps(cx.scope, spot.query);
        let _ = cx
            .report_as(&RULE, Place::query(spot.query, spot.span), message)
            .at(steps)
            .help(format!(
                "read `{}`, with the matchers on labels that it keeps",
                rule.name
            ))
            .related_at(rule.location.clone(), "it is recorded here")
            .together_by(&rule.name, "here too");
    }
}

fn report_repeated<'t>(spots: &[Spot<'_, 't>], cx: &mut Context<'_, 't>) {
    let Some(first) = spots.first() else { return };
    let written = |spot: &Spot<'_, '_>| -> String {
        let text = spot.query.text().get(spot.span.range());
        text.unwrap_or("").split_whitespace().collect()
    };
    let words = spots.iter().map(written).min().unwrap_or_default();
    let steps = Context::query_steps(cx.scope, first.query);
    let finding = cx
        .report_as(
            &RULE,
            Place::query(first.query, first.span),
            format!(
                "each load of this dashboard computes this {} times, about {} each time",
                spots.len(),
                time_in_words(first.work)
            ),
        )
        .at(steps)
        .known_by(words)
        .help("have a recording rule keep it: `dashlint cost` writes the rule");
    others(finding, spots);
}

fn others<'t>(mut finding: crate::rules::Finding<'_, 't>, spots: &[Spot<'_, 't>]) {
    for spot in spots.iter().skip(1).take(MOST_RELATED) {
        finding = finding.related(Place::query(spot.query, spot.span), "here too");
    }
}
