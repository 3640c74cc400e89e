//! Each distinct query is looked at once a run.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Inference, infer};
use crate::promql::Parsed;

/// What was inferred so far, by the text of the query; in shards so that threads seldom wait for each other.
#[derive(Debug, Default)]
pub struct Cache {
    shards: [Mutex<FxHashMap<Box<str>, Arc<Inference>>>; 16],
}

impl Cache {
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
        let inference = Arc::new(infer(parsed));
        lock().insert(parsed.text.clone(), inference.clone());
        inference
    }
}
