//! Which files the configurations let be looked at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::config::{Configs, Settings, is_configured};
use crate::source::walk::display_path;

/// Asks the configurations about files. Threads may share it.
pub(super) struct Sieve<'c> {
    configs: &'c Configs,
    /// The working directory.
    here: &'c Path,
    /// The folder whose configuration is asked first: none above it counts.
    from: &'c Path,
    /// For each folder that was asked for: `from` and the folders below it, down to this one, that have a configuration.
    ways: RwLock<FxHashMap<PathBuf, Arc<[PathBuf]>>>,
}

impl<'c> Sieve<'c> {
    pub(super) fn new(configs: &'c Configs, here: &'c Path, from: &'c Path) -> Self {
        Sieve {
            configs,
            here,
            from,
            ways: RwLock::default(),
        }
    }

    /// Whether a file is looked at: its own configuration takes it, and none around that excludes it. What is excluded may have
    /// a configuration that nobody wants to be read.
    pub(super) fn lets(&self, path: &Path) -> bool {
        let folder = path.parent().unwrap_or(path);
        let way = self.way(folder);
        let shown = || display_path(path, self.here);
        let excludes = |settings: &Settings| !settings.takes_all() && settings.excludes(&shown());
        let Some((nearest, around)) = way.split_last() else {
            return true;
        };
        let is_excluded = |folder: &PathBuf| excludes(&self.configs.for_folder(folder));
        if around.iter().any(is_excluded) {
            return false;
        }
        let settings = self.configs.for_folder(nearest);
        !excludes(&settings) && (!settings.has_includes() || settings.includes(&shown()))
    }

    fn way(&self, folder: &Path) -> Arc<[PathBuf]> {
        let known = self.ways.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = known.get(folder) {
            return way.clone();
        }
        drop(known);
        let way: Arc<[PathBuf]> = match folder.parent() {
            Some(parent) if folder != self.from && folder.starts_with(self.from) => {
                let around = self.way(parent);
                match is_configured(folder) {
                    true => around.iter().cloned().chain([folder.to_owned()]).collect(),
                    false => around,
                }
            }
            _ => Arc::from([folder.to_owned()]),
        };
        let mut known = self.ways.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(folder.to_owned(), way.clone());
        way
    }
}
