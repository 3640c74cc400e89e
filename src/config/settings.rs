//! What counts for the files of one folder, when everything is put together.

mod levels;

pub use levels::Levels;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use globset::GlobSet;
use rustc_hash::FxHashMap;

use self::levels::apply;
use super::budget::{Budget, Limits, limits};
use super::check::without_effect;
use super::files::{Base, globs};
use super::ignore::{Ignore, any_runs};
use super::instance::Instance;
use super::names::{Catalogue, Selector};
use super::parts::{Extend, Parts, PerFile};
use super::runbooks::Runbooks;
use super::selection::Selection;
use super::values::{Dialect, Names, Theme, Version};
use crate::color::Deficiency;
use crate::cost::SeriesCounts;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, Severity};
use crate::inventory::Inventory;
use crate::model::Language;
use crate::policy::PolicySet;
use crate::promql::{MetricKind, kind_by_name};
use crate::rules::{OptionValue, Rule};
use crate::units::KnownMetrics;

/// The resolved configuration of a folder: built once, asked for every rule and file.
#[derive(Debug)]
pub struct Settings {
    pub(crate) base: Base,
    pub(crate) catalogue: Catalogue,
    /// Every file and preset it is made of, the weakest first.
    pub(crate) chain: Vec<Arc<Parts>>,
    selection: Selection,
    /// By position of the rule: whether it runs, where no `per-file-severity` says otherwise.
    levels: Vec<Option<Severity>>,
    /// Before the command line.
    configured: Vec<Option<Severity>>,
    /// Who said so.
    pub(crate) origins: Vec<Option<usize>>,
    pub(crate) options: FxHashMap<(usize, &'static str), (OptionValue, usize)>,
    per_file: Vec<Arc<PerFile>>,
    ignores: Vec<Arc<Ignore>>,
    exclude: Vec<(Base, GlobSet)>,
    include: Vec<(Base, GlobSet)>,
    /// The file with the findings that were there before, absolute.
    pub baseline: Option<PathBuf>,
    /// The Grafana the dashboards are for.
    pub grafana: Option<Version>,
    /// The Prometheus the queries are for.
    pub prometheus: Option<Version>,
    /// What metrics there are.
    pub inventory: Inventory,
    names: Option<Names>,
    /// What is said of metrics, by patterns of their names.
    pub metrics: KnownMetrics,
    /// Numbers of series that were counted on a server.
    pub series: SeriesCounts,
    /// Files with policies, and packs of them.
    pub policies: Vec<PathBuf>,
    /// Packs of policies that come with the program.
    pub packs: Vec<String>,
    policy_set: Arc<PolicySet>,
    /// By position of the policies' rules, where no `per-file-severity` says otherwise.
    policy_levels: Vec<Option<Severity>>,
    budgets: Vec<Arc<Budget>>,
    /// Which folders belong to which Grafana, absolute.
    pub instances: Vec<Instance>,
    /// The theme colours are judged in.
    pub theme: Theme,
    /// Whose eyes colours are judged by.
    pub deficiencies: Vec<Deficiency>,
    /// The language of queries.
    pub dialect: Dialect,
    /// How often metrics are scraped, in seconds, where it is configured.
    pub scrape_interval: Option<f64>,
    /// How long samples are kept, in seconds, where it is configured.
    pub retention: Option<f64>,
    /// What is asked of runbooks.
    pub runbooks: Runbooks,
}

impl Default for Settings {
    /// The preset `recommended` and nothing else.
    fn default() -> Self {
        super::Configs::isolated(Selection::default()).base_settings()
    }
}

impl Settings {
    /// Puts the files of `chain` together.
    pub(crate) fn new(
        chain: Vec<Arc<Parts>>,
        base: Base,
        catalogue: Catalogue,
        selection: Selection,
    ) -> Self {
        let count = catalogue.rules().len();
        let mut settings = Settings {
            base,
            levels: Vec::new(),
            configured: catalogue
                .rules()
                .iter()
                .map(|rule| Some(rule.severity))
                .collect(),
            origins: vec![None; count],
            options: FxHashMap::default(),
            catalogue,
            selection,
            per_file: Vec::new(),
            ignores: Vec::new(),
            exclude: Vec::new(),
            include: Vec::new(),
            baseline: None,
            grafana: None,
            prometheus: None,
            inventory: Inventory::default(),
            names: None,
            metrics: KnownMetrics::default(),
            series: SeriesCounts::default(),
            policies: Vec::new(),
            packs: Vec::new(),
            policy_set: Arc::default(),
            policy_levels: Vec::new(),
            budgets: Vec::new(),
            instances: Vec::new(),
            theme: Theme::default(),
            deficiencies: Deficiency::RED_GREEN.to_vec(),
            dialect: Dialect::default(),
            scrape_interval: None,
            retention: None,
            runbooks: Runbooks::default(),
            chain: Vec::new(),
        };
        for (at, parts) in chain.iter().enumerate() {
            settings.add_rules(parts, at);
            settings.add(parts);
        }
        settings.levels = settings.configured.clone();
        settings.chain = chain;
        let mut levels = std::mem::take(&mut settings.levels);
        settings.select(&mut levels);
        settings.levels = levels;
        settings
    }

    /// The lines of one `[rules]`: `all`, then groups, then rules, whatever order they stand in.
    fn add_rules(&mut self, parts: &Parts, origin: usize) {
        let rules = self.catalogue.rules();
        let mut entries: Vec<_> = parts.rules.iter().collect();
        entries.sort_by(|a, b| a.selector.cmp(&b.selector));
        for entry in entries {
            let one = match &entry.selector {
                Selector::Rule(id) => match self.catalogue.position(id) {
                    Some(at) => at..at + 1,
                    None => continue,
                },
                _ => 0..rules.len(),
            };
            for at in one {
                let rule = rules[at];
                if !entry.selector.matches(rule.id, rule.group) {
                    continue;
                }
                if let Some(level) = entry.level {
                    self.configured[at] = apply(level, self.configured[at], rule.severity);
                    self.origins[at] = Some(origin);
                }
                for (name, value) in &entry.options {
                    self.options.insert((at, name), (value.clone(), origin));
                }
            }
        }
    }

    fn add(&mut self, parts: &Parts) {
        let folder = parts.base.root();
        self.per_file.extend(parts.per_file.iter().cloned());
        self.ignores.extend(parts.ignores.iter().cloned());
        for (list, patterns) in [
            (&mut self.exclude, &parts.exclude),
            (&mut self.include, &parts.include),
        ] {
            if !patterns.is_empty() {
                let set = globs(patterns.iter().map(String::as_str));
                list.push((parts.base.clone(), set));
            }
        }
        self.grafana = parts.grafana.or(self.grafana);
        self.prometheus = parts.prometheus.or(self.prometheus);
        self.inventory.join(&parts.inventory);
        self.names = parts.names.or(self.names);
        self.metrics.join(&parts.metrics);
        self.series.join(&parts.series);
        for (extend, _) in &parts.extends {
            match extend {
                Extend::Pack(name) => self.packs.push(name.clone()),
                Extend::File(file) if !file.ends_with(".toml") => {
                    self.policies.push(folder.join(file));
                }
                _ => {}
            }
        }
        self.budgets.extend(parts.budgets.iter().cloned());
        self.instances.extend(parts.instances.iter().cloned());
        self.theme = parts.theme.unwrap_or(self.theme);
        if let Some(deficiencies) = &parts.deficiencies {
            self.deficiencies.clone_from(deficiencies);
        }
        self.dialect = parts.dialect.unwrap_or(self.dialect);
        self.scrape_interval = parts.scrape_interval.or(self.scrape_interval);
        self.retention = parts.retention.or(self.retention);
        if parts.baseline.is_some() {
            self.baseline.clone_from(&parts.baseline);
        }
        let given = &parts.runbooks;
        let runbooks = &mut self.runbooks;
        if let Some(required) = &given.required {
            runbooks.required.clone_from(required);
        }
        if let Some(pattern) = &given.pattern {
            runbooks.pattern = Some(pattern.clone());
        }
        runbooks.panels = given.panels.unwrap_or(runbooks.panels);
        if let Some(short_links) = &given.short_links {
            runbooks.short_links.clone_from(short_links);
        }
        if let Some(hosts) = &given.allow_hosts {
            runbooks.allow_hosts.clone_from(hosts);
        }
    }

    /// The settings with the rules of these policies.
    pub(crate) fn with_policies(mut self, set: PolicySet) -> Self {
        self.policy_levels = self.levels_of(&set, "");
        self.policy_set = Arc::new(set);
        self
    }

    /// The rules of policies, besides the native ones.
    pub fn policy_set(&self) -> &Arc<PolicySet> {
        &self.policy_set
    }

    /// A rule's option: what is configured, else its default. An option the rule does not have is `false`.
    pub fn option(&self, rule: &Rule, name: &str) -> OptionValue {
        let Some(spec) = rule.options.iter().find(|spec| spec.name == name) else {
            return OptionValue::Bool(false);
        };
        self.catalogue
            .position(rule.id)
            .and_then(|at| self.options.get(&(at, spec.name)))
            .map_or_else(|| spec.default.into(), |(value, _)| value.clone())
    }

    /// What the dashboard `uid` in `file`, as reports show it, may cost.
    pub fn limits(&self, file: &str, uid: Option<&str>) -> Limits {
        limits(&self.budgets, file, uid)
    }

    /// What a metric counts: as the configuration or the inventory says, else by its name.
    pub fn metric_kind(&self, metric: &str) -> Option<MetricKind> {
        let known = self.inventory.of(metric);
        let said = self.metrics.kind(metric);
        said.or_else(|| known.and_then(|known| known.kind))
            .or_else(|| kind_by_name(metric))
    }

    /// The language of rule files and of queries whose data source does not say.
    pub fn rules_language(&self) -> Language {
        match self.dialect {
            Dialect::Promql => Language::PromQl,
            Dialect::Metricsql => Language::MetricsQl,
        }
    }

    /// How metrics and labels may be called: what is configured, else what the version does by default.
    pub fn names(&self) -> Names {
        let by_version = match self.prometheus {
            Some(version) if version.major < 3 => Names::Legacy,
            _ => Names::Utf8,
        };
        self.names.unwrap_or(by_version)
    }

    /// Whether `exclude` names the file (as reports show it).
    pub fn excludes(&self, file: &str) -> bool {
        within(&self.exclude, file)
    }

    /// Whether `include` names the file (as reports show it).
    pub fn includes(&self, file: &str) -> bool {
        within(&self.include, file)
    }

    /// Whether no file is left out by its name.
    pub fn takes_all(&self) -> bool {
        self.exclude.is_empty() && self.include.is_empty()
    }

    /// Whether there is any `include`.
    pub fn has_includes(&self) -> bool {
        !self.include.is_empty()
    }

    /// The folder of the nearest configuration file, against which paths in it are read.
    pub fn folder(&self) -> &Path {
        self.base.root()
    }

    /// A file as reports show it, as an absolute path.
    pub(crate) fn absolute(&self, file: &str) -> PathBuf {
        self.base.absolute(file)
    }

    /// Silences the findings of `file` that `[[ignore]]` entries name.
    pub fn apply_ignores(&self, file: &str, findings: &mut [Diagnostic]) {
        if findings.is_empty() {
            return;
        }
        for ignore in self.ignores.iter().filter(|ignore| ignore.concerns(file)) {
            for finding in findings.iter_mut() {
                ignore.silence(finding);
            }
        }
    }

    /// Whether there is any `[[ignore]]` entry.
    pub(crate) fn has_ignores(&self) -> bool {
        !self.ignores.is_empty()
    }

    /// Whether an `[[ignore]]` entry names findings by their fingerprints.
    pub(crate) fn names_findings(&self) -> bool {
        self.ignores.iter().any(|ignore| ignore.names_finding())
    }

    /// Entries that had no effect, after a run over all files they could concern: those of `checked` that they are for.
    pub(crate) fn leftovers(&self, checked: &[&str]) -> Vec<Diagnostic> {
        let rules = self.catalogue.rules();
        let running = |selector: &Selector| {
            let on = rules
                .iter()
                .zip(&self.levels)
                .filter(|(_, level)| level.is_some());
            any_runs(selector, on.map(|(rule, _)| (rule.id, rule.group)))
                || self.selects_policy(selector, &self.policy_levels)
        };
        let mut found: Vec<Diagnostic> = self
            .ignores
            .iter()
            .flat_map(|ignore| ignore.leftovers(&running, checked))
            .collect();
        for per_file in &self.per_file {
            if !per_file.used.load(Ordering::Relaxed) {
                let message = format!("`{}` matches no file", per_file.pattern);
                found.push(without_effect(&per_file.source, per_file.span, message));
            }
        }
        found.extend(self.unused_budgets(&running));
        for pattern in self.metrics.unused() {
            for parts in &self.chain {
                let spans = parts.metric_spans.iter();
                for (_, span) in spans.filter(|(known, _)| known == pattern) {
                    let message = format!("`{pattern}` is for no metric of the project's queries");
                    found.push(without_effect(&parts.source, *span, message));
                }
            }
        }
        found
    }

    fn unused_budgets(&self, runs: &dyn Fn(&Selector) -> bool) -> Vec<Diagnostic> {
        let judged = runs(&Selector::Rule("over-budget".to_owned()));
        let unused = |budget: &&Arc<Budget>| judged && !budget.used.load(Ordering::Relaxed);
        let message = || "this budget is for no dashboard of the project".to_owned();
        let one = |budget: &Arc<Budget>| without_effect(&budget.source, budget.span, message());
        self.budgets.iter().filter(unused).map(one).collect()
    }

    /// Gives findings about the configuration itself, and those of reports, the severity that is configured for them; where
    /// nothing is they keep theirs, and where their rule does not run they go.
    pub(crate) fn judge(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| {
            let file = finding.location.file.clone();
            let own = finding.severity;
            if finding.rule == INVALID_CONFIG.id {
                // Whatever is selected or switched off: without it nobody could tell why nothing is found.
                finding.severity = self
                    .configured_level(&finding.rule, finding.group, own, &file)
                    .unwrap_or(own);
                return true;
            }
            let level = self.configured_level(&finding.rule, finding.group, own, &file);
            let level = self
                .selection
                .level(&finding.rule, finding.group, own, level);
            finding.severity = level.unwrap_or(own);
            level.is_some()
        });
    }
}

fn within(sets: &[(Base, GlobSet)], file: &str) -> bool {
    sets.iter()
        .any(|(base, set)| set.is_match(&*base.relative(file)))
}
