//! What one configuration file says, on its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use globset::GlobSet;
use jiff::civil::Date;
use toml_edit::{Document, Item, Table, TableLike};

use super::at::At;
use super::budget::{Budget, Limit, Limits};
use super::check::{Checker, head, item_span, key_span, span_of, strings, tables};
use super::files::{Base, absolute, globs};
use super::ignore::Ignore;
use super::instance::{Instance, instances};
use super::keys::ROOT;
use super::names::{Catalogue, Selector};
use super::runbooks::RunbookPattern;
use super::values::{self, Dialect, Level, Names, Theme, Version};
use crate::color::Deficiency;
use crate::cost::SeriesCounts;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::inventory::Inventory;
use crate::promql;
use crate::rules::OptionValue;
use crate::source::{Source, read_regular};
use crate::span::Span;
use crate::units::KnownMetrics;

/// One line of `[rules]`.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) selector: Selector,
    /// The place of the name.
    pub(crate) span: Span,
    pub(crate) level: Option<Level>,
    pub(crate) options: Vec<(&'static str, OptionValue)>,
}

/// One table of `[per-file-severity]`.
#[derive(Debug)]
pub(crate) struct PerFile {
    pub(crate) source: Arc<Source>,
    pub(crate) span: Span,
    pub(crate) base: Base,
    pub(crate) pattern: String,
    pub(crate) globs: GlobSet,
    /// Wider names first.
    pub(crate) entries: Vec<(Selector, Level)>,
    pub(crate) used: AtomicBool,
}

/// What a file builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extend {
    Preset(String),
    Pack(String),
    File(String),
}

/// `[runbooks]`, as far as it is given.
#[derive(Debug, Default)]
pub(crate) struct RunbookParts {
    pub(crate) required: Option<Vec<String>>,
    pub(crate) pattern: Option<RunbookPattern>,
    pub(crate) panels: Option<bool>,
    pub(crate) short_links: Option<Vec<String>>,
    pub(crate) allow_hosts: Option<Vec<String>>,
}

/// One configuration file.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) source: Arc<Source>,
    pub(crate) base: Base,
    /// It came with the program.
    pub(crate) preset: bool,
    pub(crate) extends: Vec<(Extend, Span)>,
    pub(crate) rules: Vec<Entry>,
    pub(crate) per_file: Vec<Arc<PerFile>>,
    pub(crate) ignores: Vec<Arc<Ignore>>,
    pub(crate) exclude: Vec<String>,
    pub(crate) include: Vec<String>,
    /// The file, absolute.
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) grafana: Option<Version>,
    pub(crate) prometheus: Option<Version>,
    pub(crate) inventory: Inventory,
    pub(crate) names: Option<Names>,
    pub(crate) metrics: KnownMetrics,
    /// Where each pattern of `metrics` stands.
    pub(crate) metric_spans: Vec<(String, Span)>,
    pub(crate) series: SeriesCounts,
    pub(crate) budgets: Vec<Arc<Budget>>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) theme: Option<Theme>,
    pub(crate) deficiencies: Option<Vec<Deficiency>>,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) scrape_interval: Option<f64>,
    pub(crate) retention: Option<f64>,
    pub(crate) runbooks: RunbookParts,
    pub(crate) problems: Vec<Diagnostic>,
}

impl Parts {
    fn empty(source: Arc<Source>, base: Base) -> Self {
        Parts {
            source,
            base,
            preset: false,
            extends: Vec::new(),
            rules: Vec::new(),
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
            metric_spans: Vec::new(),
            series: SeriesCounts::default(),
            budgets: Vec::new(),
            instances: Vec::new(),
            theme: None,
            deficiencies: None,
            dialect: None,
            scrape_interval: None,
            retention: None,
            runbooks: RunbookParts::default(),
            problems: Vec::new(),
        }
    }

    /// Reads a file that could not be read from the disk: it says nothing, and that is a finding.
    pub(crate) fn unreadable(source: Arc<Source>, base: Base, message: &str) -> Self {
        let mut parts = Parts::empty(source, base);
        let message = format!("the configuration cannot be read: {message}");
        let finding = INVALID_CONFIG.at(&parts.source, Span::default(), message);
        parts.problems.push(finding);
        parts
    }

    /// Reads a file's text. Never fails: what is not understood is among `problems`, the rest counts.
    pub(crate) fn parse(
        source: Arc<Source>,
        base: Base,
        catalogue: &Catalogue,
        today: Date,
    ) -> Self {
        let mut parts = Parts::empty(source.clone(), base);
        let document = match Document::parse(&*source.text) {
            Ok(document) => document,
            Err(error) => {
                let span = span_of(error.span()).unwrap_or_default();
                let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
                parts
                    .problems
                    .push(INVALID_CONFIG.at(&source, span, message));
                return parts;
            }
        };
        let mut checker = Checker {
            source: &source,
            catalogue,
            today,
            problems: Vec::new(),
        };
        let root = document.as_table();
        checker.table(root, ROOT, "");
        parts.problems = checker.problems;
        parts.read(root, catalogue, today);
        parts
    }

    fn read(&mut self, root: &Table, catalogue: &Catalogue, today: Date) {
        self.extends = extends(root);
        self.rules = rules(root, catalogue);
        self.per_file = self.per_file(root, catalogue);
        self.ignores = self.ignores(root, catalogue, today);
        self.exclude = list(root.get("exclude")).unwrap_or_default();
        self.include = list(root.get("include")).unwrap_or_default();
        self.baseline = self.baseline(root);
        self.metrics = self.known_metrics(root);
        self.inventory = self.inventory(root);
        self.series = self.counts(root);
        self.grafana = word(root, "grafana").and_then(|text| text.parse().ok());
        let prometheus = root.get("prometheus");
        let prometheus_key = |key: &str| prometheus?.as_table_like()?.get(key)?.as_str();
        self.prometheus = prometheus
            .and_then(Item::as_str)
            .or_else(|| prometheus_key("version"))
            .and_then(|text| text.parse().ok());
        self.names = match prometheus_key("names") {
            Some("utf-8") => Some(Names::Utf8),
            Some("legacy") => Some(Names::Legacy),
            _ => None,
        };
        let (instances, problems) = instances(root, self.base.root(), &self.source);
        self.instances = instances;
        self.problems.extend(problems);
        self.budgets = self.budgets(root);
        let in_table = |table: &str, key: &str| -> Option<&Item> {
            root.get(table)?.as_table_like()?.get(key)
        };
        self.theme = match in_table("accessibility", "theme").and_then(Item::as_str) {
            Some("dark") => Some(Theme::Dark),
            Some("light") => Some(Theme::Light),
            Some("both") => Some(Theme::Both),
            _ => None,
        };
        self.deficiencies = list(in_table("accessibility", "deficiencies")).map(|names| {
            let named = names.iter().map(String::as_str);
            named.filter_map(Deficiency::from_name).collect()
        });
        self.dialect = match in_table("promql", "dialect").and_then(Item::as_str) {
            Some("promql") => Some(Dialect::Promql),
            Some("metricsql") => Some(Dialect::Metricsql),
            _ => None,
        };
        let duration = |key| {
            let text = in_table("promql", key).and_then(Item::as_str)?;
            promql::duration(text).filter(|seconds| *seconds > 0.0)
        };
        self.scrape_interval = duration("scrape-interval");
        self.retention = duration("retention");
        self.runbooks = RunbookParts {
            required: list(in_table("runbooks", "required")),
            pattern: in_table("runbooks", "pattern")
                .and_then(Item::as_str)
                .and_then(|text| text.parse().ok()),
            panels: in_table("runbooks", "panels").and_then(Item::as_bool),
            short_links: list(in_table("runbooks", "short-links")),
            allow_hosts: list(in_table("runbooks", "allow-hosts")),
        };
    }

    /// The file of the baseline: it is written, and so lies where the configuration counts.
    fn baseline(&mut self, root: &Table) -> Option<PathBuf> {
        let (name, span) = root.get("baseline").map(strings)?.into_iter().next()?;
        if name.trim().is_empty() {
            return None;
        }
        let path = absolute(Path::new(name), self.base.root());
        if path.starts_with(self.base.root()) {
            return Some(path);
        }
        let message = format!("the baseline `{name}` lies outside the folder of this file");
        self.problems
            .push(INVALID_CONFIG.at(&self.source, span, message));
        None
    }

    /// The metrics that the files of `metadata` list.
    fn inventory(&mut self, root: &Table) -> Inventory {
        let mut inventory = Inventory::default();
        self.files(root, "metadata", "lists no metrics", |text| {
            inventory.join(&Inventory::parse(text)?);
            Ok(())
        });
        inventory
    }

    /// The numbers of series in the files that `series` names.
    fn counts(&mut self, root: &Table) -> SeriesCounts {
        let mut counts = SeriesCounts::default();
        self.files(root, "series", "holds no numbers of series", |text| {
            counts.join(&SeriesCounts::parse(text)?);
            Ok(())
        });
        counts
    }

    /// Reads the files that a key names; one that cannot be read is a problem of that name.
    fn files(
        &mut self,
        root: &Table,
        key: &str,
        failed: &str,
        mut read: impl FnMut(&str) -> Result<(), String>,
    ) {
        let folder = self.base.root().to_path_buf();
        for (name, span) in root.get(key).map(strings).unwrap_or_default() {
            let text = read_regular(&folder.join(name)).map_err(|error| error.to_string());
            if let Err(error) = text.and_then(|text| read(&text)) {
                let message = format!("`{name}` {failed}: {error}");
                let finding = INVALID_CONFIG.at(&self.source, span, message);
                self.problems.push(finding);
            }
        }
    }

    fn budgets(&self, root: &Table) -> Vec<Arc<Budget>> {
        let limit = |table: &dyn TableLike, name: &str| {
            let item = table.get(name)?;
            Some(Limit {
                most: values::positive(item)?,
                source: self.source.clone(),
                span: item_span(item, key_span(table, name)),
            })
        };
        let key = key_span(root, "budget");
        let one = |(table, span): (&dyn TableLike, Option<Span>)| {
            Arc::new(Budget {
                source: self.source.clone(),
                span: head(&self.source, span.unwrap_or(key)),
                used: AtomicBool::new(false),
                base: self.base.clone(),
                files: list(table.get("files"))
                    .map(|files| globs(files.iter().map(String::as_str))),
                dashboards: list(table.get("dashboards")),
                limits: Limits {
                    work: limit(table, "work"),
                    samples: limit(table, "samples"),
                    queries: limit(table, "queries"),
                    queries_a_second: limit(table, "queries-a-second"),
                    panel_work: limit(table, "panel-work"),
                },
            })
        };
        let tables = root.get("budget").map(tables).unwrap_or_default();
        tables.into_iter().map(one).collect()
    }

    /// What `[units.metrics]` says of metrics; what cannot be understood is a problem.
    fn known_metrics(&mut self, root: &Table) -> KnownMetrics {
        let mut known = KnownMetrics::default();
        let units = root.get("units").and_then(Item::as_table_like);
        let patterns = units.and_then(|units| units.get("metrics")?.as_table_like());
        for (table, (pattern, item)) in patterns
            .into_iter()
            .flat_map(|table| table.iter().map(move |entry| (table, entry)))
        {
            let Some(words) = item.as_str() else { continue };
            let span = key_span(table, pattern);
            self.metric_spans.push((pattern.to_owned(), span));
            if let Err(message) = known.say(pattern, words) {
                let span = item_span(item, key_span(table, pattern));
                let finding = INVALID_CONFIG.at(&self.source, span, message);
                self.problems.push(finding);
            }
        }
        known
    }

    fn per_file(&self, root: &Table, catalogue: &Catalogue) -> Vec<Arc<PerFile>> {
        let Some(table) = table(root, "per-file-severity") else {
            return Vec::new();
        };
        let one = |(pattern, item): (&str, &Item)| {
            let entries = item.as_table_like()?.iter().filter_map(|(name, item)| {
                Some((catalogue.selector(name).ok()?, values::level(item)?))
            });
            let mut entries: Vec<_> = entries.collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Some(Arc::new(PerFile {
                source: self.source.clone(),
                span: key_span(table, pattern),
                base: self.base.clone(),
                pattern: pattern.to_owned(),
                globs: globs([pattern]),
                entries,
                used: AtomicBool::new(false),
            }))
        };
        table.iter().filter_map(one).collect()
    }

    fn ignores(&self, root: &Table, catalogue: &Catalogue, today: Date) -> Vec<Arc<Ignore>> {
        let Some(item) = root.get("ignore") else {
            return Vec::new();
        };
        let at_key = key_span(root, "ignore");
        let one = |(table, span): (&dyn TableLike, Option<Span>)| {
            let at = table
                .get("at")
                .map(|at| at.as_str().and_then(|at| at.parse::<At>().ok()));
            let until = table.get("until").and_then(values::date);
            let files = table.get("files");
            let whole = whole_table(table, span.unwrap_or(at_key));
            Arc::new(Ignore {
                source: self.source.clone(),
                span: whole,
                base: self.base.clone(),
                rules: table
                    .get("rules")
                    .map(strings)
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|(name, span)| {
                        Some((catalogue.selector(name).ok()?, span, AtomicBool::new(false)))
                    })
                    .collect(),
                files: files
                    .map(|files| globs(strings(files).into_iter().map(|(pattern, _)| pattern))),
                dead: until.is_some_and(|until| until < today)
                    || at == Some(None)
                    || self.misread(table, whole),
                at: at.flatten(),
                met_rule: AtomicBool::new(false),
                reason: word(table, "reason").filter(|reason| !reason.trim().is_empty()),
                until,
            })
        };
        tables(item).into_iter().map(one).collect()
    }

    /// Whether something in an entry is not understood (`file = …` for `files = …`), so that it may be meant for less
    /// than it says. The names of rules are judged one by one.
    fn misread(&self, table: &dyn TableLike, entry: Span) -> bool {
        let names = table
            .get("rules")
            .map(|rules| item_span(rules, Span::default()));
        let within = |span: Span, at: usize| (span.start as usize..span.end as usize).contains(&at);
        self.problems
            .iter()
            .filter(|problem| problem.rule == INVALID_CONFIG.id)
            .map(|problem| problem.location.range.start.offset as usize)
            .any(|at| within(entry, at) && !names.is_some_and(|names| within(names, at)))
    }
}

/// From a table's header to the end of its last value.
pub(super) fn whole_table(table: &dyn TableLike, span: Span) -> Span {
    table.iter().fold(span, |whole, (name, item)| {
        whole.cover(item_span(item, key_span(table, name)))
    })
}

fn extends(root: &Table) -> Vec<(Extend, Span)> {
    let preset = root.get("preset").map(strings).unwrap_or_default();
    let preset = preset
        .into_iter()
        .map(|(name, span)| (Extend::Preset(name.to_owned()), span));
    let listed = root.get("extends").map(strings).unwrap_or_default();
    let listed = listed.into_iter().map(|(text, span)| {
        let extend = match text.split_once(':') {
            Some(("preset", name)) => Extend::Preset(name.to_owned()),
            Some(("pack", name)) => Extend::Pack(name.to_owned()),
            _ => Extend::File(text.to_owned()),
        };
        (extend, span)
    });
    preset.chain(listed).collect()
}

fn rules(root: &Table, catalogue: &Catalogue) -> Vec<Entry> {
    let Some(table) = table(root, "rules") else {
        return Vec::new();
    };
    let one = |(name, item): (&str, &Item)| {
        let selector = catalogue.selector(name).ok()?;
        let span = key_span(table, name);
        let Some(options) = item.as_table_like() else {
            return Some(Entry {
                selector,
                span,
                level: Some(values::level(item)?),
                options: Vec::new(),
            });
        };
        let specs = catalogue
            .position(name)
            .map_or(&[][..], |at| catalogue.rules()[at].options);
        Some(Entry {
            selector,
            span,
            level: options.get("severity").and_then(values::level),
            options: specs
                .iter()
                .filter_map(|spec| {
                    let value = values::option(options.get(spec.name)?, spec.default)?;
                    Some((spec.name, value))
                })
                .collect(),
        })
    };
    table.iter().filter_map(one).collect()
}

fn table<'t>(root: &'t Table, name: &str) -> Option<&'t dyn TableLike> {
    root.get(name)?.as_table_like()
}

fn word(table: &dyn TableLike, name: &str) -> Option<String> {
    table.get(name)?.as_str().map(str::to_owned)
}

fn list(item: Option<&Item>) -> Option<Vec<String>> {
    let items = strings(item?);
    Some(items.into_iter().map(|(text, _)| text.to_owned()).collect())
}

/// The folder of a configuration file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
