//! What the recorded metrics of a project are by their definitions.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::recorded::RecordedFact;
use crate::diagnostic::Location;
use crate::promql::flow::{Definitions, Flow, Recorded};
use crate::promql::nan::nan_source;
use crate::promql::nature::{Nature, nature};
use crate::promql::{Parsed, parse};

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

/// A definition whose expression parses.
struct Read<'f> {
    fact: &'f RecordedFact,
    parsed: Parsed,
    /// Metrics it reads that are recorded too.
    needs: Vec<&'f str>,
}

impl Recordings {
    /// Puts definitions together, those first that others read. What is defined in a way that is not understood is left out.
    pub(super) fn new<'f>(facts: impl Iterator<Item = &'f RecordedFact>) -> Self {
        let mut facts: Vec<&RecordedFact> = facts.collect();
        facts.sort_by(|a, b| {
            let key =
                |fact: &RecordedFact| (fact.location.file.clone(), fact.location.span().start);
            a.metric.cmp(&b.metric).then_with(|| key(a).cmp(&key(b)))
        });
        let names: FxHashMap<&str, &str> = facts
            .iter()
            .map(|fact| (fact.metric.as_str(), fact.metric.as_str()))
            .collect();
        let mut waiting: Vec<Vec<Read<'_>>> = facts
            .par_chunk_by(|a, b| a.metric == b.metric)
            .filter_map(|facts| facts.iter().map(|fact| definition(fact, &names)).collect())
            .collect();
        let mut recordings = Recordings::default();
        let mut open: FxHashSet<&str> = waiting.iter().filter_map(|one| metric(one)).collect();
        // Each round takes what the rounds before made known; a chain of rules has few links.
        for _ in 0..MOST_ROUNDS {
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|definitions| {
                let mut needs = definitions.iter().flat_map(|one| &one.needs);
                needs.all(|name| !open.contains(name))
            });
            waiting = rest;
            if ready.is_empty() {
                break;
            }
            recordings.learn(&ready);
            for definitions in &ready {
                if let Some(name) = metric(definitions) {
                    open.remove(name);
                }
            }
        }
        // What is defined in a circle: at first nothing is known of it, and each turn says more.
        for _ in 0..waiting.len().min(MOST_TURNS) {
            recordings.learn(&waiting);
        }
        recordings
    }

    fn learn(&mut self, all: &[Vec<Read<'_>>]) {
        let made: Vec<_> = all
            .par_iter()
            .filter_map(|definitions| {
                Some((metric(definitions)?.to_owned(), self.record(definitions)?))
            })
            .collect();
        self.known.extend(made);
    }

    fn record(&self, definitions: &[Read<'_>]) -> Option<Recording> {
        let mut all: Option<Recording> = None;
        for one in definitions {
            let flow = Flow::with(&one.parsed, self);
            let root = one.parsed.root?;
            let set = one.fact.labels.iter();
            let set = set.map(|(name, filled)| (name.as_str(), *filled));
            let made = Recording {
                labels: Recorded::new(&one.parsed, &flow, set)?,
                nature: nature(&one.parsed, root, &|name| self.nature(name)),
                nan: nan_source(&one.parsed, &flow, root, &|name| self.may_be_nan(name))
                    .map(|source| source.idle),
                location: one.fact.location.clone(),
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

fn metric<'f>(definitions: &[Read<'f>]) -> Option<&'f str> {
    definitions.first().map(|one| one.fact.metric.as_str())
}

fn definition<'f>(fact: &'f RecordedFact, names: &FxHashMap<&str, &'f str>) -> Option<Read<'f>> {
    let parsed = parse(&fact.expr);
    if !parsed.is_valid() || parsed.root.is_none() {
        return None;
    }
    let needs = parsed
        .selectors()
        .filter_map(|(_, _, selector)| names.get(&*parsed.metric_name(selector)?.0).copied())
        .collect();
    Some(Read {
        fact,
        parsed,
        needs,
    })
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
