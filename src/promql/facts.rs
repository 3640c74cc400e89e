//! A query as policies ask of it: which metrics it selects and how, with which functions and labels, over what time, and which labels its
//! result has.
//!
//! Nothing here judges. Everything has its place in the query, so that what a policy finds can be shown.

use std::borrow::Cow;

use super::ast::{
    AggregateOp, ExprId, ExprKind, Label, LabelList, MatchOp, Matcher, Selector, TimeShift,
};
use super::flow::{Flow, Has, Returns};
use super::{Parents, Parsed};
use crate::span::Span;

/// What can be asked of a query.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'q> {
    parsed: &'q Parsed,
    flow: &'q Flow,
}

/// A selector with what is around it.
#[derive(Debug, Clone)]
pub struct Selection<'q> {
    /// The metric, where the text names it.
    pub metric: Option<Cow<'q, str>>,
    /// The place of the metric's name, else of the selector.
    pub span: Span,
    /// Its matchers.
    pub matchers: Vec<MatcherFact<'q>>,
    /// Its range in seconds.
    pub range: Option<f64>,
    /// How far back it looks in all, in seconds: its own range and offset, and those of the subqueries around it.
    pub reach: f64,
    /// Whether a variable, or `@`, makes the times above a lower bound.
    pub open: bool,
    /// The functions and aggregations around it, the innermost first.
    pub around: Vec<&'q str>,
    /// The labels of its matchers, and those named by the aggregations, joins and functions around it.
    pub labels: Vec<LabelFact<'q>>,
}

/// A matcher.
#[derive(Debug, Clone)]
pub struct MatcherFact<'q> {
    /// The label.
    pub label: Cow<'q, str>,
    /// The operator.
    pub op: MatchOp,
    /// The value; none where a variable is in it.
    pub value: Option<Cow<'q, str>>,
    /// Its place.
    pub span: Span,
}

/// Where a query names a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelRole {
    /// In a matcher.
    Matcher,
    /// In `by (…)`.
    By,
    /// In `without (…)`.
    Without,
    /// In `on (…)` or `ignoring (…)`.
    Join,
    /// In `group_left (…)` or `group_right (…)`.
    TakenOver,
}

/// A label that a query names.
#[derive(Debug, Clone)]
pub struct LabelFact<'q> {
    /// Its name.
    pub name: Cow<'q, str>,
    /// Where.
    pub role: LabelRole,
    /// Its place.
    pub span: Span,
}

/// An aggregation.
#[derive(Debug, Clone)]
pub struct Aggregation<'q> {
    /// The operator.
    pub op: AggregateOp,
    /// The place of the operator.
    pub span: Span,
    /// `without (…)`; otherwise `by (…)`, or nothing.
    pub without: bool,
    /// The labels listed.
    pub labels: Vec<Cow<'q, str>>,
    id: ExprId,
    inner: Option<ExprId>,
    flow: &'q Flow,
}

impl Aggregation<'_> {
    /// Whether the label gets lost here: it may be there before, and cannot after.
    pub fn strips(&self, label: &str) -> bool {
        self.inner.is_some_and(|inner| self.flow.can(inner, label))
            && !self.flow.can(self.id, label)
    }

    /// Whether the label may be there after it.
    pub fn keeps(&self, label: &str) -> bool {
        self.flow.can(self.id, label)
    }
}

/// A number that stands in a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberFact<'q> {
    /// As it is written: `1_000`, `5m`.
    pub text: &'q str,
    /// Its value, in seconds for a duration.
    pub value: f64,
    /// Its place.
    pub span: Span,
}

/// The parts of a recorded metric's name in the form `level:metric:operations` (Prometheus documentation, "Recording rules").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordName<'n> {
    /// The labels of the result.
    pub level: &'n str,
    /// The metric.
    pub metric: &'n str,
    /// What was done with it, the newest first; empty where there is no third part.
    pub operations: &'n str,
}

impl<'n> RecordName<'n> {
    /// The parts of a name; none where it has not two or three of them.
    pub fn parse(name: &'n str) -> Option<Self> {
        let (level, rest) = name.split_once(':')?;
        let (metric, operations) = rest.split_once(':').unwrap_or((rest, ""));
        (!metric.is_empty() && !operations.contains(':')).then_some(RecordName {
            level,
            metric,
            operations,
        })
    }
}

impl<'q> Facts<'q> {
    /// The facts of a query. `flow` is its [label flow](Flow).
    pub fn new(parsed: &'q Parsed, flow: &'q Flow) -> Self {
        Facts { parsed, flow }
    }

    /// Its selectors, in source order.
    pub fn selections(self) -> Vec<Selection<'q>> {
        let parents = self.parsed.ast.parents();
        self.parsed
            .selectors()
            .map(|(id, expr, selector)| self.selection(&parents, id, expr.span, selector))
            .collect()
    }

    fn selection(
        self,
        parents: &Parents,
        id: ExprId,
        span: Span,
        selector: &'q Selector,
    ) -> Selection<'q> {
        let parsed = self.parsed;
        let named = parsed.metric_name(selector);
        let span = named.as_ref().map_or(span, |(_, span)| *span);
        let matchers: Vec<MatcherFact<'q>> = parsed
            .ast
            .matchers(selector)
            .iter()
            .filter(|matcher| !matcher.metric_name)
            .map(|matcher| self.matcher(matcher))
            .collect();
        let labels = matchers.iter().map(|matcher| LabelFact {
            name: matcher.label.clone(),
            role: LabelRole::Matcher,
            span: matcher.span,
        });
        let mut selection = Selection {
            metric: named.map(|(name, _)| name),
            span,
            range: selector.range.and_then(|range| range.duration.seconds),
            reach: 0.0,
            open: selector.open,
            around: Vec::new(),
            labels: labels.collect(),
            matchers,
        };
        let range = selector.range.map(|range| range.duration.seconds);
        selection.looks_back(range, &selector.shift);
        for outer in parents.ancestors(id) {
            match &parsed.ast.expr(outer).kind {
                ExprKind::Subquery(subquery) => {
                    selection.looks_back(Some(subquery.range.seconds), &subquery.shift);
                }
                ExprKind::Call(call) => selection.around.push(parsed.call_name(call)),
                ExprKind::Aggregate(aggregate) => {
                    selection.around.push(aggregate.op.as_str());
                    self.names(outer, &mut selection.labels);
                }
                ExprKind::Binary(_) => self.names(outer, &mut selection.labels),
                _ => {}
            }
        }
        selection
    }

    fn matcher(self, matcher: &Matcher) -> MatcherFact<'q> {
        let plain = matcher.value.quote != 0 && matcher.value.holes.is_empty();
        MatcherFact {
            label: self.parsed.label(&matcher.label),
            op: matcher.op,
            value: plain.then(|| self.parsed.string(&matcher.value)),
            span: matcher.span,
        }
    }

    /// The labels that an aggregation or an operation names itself.
    fn names(self, id: ExprId, labels: &mut Vec<LabelFact<'q>>) {
        let parsed = self.parsed;
        let mut add =
            |list: &LabelList, role| {
                let plain = |label: &&Label| label.holes.is_empty();
                labels.extend(parsed.ast.labels(list).iter().filter(plain).map(|label| {
                    LabelFact {
                        name: parsed.label(label),
                        role,
                        span: label.span,
                    }
                }));
            };
        match &parsed.ast.expr(id).kind {
            ExprKind::Aggregate(aggregate) => {
                if let Some(grouping) = &aggregate.grouping {
                    let role = match grouping.without {
                        true => LabelRole::Without,
                        false => LabelRole::By,
                    };
                    add(&grouping.list, role);
                }
            }
            ExprKind::Binary(binary) => {
                let Some(matching) = parsed.ast.matching(binary) else {
                    return;
                };
                if let Some(by) = &matching.labels {
                    add(&by.list, LabelRole::Join);
                }
                if let Some(list) = matching.group.and_then(|group| group.list) {
                    add(&list, LabelRole::TakenOver);
                }
            }
            _ => {}
        }
    }

    /// All labels it names, those of selectors first.
    pub fn labels(self) -> Vec<LabelFact<'q>> {
        let matchers = self.parsed.matchers();
        let mut labels: Vec<LabelFact<'q>> = matchers
            .filter(|(_, matcher)| !matcher.metric_name)
            .map(|(_, matcher)| LabelFact {
                name: self.parsed.label(&matcher.label),
                role: LabelRole::Matcher,
                span: matcher.span,
            })
            .collect();
        for (id, _) in self.parsed.ast.exprs() {
            self.names(id, &mut labels);
        }
        labels
    }

    /// The functions it calls, the inner ones first, each with its place.
    pub fn functions(self) -> impl Iterator<Item = (&'q str, Span)> {
        let calls = self.parsed.calls();
        calls.map(move |(_, _, call)| (self.parsed.call_name(call), call.name))
    }

    /// Its aggregations, the inner ones first.
    pub fn aggregations(self) -> impl Iterator<Item = Aggregation<'q>> {
        self.parsed.aggregations().map(move |(id, _, aggregate)| {
            let grouping = aggregate.grouping.as_ref();
            let listed =
                grouping.map_or(&[][..], |grouping| self.parsed.ast.labels(&grouping.list));
            Aggregation {
                op: aggregate.op,
                span: aggregate.op_span,
                without: grouping.is_some_and(|grouping| grouping.without),
                labels: listed
                    .iter()
                    .map(|label| self.parsed.label(label))
                    .collect(),
                id,
                inner: aggregate.expr,
                flow: self.flow,
            }
        })
    }

    /// Its ranges and those of its subqueries, in seconds where the text alone says how long they are, each with its place.
    pub fn ranges(self) -> impl Iterator<Item = (Option<f64>, Span)> {
        let ranges = self.parsed.ranges();
        ranges.map(|range| (range.duration.seconds, range.duration.span))
    }

    /// Its numbers.
    pub fn numbers(self) -> impl Iterator<Item = NumberFact<'q>> {
        self.parsed
            .ast
            .exprs()
            .filter_map(move |(_, expr)| match &expr.kind {
                ExprKind::Number(number) if number.holes.is_empty() => Some(NumberFact {
                    text: self.parsed.slice(expr.span),
                    value: number.value,
                    span: expr.span,
                }),
                _ => None,
            })
    }

    /// Whether the series of its result have the label.
    pub fn result_has(self, label: &str) -> Has {
        match self.parsed.root {
            Some(root) => self.flow.has(root, label),
            None => Has::May,
        }
    }

    /// The labels its result can have, where the text names them all.
    pub fn result_labels(self) -> Option<Vec<&'q str>> {
        let names = self.flow.closed(self.parsed.root?)?;
        Some(names.collect())
    }

    /// Whether it has a result.
    pub fn returns(self) -> Returns {
        match self.parsed.root {
            Some(root) => self.flow.returns(root),
            None => Returns::Sometimes,
        }
    }
}

impl Selection<'_> {
    /// Adds a range (none inside: a variable stands for it) and a shift to how far back it looks.
    fn looks_back(&mut self, range: Option<Option<f64>>, shift: &TimeShift) {
        let offset = shift.offset.map(|offset| offset.duration.seconds);
        for part in [range, offset].into_iter().flatten() {
            match part {
                Some(seconds) => self.reach += seconds,
                None => self.open = true,
            }
        }
        self.open |= shift.at.is_some();
    }
}
