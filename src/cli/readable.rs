//! What a run may read and show of files that it was not given.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{Configs, absolute};

/// Folders and files whose text may be shown.
#[derive(Debug, Default)]
pub(super) struct Readable {
    here: PathBuf,
    places: Vec<PathBuf>,
}

impl Readable {
    /// The project of the working directory, those of the given paths, and files that are named on the command line.
    pub(super) fn new(
        here: &Path,
        roots: &[PathBuf],
        named: impl IntoIterator<Item = PathBuf>,
        configs: &Configs,
    ) -> Self {
        let projects = roots.iter().map(|root| configs.project_root(root));
        let named = named.into_iter().map(|path| here.join(path));
        let places = [configs.project_root(here)]
            .into_iter()
            .chain(projects)
            .chain(roots.iter().cloned())
            .chain(named);
        Readable {
            here: here.to_path_buf(),
            places: places
                .filter_map(|path| fs::canonicalize(path).ok())
                .collect(),
        }
    }

    /// Whether a file is one of them, links followed. Of what is not there nothing can be shown: its path decides.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let plain = absolute(path, &self.here);
        let real = fs::canonicalize(&plain).or_else(|error| {
            let folder = plain
                .ancestors()
                .find_map(|above| fs::canonicalize(above).ok());
            folder.ok_or(error)
        });
        real.is_ok_and(|real| self.places.iter().any(|place| real.starts_with(place)))
    }
}
