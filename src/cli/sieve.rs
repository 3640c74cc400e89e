//! Which files the configurations let be looked at.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::config::{Configs, LONGEST_PATH, Settings, is_configured, is_versioned};
use crate::source::walk::display_path;

/// Folders with a configuration, the outermost first.
type Way = Arc<[Arc<Path>]>;

/// The sieves of a run, by the folders that they begin with.
pub(super) struct Sieves<'c> {
    configs: &'c Configs,
    here: Arc<Path>,
    all: RefCell<FxHashMap<PathBuf, Arc<Sieve<'c>>>>,
}

impl<'c> Sieves<'c> {
    /// `here`: the working directory.
    pub(super) fn new(configs: &'c Configs, here: &Path) -> Self {
        Sieves {
            configs,
            here: Arc::from(here),
            all: RefCell::default(),
        }
    }

    /// The one that asks `folder` first.
    pub(super) fn from(&self, folder: &Path) -> Arc<Sieve<'c>> {
        let mut all = self.all.borrow_mut();
        let fresh = || {
            Arc::new(Sieve {
                configs: self.configs,
                here: self.here.clone(),
                from: Arc::from(folder),
                ways: RwLock::default(),
                known: RwLock::default(),
            })
        };
        all.entry(folder.to_owned()).or_insert_with(fresh).clone()
    }

    /// Whether all configurations around a file let it be looked at, those of its checkout or its project.
    pub(super) fn all_let(&self, path: &Path) -> bool {
        let checkout = path.ancestors().find(|folder| is_versioned(folder));
        let top = || self.configs.project_root(path);
        let top = checkout.map_or_else(top, Path::to_owned);
        self.from(&top).lets(path)
    }
}

/// Asks the configurations about files. Threads may share it.
pub(super) struct Sieve<'c> {
    configs: &'c Configs,
    /// The working directory.
    here: Arc<Path>,
    /// The folder whose configuration is asked first: none above it counts.
    from: Arc<Path>,
    /// For each folder that was asked for: `from` and the folders below it, down to this one, that have a configuration.
    ways: RwLock<FxHashMap<PathBuf, Way>>,
    /// Files with more than one configuration around them: projects in projects meet them again.
    known: RwLock<FxHashMap<PathBuf, bool>>,
}

impl Sieve<'_> {
    /// Whether a file is looked at: its own configuration takes it, and none around that excludes it. What is excluded may have
    /// a configuration that nobody wants to be read.
    pub(super) fn lets(&self, path: &Path) -> bool {
        let way = self.way(path.parent().unwrap_or(path));
        let Some((nearest, around)) = way.split_last() else {
            return true;
        };
        if around.is_empty() {
            let shown = || display_path(path, &self.here);
            return takes(&self.configs.for_folder(nearest), shown);
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(lets) = known.get(path) {
            return *lets;
        }
        drop(known);
        let shown = display_path(path, &self.here);
        let excludes = |folder: &Arc<Path>| self.configs.for_folder(folder).excludes(&shown);
        let lets = !around.iter().any(excludes)
            && takes(&self.configs.for_folder(nearest), || shown.clone());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(path.to_owned(), lets);
        lets
    }

    fn way(&self, folder: &Path) -> Way {
        let single = || Arc::from([Arc::from(folder)]);
        let is_below = folder != &*self.from && folder.starts_with(&self.from);
        if self.configs.is_one() || !is_below || folder.as_os_str().len() > LONGEST_PATH {
            return single();
        }
        let known = self.ways.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = known.get(folder) {
            return way.clone();
        }
        let mut way: Way = Arc::from([self.from.clone()]);
        let mut below = Vec::new();
        for folder in folder.ancestors().take_while(|one| **one != *self.from) {
            if let Some(of_folder) = known.get(folder) {
                way = of_folder.clone();
                break;
            }
            below.push(folder);
        }
        drop(known);
        let mut known = self.ways.write().unwrap_or_else(PoisonError::into_inner);
        for folder in below.into_iter().rev() {
            if is_configured(folder) {
                way = way.iter().cloned().chain([Arc::from(folder)]).collect();
            }
            known.insert(folder.to_owned(), way.clone());
        }
        way
    }
}

/// Whether a configuration lets a file be looked at that it is for. `shown`: what reports call it.
fn takes(settings: &Settings, shown: impl FnOnce() -> String) -> bool {
    if settings.takes_all() {
        return true;
    }
    let shown = shown();
    !settings.excludes(&shown) && (!settings.has_includes() || settings.includes(&shown))
}
