//! Label flow: which labels the result of every expression of a query has, and whether it has a result at all.
//!
//! Three answers for a label: every series has it, some may, none can. Only the first and the last are
//! conclusions; whatever depends on a template variable, or on data, stays in the middle. One pass over the arena,
//! children before parents; a set of labels is a few words, so nothing is allocated for an expression.
//!
//! What operators do with labels is read from Prometheus' `promql/engine.go` (`VectorBinop`, `resultMetric`,
//! `aggregation`, `generateGroupingKey`) and `promql/functions.go` of version 3.5.

mod binary;
mod call;
mod constant;
mod labels;
mod recorded;
mod why;

pub use recorded::{Definitions, Has, NoDefinitions, Recorded};
pub use why::{Removal, RemovedBy};

use super::ast::{
    Aggregate, AggregateOp, Expr, ExprId, ExprKind, Label, LabelList, MatchOp, Matcher, Selector,
};
use super::{Parsed, StringLiteral};
use labels::{LabelSet, Listed, Names};

/// The label that carries the metric's name. What becomes of it differs between versions of Prometheus, so nothing is
/// ever concluded about it.
const METRIC_NAME: &str = "__name__";

/// Whether an expression has a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returns {
    /// Whatever the data.
    Always,
    /// It depends on the data.
    Sometimes,
    /// Whatever the data, there is none.
    Never,
}

#[derive(Debug, Clone, Copy)]
struct Facts {
    labels: LabelSet,
    returns: Returns,
    /// Its value, where the text alone says so: of a number, and of a vector of one number.
    value: Option<f64>,
    /// Of `a or b`: `a` is always there, and in the place of every series that `b` can have.
    shadowed: bool,
}

impl Facts {
    const UNKNOWN: Facts = Facts {
        labels: LabelSet::OPEN,
        returns: Returns::Sometimes,
        value: None,
        shadowed: false,
    };

    fn constant(value: Option<f64>) -> Facts {
        Facts {
            labels: LabelSet::EMPTY,
            value,
            returns: Returns::Always,
            shadowed: false,
        }
    }
}

/// The label flow of a query.
#[derive(Debug, Clone)]
pub struct Flow {
    names: Names,
    facts: Vec<Facts>,
}

impl Flow {
    /// The flow of a query of which nothing else is known.
    pub fn new(parsed: &Parsed) -> Self {
        Flow::with(parsed, &NoDefinitions)
    }

    /// The flow of a query, in which recorded metrics are what their definitions say.
    pub fn with(parsed: &Parsed, definitions: &dyn Definitions) -> Self {
        let mut builder = Builder {
            parsed,
            definitions,
            flow: Flow {
                names: Names::default(),
                facts: Vec::with_capacity(parsed.ast.exprs().len()),
            },
        };
        for (_, expr) in parsed.ast.exprs() {
            let facts = builder.facts(expr);
            builder.flow.facts.push(facts);
        }
        builder.flow
    }

    fn at(&self, id: ExprId) -> Facts {
        self.facts
            .get(id.index())
            .copied()
            .unwrap_or(Facts::UNKNOWN)
    }

    /// Whether a series of the expression's result may have the label.
    pub fn can(&self, id: ExprId, label: &str) -> bool {
        let labels = self.at(id).labels;
        label == METRIC_NAME
            || match self.names.position(label) {
                Some(at) => labels.can & (1 << at) != 0,
                None => labels.rest,
            }
    }

    /// Whether every series of the expression's result has the label.
    pub fn must(&self, id: ExprId, label: &str) -> bool {
        label != METRIC_NAME
            && self
                .names
                .position(label)
                .is_some_and(|at| self.at(id).labels.must & (1 << at) != 0)
    }

    /// The labels every series of the expression's result has, of those the query mentions.
    pub fn guaranteed(&self, id: ExprId) -> impl Iterator<Item = &str> {
        self.named(self.at(id).labels.must)
    }

    /// The labels the result can have, where the text names them all (`sum by (job) (…)`).
    pub fn closed(&self, id: ExprId) -> Option<impl Iterator<Item = &str>> {
        let labels = self.at(id).labels;
        (!labels.rest).then(|| self.named(labels.can))
    }

    fn named(&self, bits: u64) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .enumerate()
            .filter(move |(at, _)| bits & (1 << at) != 0)
            .map(|(_, name)| name)
    }

    /// Whether the result of the expression has no labels at all.
    pub fn is_bare(&self, id: ExprId) -> bool {
        self.at(id).labels.is_empty()
    }

    /// Whether the expression has a result.
    pub fn returns(&self, id: ExprId) -> Returns {
        self.at(id).returns
    }

    /// Whether the right side of this `or` can never be seen, because the left side always is in its place.
    pub fn shadows(&self, id: ExprId) -> bool {
        self.at(id).shadowed
    }

    /// The value of a number, or of a vector of one number, that the text alone gives.
    pub fn value(&self, id: ExprId) -> Option<f64> {
        self.at(id).value
    }
}

/// What a matcher says about its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    /// It is there.
    Present,
    /// It is not.
    Absent,
    /// Either.
    Nothing,
}

/// What a matcher demands of its label: only what the value shows at a glance.
fn demand(parsed: &Parsed, matcher: &Matcher) -> Demand {
    if matcher.value.quote == 0 || !parsed.holes_of(matcher.value.holes).is_empty() {
        return Demand::Nothing;
    }
    let value = parsed.string(&matcher.value);
    match matcher.op {
        MatchOp::Equal if value.is_empty() => Demand::Absent,
        MatchOp::Equal => Demand::Present,
        MatchOp::NotEqual if value.is_empty() => Demand::Present,
        MatchOp::Regex if value.is_empty() => Demand::Absent,
        MatchOp::Regex if needs_text(&value) => Demand::Present,
        MatchOp::NotRegex if value.is_empty() => Demand::Present,
        MatchOp::NotRegex if value == ".+" => Demand::Absent,
        _ => Demand::Nothing,
    }
}

/// Whether a pattern plainly cannot match an empty text: `.+`, or alternatives that each begin with a letter that has
/// to be there.
fn needs_text(pattern: &str) -> bool {
    pattern == ".+"
        || (!pattern.contains(['(', '[', '\\'])
            && pattern.split('|').all(|part| {
                let mut chars = part.chars();
                chars.next().is_some_and(char::is_alphanumeric)
                    && !matches!(chars.next(), Some('*' | '?' | '{'))
            }))
}

struct Builder<'q> {
    parsed: &'q Parsed,
    definitions: &'q dyn Definitions,
    flow: Flow,
}

impl Builder<'_> {
    fn facts(&mut self, expr: &Expr) -> Facts {
        match &expr.kind {
            ExprKind::Number(number) => {
                Facts::constant(Some(number.value).filter(|_| number.holes.is_empty()))
            }
            ExprKind::String(_) => Facts::constant(None),
            ExprKind::Hole(_) => Facts::UNKNOWN,
            ExprKind::Selector(selector) => self.selector(selector),
            ExprKind::Paren(inner) => self.flow.at(*inner),
            ExprKind::Unary { minus, expr } => {
                let mut facts = self.flow.at(*expr);
                if *minus {
                    facts.value = facts.value.map(|value| -value);
                }
                facts
            }
            ExprKind::Subquery(subquery) => Facts {
                value: None,
                ..self.flow.at(subquery.expr)
            },
            ExprKind::Call(call) => self.call(call),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Binary(binary) => self.binary(binary),
        }
    }

    /// The bit of a label; zero for the metric's name.
    fn bit(&mut self, name: &str) -> Option<u64> {
        if name == METRIC_NAME {
            return Some(0);
        }
        self.flow.names.intern(name).map(|at| 1 << at)
    }

    fn label_bit(&mut self, label: &Label) -> Option<u64> {
        if !label.holes.is_empty() {
            return None;
        }
        let parsed = self.parsed;
        self.bit(&parsed.label(label))
    }

    /// The bit of a label named by a string; none if a variable is in it.
    fn string_bit(&mut self, literal: &StringLiteral) -> Option<u64> {
        if literal.quote == 0 || !literal.holes.is_empty() {
            return None;
        }
        let parsed = self.parsed;
        self.bit(&parsed.string(literal))
    }

    fn listed(&mut self, list: &LabelList) -> Listed {
        let parsed = self.parsed;
        let mut listed = Listed {
            bits: 0,
            complete: true,
        };
        for label in parsed.ast.labels(list) {
            match self.label_bit(label) {
                Some(bit) => listed.bits |= bit,
                None => listed.complete = false,
            }
        }
        listed
    }

    fn selector(&mut self, selector: &Selector) -> Facts {
        let parsed = self.parsed;
        let definitions = self.definitions;
        let recorded = parsed
            .metric_name(selector)
            .and_then(|(name, _)| definitions.recorded(&name));
        let mut labels = match recorded {
            Some(recorded) => self.recorded_labels(recorded),
            None => LabelSet::OPEN,
        };
        for matcher in parsed.ast.matchers(selector) {
            if matcher.metric_name {
                continue;
            }
            let Some(bit) = self.label_bit(&matcher.label) else {
                continue;
            };
            match demand(parsed, matcher) {
                // Who asks for a label that the definition does not give knows of one that is added later.
                Demand::Present if recorded.is_some() => labels = labels.with(bit),
                Demand::Present => labels.must |= bit,
                Demand::Absent => labels.can &= !bit,
                Demand::Nothing => {}
            }
        }
        // `{a="x", a=""}` selects nothing.
        let nothing = labels.must & !labels.can != 0 || recorded.is_some_and(Recorded::is_never);
        labels.must &= labels.can;
        Facts {
            labels,
            returns: if nothing {
                Returns::Never
            } else {
                Returns::Sometimes
            },
            value: None,
            shadowed: false,
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Facts {
        let Some(expr) = aggregate.expr else {
            return Facts::UNKNOWN;
        };
        let inner = self.flow.at(expr);
        let grouped = match &aggregate.grouping {
            None => LabelSet::EMPTY,
            Some(grouping) => {
                let mut listed = self.listed(&grouping.list);
                listed.complete &= grouping.complete;
                if grouping.without {
                    inner.labels.drop(listed)
                } else {
                    inner.labels.keep(listed)
                }
            }
        };
        let labels = match aggregate.op {
            AggregateOp::Hole => LabelSet::OPEN,
            op if op.keeps_series() => inner.labels,
            AggregateOp::CountValues => match self.values_label(aggregate) {
                Some(bit) => grouped.with(bit),
                None => LabelSet::OPEN,
            },
            _ => grouped,
        };
        let returns = match inner.returns {
            Returns::Always if aggregate.op.keeps_series() => Returns::Sometimes,
            returns => returns,
        };
        Facts {
            labels,
            returns,
            value: None,
            shadowed: false,
        }
    }

    /// The label that `count_values` makes.
    fn values_label(&mut self, aggregate: &Aggregate) -> Option<u64> {
        let parsed = self.parsed;
        match &parsed.ast.expr(aggregate.param?).kind {
            ExprKind::String(literal) => self.string_bit(literal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
