//! The cost of one query.

use super::counts::SeriesCounts;
use super::data::{
    EVALUATION, LOOKBACK, RANGE, SAMPLES_A_STEP, SCRAPE, STEPS_A_SAMPLE, STEPS_A_SERIES, VALUES,
    WINDOW, values_of,
};
use super::series::series;
use crate::model::Query;
use crate::promql::ast::{Aggregate, Binary, Subquery};
use crate::promql::ast::{AggregateOp, BinaryOp, Duration, ExprKind, ValueType};
use crate::promql::{ExprId, Parsed};
use crate::span::Span;

/// Over what time a query is evaluated, and how often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Seconds from the first step to the last; zero for an instant query.
    pub range: f64,
    /// Seconds of the time range that is shown: what `$__range` stands for.
    pub shown: f64,
    /// Seconds from step to step.
    pub step: f64,
    /// Seconds between two samples of a series.
    pub scrape: f64,
}

impl Evaluation {
    /// At one moment: an instant query, a rule.
    pub const INSTANT: Evaluation = Evaluation {
        range: 0.0,
        shown: RANGE,
        step: EVALUATION,
        scrape: SCRAPE,
    };

    /// How many steps.
    pub fn steps(&self) -> f64 {
        if self.range <= 0.0 {
            1.0
        } else {
            (self.range / self.step.max(1e-3)).floor() + 1.0
        }
    }
}

/// What one selector reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Read {
    /// The selector.
    pub selector: ExprId,
    /// Where it stands in the query.
    pub span: Span,
    /// Series.
    pub series: f64,
    /// How often.
    pub steps: f64,
    /// Samples of a series in the window of each step; zero without a window.
    pub samples: f64,
    /// Samples of a series along the time range.
    pub along: f64,
}

impl Read {
    /// The selector's part of [`QueryCost::work`]: finding the series, reading their samples once, and what is done with
    /// them at each step.
    pub fn work(&self) -> f64 {
        self.series * (STEPS_A_SERIES + self.reading() + self.at_steps())
    }

    /// Samples of each series that are read once, where that is most of the work.
    pub fn mostly_read(&self) -> Option<f64> {
        let is_most = self.reading() > STEPS_A_SERIES + self.at_steps();
        is_most.then_some(self.along + self.samples)
    }

    fn reading(&self) -> f64 {
        STEPS_A_SAMPLE * (self.along + self.samples)
    }

    fn at_steps(&self) -> f64 {
        self.steps * (1.0 + self.samples / SAMPLES_A_STEP)
    }
}

/// The cost of a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryCost {
    /// What its selectors read, in source order.
    pub reads: Vec<Read>,
    /// Samples read: what Prometheus counts as `totalQueryableSamples`.
    pub samples: f64,
    /// Series in the result at one step.
    pub lines: f64,
}

/// What a query costs in all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    /// As [`QueryCost::work`] has it.
    pub(crate) work: f64,
    /// As [`QueryCost::samples`] has it.
    pub(crate) samples: f64,
}

impl QueryCost {
    /// The sums.
    pub(crate) fn effort(&self) -> Effort {
        Effort {
            work: self.work(),
            samples: self.samples,
        }
    }

    /// Series × steps, weighted with the length of windows, and what it takes to read the series.
    pub fn work(&self) -> f64 {
        self.reads.iter().map(Read::work).sum()
    }

    /// The selector that costs most.
    pub fn dearest(&self) -> Option<&Read> {
        self.reads
            .iter()
            .max_by(|a, b| a.work().total_cmp(&b.work()))
    }
}

/// A query of a panel or a group of rules with its cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// Its number in the document.
    pub query: usize,
    /// Over what time it is evaluated.
    pub evaluation: Evaluation,
    /// What that costs.
    pub cost: QueryCost,
}

impl Priced {
    /// Prices `query`, the document's query of this number.
    pub(super) fn new(
        number: usize,
        query: &Query<'_>,
        evaluation: Evaluation,
        counts: &SeriesCounts,
    ) -> Self {
        let cost = query_cost(query.parsed(), &evaluation, counts);
        query.effort(|| cost.effort());
        Priced {
            query: number,
            evaluation,
            cost,
        }
    }
}

/// How often an expression is evaluated and over what time.
#[derive(Debug, Clone, Copy)]
struct Pace {
    steps: f64,
    range: f64,
    /// For how many steps Prometheus counts samples: none inside a subquery, whose result is counted in their place, and all of
    /// them for what `@` has evaluated once (promql/engine.go, `evalSubquery` and `StepInvariantExpr`).
    counted: f64,
}

/// What every expression of a query comes to.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The query's cost.
    pub(super) cost: QueryCost,
    lines: Vec<f64>,
}

impl Figures {
    /// Series in the result of an expression at one step.
    pub(super) fn lines(&self, id: ExprId) -> f64 {
        self.lines.get(id.index()).copied().unwrap_or(0.0)
    }
}

/// Estimates a query. `counts` are numbers of series that are known.
pub fn query_cost(parsed: &Parsed, evaluation: &Evaluation, counts: &SeriesCounts) -> QueryCost {
    figures(parsed, evaluation, counts).cost
}

/// Estimates a query and all in it.
pub(super) fn figures(parsed: &Parsed, evaluation: &Evaluation, counts: &SeriesCounts) -> Figures {
    let paces = paces(parsed, evaluation);
    let scrape = evaluation.scrape.max(1e-3);
    let mut cost = QueryCost::default();
    let mut lines = vec![0.0; paces.len()];
    for ((id, expr), pace) in parsed.ast.exprs().zip(&paces) {
        match &expr.kind {
            ExprKind::Selector(selector) => {
                let series = series(parsed, selector, counts);
                let window = selector.range.as_ref();
                let window =
                    window.map_or(0.0, |range| seconds(parsed, &range.duration, evaluation));
                let read = Read {
                    selector: id,
                    span: expr.span,
                    series,
                    steps: pace.steps,
                    samples: window / scrape,
                    along: (pace.range + LOOKBACK) / scrape,
                };
                cost.samples += series * pace.counted * read.samples.max(1.0);
                cost.reads.push(read);
                lines[id.index()] = series;
            }
            kind => {
                lines[id.index()] = result(parsed, id, &lines);
                if let ExprKind::Subquery(subquery) = kind {
                    let points = inner(parsed, subquery, 0.0, evaluation).steps;
                    cost.samples += lines[id.index()] * pace.counted * points;
                }
            }
        }
    }
    cost.lines = parsed.root.map_or(0.0, |root| lines[root.index()]);
    Figures { cost, lines }
}

fn paces(parsed: &Parsed, evaluation: &Evaluation) -> Vec<Pace> {
    let steps = evaluation.steps();
    let start = Pace {
        steps,
        range: evaluation.range,
        counted: steps,
    };
    // The arena is in post-order: from behind, parents are seen before their children.
    let exprs = parsed.ast.exprs();
    let mut paces = vec![start; exprs.len()];
    for (id, expr) in exprs.rev() {
        let mut pace = paces[id.index()];
        match &expr.kind {
            // What `@` nails down is evaluated once (promql.PreprocessExpr).
            ExprKind::Selector(selector) if selector.shift.at.is_some() => {
                paces[id.index()] = Pace {
                    steps: 1.0,
                    range: 0.0,
                    ..pace
                };
            }
            ExprKind::Subquery(subquery) => {
                let outer = match subquery.shift.at {
                    Some(_) => 0.0,
                    None => pace.range,
                };
                pace = inner(parsed, subquery, outer, evaluation);
            }
            _ => {}
        }
        parsed
            .ast
            .for_each_child(id, |child| paces[child.index()] = pace);
    }
    paces
}

/// How often what stands in a subquery is evaluated, when the subquery is asked for along `range`: its steps are aligned and
/// shared by all outer ones.
fn inner(parsed: &Parsed, subquery: &Subquery, range: f64, evaluation: &Evaluation) -> Pace {
    let range = range + seconds(parsed, &subquery.range, evaluation);
    let step = subquery.step.as_ref();
    let step = step.map_or(EVALUATION, |step| seconds(parsed, step, evaluation));
    Pace {
        steps: (range / step.max(1e-3)).floor().max(1.0),
        range,
        counted: 0.0,
    }
}

/// A duration; what Grafana's own variables stand for (Grafana documentation, "Global variables"), and for others the usual
/// window.
fn seconds(parsed: &Parsed, duration: &Duration, evaluation: &Evaluation) -> f64 {
    if let Some(seconds) = duration.seconds {
        return seconds;
    }
    let hole = parsed.holes_of(duration.holes).first();
    match hole.map_or("", |hole| parsed.hole_name(hole)) {
        "__range" | "__range_s" | "__range_ms" => evaluation.shown,
        "__interval" | "__interval_ms" => evaluation.step,
        "__rate_interval" | "__rate_interval_ms" => {
            (evaluation.step + evaluation.scrape).max(4.0 * evaluation.scrape)
        }
        _ => WINDOW.max(evaluation.step),
    }
}

/// Series in the result of an expression that is no selector.
fn result(parsed: &Parsed, id: ExprId, lines: &[f64]) -> f64 {
    let of = |id: ExprId| lines.get(id.index()).copied().unwrap_or(0.0);
    match &parsed.ast.expr(id).kind {
        ExprKind::Number(_) | ExprKind::String(_) => 1.0,
        ExprKind::Hole(_) => VALUES,
        ExprKind::Selector(_) => of(id),
        ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => of(*inner),
        ExprKind::Subquery(subquery) => of(subquery.expr),
        ExprKind::Aggregate(aggregate) => aggregated(parsed, aggregate, &of),
        ExprKind::Binary(binary) => joined(parsed, binary, &of),
        ExprKind::Call(call) => {
            let args = parsed.ast.args(call);
            let most = args.iter().map(|&arg| of(arg)).fold(1.0, f64::max);
            match parsed.call_name(call) {
                "absent" | "absent_over_time" | "scalar" | "time" | "vector" => 1.0,
                "histogram_quantile" if buckets(parsed, args) => (most / values_of("le")).max(1.0),
                _ => most,
            }
        }
    }
}

/// Whether a call is about the buckets of a classic histogram that nothing has summed by labels.
fn buckets(parsed: &Parsed, args: &[ExprId]) -> bool {
    let Some(&vector) = args.last() else {
        return false;
    };
    parsed
        .ast
        .descendants(vector)
        .into_iter()
        .any(|id| match &parsed.ast.expr(id).kind {
            ExprKind::Selector(selector) => parsed
                .metric_name(selector)
                .is_some_and(|(name, _)| name.ends_with("_bucket")),
            _ => false,
        })
}

fn aggregated(parsed: &Parsed, aggregate: &Aggregate, of: &dyn Fn(ExprId) -> f64) -> f64 {
    let before = aggregate.expr.map_or(VALUES, of);
    let values = |list| -> f64 {
        let labels = parsed.ast.labels(list).iter();
        labels
            .map(|label| values_of(&parsed.label(label)))
            .product()
    };
    let groups = match &aggregate.grouping {
        None => 1.0,
        Some(grouping) if grouping.without => (before / values(&grouping.list)).max(1.0),
        Some(grouping) => values(&grouping.list).min(before),
    };
    match aggregate.op {
        AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk => {
            let number = aggregate
                .param
                .and_then(|param| match parsed.ast.expr(param).kind {
                    ExprKind::Number(number) => Some(number.value),
                    _ => None,
                });
            (number.filter(|number| number.is_finite()).unwrap_or(VALUES) * groups)
                .clamp(1.0, before.max(1.0))
        }
        AggregateOp::LimitRatio | AggregateOp::Hole => before,
        AggregateOp::CountValues => before.min(VALUES),
        _ => groups,
    }
}

fn joined(parsed: &Parsed, binary: &Binary, of: &dyn Fn(ExprId) -> f64) -> f64 {
    let (left, right) = (of(binary.lhs), of(binary.rhs));
    let scalar = |id: ExprId| parsed.ast.expr(id).ty == ValueType::Scalar;
    if scalar(binary.lhs) {
        return right;
    }
    if scalar(binary.rhs) {
        return left;
    }
    match (
        binary.op,
        parsed
            .ast
            .matching(binary)
            .and_then(|matching| matching.group),
    ) {
        (BinaryOp::Or, _) => left + right,
        (BinaryOp::And | BinaryOp::Unless, _) => left,
        (_, Some(group)) if group.left => left,
        (_, Some(_)) => right,
        _ => left.min(right),
    }
}
