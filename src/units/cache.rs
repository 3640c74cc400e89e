//! Each distinct query is looked at once a run.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Inference, KnownMetrics, infer_with};
use crate::promql::Parsed;

/// What was inferred so far, by the text of the query; in shards so that threads seldom wait for each other.
#[derive(Debug, Default)]
pub struct Cache {
    shards: [Mutex<FxHashMap<Box<str>, Arc<Inference>>>; 16],
    known: KnownMetrics,
    panels: AtomicUsize,
    some: AtomicUsize,
    all: AtomicUsize,
}

/// How much of the panels with PromQL is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Panels with PromQL that were looked at.
    pub panels: usize,
    /// Those of which the unit of some query is known.
    pub some: usize,
    /// Those of which the units of all queries are certain.
    pub all: usize,
}

impl Cache {
    /// With what users say of their metrics.
    pub fn new(known: KnownMetrics) -> Self {
        Cache {
            known,
            ..Cache::default()
        }
    }

    /// What users say of their metrics.
    pub fn known(&self) -> &KnownMetrics {
        &self.known
    }

    /// Counts a panel: whether the unit of some query is known, and whether those of all are certain.
    pub(crate) fn covered(&self, some: bool, all: bool) {
        self.panels.fetch_add(1, Relaxed);
        self.some.fetch_add(usize::from(some), Relaxed);
        self.all.fetch_add(usize::from(all), Relaxed);
    }

    /// How much was understood so far.
    pub fn coverage(&self) -> Coverage {
        Coverage {
            panels: self.panels.load(Relaxed),
            some: self.some.load(Relaxed),
            all: self.all.load(Relaxed),
        }
    }

    /// What is known of a query.
    pub fn of(&self, parsed: &Parsed) -> Arc<Inference> {
        let shard = FxBuildHasher.hash_one(&*parsed.text) as usize % self.shards.len();
        let lock = || {
            self.shards[shard]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(&*parsed.text) {
            return known.clone();
        }
        let inference = Arc::new(infer_with(parsed, &self.known));
        lock().insert(parsed.text.clone(), inference.clone());
        inference
    }
}
