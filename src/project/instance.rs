//! Grafana instances: which files of a project one Grafana reads.
//!
//! An instance is an `[[instance]]` of the configuration, a provisioning root (a folder that holds `datasources/`,
//! `dashboards/` or `alerting/` with such files in them), or the values of a Helm chart. The paths of dashboard
//! providers are paths in a container: they lead to folders of the repository by the configured mounts, by the volumes
//! of a Compose file or the copies of a Dockerfile that bring the root into a container too, or by a suffix that only
//! one folder of dashboards has. A path that nothing maps says nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::container::{Bind, Container};
use super::facts::{FileFacts, Home, ProviderFact};
use super::overlap::{Overlap, Reads, overlaps};
use crate::config;
use crate::diagnostic::Location;

/// A Grafana whose files the project has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its provisioning folders, or the file with the values of its chart.
    pub roots: Vec<PathBuf>,
    /// Its providers of dashboards.
    pub providers: Vec<ProviderFolders>,
}

/// Where a provider's path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFolders {
    /// The path in the container.
    pub path: String,
    /// The folders of the repository: none where that is not known.
    pub folders: Vec<PathBuf>,
    /// Whether a dashboard lies in one of them.
    pub dashboards: bool,
}

/// The instances of a project, and where their files lie.
#[derive(Debug, Default)]
pub(super) struct Instances {
    list: Vec<Instance>,
    /// What a file in a folder belongs to; folders above it count too.
    folders: FxHashMap<PathBuf, Vec<Seat>>,
    /// Files with values of a chart: each is an instance of its own.
    values: FxHashMap<PathBuf, usize>,
    /// Providers of one instance that read the same dashboards, sorted by where the inner one stands.
    overlaps: Vec<Overlap>,
}

/// What lying in a folder means.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    instance: usize,
    /// A provider reads dashboards from it.
    provider: Option<Provided>,
}

/// How a provider stores what it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Provided {
    org: i64,
    folder: Folder,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Folder {
    /// All of it in one folder of Grafana.
    One(String),
    /// In folders called like those on the disk; what lies in the provider's own folder goes into this one.
    Structure(String),
}

/// Where a file belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Belonging {
    /// The instances, sorted; none where that is not certain.
    pub(super) instances: Vec<usize>,
    /// Where its dashboard is stored, if a provider reads it.
    pub(super) stored: Vec<Stored>,
}

/// Where Grafana stores a provisioned dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Stored {
    pub(super) instance: usize,
    pub(super) org: i64,
    /// Its folder: the title, or other words that no other folder has.
    pub(super) folder: String,
}

impl Stored {
    /// Whether both are dashboards of one organisation of one Grafana.
    pub(super) fn beside(&self, other: &Stored) -> bool {
        (self.instance, self.org) == (other.instance, other.org)
    }
}

impl Instances {
    /// The instances that `files` show, besides those that are configured.
    pub(super) fn find(files: &[&FileFacts], configured: &[config::Instance]) -> Self {
        let mut instances = Instances::default();
        for instance in configured {
            instances.add_roots(instance.roots.clone());
        }
        let shown: BTreeSet<&PathBuf> = files
            .iter()
            .filter_map(|facts| facts.root.as_ref())
            .collect();
        let mut outer: Option<&PathBuf> = None;
        for root in shown {
            let around = configured.iter().flat_map(|instance| &instance.roots);
            // A folder comes before all that lies in it.
            if around.chain(outer).all(|around| !root.starts_with(around)) {
                instances.add_roots(vec![root.clone()]);
                outer = Some(root);
            }
        }
        let values: BTreeSet<&PathBuf> = files
            .iter()
            .filter(|facts| facts.holds_values())
            .filter_map(|facts| facts.path.as_ref())
            .collect();
        for path in values {
            let instance = instances.add(vec![path.clone()]);
            instances.values.insert(path.clone(), instance);
        }
        instances.providers(files, configured);
        instances
    }

    fn add_roots(&mut self, roots: Vec<PathBuf>) {
        let instance = self.add(roots.clone());
        for root in &roots {
            self.seat(root, instance, None);
        }
    }

    /// Its number.
    fn add(&mut self, roots: Vec<PathBuf>) -> usize {
        self.list.push(Instance {
            roots,
            providers: Vec::new(),
        });
        self.list.len() - 1
    }

    /// All of them.
    pub(super) fn list(&self) -> &[Instance] {
        &self.list
    }

    /// Another provider that reads what the one at this place reads too.
    pub(super) fn overlapping(&self, here: &Location) -> Option<&Location> {
        let place = |at: &Location| (at.file.clone(), at.span().start);
        let own = |overlap: &Overlap| place(&overlap.inner);
        let found = self.overlaps.binary_search_by_key(&place(here), own);
        let overlap = self.overlaps.get(found.ok()?)?;
        Some(&overlap.outer)
    }

    fn seat(&mut self, folder: &Path, instance: usize, provider: Option<Provided>) {
        let seat = Seat { instance, provider };
        let seats = self.folders.entry(folder.to_path_buf()).or_default();
        if !seats.contains(&seat) {
            seats.push(seat);
        }
    }

    /// Where what stands at `home` in the file at `path` belongs.
    pub(super) fn of(&self, path: Option<&Path>, home: &Home) -> Belonging {
        let mut found = Belonging::default();
        let Some(path) = path.filter(|_| !self.list.is_empty()) else {
            return found;
        };
        match home {
            Home::Carried => {}
            Home::Values { provider } => {
                if let Some(&instance) = self.values.get(path) {
                    found.instances.push(instance);
                    found
                        .stored
                        .extend(provider.as_ref().map(|provider| Stored {
                            instance,
                            org: 1,
                            folder: format!("of the provider {provider}"),
                        }));
                }
            }
            Home::File => {
                let parent = path.parent().unwrap_or(path);
                // A single file may be mounted, too.
                for folder in path.ancestors() {
                    for seat in self.folders.get(folder).into_iter().flatten() {
                        found.instances.push(seat.instance);
                        let provider = seat.provider.as_ref();
                        found
                            .stored
                            .extend(provider.filter(|_| is_read(path, folder)).map(|provider| {
                                Stored {
                                    instance: seat.instance,
                                    org: provider.org,
                                    folder: provider.folder_of(parent, folder),
                                }
                            }));
                    }
                }
                found.instances.sort_unstable();
                found.instances.dedup();
            }
        }
        found
    }

    /// The folders that the providers of all instances read.
    fn providers(&mut self, files: &[&FileFacts], configured: &[config::Instance]) {
        let provided: Vec<(usize, bool, &ProviderFact)> = files
            .iter()
            .flat_map(|facts| {
                facts
                    .providers
                    .iter()
                    .map(move |provider| (facts, provider))
            })
            .filter(|(_, provider)| provider.home == Home::File)
            .flat_map(|(facts, provider)| {
                let instances = self.of(facts.path.as_deref(), &provider.home).instances;
                // Grafana looks into no folder below `dashboards`.
                let read = facts.root.is_some();
                instances
                    .into_iter()
                    .map(move |instance| (instance, read, provider))
            })
            .collect();
        if provided.is_empty() {
            return;
        }
        let folders = DashboardFolders::new(files);
        let mut reads = Vec::new();
        for (instance, read, provider) in provided {
            let own = self.list.get(instance);
            let own = own.map_or(&[][..], |instance| instance.roots.as_slice());
            let mounts = configured.get(instance).map(|instance| {
                let binds = instance.mounts.iter();
                Container {
                    binds: binds
                        .map(|(target, folder)| Bind {
                            folder: folder.clone(),
                            target: target.clone(),
                        })
                        .collect(),
                }
            });
            let mut mapped = mounts.map_or_else(Vec::new, |mounts| map(&provider.path, &mounts));
            if mapped.is_empty() {
                let containers = files.iter().flat_map(|facts| &facts.containers);
                let ways: BTreeSet<Vec<(PathBuf, String)>> = containers
                    .filter(|container| brings(container, own))
                    .map(|container| map(&provider.path, container))
                    .filter(|way| !way.is_empty())
                    .collect();
                mapped = match ways.len() {
                    0 => folders
                        .by_suffix(&provider.path, own)
                        .map_or_else(Vec::new, |folder| vec![(folder, String::new())]),
                    // Two containers that differ: which of them runs is not known.
                    1 => ways.into_iter().flatten().collect(),
                    _ => Vec::new(),
                };
            }
            if let Some(instance) = self.list.get_mut(instance) {
                instance.providers.push(ProviderFolders {
                    path: provider.path.clone(),
                    folders: mapped.iter().map(|(folder, _)| folder.clone()).collect(),
                    dashboards: mapped.iter().any(|(folder, _)| folders.contains(folder)),
                });
            }
            if read {
                reads.push(Reads {
                    to: (instance, provider.org),
                    path: &provider.path,
                    folders: mapped.iter().map(|(folder, _)| folder.clone()).collect(),
                    at: &provider.at,
                });
            }
            for (folder, top) in mapped {
                let folder_of = if !provider.folder_uid.is_empty() {
                    Folder::One(format!("uid {}", provider.folder_uid))
                } else if provider.by_structure {
                    Folder::Structure(top)
                } else {
                    Folder::One(provider.folder.clone())
                };
                let provided = Provided {
                    org: provider.org,
                    folder: folder_of,
                };
                self.seat(&folder, instance, Some(provided));
            }
        }
        self.overlaps = overlaps(&reads);
    }
}

impl Provided {
    /// The folder of Grafana for a file in `parent`, read from `top` (Grafana 12, file_reader.go:
    /// storeDashboardsInFoldersFromFileStructure takes the name of the last folder).
    fn folder_of(&self, parent: &Path, top: &Path) -> String {
        match &self.folder {
            Folder::One(name) => name.clone(),
            Folder::Structure(name) if parent == top || !parent.starts_with(top) => name.clone(),
            Folder::Structure(_) => parent
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
        }
    }
}

/// Whether a provider of `top` reads the file (Grafana 12, file_reader.go: `.json`, in no hidden folder).
fn is_read(path: &Path, top: &Path) -> bool {
    let hidden = |folder: &Path| {
        let mut parts = folder.components();
        parts.any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
    };
    let parent = path.parent();
    let below = parent.and_then(|parent| parent.strip_prefix(top).ok());
    let json = path.extension();
    json.is_some_and(|extension| extension == "json")
        && (path == top || below.is_some_and(|below| !hidden(below)))
}

/// Whether a container has one of the provisioning roots in it, or a part of one.
fn brings(container: &Container, roots: &[PathBuf]) -> bool {
    container.binds.iter().any(|bind| {
        roots
            .iter()
            .any(|root| root.starts_with(&bind.folder) || bind.folder.starts_with(root))
    })
}

/// The folders of the repository at and below `path` in a container; with each the name of the folder that it is there,
/// if it lies below.
fn map(path: &str, container: &Container) -> Vec<(PathBuf, String)> {
    let path = parts(path);
    let mut nearest: Option<(usize, PathBuf)> = None;
    let mut found = Vec::new();
    for bind in &container.binds {
        let target = parts(&bind.target);
        if let Some(rest) = path.strip_prefix(target.as_slice()) {
            if nearest
                .as_ref()
                .is_none_or(|(depth, _)| *depth < target.len())
            {
                let folder = rest
                    .iter()
                    .fold(bind.folder.clone(), |at, part| at.join(part));
                nearest = Some((target.len(), folder));
            }
        } else if let Some(below) = target.strip_prefix(path.as_slice()) {
            // A file lies in the folder before its name.
            let folders = match below.split_last() {
                Some((file, folders)) if file.ends_with(".json") => folders,
                _ => below,
            };
            let name = folders.last().copied().unwrap_or_default().to_owned();
            found.push((bind.folder.clone(), name));
        }
    }
    found.extend(nearest.map(|(_, folder)| (folder, String::new())));
    found
}

fn parts(path: &str) -> Vec<&str> {
    path.split(['/', '\\'])
        .filter(|part| !part.is_empty() && *part != ".")
        .collect()
}

/// The folders that dashboards lie in, at any depth, by their names.
struct DashboardFolders<'f> {
    by_name: BTreeMap<String, BTreeSet<PathBuf>>,
    /// The files of the dashboards.
    files: BTreeSet<&'f Path>,
}

impl<'f> DashboardFolders<'f> {
    fn new(files: &[&'f FileFacts]) -> Self {
        let mut by_name: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
        let above = common(
            files
                .iter()
                .filter_map(|facts| facts.path.as_deref()?.parent()),
        );
        let dashboards = files.iter().filter(|facts| {
            let mut dashboards = facts.dashboards.iter();
            dashboards.any(|dashboard| dashboard.home == Home::File)
        });
        let files: BTreeSet<&Path> = dashboards
            .filter_map(|facts| facts.path.as_deref())
            .collect();
        let holders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
        for holder in holders {
            for folder in holder.ancestors().take_while(|folder| *folder != above) {
                if let Some(name) = folder.file_name() {
                    let known = by_name
                        .entry(name.to_string_lossy().into_owned())
                        .or_default();
                    known.insert(folder.to_path_buf());
                }
            }
        }
        DashboardFolders { by_name, files }
    }

    /// Whether a dashboard lies in the folder, at any depth, or is this file.
    fn contains(&self, folder: &Path) -> bool {
        if self.files.contains(folder) {
            return true;
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let known = self.by_name.get(name.as_ref());
        known.is_some_and(|known| known.contains(folder))
    }

    /// The one folder whose path ends most like `path`: beside the provisioning root, else in the whole project.
    fn by_suffix(&self, path: &str, roots: &[PathBuf]) -> Option<PathBuf> {
        let path = parts(path);
        let last = *path.last()?;
        let named: Vec<(usize, &PathBuf)> = self
            .by_name
            .get(last)?
            .iter()
            .map(|folder| (alike(folder, &path), folder))
            .collect();
        let beside = |folder: &Path| {
            let mut above = roots.iter().filter_map(|root| root.parent());
            above.any(|above| folder.starts_with(above))
        };
        let near = named.iter().filter(|(_, folder)| beside(folder));
        // One equal name says little, unless it is a telling one.
        let telling = |depth: usize| depth > 1 || last.contains("dashboard");
        let far = named.iter().filter(|(depth, _)| telling(*depth));
        the_most_alike(near)
            .or_else(|| the_most_alike(far))
            .cloned()
    }
}

/// The one with the greatest number, if no other has it too.
fn the_most_alike<'f>(
    folders: impl Iterator<Item = &'f (usize, &'f PathBuf)>,
) -> Option<&'f PathBuf> {
    let mut best: Option<(usize, &PathBuf)> = None;
    let mut alone = true;
    for (depth, folder) in folders {
        match best {
            Some((most, _)) if most > *depth => {}
            Some((most, _)) if most == *depth => alone = false,
            _ => {
                best = Some((*depth, folder));
                alone = true;
            }
        }
    }
    best.filter(|_| alone).map(|(_, folder)| folder)
}

/// How many names at the end of both paths are the same.
fn alike(folder: &Path, path: &[&str]) -> usize {
    folder
        .components()
        .rev()
        .zip(path.iter().rev())
        .take_while(|(part, name)| part.as_os_str() == **name)
        .count()
}

/// The deepest folder that holds all `folders`.
fn common<'p>(mut folders: impl Iterator<Item = &'p Path>) -> &'p Path {
    let Some(first) = folders.next() else {
        return Path::new("");
    };
    folders.fold(first, |above, folder| {
        above
            .ancestors()
            .find(|above| folder.starts_with(above))
            .unwrap_or(Path::new(""))
    })
}
