//! What a project's recording rules record.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Location;
use crate::model::{Host, ParsedFile, RuleFile, RuleKind};
use crate::promql::shape::{Blind, shape};
use crate::promql::{ExprKind, Parsed, parse};
use crate::rules::{Place, location};

/// A recording rule, as dashboards refer to what it records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionFact {
    /// The metric.
    pub name: String,
    /// Its expression.
    pub expr: Arc<str>,
    /// Where the metric's name stands.
    pub location: Location,
}

/// The recording rules in a file's `rules` that have a metric and an expression.
pub(super) fn of<'f>(
    file: &'f ParsedFile,
    rules: &'f RuleFile<'f>,
) -> impl Iterator<Item = ExpressionFact> + 'f {
    rules.queries.iter().filter_map(|query| {
        let Host::Rule(at) = query.host else {
            return None;
        };
        let rule = rules.rules.get(at)?;
        let node = rule.name_node().filter(|_| rule.kind == RuleKind::Record)?;
        // A label of the rule's own, or a static one, makes other series of it; what it records is the same.
        Some(ExpressionFact {
            name: node.as_str()?.into_owned(),
            expr: query.shared_text(),
            location: location(file, Place::value(node)),
        })
    })
}

/// A recorded expression.
#[derive(Debug)]
pub struct Recorded {
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
    facts: Vec<ExpressionFact>,
    index: OnceLock<Index>,
}

/// The rules' expressions.
#[derive(Debug, Default)]
struct Index {
    by_shape: FxHashMap<(bool, u64), Recorded>,
    /// The metrics they read.
    metrics: FxHashSet<String>,
}

impl Records {
    pub(super) fn extend(&mut self, facts: &[ExpressionFact]) {
        self.facts.extend_from_slice(facts);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The rule that records an expression of this fingerprint; `windows` says that the length of ranges does not count in
    /// it. The rules' expressions are parsed when somebody asks for the first time.
    pub(crate) fn find(&self, shape: u64, windows: bool) -> Option<&Recorded> {
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

fn index(facts: &[ExpressionFact]) -> Index {
    let mut facts: Vec<&ExpressionFact> = facts.iter().collect();
    // Of rules that record the same, the first one by place.
    facts.sort_by_key(|fact| (fact.location.file.clone(), fact.location.range.start.offset));
    let mut index = Index::default();
    for fact in facts {
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
                labels: &[],
            };
            index
                .by_shape
                .entry((windows, shape(&parsed, root, blind)))
                .or_insert_with(|| Recorded {
                    name: fact.name.clone(),
                    location: fact.location.clone(),
                    window: window.clone(),
                });
        }
    }
    index
}
