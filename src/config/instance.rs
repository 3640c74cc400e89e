//! `[[instance]]`: which folders one Grafana reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Table, TableLike};

use super::check::{item_span, key_span, strings, tables};
use super::files::absolute;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;
use crate::span::Span;

/// Which folders one Grafana reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// Its provisioning folders, absolute.
    pub roots: Vec<PathBuf>,
    /// Paths in its container, and the folders of the repository they are, absolute.
    pub mounts: Vec<(String, PathBuf)>,
}

/// The instances of a configuration in `folder`, and what is wrong with them.
pub(super) fn instances(
    root: &Table,
    folder: &Path,
    source: &Arc<Source>,
) -> (Vec<Instance>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut below = |path: &str, span: Span| {
        let found = absolute(Path::new(path), folder);
        if !found.is_dir() {
            let message = format!("there is no folder `{path}`");
            let finding = INVALID_CONFIG.at(source, span, message);
            // A build may make it.
            problems.push(Diagnostic {
                severity: Severity::Warning,
                ..finding
            });
        }
        found
    };
    let mut one = |table: &dyn TableLike| {
        let roots = table.get("roots").map(strings).unwrap_or_default();
        let mounts = table.get("mounts").and_then(|item| item.as_table_like());
        let mounts = mounts.into_iter().flat_map(|mounts| {
            mounts.iter().filter_map(|(target, item)| {
                let span = item_span(item, key_span(mounts, target));
                Some((target, item.as_str()?, span))
            })
        });
        Instance {
            roots: roots
                .into_iter()
                .map(|(path, span)| below(path, span))
                .collect(),
            mounts: mounts
                .map(|(target, path, span)| (target.to_owned(), below(path, span)))
                .collect(),
        }
    };
    let listed = root.get("instance").map(tables).unwrap_or_default();
    let found = listed.into_iter().map(|(table, _)| one(table)).collect();
    (found, problems)
}
