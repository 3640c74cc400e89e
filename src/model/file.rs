//! From a source to the documents in it.

use std::path::Path;
use std::sync::Arc;

use super::carrier::{Contents, LeftAlone};
use super::{Alerting, AlertingForm, Dashboard, DataSourceTypes, Form, Language, RuleFile};
use crate::source::kind::{DocKind, Sniff, is_spec_v2, sniff};
use crate::source::{Source, format};
use crate::syntax::{self, Dialect, Kind, NodeRef, Tree};

/// One document of a file: its own, or one carried in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The tree it stands in: 0 is the file's own.
    pub(super) tree: u32,
    /// Its root in that tree.
    pub(super) root: u32,
    /// What it is.
    pub kind: DocKind,
    /// Why it is taken for that.
    pub why: &'static str,
    /// Number of the file's document it belongs to, from 0.
    pub number: u32,
}

impl DocumentInfo {
    /// What tells it from the other documents of its file.
    pub fn id(&self) -> (u32, u32) {
        (self.tree, self.root)
    }
}

/// A file that was read and parsed.
#[derive(Debug)]
pub struct ParsedFile {
    /// Its text.
    pub source: Arc<Source>,
    /// Its own tree, then those of the texts it carries.
    pub trees: Vec<Tree>,
    /// Every document: those of its own tree in order, then those of the texts it carries.
    pub documents: Vec<DocumentInfo>,
    /// The numbers of the documents that are values of a chart, sorted.
    values: Vec<u32>,
    /// Parts of it that are left alone though they look like one of ours.
    pub left: Vec<LeftAlone>,
    /// It is certainly one of ours, so that its syntax errors may be reported.
    pub certain: bool,
}

/// Why a file is not linted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// None of the telling keys stands in it.
    NoTellingKeys,
    /// A symbolic link, a pipe, a device: followed only when it is named itself.
    NotAFile,
    /// A Helm template, which is no YAML before it is rendered.
    HelmTemplate,
    /// It was parsed and is something else.
    Kind(DocKind, &'static str),
    /// It cannot be parsed, and nothing says it is one of ours.
    Unreadable(String),
}

impl SkipReason {
    /// In a few words.
    pub fn text(&self) -> String {
        match self {
            SkipReason::NoTellingKeys => "none of the telling keys stands in it".to_owned(),
            SkipReason::NotAFile => "no regular file; name it to have it looked at".to_owned(),
            SkipReason::HelmTemplate => "a Helm template".to_owned(),
            SkipReason::Kind(kind, why) => format!("{}: {why}", kind.name()),
            SkipReason::Unreadable(message) => {
                format!(
                    "it cannot be parsed ({message}), and nothing tells it is a dashboard or a rule"
                )
            }
        }
    }
}

/// What became of a file.
#[derive(Debug)]
pub enum Loaded {
    /// To be linted.
    Parsed(ParsedFile),
    /// Left alone.
    Skipped(SkipReason),
}

/// Parses `source` if it looks like one of ours. `provisioned` says that it lies under a provisioning root, where a
/// file that cannot be read is worth a word whatever is in it.
pub fn load(source: Arc<Source>, provisioned: bool) -> Loaded {
    // It tells which folders a container has, and nothing else.
    if format::is_dockerfile(Path::new(&*source.path)) {
        return Loaded::Skipped(SkipReason::NoTellingKeys);
    }
    let bytes = source.text.as_bytes();
    let certain = match sniff(bytes) {
        Sniff::Parse { certain } => certain || provisioned,
        Sniff::Skip if provisioned => true,
        Sniff::Skip => return Loaded::Skipped(SkipReason::NoTellingKeys),
    };
    let dialect = format::of(&source.path, bytes);
    let template = dialect == Dialect::Yaml && syntax::is_template(&source.text);
    if template && !may_hold_values(&source.path) {
        return Loaded::Skipped(SkipReason::HelmTemplate);
    }
    let tree = syntax::parse(source.text.clone(), dialect);
    let mut contents = Contents::default();
    for (number, root) in tree.documents().enumerate() {
        contents.add(root, number as u32);
    }
    if provisioned && let Some(root) = tree.root() {
        contents.settle(root, &source.path);
    }
    let broken = tree.problems().iter().find(|problem| problem.kind.breaks());
    let has = |wanted: fn(DocKind) -> bool| {
        let mut documents = contents.documents.iter();
        documents.any(|info| wanted(info.kind))
    };
    let linted = !contents.carried.is_empty() || has(|kind| kind.is_linted() && !kind.is_carrier());
    // What charts call values is YAML even where some of it is to be rendered.
    let values = has(|kind| kind == DocKind::HelmValues);
    if template && (broken.is_some() || linted && !values) {
        return Loaded::Skipped(SkipReason::HelmTemplate);
    }
    if !linted {
        match (broken, contents.documents.first()) {
            (Some(problem), _) if !certain => {
                return Loaded::Skipped(SkipReason::Unreadable(problem.message.clone()));
            }
            (None, Some(document)) => {
                let why = match document.kind.is_carrier() {
                    true => "no file of ours in it",
                    false => document.why,
                };
                return Loaded::Skipped(SkipReason::Kind(document.kind, why));
            }
            (None, None) if !certain => return Loaded::Skipped(SkipReason::NoTellingKeys),
            _ => {}
        }
    }
    let mut file = ParsedFile {
        source,
        trees: vec![tree],
        values: contents
            .documents
            .iter()
            .filter(|info| info.kind == DocKind::HelmValues)
            .map(|info| info.number)
            .collect(),
        documents: contents.documents,
        left: contents.left,
        certain,
    };
    for (tree, documents) in contents.carried {
        let index = file.trees.len() as u32;
        file.trees.push(tree);
        file.documents
            .extend(documents.into_iter().map(|info| DocumentInfo {
                tree: index,
                ..info
            }));
    }
    Loaded::Parsed(file)
}

/// Whether a file of this name holds a chart's values, as far as the name tells.
fn may_hold_values(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.contains("values")
}

/// A document with its view.
#[derive(Debug)]
pub enum Document<'t> {
    /// A dashboard in any form, or a library panel.
    Dashboard(Box<Dashboard<'t>>),
    /// Prometheus rules.
    Rules(Box<RuleFile<'t>>),
    /// Grafana alerting.
    Alerting(Box<Alerting<'t>>),
    /// Data sources.
    DataSources(NodeRef<'t>),
    /// Dashboard providers.
    Providers(NodeRef<'t>),
    /// Anything else that is not looked into.
    Other(NodeRef<'t>),
}

impl ParsedFile {
    /// The root of a document.
    pub fn root(&self, info: &DocumentInfo) -> Option<NodeRef<'_>> {
        let tree = self.trees.get(info.tree as usize)?;
        ((info.root as usize) < tree.len()).then_some(NodeRef {
            tree,
            id: info.root,
        })
    }

    /// What stands in the document of this number, but for what its strings carry.
    pub fn documents_of(&self, number: u32) -> impl Iterator<Item = &DocumentInfo> {
        let first = self
            .documents
            .partition_point(|info| (info.tree, info.number) < (0, number));
        let from = self.documents.get(first..).unwrap_or_default().iter();
        from.take_while(move |info| (info.tree, info.number) == (0, number))
    }

    /// Whether the document of this number is the values of a chart.
    pub fn is_chart_values(&self, number: u32) -> bool {
        self.values.binary_search(&number).is_ok()
    }

    /// A dashboard with what it says of itself as a whole, but without its panels, variables and queries: little work.
    pub fn dashboard_head(&self, info: &DocumentInfo) -> Option<Dashboard<'_>> {
        let root = self.root(info)?;
        let node = match info.kind {
            DocKind::Dashboard => root,
            DocKind::ApiDashboard => root.get("dashboard")?,
            DocKind::ResourceDashboard | DocKind::DashboardV2 => root
                .get("spec")
                .or_else(|| root.get("dashboard"))
                .unwrap_or(root),
            _ => return None,
        };
        let form = match info.kind {
            DocKind::DashboardV2 => Form::V2,
            _ => Form::Classic,
        };
        Some(Dashboard::empty(node, root, form))
    }

    /// A document's view. `rules_language` is what rule files are written in.
    pub fn document(
        &self,
        info: &DocumentInfo,
        types: &dyn DataSourceTypes,
        rules_language: Language,
    ) -> Option<Document<'_>> {
        let root = self.root(info)?;
        let spec = || root.get("spec").filter(|spec| spec.kind() == Kind::Object);
        Some(match info.kind {
            DocKind::Dashboard => {
                Document::Dashboard(Box::new(Dashboard::classic(root, root, types)))
            }
            DocKind::ApiDashboard => Document::Dashboard(Box::new(Dashboard::classic(
                root.get("dashboard")?,
                root,
                types,
            ))),
            DocKind::ResourceDashboard => {
                Document::Dashboard(Box::new(Dashboard::classic(spec()?, root, types)))
            }
            DocKind::DashboardV2 => {
                let wrapped = root.get("dashboard").filter(|node| is_spec_v2(*node));
                let node = spec().or(wrapped).unwrap_or(root);
                Document::Dashboard(Box::new(Dashboard::v2(node, root, types)))
            }
            DocKind::LibraryPanel => {
                let model = root
                    .path(&["result", "model"])
                    .or_else(|| root.get("model"))
                    .or_else(spec)
                    .unwrap_or(root);
                Document::Dashboard(Box::new(Dashboard::library_panel(model, root, types)))
            }
            DocKind::PrometheusRules => {
                Document::Rules(Box::new(RuleFile::new(root, rules_language)))
            }
            DocKind::RuleResource => {
                let said = |key: &str| root.get(key).and_then(NodeRef::as_str).unwrap_or_default();
                let language = match said("kind").as_ref() {
                    "VMRule" => Language::MetricsQl,
                    // OpenShift has an AlertingRule of its own, in PromQL.
                    _ if said("apiVersion").starts_with("loki.grafana.com/") => Language::LogQl,
                    _ => rules_language,
                };
                Document::Rules(Box::new(RuleFile::new(spec()?, language)))
            }
            DocKind::GrafanaAlerting => {
                Document::Alerting(Box::new(Alerting::new(root, AlertingForm::File, types)))
            }
            DocKind::OperatorAlerting => Document::Alerting(Box::new(Alerting::new(
                spec()?,
                AlertingForm::Operator,
                types,
            ))),
            DocKind::DataSources => Document::DataSources(root),
            DocKind::OperatorDataSource => Document::DataSources(spec()?),
            DocKind::DashboardProviders => Document::Providers(root),
            _ => Document::Other(root),
        })
    }
}
