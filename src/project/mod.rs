//! What all files of a project say together.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

mod alert_bounds;
mod auto_uid;
mod claims;
mod container;
mod definitions;
mod facts;
mod headings;
mod instance;
mod names;
mod overlap;
mod reach;
mod recorded;
mod records;
mod repository;
mod scrape;
mod shown;
mod status;

pub use alert_bounds::{AlertBound, AlertBounds};
pub use claims::{Claim, Claimed};
pub(crate) use claims::{claims_of, shared_folder};
pub use container::{Bind, Container};
pub use definitions::Recordings;
pub use facts::{DashboardFact, DataSourceFact, FileFacts, Home, ProviderFact};
pub use instance::{Instance, ProviderFolders};
pub use names::{NameFact, NameKind};
pub use reach::{Missing, Reach, Twins};
pub use recorded::RecordedFact;
pub use records::{RecordedExpression, Records};
pub(crate) use repository::Repository;
pub use scrape::{ScrapeFact, ScrapeIntervals};
pub use shown::{Disagreements, ShownDifferently, ShownFacts, Usual};
pub(crate) use shown::{measured_by, unit_kind, words_of_measured};
pub use status::StatusColors;
pub(crate) use status::state;

use crate::color::PairCache;
use crate::config;
use crate::model::{DocumentInfo, ParsedFile};
use crate::promql::flow::{Definitions, Recorded};
use crate::promql::{ParseError, Parsed, RegexError, check_regexes_with, regex_check};
use crate::units::KnownMetrics;

use claims::Claims;
use instance::{Belonging, Instances, Stored};
use names::Names;
use reach::{KnownDashboard, Sources};

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
    claims: Claims,
    instances: Instances,
    /// The data sources of all files.
    sources: Sources,
    /// Those of each instance that provisions any.
    instance_sources: FxHashMap<usize, Sources>,
    /// What contact points, folders and the like are called, in all files and in each instance.
    names: Names,
    /// The rules that record a metric.
    recorded: FxHashMap<String, Vec<Arc<RecordedFact>>>,
    /// The same by their expressions.
    records: Records,
    /// The recorded metrics by what stands before the first colon of their names, sorted.
    levels: FxHashMap<String, Vec<String>>,
    definitions: Recordings,
    scrapes: ScrapeIntervals,
    status_colors: StatusColors,
    shown: ShownDifferently,
    alert_bounds: AlertBounds,
    /// The dashboards by uid, in order of their places.
    dashboards: FxHashMap<String, Vec<KnownDashboard>>,
    /// The provisioned ones by where they are stored and their title, in order of their places.
    titles: FxHashMap<Stored, FxHashMap<String, Vec<KnownDashboard>>>,
    colors: PairCache,
    regexes: Regexes,
    units: crate::units::Cache,
    repositories: repository::Repositories,
    /// What it was before the change that is looked at.
    before: Option<Arc<Project>>,
}

/// What one file gives and others name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removable {
    /// A dashboard, by its uid.
    Dashboard,
    /// A data source, by its uid or name.
    DataSource,
    /// A contact point of Grafana alerting.
    ContactPoint,
    /// A metric that a rule records.
    Metric,
}

impl Project {
    /// Pairs of colours measured so far: each is measured once a run.
    pub fn colors(&self) -> &PairCache {
        &self.colors
    }

    /// The project with what users say of their metrics.
    #[must_use]
    pub fn with_metrics(mut self, known: KnownMetrics) -> Self {
        self.units = crate::units::Cache::new(known);
        self
    }

    /// The project with what it was before a change.
    #[must_use]
    pub fn compared_with(mut self, before: Arc<Project>) -> Self {
        self.before = Some(before);
        self
    }

    /// Whether it is known what it was before.
    pub fn is_compared(&self) -> bool {
        self.before.is_some()
    }

    /// Whether some file gave this before, and none does now.
    pub fn has_lost(&self, what: Removable, name: &str) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|before| before.gives(what, name)) && !self.gives(what, name)
    }

    /// Whether some file gives this, or may.
    fn gives(&self, what: Removable, name: &str) -> bool {
        match what {
            Removable::Dashboard => self.has_dashboard(name),
            Removable::DataSource => self.sources.knows(name),
            Removable::ContactPoint => self.names.has(None, NameKind::ContactPoint, name),
            Removable::Metric => self.records(name),
        }
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

    /// The facts of all files together, and the instances that are configured. The order of the files does not matter.
    pub fn reduce<'f>(
        files: impl IntoIterator<Item = &'f FileFacts>,
        configured: &[config::Instance],
    ) -> Self {
        let files: Vec<&FileFacts> = files.into_iter().collect();
        let recorded = files.iter().flat_map(|facts| &facts.recorded);
        let (mut project, definitions) = rayon::join(
            || Project::gather(&files, configured),
            || Recordings::new(recorded.map(Arc::as_ref)),
        );
        project.definitions = definitions;
        project
    }

    /// All but what the recorded metrics are by their definitions.
    fn gather(files: &[&FileFacts], configured: &[config::Instance]) -> Self {
        let mut project = Project {
            instances: Instances::find(files, configured),
            scrapes: ScrapeIntervals::new(files.iter().flat_map(|facts| &facts.scrapes)),
            shown: ShownDifferently::new(files.iter().map(|facts| (&facts.display, &facts.shown))),
            alert_bounds: AlertBounds::new(files.iter().flat_map(|facts| &facts.alert_bounds)),
            ..Project::default()
        };
        for facts in files {
            project.add(facts);
        }
        for metric in project.recorded.keys() {
            if let Some((level, _)) = metric.split_once(':') {
                let known = project.levels.entry(level.to_owned()).or_default();
                known.push(metric.clone());
            }
        }
        project.levels.values_mut().for_each(|known| known.sort());
        let titles = project.titles.values_mut().flat_map(FxHashMap::values_mut);
        for known in project.dashboards.values_mut().chain(titles) {
            known.sort_by(|a, b| {
                let key = |one: &KnownDashboard| one.location.span().start;
                (&a.location.file, key(a)).cmp(&(&b.location.file, key(b)))
            });
        }
        project
    }

    fn add(&mut self, facts: &FileFacts) {
        for source in &facts.data_sources {
            self.sources.add(source);
            for instance in self.belonging(facts, &source.home).instances {
                let own = self.instance_sources.entry(instance).or_default();
                own.add(source);
            }
        }
        facts.claims.iter().for_each(|claim| self.claims.add(claim));
        for fact in &facts.names {
            let belonging = self.belonging(facts, &fact.home);
            self.names.add(fact, &belonging.instances);
        }
        for dashboard in &facts.dashboards {
            let belonging = self.belonging(facts, &dashboard.home);
            if let Some((title, _)) = &dashboard.title {
                for stored in &belonging.stored {
                    let titles = self.titles.entry(stored.clone()).or_default();
                    let same = titles.entry(title.clone()).or_default();
                    same.push(KnownDashboard::new(dashboard, &belonging));
                }
            }
            if let Some(uid) = &dashboard.uid {
                let same = self.dashboards.entry(uid.clone()).or_default();
                same.push(KnownDashboard::new(dashboard, &belonging));
            }
        }
        for fact in &facts.recorded {
            let places = self.recorded.entry(fact.metric.clone()).or_default();
            places.push(fact.clone());
            self.records.add(fact);
        }
        self.status_colors.join(&facts.status_colors);
    }

    fn belonging(&self, facts: &FileFacts, home: &Home) -> Belonging {
        self.instances.of(facts.path.as_deref(), home)
    }

    /// Where something was claimed first, of what the data sources in a folder and an organization claim.
    pub fn first_claim(
        &self,
        folder: &std::path::Path,
        org: i64,
        claimed: &Claimed,
    ) -> Option<&crate::diagnostic::Location> {
        self.claims.first(folder, org, claimed)
    }

    /// The Grafanas whose files the project has.
    pub fn instances(&self) -> &[Instance] {
        self.instances.list()
    }

    /// How far a reference reaches of which it is not known where it stands.
    pub fn reach_of_nothing(&self) -> Reach<'_> {
        Reach::new(self, Belonging::default())
    }

    /// How far the references of a document reach.
    pub fn reach(&self, file: &ParsedFile, info: &DocumentInfo) -> Reach<'_> {
        let belonging = match self.instances() {
            [] => Belonging::default(),
            _ => self
                .instances
                .of(file.source.location.as_deref(), &Home::of(file, info)),
        };
        Reach::new(self, belonging)
    }

    /// Another provider of dashboards of the same Grafana that reads what the one at this place reads too.
    pub fn overlapping_provider(
        &self,
        here: &crate::diagnostic::Location,
    ) -> Option<&crate::diagnostic::Location> {
        self.instances.overlapping(here)
    }

    fn instance_sources(&self, instance: usize) -> Option<&Sources> {
        self.instance_sources.get(&instance)
    }

    fn dashboards_by_uid(&self, uid: &str) -> &[KnownDashboard] {
        self.dashboards.get(uid).map_or(&[], Vec::as_slice)
    }

    fn dashboards_by_title(&self, stored: &Stored, title: &str) -> &[KnownDashboard] {
        let titles = self.titles.get(stored);
        titles
            .and_then(|titles| titles.get(title))
            .map_or(&[], Vec::as_slice)
    }

    /// The regular expressions of a query that RE2 refuses; each distinct pattern is looked at once a run.
    pub fn regex_errors(&self, parsed: &Parsed) -> Vec<ParseError> {
        check_regexes_with(parsed, |pattern| self.regexes.check(pattern))
    }

    /// In which colours the project's dashboards show the same words.
    pub fn status_colors(&self) -> &StatusColors {
        &self.status_colors
    }

    /// Which queries its panels show differently.
    pub fn shown_differently(&self) -> &ShownDifferently {
        &self.shown
    }

    /// The values at which its alerts fire.
    pub fn alert_bounds(&self) -> &AlertBounds {
        &self.alert_bounds
    }

    /// Whether several dashboards of the project have this uid.
    pub fn shares_uid(&self, uid: &str) -> bool {
        self.dashboards_by_uid(uid).len() > 1
    }

    /// Whether a dashboard of the project has this uid.
    pub fn has_dashboard(&self, uid: &str) -> bool {
        self.dashboards.contains_key(uid)
    }

    /// How many uids its dashboards have.
    pub fn dashboard_count(&self) -> usize {
        self.dashboards.len()
    }

    /// How often its data sources are scraped.
    pub fn scrape_intervals(&self) -> &ScrapeIntervals {
        &self.scrapes
    }

    /// What its recorded metrics are by their definitions.
    pub fn definitions(&self) -> &Recordings {
        &self.definitions
    }

    /// Whether a recording rule of the project records this metric.
    pub fn records(&self, metric: &str) -> bool {
        self.recorded.contains_key(metric)
    }

    /// The rules that record this metric.
    pub fn rules_recording(&self, metric: &str) -> &[Arc<RecordedFact>] {
        self.recorded.get(metric).map_or(&[], Vec::as_slice)
    }

    /// Whether any rule of the project records anything.
    pub fn has_recordings(&self) -> bool {
        !self.recorded.is_empty()
    }

    /// What its recording rules record, by their expressions.
    pub fn recorded_expressions(&self) -> &Records {
        &self.records
    }

    /// The recorded metrics of one level, which is what stands before the first colon of their names.
    pub fn recorded_at(&self, level: &str) -> &[String] {
        self.levels.get(level).map_or(&[], Vec::as_slice)
    }
}

impl Definitions for Project {
    fn recorded(&self, metric: &str) -> Option<&Recorded> {
        self.definitions.recorded(metric)
    }
}
