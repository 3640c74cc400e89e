//! Whose findings a file may hold.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::is_of;
use crate::model::{Document, Language, Loaded, NoDataSources, load};
use crate::source::{Source, read_regular};

/// The groups of rules in files, read when somebody asks.
#[derive(Debug, Default)]
pub(super) struct Owners {
    of_file: RefCell<BTreeMap<PathBuf, Vec<String>>>,
}

impl Owners {
    /// Whether the group that a finding of another time was of is still in the file at `path`.
    pub(super) fn has(&self, path: &Path, fingerprint: &str) -> bool {
        let mut known = self.of_file.borrow_mut();
        let groups = known
            .entry(path.to_path_buf())
            .or_insert_with(|| groups(path));
        groups.iter().any(|group| is_of(fingerprint, group))
    }
}

/// The groups of a file, as fingerprints name them.
fn groups(path: &Path) -> Vec<String> {
    let Ok(text) = read_regular(path) else {
        return Vec::new();
    };
    let source = Source::new(path.to_string_lossy(), Some(path.to_path_buf()), text);
    let Loaded::Parsed(file) = load(Arc::new(source), true) else {
        return Vec::new();
    };
    let mut groups = Vec::new();
    for info in &file.documents {
        let names: Vec<_> = match file.document(info, &NoDataSources, Language::PromQl) {
            Some(Document::Rules(rules)) => {
                let names = rules.groups.iter().filter_map(|group| group.name());
                names.map(|name| name.into_owned()).collect()
            }
            Some(Document::Alerting(alerting)) => {
                let names = alerting.groups.iter().filter_map(|group| group.name());
                names.map(|name| name.into_owned()).collect()
            }
            _ => continue,
        };
        groups.extend(names.iter().map(|name| format!("group={name}")));
    }
    groups
}
