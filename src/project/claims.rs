//! What only one data source of an organization may have: its name, its uid, to be the default one.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::facts::Home;
use crate::diagnostic::Location;
use crate::model::{DocumentInfo, ParsedFile, is_expanded};
use crate::rules::provisioning::entry::Entry;
use crate::rules::{Place, location};
use crate::source::kind::{DocKind, folder_of};
use crate::syntax::NodeRef;

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Claimed {
    /// To be the default data source.
    Default,
    /// A name.
    Name(String),
    /// A uid.
    Uid(String),
}

/// A data source's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The folder of its file, from which one Grafana reads all.
    pub folder: PathBuf,
    /// The organization.
    pub org: i64,
    /// What it claims.
    pub claimed: Claimed,
    /// Where.
    pub at: Location,
}

/// The folder that Grafana reads a file of data sources from together with all files beside it.
pub(crate) fn shared_folder(path: Option<&Path>) -> Option<&Path> {
    let folder = path?.parent()?;
    (folder.file_name()? == folder_of(DocKind::DataSources)?).then_some(folder)
}

/// What an entry claims, and where.
pub(crate) fn claims_of<'t>(entry: &Entry<'t>) -> impl Iterator<Item = (Claimed, NodeRef<'t>)> {
    let default = entry.default().map(|node| (Claimed::Default, node));
    let said = |key| entry.text(key).filter(|(_, text)| !is_expanded(text));
    let name = said("name").map(|(node, name)| (Claimed::Name(name.into_owned()), node));
    let uid = said("uid").map(|(node, uid)| (Claimed::Uid(uid.into_owned()), node));
    default.into_iter().chain(name).chain(uid)
}

/// What the data sources of a document claim.
pub(super) fn claims(file: &ParsedFile, info: &DocumentInfo) -> Vec<Claim> {
    let folder = shared_folder(file.source.location.as_deref());
    let Some(folder) = folder.filter(|_| info.kind == DocKind::DataSources) else {
        return Vec::new();
    };
    if Home::of(file, info) != Home::File {
        return Vec::new();
    }
    let mut found = Vec::new();
    for entry in Entry::of_document(file, info) {
        let Some(org) = entry.organization() else {
            continue;
        };
        found.extend(claims_of(&entry).map(|(claimed, node)| Claim {
            folder: folder.to_path_buf(),
            org,
            claimed,
            at: location(file, Place::value(node)),
        }));
    }
    found
}

/// The first claim of each, as Grafana reads the files: by their names.
#[derive(Debug, Default)]
pub(super) struct Claims {
    first: FxHashMap<(PathBuf, i64, Claimed), Location>,
}

impl Claims {
    pub(super) fn add(&mut self, claim: &Claim) {
        let key = (claim.folder.clone(), claim.org, claim.claimed.clone());
        let place = |at: &Location| (at.file.clone(), at.span().start);
        let first = self.first.entry(key).or_insert_with(|| claim.at.clone());
        if place(&claim.at) < place(first) {
            *first = claim.at.clone();
        }
    }

    pub(super) fn first(&self, folder: &Path, org: i64, claimed: &Claimed) -> Option<&Location> {
        self.first
            .get(&(folder.to_path_buf(), org, claimed.clone()))
    }
}
