//! From a source to the documents in it.

use std::sync::Arc;

use super::carrier::Carried;
use super::{Alerting, Dashboard, DataSourceTypes, Form, Language, RuleFile};
use crate::source::Source;
use crate::source::kind::{DocKind, Sniff, classify, is_spec_v2, sniff_json, sniff_yaml};
use crate::syntax::{self, Dialect, Kind, NodeRef, Tree};

/// One document of a file: its own, or one carried in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentInfo {
    /// The tree it stands in: 0 is the file's own.
    tree: u32,
    /// Its root in that tree.
    root: u32,
    /// What it is.
    pub kind: DocKind,
    /// Why it is taken for that.
    pub why: &'static str,
    /// Number of the file's document it belongs to, from 0.
    pub number: u32,
}

impl DocumentInfo {
    /// A document of the file's own tree.
    pub(super) fn own(root: NodeRef<'_>, kind: DocKind, why: &'static str, number: u32) -> Self {
        DocumentInfo {
            tree: 0,
            root: root.id(),
            kind,
            why,
            number,
        }
    }
}

/// A file that was read and parsed.
#[derive(Debug)]
pub struct ParsedFile {
    /// Its text.
    pub source: Arc<Source>,
    /// Its own tree, then those of the texts it carries.
    pub trees: Vec<Tree>,
    /// Every document, in order.
    pub documents: Vec<DocumentInfo>,
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
    let bytes = source.text.as_bytes();
    let json = Dialect::of_file(&source.path, bytes) == Dialect::Json;
    let sniff = if json {
        sniff_json(bytes)
    } else {
        sniff_yaml(bytes)
    };
    let certain = match sniff {
        Sniff::Parse { certain } => certain || provisioned,
        Sniff::Skip if provisioned => true,
        Sniff::Skip => return Loaded::Skipped(SkipReason::NoTellingKeys),
    };
    if !json && syntax::is_template(&source.text) {
        return Loaded::Skipped(SkipReason::HelmTemplate);
    }
    let tree = if json {
        syntax::parse_json(source.text.clone())
    } else {
        syntax::parse_yaml(source.text.clone())
    };
    let mut file = ParsedFile {
        source,
        trees: Vec::new(),
        documents: Vec::new(),
        certain,
    };
    let mut carried = Carried::default();
    for (number, root) in tree.documents().enumerate() {
        carried.expand(root, number as u32);
    }
    file.documents = carried.documents;
    let broken = tree.problems().iter().find(|problem| problem.kind.breaks());
    let linted = file
        .documents
        .iter()
        .any(|document| document.kind.is_linted());
    if !linted {
        match (broken, file.documents.first()) {
            (Some(problem), _) if !certain => {
                return Loaded::Skipped(SkipReason::Unreadable(problem.message.clone()));
            }
            (None, Some(document)) => {
                return Loaded::Skipped(SkipReason::Kind(document.kind, document.why));
            }
            (None, None) if !certain => return Loaded::Skipped(SkipReason::NoTellingKeys),
            _ => {}
        }
    }
    file.trees.push(tree);
    for (number, tree) in carried.embedded {
        let index = file.trees.len() as u32;
        let inner = tree.documents().map(|root| {
            let (kind, why) = classify(root);
            DocumentInfo {
                tree: index,
                ..DocumentInfo::own(root, kind, why, number)
            }
        });
        file.documents.extend(inner);
        file.trees.push(tree);
    }
    Loaded::Parsed(file)
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
                    .or_else(spec)?;
                Document::Dashboard(Box::new(Dashboard::library_panel(model, root, types)))
            }
            DocKind::PrometheusRules => {
                Document::Rules(Box::new(RuleFile::new(root, rules_language)))
            }
            DocKind::RuleResource => {
                let language = match root.get("kind").and_then(NodeRef::as_str).as_deref() {
                    Some("VMRule") => Language::MetricsQl,
                    Some("AlertingRule" | "RecordingRule") => Language::LogQl,
                    _ => rules_language,
                };
                Document::Rules(Box::new(RuleFile::new(spec()?, language)))
            }
            DocKind::GrafanaAlerting => Document::Alerting(Box::new(Alerting::new(root, types))),
            DocKind::OperatorAlertGroup => {
                Document::Alerting(Box::new(Alerting::operator_group(spec()?, types)))
            }
            DocKind::DataSources | DocKind::OperatorDataSource => Document::DataSources(root),
            DocKind::DashboardProviders => Document::Providers(root),
            _ => Document::Other(root),
        })
    }
}
