//! The expressions that a project's recording rules record.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::recorded::RecordedFact;
use crate::diagnostic::Location;
use crate::promql::shape::{Blind, shape};
use crate::promql::{ExprKind, Parsed, parse};

/// A recorded expression.
#[derive(Debug)]
pub struct RecordedExpression {
    /// The metric.
    pub name: String,
    /// Where it is recorded.
    pub location: Location,
    /// The window of its range, where the expression has one.
    pub window: Option<String>,
}

/// What all recording rules of a project record.
#[derive(Debug, Default)]
pub struct Records {
    facts: Vec<Arc<RecordedFact>>,
    index: OnceLock<Index>,
}

/// The rules' expressions.
#[derive(Debug, Default)]
struct Index {
    by_shape: FxHashMap<(bool, u64), RecordedExpression>,
    /// The metrics they read.
    metrics: FxHashSet<String>,
}

impl Records {
    pub(super) fn add(&mut self, fact: &Arc<RecordedFact>) {
        self.facts.push(fact.clone());
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The rule that records an expression of this fingerprint; `windows` says that the length of ranges does not count in
    /// it. The rules' expressions are parsed when somebody asks for the first time.
    pub(crate) fn find(&self, shape: u64, windows: bool) -> Option<&RecordedExpression> {
        self.index().by_shape.get(&(windows, shape))
    }

    /// Whether any rule reads a metric that a query reads.
    pub(crate) fn reads_any_of(&self, parsed: &Parsed) -> bool {
        let metrics = &self.index().metrics;
        parsed.selectors().any(|(_, _, selector)| {
            let metric = parsed.metric_name(selector);
            metric.is_some_and(|(name, _)| metrics.contains(name.as_ref()))
        })
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| index(&self.facts))
    }
}

fn index(facts: &[Arc<RecordedFact>]) -> Index {
    let mut facts: Vec<&RecordedFact> = facts.iter().map(Arc::as_ref).collect();
    // Of rules that record the same, the first one by place.
    facts.sort_by(|a, b| a.place().cmp(&b.place()));
    let mut index = Index::default();
    let mut known = FxHashSet::default();
    for fact in facts {
        if !known.insert(&*fact.expr) {
            continue;
        }
        let parsed = parse(&fact.expr);
        let Some(root) = parsed.root.filter(|_| parsed.errors.is_empty()) else {
            continue;
        };
        // Another name for the same series saves nothing.
        if matches!(
            parsed.ast.expr(parsed.ast.unparen(root)).kind,
            ExprKind::Selector(_)
        ) {
            continue;
        }
        for (_, _, selector) in parsed.selectors() {
            let metric = parsed.metric_name(selector);
            index
                .metrics
                .extend(metric.map(|(name, _)| name.into_owned()));
        }
        let window = parsed.ranges().next();
        let window = window.map(|range| parsed.slice(range.duration.span).to_owned());
        for windows in [false, true] {
            let blind = Blind {
                windows,
                ..Blind::default()
            };
            index
                .by_shape
                .entry((windows, shape(&parsed, root, blind)))
                .or_insert_with(|| RecordedExpression {
                    name: fact.metric.clone(),
                    location: fact.location.clone(),
                    window: window.clone(),
                });
        }
    }
    index
}
