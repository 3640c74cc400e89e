//! How far a reference of a document reaches: to its own Grafana where that is certain, else to the whole project.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Project;
use super::auto_uid::auto_uid;
use super::facts::{DashboardFact, DataSourceFact};
use super::instance::{Belonging, ProviderFolders, Stored};
use super::names::NameKind;
use crate::diagnostic::Location;
use crate::model::DataSourceTypes;

/// The data sources that belong together.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Type by name and by uid; `None` where two disagree.
    types: FxHashMap<String, Option<String>>,
    /// The types of the default ones, sorted.
    defaults: Vec<String>,
    uids: FxHashSet<String>,
    /// The environment says what one of them is called: it may be anything.
    open: bool,
    /// What people call them: the uids that are set, else the names.
    shown: FxHashSet<String>,
    /// Those without a uid of their own, by name in small letters: name and the uid that Grafana makes up.
    unset: FxHashMap<String, (String, String)>,
}

impl Sources {
    pub(super) fn add(&mut self, source: &DataSourceFact) {
        let uid = source.uid.clone().unwrap_or_else(|| {
            let uid = auto_uid(&source.name);
            let names = (source.name.clone(), uid.clone());
            self.unset.insert(source.name.to_lowercase(), names);
            uid
        });
        self.open |= source.name.contains('$') || uid.contains('$');
        self.uids.insert(uid.clone());
        let shown = source.uid.as_ref().unwrap_or(&source.name);
        self.shown.insert(shown.clone());
        for key in [source.name.clone(), uid] {
            self.types
                .entry(key)
                .and_modify(|known| {
                    if known.as_deref() != Some(&source.kind) {
                        *known = None;
                    }
                })
                .or_insert_with(|| Some(source.kind.clone()));
        }
        if source.default
            && let Err(at) = self.defaults.binary_search(&source.kind)
        {
            self.defaults.insert(at, source.kind.clone());
        }
    }

    /// Whether one of them has this uid or name, or may have.
    pub(super) fn knows(&self, uid_or_name: &str) -> bool {
        self.open || self.types.contains_key(uid_or_name)
    }

    fn of(&self, uid_or_name: &str) -> Option<&str> {
        self.types.get(uid_or_name)?.as_deref()
    }

    fn default_type(&self) -> Option<&str> {
        match self.defaults.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// A dashboard of the project, and where it belongs.
#[derive(Debug)]
pub(super) struct KnownDashboard {
    pub(super) uid: Option<String>,
    /// Where its uid stands, else its title.
    pub(super) location: Location,
    /// Where its title stands.
    pub(super) title: Option<Location>,
    /// The ids of its panels.
    pub(super) panels: Arc<[i64]>,
    pub(super) belonging: Belonging,
}

impl KnownDashboard {
    pub(super) fn new(fact: &DashboardFact, belonging: &Belonging) -> Self {
        KnownDashboard {
            uid: fact.uid.clone(),
            location: fact.location.clone(),
            title: fact.title.as_ref().map(|(_, location)| location.clone()),
            panels: fact.panels.clone(),
            belonging: belonging.clone(),
        }
    }
}

/// Dashboards like one that is looked at.
#[derive(Debug, Default)]
pub struct Twins<'p> {
    /// Those that one Grafana certainly reads besides it.
    pub certain: Vec<&'p Location>,
    /// Those of which it is not known.
    pub possible: Vec<&'p Location>,
}

/// How certain it is that a reference leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The Grafana that reads the document is given such things by files, and this is not among them.
    Certainly,
    /// The project has such things, but which Grafana reads what is not known.
    Possibly,
}

/// Whether two files in different folders have the same name.
fn named_alike(a: &Location, b: &Location) -> bool {
    let last = |path| str::rsplit(path, '/').next();
    a.file != b.file && last(&a.file) == last(&b.file)
}

/// What a document's references are judged against.
#[derive(Debug)]
pub struct Reach<'p> {
    project: &'p Project,
    belonging: Belonging,
}

impl<'p> Reach<'p> {
    pub(super) fn new(project: &'p Project, belonging: Belonging) -> Self {
        Reach { project, belonging }
    }

    /// Whether a Grafana certainly reads the dashboard from a file: a provider's path leads to it, or a chart writes it.
    pub fn is_provisioned(&self) -> bool {
        !self.belonging.stored.is_empty()
    }

    /// Where a provider's path leads in its Grafana.
    pub fn provider(&self, path: &str) -> Option<&'p ProviderFolders> {
        let instance = *self.belonging.instances.first()?;
        let instance = self.project.instances().get(instance)?;
        instance
            .providers
            .iter()
            .find(|provider| provider.path == path)
    }

    /// Other dashboards with the same uid, but for those that belong to other Grafanas.
    pub fn same_uid(&self, uid: &str, here: &Location) -> Twins<'p> {
        let mut twins = Twins::default();
        let same = self.project.dashboards_by_uid(uid).iter();
        for other in same.filter(|other| !other.location.is_same_value(here)) {
            match self.beside(&other.belonging) {
                Some(true) => twins.certain.push(&other.location),
                // Of copies of a file each is for a place of its own: a version, an environment.
                None if named_alike(here, &other.location) => {}
                None => twins.possible.push(&other.location),
                Some(false) => {}
            }
        }
        twins
    }

    /// Other dashboards with the same title in the same folder of the same Grafana, but for those that have the same uid too.
    pub fn same_title(&self, title: &str, uid: Option<&str>, here: &Location) -> Vec<&'p Location> {
        let mut found: Vec<&Location> = Vec::new();
        for stored in &self.belonging.stored {
            let same = self.project.dashboards_by_title(stored, title).iter();
            let same = same.filter(|other| {
                let itself = other
                    .title
                    .as_ref()
                    .is_some_and(|title| title.is_same_value(here));
                !itself && (uid.is_none() || other.uid.as_deref() != uid)
            });
            found.extend(same.filter_map(|other| other.title.as_ref()));
        }
        found.dedup();
        found
    }

    /// Whether both are stored in one organisation of one Grafana; `None` where that is not known.
    fn beside(&self, other: &Belonging) -> Option<bool> {
        let own = &self.belonging;
        let both = |a: &Stored| other.stored.iter().any(|b| a.beside(b));
        if own.stored.iter().any(both) {
            return Some(true);
        }
        if own.instances.is_empty() || other.instances.is_empty() {
            return None;
        }
        let shared = own
            .instances
            .iter()
            .any(|instance| other.instances.contains(instance));
        let known = !own.stored.is_empty() && !other.stored.is_empty();
        (!shared || known).then_some(false)
    }

    /// Whether no dashboard with this uid has a panel with this id; `None` where one has, or where no such dashboard is known.
    pub fn missing_panel(&self, uid: &str, panel: i64) -> Option<Missing> {
        let same = self.project.dashboards_by_uid(uid);
        // Another Grafana's dashboard is another one.
        let own = |other: &&KnownDashboard| {
            let instances = &self.belonging.instances;
            let mut others = other.belonging.instances.iter();
            others.any(|instance| instances.contains(instance))
        };
        let certain = same.iter().any(|other| own(&other));
        let mut meant = same
            .iter()
            .filter(|other| !certain || own(other))
            .peekable();
        meant.peek()?;
        let missing = !meant.any(|other| other.panels.contains(&panel));
        missing.then_some(match certain {
            true => Missing::Certainly,
            false => Missing::Possibly,
        })
    }

    /// Whether nothing that it could mean is called `name`; `None` where it is, or where that cannot be judged because
    /// the project has no such thing at all.
    pub fn missing(&self, kind: NameKind, name: &str) -> Option<Missing> {
        let names = &self.project.names;
        let instances = self.belonging.instances.iter();
        let mut own = instances
            .filter(|instance| names.any(Some(**instance), kind))
            .peekable();
        if own.peek().is_none() {
            let missing = names.any(None, kind) && !names.has(None, kind, name);
            return missing.then_some(Missing::Possibly);
        }
        let found = own.any(|instance| names.has(Some(*instance), kind, name));
        (!found).then_some(Missing::Certainly)
    }

    /// Whether its Grafana is given data sources by files.
    pub fn provisions_sources(&self) -> bool {
        !self.own_sources().is_empty()
    }

    /// Whether a data source that it could mean has this uid or, unless `by_uid`, this name, or may have.
    pub fn knows_source(&self, name: &str, by_uid: bool) -> bool {
        self.sources().iter().any(|sources| {
            let known = match by_uid {
                true => sources.uids.contains(name),
                false => sources.types.contains_key(name),
            };
            known || sources.open
        })
    }

    /// The same as `missing` of a data source.
    pub fn missing_source(&self, name: &str, by_uid: bool) -> Option<Missing> {
        let certain = self.provisions_sources();
        let any = certain || !self.project.sources.types.is_empty();
        if !any || self.knows_source(name, by_uid) {
            return None;
        }
        Some(match certain {
            true => Missing::Certainly,
            false => Missing::Possibly,
        })
    }

    /// The data source of this name, but for small and capital letters, that sets no uid: its name, and the uid that
    /// Grafana makes up for it.
    pub fn source_without_uid(&self, name: &str) -> Option<(&'p str, &'p str)> {
        let name = name.to_lowercase();
        let mut sources = self.sources().into_iter();
        let (name, uid) = sources.find_map(|sources| sources.unset.get(&name))?;
        Some((name, uid))
    }

    /// What the data sources are called that `missing_source` looks at.
    pub fn source_names(&self) -> Vec<&'p str> {
        let sources = self.sources();
        let names = sources.into_iter().flat_map(|sources| &sources.shown);
        let mut names: Vec<&str> = names.map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What the things of a kind are called that `missing` looks at.
    pub fn names(&self, kind: NameKind) -> Vec<&'p str> {
        let names = &self.project.names;
        let mut own: Vec<Option<usize>> =
            self.belonging.instances.iter().copied().map(Some).collect();
        own.retain(|instance| names.any(*instance, kind));
        if own.is_empty() {
            own.push(None);
        }
        let mut found: Vec<&str> = own
            .into_iter()
            .flat_map(|instance| names.all(instance, kind))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn own_sources(&self) -> Vec<&'p Sources> {
        let instances = self.belonging.instances.iter();
        instances
            .filter_map(|instance| self.project.instance_sources(*instance))
            .collect()
    }

    /// The data sources of its Grafanas; of the whole project where none of them provisions any.
    fn sources(&self) -> Vec<&'p Sources> {
        let own = self.own_sources();
        match own.is_empty() {
            true => vec![&self.project.sources],
            false => own,
        }
    }

    fn agreed(&self, answer: impl Fn(&'p Sources) -> Option<&'p str>) -> Option<Cow<'p, str>> {
        let mut answers = self.sources().into_iter().map(answer);
        let first = answers.next()??;
        answers
            .all(|other| other == Some(first))
            .then_some(Cow::Borrowed(first))
    }
}

impl DataSourceTypes for Reach<'_> {
    fn of(&self, uid_or_name: &str) -> Option<Cow<'_, str>> {
        self.agreed(|sources| sources.of(uid_or_name))
    }

    fn certainly(&self, uid_or_name: &str) -> Option<Cow<'_, str>> {
        let instances = self.belonging.instances.iter();
        let own = instances.filter_map(|instance| self.project.instance_sources(*instance));
        let mut answers = own.map(|sources| sources.of(uid_or_name));
        let first = answers.next()??;
        let agreed = answers.all(|other| other == Some(first));
        agreed.then_some(Cow::Borrowed(first))
    }

    fn default_type(&self) -> Option<Cow<'_, str>> {
        self.agreed(Sources::default_type)
    }
}
