//! From a source to the documents in it.

use std::path::Path;
use std::sync::Arc;

use super::{Alerting, Dashboard, DataSourceTypes, Language, RuleFile};
use crate::source::Source;
use crate::source::kind::{DocKind, Sniff, classify, is_spec_v2, sniff_json, sniff_yaml};
use crate::syntax::{self, Kind, NodeRef, Tree};

/// How many resources inside lists and carriers one file may hold.
const MAX_DOCUMENTS: usize = 100_000;

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
    let json = is_json(&source.path, bytes);
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
    let mut embedded = Vec::new();
    for (number, root) in tree.documents().enumerate() {
        expand(root, number as u32, &mut file.documents, &mut embedded);
    }
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
    for (number, tree) in embedded {
        let index = file.trees.len() as u32;
        let mut inner = Vec::new();
        if let Some(root) = tree.root() {
            let (kind, why) = classify(root);
            inner.push(DocumentInfo {
                tree: index,
                root: root.id(),
                kind,
                why,
                number,
            });
        }
        file.trees.push(tree);
        file.documents.extend(inner);
    }
    Loaded::Parsed(file)
}

fn is_json(path: &str, bytes: &[u8]) -> bool {
    match Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some(extension) if extension.eq_ignore_ascii_case("json") => true,
        Some(extension)
            if ["yaml", "yml", "rules"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            false
        }
        _ => {
            let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            text.iter()
                .find(|byte| !byte.is_ascii_whitespace())
                .is_some_and(|byte| matches!(byte, b'{' | b'['))
        }
    }
}

/// Notes the document under `root`, the resources it lists and the texts it carries.
fn expand(
    root: NodeRef<'_>,
    number: u32,
    documents: &mut Vec<DocumentInfo>,
    embedded: &mut Vec<(u32, Tree)>,
) {
    let mut open = vec![root];
    while let Some(root) = open.pop() {
        if documents.len() + embedded.len() >= MAX_DOCUMENTS {
            return;
        }
        let (kind, why) = classify(root);
        documents.push(DocumentInfo {
            tree: 0,
            root: root.id(),
            kind,
            why,
            number,
        });
        match kind {
            DocKind::ResourceList => {
                let mut items: Vec<_> = root
                    .get("items")
                    .into_iter()
                    .flat_map(NodeRef::items)
                    .collect();
                items.reverse();
                open.extend(items);
            }
            DocKind::ConfigMap => {
                for key in ["data", "stringData"] {
                    for value in root.get(key).into_iter().flat_map(NodeRef::members) {
                        embed(value, number, embedded);
                    }
                }
            }
            DocKind::OperatorDashboard => {
                if let Some(json) = root.path(&["spec", "json"]) {
                    embed(json, number, embedded);
                }
            }
            _ => {}
        }
    }
}

/// Parses a carried string that looks like a JSON text of ours.
fn embed(value: NodeRef<'_>, number: u32, embedded: &mut Vec<(u32, Tree)>) {
    let Some(text) = value.as_str() else { return };
    let bytes = text.trim_start().as_bytes();
    if bytes.first() != Some(&b'{') || sniff_json(bytes) == Sniff::Skip {
        return;
    }
    if let Some(tree) = syntax::parse_embedded(value, number) {
        embedded.push((number, tree));
    }
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
            DocKind::DataSources => Document::DataSources(root),
            DocKind::DashboardProviders => Document::Providers(root),
            _ => Document::Other(root),
        })
    }
}
