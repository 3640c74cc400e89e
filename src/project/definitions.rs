//! What the recorded metrics of a project are by their definitions.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::recorded::RecordedFact;
use crate::diagnostic::Location;
use crate::promql::flow::{Definitions, Flow, Recorded};
use crate::promql::nan::nan_source;
use crate::promql::nature::{Nature, nature};
use crate::promql::parse;

/// A metric by all its definitions.
#[derive(Debug)]
struct Recording {
    labels: Recorded,
    nature: Option<Nature>,
    nan: Option<bool>,
    location: Location,
}

/// The recorded metrics of a project.
#[derive(Debug, Default)]
pub struct Recordings {
    known: FxHashMap<String, Recording>,
}

/// The definitions of one metric. An expression is parsed when its turn has come, and not kept: a project may have tens of
/// thousands.
struct Metric<'f> {
    name: &'f str,
    definitions: &'f [&'f RecordedFact],
    /// Other recorded metrics whose names stand in the expressions.
    needs: Vec<&'f str>,
}

impl Recordings {
    /// Puts definitions together, those first that others read. What is defined in a way that is not understood is left out.
    pub(super) fn new<'f>(facts: impl Iterator<Item = &'f RecordedFact>) -> Self {
        let mut facts: Vec<&RecordedFact> = facts.collect();
        facts.sort_by(|a, b| {
            let start = |fact: &RecordedFact| fact.location.span().start;
            let metric = a.metric.cmp(&b.metric);
            let file = || a.location.file.cmp(&b.location.file);
            metric.then_with(file).then_with(|| start(a).cmp(&start(b)))
        });
        let names: FxHashMap<&str, &str> = facts
            .iter()
            .map(|fact| (fact.metric.as_str(), fact.metric.as_str()))
            .collect();
        let mut waiting: Vec<Metric<'_>> = facts
            .par_chunk_by(|a, b| a.metric == b.metric)
            .filter_map(|definitions| metric(definitions, &names))
            .collect();
        let mut recordings = Recordings::default();
        let mut open: FxHashSet<&str> = waiting.iter().map(|metric| metric.name).collect();
        // Each round takes what the rounds before made known; a chain of rules has few links.
        for _ in 0..MOST_ROUNDS {
            let (ready, rest): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|metric| metric.needs.iter().all(|name| !open.contains(name)));
            waiting = rest;
            if ready.is_empty() {
                break;
            }
            recordings.learn(&ready);
            for metric in &ready {
                open.remove(metric.name);
            }
        }
        // What is defined in a circle: at first nothing is known of it, and each turn says more.
        for _ in 0..waiting.len().min(MOST_TURNS) {
            recordings.learn(&waiting);
        }
        recordings
    }

    fn learn(&mut self, all: &[Metric<'_>]) {
        let made: Vec<_> = all
            .par_iter()
            .filter_map(|metric| Some((metric.name.to_owned(), self.record(metric.definitions)?)))
            .collect();
        self.known.extend(made);
    }

    fn record(&self, definitions: &[&RecordedFact]) -> Option<Recording> {
        let mut all: Option<Recording> = None;
        for fact in definitions {
            let parsed = parse(&fact.expr);
            let root = parsed.root.filter(|_| parsed.is_valid())?;
            let flow = Flow::with(&parsed, self);
            let set = fact.labels.iter();
            let set = set.map(|(name, filled)| (name.as_str(), *filled));
            let made = Recording {
                labels: Recorded::new(&parsed, &flow, set)?,
                nature: nature(&parsed, root, &|name| self.nature(name)),
                nan: nan_source(&parsed, &flow, root, &|name| self.may_be_nan(name))
                    .map(|source| source.idle),
                location: fact.location.clone(),
            };
            all = Some(match all {
                None => made,
                Some(mut all) => {
                    all.labels.join(&made.labels);
                    all.nature = all.nature.filter(|nature| made.nature == Some(*nature));
                    all.nan = all.nan.zip(made.nan).map(|(one, other)| one && other);
                    all
                }
            });
        }
        all
    }

    /// What the numbers of a metric are by its definition.
    pub fn nature(&self, metric: &str) -> Option<Nature> {
        // A name without a colon may be exported as well, and be something else.
        if !metric.contains(':') {
            return None;
        }
        self.known.get(metric)?.nature
    }

    /// Whether a metric is recorded as a quotient that may be NaN, and then whether it is whenever nothing happens.
    pub fn may_be_nan(&self, metric: &str) -> Option<bool> {
        self.known.get(metric)?.nan
    }

    /// Where a metric is defined; the first place of several.
    pub fn location(&self, metric: &str) -> Option<&Location> {
        self.known.get(metric).map(|known| &known.location)
    }
}

/// Longer chains of recording rules are not followed.
const MOST_ROUNDS: usize = 32;
/// Circles of more recording rules are not followed all the way round.
const MOST_TURNS: usize = 4;

fn metric<'f>(
    definitions: &'f [&'f RecordedFact],
    names: &FxHashMap<&'f str, &'f str>,
) -> Option<Metric<'f>> {
    let name = definitions.first()?.metric.as_str();
    let needs = definitions
        .iter()
        .flat_map(|fact| words(&fact.expr))
        .filter_map(|word| names.get(word).copied())
        .collect();
    Some(Metric {
        name,
        definitions,
        needs,
    })
}

/// What may be the name of a metric in an expression.
fn words(expr: &str) -> impl Iterator<Item = &str> {
    expr.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':')))
        .filter(|word| !word.is_empty())
}

impl Definitions for Recordings {
    fn recorded(&self, metric: &str) -> Option<&Recorded> {
        // A name without a colon may be exported as well, and then has other labels.
        if !metric.contains(':') {
            return None;
        }
        self.known.get(metric).map(|known| &known.labels)
    }
}
