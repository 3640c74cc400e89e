//! What all files of a project say together.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

mod headings;
mod repository;
mod status;

pub(crate) use repository::Repository;
pub use status::StatusColors;
pub(crate) use status::state;

use crate::color::PairCache;
use crate::config::Settings;
use crate::diagnostic::Location;
use crate::promql::{ParseError, Parsed, RegexError, check_regexes_with, regex_check};
use crate::rules::{Place, location};

use crate::model::{
    DataSourceTypes, Document, Language, NoDataSources, ParsedFile, RuleKind, data_sources,
};

/// A provisioned data source, as other files refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSourceFact {
    /// Its name.
    pub name: String,
    /// Its uid, where it is set.
    pub uid: Option<String>,
    /// Its plugin id.
    pub kind: String,
    /// It is the default one.
    pub default: bool,
}

/// A dashboard with a uid, as other files refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardFact {
    /// Its uid.
    pub uid: String,
    /// Where that stands.
    pub location: Location,
}

/// What one file adds to the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Data sources it provisions.
    pub data_sources: Vec<DataSourceFact>,
    /// Its dashboards that have a uid.
    pub dashboards: Vec<DashboardFact>,
    /// Metrics its recording rules record.
    pub recorded: Vec<String>,
    /// The colours of its value mappings, where somebody asks.
    pub status_colors: StatusColors,
}

impl FileFacts {
    /// What `file` says. `settings` say what is asked: some facts cost more than they are worth to nobody.
    pub fn collect(file: &ParsedFile, settings: &Settings) -> Self {
        let mut facts = FileFacts::default();
        let consistency = &crate::rules::accessibility::inconsistent_status_colors::RULE;
        if settings.level(consistency, &file.source.path).is_some() {
            facts.status_colors = StatusColors::collect(file);
        }
        for info in &file.documents {
            use crate::source::kind::DocKind;
            if let Some(dashboard) = file.dashboard_head(info) {
                if let (Some(node), Some(uid)) = (dashboard.uid_node(), dashboard.uid()) {
                    facts.dashboards.push(DashboardFact {
                        uid: uid.into_owned(),
                        location: location(file, Place::value(node)),
                    });
                }
                continue;
            }
            if !matches!(
                info.kind,
                DocKind::DataSources
                    | DocKind::OperatorDataSource
                    | DocKind::PrometheusRules
                    | DocKind::RuleResource
            ) {
                continue;
            }
            match file.document(info, &NoDataSources, Language::PromQl) {
                Some(Document::DataSources(root)) => {
                    facts
                        .data_sources
                        .extend(data_sources(root).filter_map(|source| {
                            Some(DataSourceFact {
                                name: source.name()?.into_owned(),
                                uid: source.uid().map(Cow::into_owned),
                                kind: source.kind()?.into_owned(),
                                default: source.is_default(),
                            })
                        }));
                }
                Some(Document::Rules(rules)) => {
                    let records = rules
                        .rules
                        .iter()
                        .filter(|rule| rule.kind == RuleKind::Record);
                    facts
                        .recorded
                        .extend(records.filter_map(|rule| rule.name()).map(Cow::into_owned));
                }
                _ => {}
            }
        }
        facts
    }
}

/// Verdicts on regular expressions, by pattern, in shards so that threads seldom wait for each other.
#[derive(Debug, Default)]
struct Regexes {
    shards: [Mutex<Verdicts>; 16],
}

type Verdicts = FxHashMap<Box<str>, Result<(), RegexError>>;

impl Regexes {
    fn check(&self, pattern: &str) -> Result<(), RegexError> {
        let shard = FxBuildHasher.hash_one(pattern) as usize % self.shards.len();
        let lock = || {
            self.shards[shard]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(pattern) {
            return known.clone();
        }
        let verdict = regex_check(pattern);
        lock().insert(pattern.into(), verdict.clone());
        verdict
    }
}

/// What is known of a project after all its files were looked at once.
#[derive(Debug, Default)]
pub struct Project {
    /// Type by name and by uid; `None` where two instances disagree.
    types: FxHashMap<String, Option<String>>,
    default_type: Option<String>,
    recorded: FxHashSet<String>,
    status_colors: StatusColors,
    /// Where the dashboards stand, by uid, in order.
    dashboards: FxHashMap<String, Vec<Location>>,
    colors: PairCache,
    regexes: Regexes,
    units: crate::units::Cache,
    repositories: repository::Repositories,
}

impl Project {
    /// Pairs of colours measured so far: each is measured once a run.
    pub fn colors(&self) -> &PairCache {
        &self.colors
    }

    /// What the queries are, inferred once for each distinct text.
    pub fn units(&self) -> &crate::units::Cache {
        &self.units
    }

    /// The checkout that a file lies in.
    pub(crate) fn repository(
        &self,
        file: &std::path::Path,
        fallback: &std::path::Path,
    ) -> std::sync::Arc<Repository> {
        self.repositories
            .of(file.parent().unwrap_or(fallback), fallback)
    }

    /// The facts of all files together. The order of the files does not matter.
    pub fn reduce<'f>(files: impl IntoIterator<Item = &'f FileFacts>) -> Self {
        let mut project = Project::default();
        let mut defaults: Vec<String> = Vec::new();
        for facts in files {
            for source in &facts.data_sources {
                for key in [Some(&source.name), source.uid.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    project
                        .types
                        .entry(key.clone())
                        .and_modify(|known| {
                            if known.as_deref() != Some(&source.kind) {
                                *known = None;
                            }
                        })
                        .or_insert_with(|| Some(source.kind.clone()));
                }
                if source.default {
                    defaults.push(source.kind.clone());
                }
            }
            for dashboard in &facts.dashboards {
                project
                    .dashboards
                    .entry(dashboard.uid.clone())
                    .or_default()
                    .push(dashboard.location.clone());
            }
            project.recorded.extend(facts.recorded.iter().cloned());
            project.status_colors.join(&facts.status_colors);
        }
        for places in project.dashboards.values_mut() {
            places.sort_by(|a, b| (&a.file, a.span().start).cmp(&(&b.file, b.span().start)));
        }
        defaults.sort();
        defaults.dedup();
        if let [only] = defaults.as_slice() {
            project.default_type = Some(only.clone());
        }
        project
    }

    /// The regular expressions of a query that RE2 refuses; each distinct pattern is looked at once a run.
    pub fn regex_errors(&self, parsed: &Parsed) -> Vec<ParseError> {
        check_regexes_with(parsed, |pattern| self.regexes.check(pattern))
    }

    /// In which colours the project's dashboards show the same words.
    pub fn status_colors(&self) -> &StatusColors {
        &self.status_colors
    }

    /// Where dashboards of this uid stand, in order of the files' names.
    pub fn dashboards(&self, uid: &str) -> &[Location] {
        self.dashboards.get(uid).map_or(&[], Vec::as_slice)
    }

    /// How many uids its dashboards have.
    pub fn dashboard_count(&self) -> usize {
        self.dashboards.len()
    }

    /// Whether a recording rule of the project records this metric.
    pub fn records(&self, metric: &str) -> bool {
        self.recorded.contains(metric)
    }
}

impl DataSourceTypes for Project {
    fn of(&self, uid_or_name: &str) -> Option<Cow<'_, str>> {
        self.types.get(uid_or_name)?.as_deref().map(Cow::Borrowed)
    }

    fn default_type(&self) -> Option<Cow<'_, str>> {
        self.default_type.as_deref().map(Cow::Borrowed)
    }
}
