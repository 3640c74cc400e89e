//! Whose findings a file may hold.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{loosely, of_id, of_owner};
use crate::model::{Document, Language, Loaded, NoDataSources, load};
use crate::source::{Source, read_regular};

/// How many fingerprints are worked out: more are those of nobody's repository.
const MOST: usize = 1 << 20;

/// The groups of rules in files, read when somebody asks.
#[derive(Debug, Default)]
pub(super) struct Owners {
    of_file: RefCell<BTreeMap<PathBuf, OfFile>>,
    worked_out: Cell<usize>,
}

/// Those of one file.
#[derive(Debug, Default)]
struct OfFile {
    groups: Vec<String>,
    /// For each half of a fingerprint that was asked for: all that its groups may have with it.
    may_have: FxHashMap<String, FxHashSet<String>>,
}

impl Owners {
    /// Whether the group that a finding of another time was of is still in the file at `path`. Of more than can be worked out
    /// it is: what is not certain to be known is told.
    pub(super) fn has(&self, path: &Path, identity: &str) -> bool {
        let mut known = self.of_file.borrow_mut();
        let of_file = known.entry(path.to_path_buf()).or_insert_with(|| OfFile {
            groups: groups(path),
            ..OfFile::default()
        });
        let what = loosely(identity);
        if !of_file.may_have.contains_key(what) {
            if self.worked_out.get() > MOST {
                return true;
            }
            let groups = of_file.groups.iter();
            let all: FxHashSet<String> = groups.flat_map(|group| of_owner(what, group)).collect();
            self.worked_out.set(self.worked_out.get() + all.len());
            of_file.may_have.insert(what.to_owned(), all);
        }
        let all = of_file.may_have.get(what);
        all.is_some_and(|all| all.contains(of_id(identity)))
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
