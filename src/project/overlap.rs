//! Providers of one Grafana that read the same dashboards, though they stand in different files or their paths differ.

use std::path::{Path, PathBuf};

use crate::diagnostic::Location;
use crate::model::is_expanded;

/// What a provider reads.
#[derive(Debug)]
pub(super) struct Reads<'f> {
    /// The instance and the organisation it writes to.
    pub(super) to: (usize, i64),
    /// The folder in the container.
    pub(super) path: &'f str,
    /// The folders of the repository.
    pub(super) folders: Vec<PathBuf>,
    /// Where it says so.
    pub(super) at: &'f Location,
}

/// A provider that reads what another one reads too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overlap {
    /// The provider whose folder lies within the other's, or the later one.
    pub(super) inner: Location,
    /// The other provider.
    pub(super) outer: Location,
}

/// The overlaps among the providers: by their paths in the container, and by the folders of the repository that are mounted there.
pub(super) fn overlaps(providers: &[Reads<'_>]) -> Vec<Overlap> {
    let in_container = providers
        .iter()
        .filter(|provider| !is_expanded(provider.path))
        .map(|provider| (provider.to, PathBuf::from(provider.path), provider.at));
    let mut found = sweep(in_container.collect());
    let on_disk = providers.iter().flat_map(|provider| {
        let folders = provider.folders.iter().cloned();
        folders.map(|folder| (provider.to, folder, provider.at))
    });
    found.extend(sweep(on_disk.collect()));
    let place = |at: &Location| (at.file.clone(), at.span().start);
    found.sort_by_key(|overlap| place(&overlap.inner));
    found.dedup_by_key(|overlap| place(&overlap.inner));
    found
}

/// Sorted, what lies within a folder comes right behind it.
fn sweep(mut folders: Vec<((usize, i64), PathBuf, &Location)>) -> Vec<Overlap> {
    let place = |at: &Location| (at.file.clone(), at.span().start);
    folders.sort_by(|a, b| (a.0, &a.1, place(a.2)).cmp(&(b.0, &b.1, place(b.2))));
    let mut found = Vec::new();
    let mut outer: Option<((usize, i64), &Path, &Location)> = None;
    for (to, folder, at) in &folders {
        match outer {
            Some((same, around, outer)) if same == *to && folder.starts_with(around) => {
                if place(outer) != place(at) {
                    found.push(Overlap {
                        inner: (*at).clone(),
                        outer: outer.clone(),
                    });
                }
            }
            _ => outer = Some((*to, folder, at)),
        }
    }
    found
}
