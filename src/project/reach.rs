//! How far a reference of a document reaches: to its own Grafana where that is certain, else to the whole project.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::Project;
use super::facts::{DashboardFact, DataSourceFact};
use super::instance::{Belonging, Stored};
use crate::diagnostic::Location;
use crate::model::DataSourceTypes;

/// The data sources that belong together.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Type by name and by uid; `None` where two disagree.
    types: FxHashMap<String, Option<String>>,
    /// The types of the default ones, sorted.
    defaults: Vec<String>,
}

impl Sources {
    pub(super) fn add(&mut self, source: &DataSourceFact) {
        for key in [Some(&source.name), source.uid.as_ref()]
            .into_iter()
            .flatten()
        {
            self.types
                .entry(key.clone())
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
    pub(super) belonging: Belonging,
}

impl KnownDashboard {
    pub(super) fn new(fact: &DashboardFact, belonging: &Belonging) -> Self {
        KnownDashboard {
            uid: fact.uid.clone(),
            location: fact.location.clone(),
            title: fact.title.as_ref().map(|(_, location)| location.clone()),
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

    /// Other dashboards with the same uid, but for those that belong to other Grafanas.
    pub fn same_uid(&self, uid: &str, here: &Location) -> Twins<'p> {
        let mut twins = Twins::default();
        let same = self.project.dashboards_by_uid(uid).iter();
        for other in same.filter(|other| other.location != *here) {
            match self.beside(&other.belonging) {
                Some(true) => twins.certain.push(&other.location),
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
                other.title.as_ref() != Some(here) && (uid.is_none() || other.uid.as_deref() != uid)
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

    /// The data sources of its Grafanas; of the whole project where none of them provisions any.
    fn sources(&self) -> Vec<&'p Sources> {
        let own: Vec<&Sources> = self
            .belonging
            .instances
            .iter()
            .filter_map(|instance| self.project.instance_sources(*instance))
            .collect();
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

    fn default_type(&self) -> Option<Cow<'_, str>> {
        self.agreed(Sources::default_type)
    }
}
