//! Documents inside documents: resources in lists, files that ConfigMaps and the Grafana operator carry as strings, and
//! what Helm values hold.

use std::path::Path;

use super::file::{DocumentInfo, SkipReason};
use super::once::Once;
use crate::source::format;
use crate::source::kind::{DocKind, Sniff, by_folder, classify, is_panel_model, may_tell, sniff};
use crate::syntax::{self, Dialect, Kind, NodeRef, Tree};

/// How many documents one file may hold.
const MAX_DOCUMENTS: usize = 100_000;
/// How many maps and lists deep values are looked through: subcharts, the chart's own map, a provider, a file, and a few more.
const MAX_VALUES_DEPTH: usize = 12;
/// How many maps in values are looked at for what they are.
const MAX_LOOKS: usize = 10_000;

/// A part of a file that is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// Number of the file's document it belongs to, from 0.
    pub number: u32,
    /// JSON pointer to it in that document.
    pub pointer: String,
    /// Why.
    pub reason: SkipReason,
}

/// What stands in the documents of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Documents of the file's own tree.
    pub(super) documents: Vec<DocumentInfo>,
    /// Texts that strings of it carry, parsed, with the documents in each.
    pub(super) carried: Vec<(Tree, Vec<DocumentInfo>)>,
    /// Strings and members that look like one of ours and are not read.
    pub(super) left: Vec<LeftAlone>,
}

impl Contents {
    /// Notes the document under `root`, the resources it lists and the texts it carries.
    pub(super) fn add(&mut self, root: NodeRef<'_>, number: u32) {
        let mut open = vec![root];
        while let Some(root) = open.pop() {
            if self.is_full() {
                return;
            }
            let (kind, why) = classify(root);
            let at = self.documents.len();
            self.note(root, number, kind, why);
            match kind {
                DocKind::ResourceList => {
                    let first = open.len();
                    let items = root.get("items").into_iter();
                    open.extend(items.flat_map(NodeRef::items));
                    open[first..].reverse();
                }
                DocKind::ConfigMap => {
                    for key in ["data", "stringData"] {
                        for value in root.get(key).into_iter().flat_map(NodeRef::members) {
                            self.text(value, number, kind);
                        }
                    }
                }
                DocKind::OperatorDashboard | DocKind::OperatorLibraryPanel => {
                    if let Some(json) = root.path(&["spec", "json"]) {
                        self.text(json, number, kind);
                    }
                }
                // GrafanaManifest holds any resource of Grafana's own API (grafana-operator 5, grafanamanifest_types.go).
                DocKind::OperatorResource => open.extend(root.path(&["spec", "template"])),
                DocKind::Other => self.values(root, at),
                DocKind::Foreign => {
                    if let Some(values) = chart_values(root) {
                        self.values(values, at);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes a file that nothing else tells about for what its folder makes of it.
    pub(super) fn settle(&mut self, root: NodeRef<'_>, path: &str) {
        let [only] = self.documents.as_mut_slice() else {
            return;
        };
        if only.kind == DocKind::Other
            && root.kind() == Kind::Object
            && let Some((kind, why)) = by_folder(Path::new(path))
        {
            (only.kind, only.why) = (kind, why);
        }
    }

    fn is_full(&self) -> bool {
        self.documents.len() + self.carried.len() >= MAX_DOCUMENTS
    }

    fn note(&mut self, root: NodeRef<'_>, number: u32, kind: DocKind, why: &'static str) {
        self.documents.push(DocumentInfo {
            tree: 0,
            root: root.id(),
            kind,
            why,
            number,
        });
    }

    /// Looks through what may be the values of a chart, which document `at` holds, for what is certainly ours.
    ///
    /// Charts take such things under keys of their own (`dashboards`, `datasources`, `additionalPrometheusRulesMap`,
    /// `serverFiles` … below any subchart's name), so it is the things that tell, not the keys.
    fn values(&mut self, root: NodeRef<'_>, at: usize) {
        // JSON of others is large, and nobody writes values in it.
        if root.tree().dialect() == Dialect::Json {
            return;
        }
        let Some(number) = self.documents.get(at).map(|info| info.number) else {
            return;
        };
        let before = (self.documents.len(), self.carried.len());
        let mut once = Once::default();
        let mut open = vec![(root, 0)];
        let mut looks = 0;
        while let Some((node, depth)) = open.pop() {
            if self.is_full() {
                break;
            }
            if !once.first(node) {
                continue;
            }
            match node.kind() {
                Kind::Object if depth > 0 && may_tell(node) => {
                    looks += 1;
                    if looks > MAX_LOOKS {
                        break;
                    }
                    let (kind, why) = classify(node);
                    if kind == DocKind::Foreign || (kind != DocKind::Other && !kind.is_linted()) {
                        continue;
                    }
                    if is_certain(node, kind) {
                        self.member(node, number, kind, why);
                        continue;
                    }
                }
                Kind::Array if node.key().as_deref() == Some("additionalDataSources") => {
                    // A bare list in kube-prometheus-stack's `grafana` (prometheus-community/helm-charts).
                    let why = "a list of `additionalDataSources`";
                    self.note(node, number, DocKind::DataSources, why);
                    continue;
                }
                Kind::String => {
                    self.text(node, number, DocKind::HelmValues);
                    continue;
                }
                Kind::Object | Kind::Array => {}
                _ => continue,
            }
            if depth < MAX_VALUES_DEPTH {
                let first = open.len();
                open.extend(node.children().map(|child| (child, depth + 1)));
                open[first..].reverse();
            }
        }
        if before != (self.documents.len(), self.carried.len())
            && let Some(info) = self.documents.get_mut(at)
        {
            info.kind = DocKind::HelmValues;
            info.why = "a map that holds files or resources of ours";
        }
    }

    /// A map in values that is one of ours.
    fn member(&mut self, node: NodeRef<'_>, number: u32, kind: DocKind, why: &'static str) {
        if has_queries(kind) && syntax::has_chart_expression(node.raw()) {
            self.leave(node, number, SkipReason::HelmTemplate);
        } else if node.get("kind").is_some() {
            self.add(node, number);
        } else {
            self.note(node, number, kind, why);
        }
    }

    fn leave(&mut self, node: NodeRef<'_>, number: u32, reason: SkipReason) {
        self.left.push(LeftAlone {
            number,
            pointer: node.pointer(),
            reason,
        });
    }

    /// Parses a string that a document of the kind `carrier` holds, if it looks like a text of ours.
    fn text(&mut self, value: NodeRef<'_>, number: u32, carrier: DocKind) {
        let Some(text) = value.as_str() else { return };
        let values = carrier == DocKind::HelmValues;
        // What a chart writes into a dashboard's file is JSON or no dashboard.
        let dashboard = values && is_chart_dashboard(value) && !text.trim().is_empty();
        let dialect = carried(&text).or(dashboard.then_some(Dialect::Json));
        let Some(dialect) = dialect else {
            if !values && text.trim_end().contains('\n') {
                self.leave(value, number, SkipReason::NoTellingKeys);
            }
            return;
        };
        let certain = match sniff(text.as_bytes()) {
            Sniff::Parse { certain } => certain || dashboard,
            Sniff::Skip if dashboard => true,
            // The operator reads nothing else there.
            Sniff::Skip => match carrier {
                DocKind::OperatorDashboard | DocKind::OperatorLibraryPanel => true,
                _ => return,
            },
        };
        if self.is_full() || values && !certain {
            return;
        }
        let template = match dialect {
            Dialect::Json => values && syntax::has_chart_expression(&text),
            Dialect::Yaml => syntax::is_template(&text),
        };
        if template {
            self.leave(value, number, SkipReason::HelmTemplate);
            return;
        }
        let Some(tree) = syntax::parse_embedded(value, number, dialect) else {
            return;
        };
        let mut documents: Vec<DocumentInfo> = Vec::new();
        for root in tree.documents() {
            let (kind, why) = match classify(root) {
                (DocKind::Other, _)
                    if carrier == DocKind::OperatorLibraryPanel && is_panel_model(root) =>
                {
                    (DocKind::LibraryPanel, "the model of a library panel")
                }
                found => found,
            };
            documents.push(DocumentInfo {
                tree: 0,
                root: root.id(),
                kind,
                why,
                number,
            });
        }
        let broken = tree.problems().iter().find(|problem| problem.kind.breaks());
        let linted = documents.iter().any(|info| info.kind.is_linted());
        // Almost any text can be read as YAML: that it should be, the file's name says.
        let meant = dialect == Dialect::Json
            || value
                .key()
                .is_some_and(|key| format::by_name(Path::new(key.as_ref())).is_some());
        if linted || certain && meant && broken.is_some() {
            self.carried.push((tree, documents));
            return;
        }
        let reason = match (broken, documents.first()) {
            (Some(problem), _) => SkipReason::Unreadable(problem.message.clone()),
            (None, Some(info)) => SkipReason::Kind(info.kind, info.why),
            (None, None) => return,
        };
        self.leave(value, number, reason);
    }
}

/// What a string that may carry a file is written in: JSON begins with a brace, YAML has several lines and telling keys.
pub(crate) fn carried(text: &str) -> Option<Dialect> {
    let bytes = text.as_bytes();
    match format::by_text(bytes) {
        Dialect::Json => text.trim_start().starts_with('{').then_some(Dialect::Json),
        Dialect::Yaml => {
            (text.trim_end().contains('\n') && sniff(bytes) != Sniff::Skip).then_some(Dialect::Yaml)
        }
    }
}

/// Whether rules look into queries of a document of this kind, which a chart's expressions would make nonsense of.
fn has_queries(kind: DocKind) -> bool {
    matches!(
        kind,
        DocKind::Dashboard
            | DocKind::DashboardV2
            | DocKind::PrometheusRules
            | DocKind::RuleResource
            | DocKind::GrafanaAlerting
    )
}

/// Whether a map somewhere in values is what it looks like: nothing else says that Grafana or Prometheus will read it.
fn is_certain(node: NodeRef<'_>, kind: DocKind) -> bool {
    if node.get("kind").is_some() && node.get("apiVersion").is_some() {
        return true;
    }
    match kind {
        DocKind::PrometheusRules => {
            let rules = node.get("groups").into_iter().flat_map(NodeRef::items);
            let mut rules = rules.flat_map(|group| group.get("rules").into_iter());
            rules.any(|rules| {
                rules.items().take(1).any(|rule| {
                    rule.get("expr").is_some()
                        && (rule.get("alert").is_some() || rule.get("record").is_some())
                })
            })
        }
        DocKind::Dashboard => {
            let list = node.get("panels").or_else(|| node.get("rows"));
            list.is_some_and(|list| list.items().next().is_some())
                && ["schemaVersion", "templating", "time"]
                    .iter()
                    .any(|key| node.get(key).is_some())
        }
        DocKind::GrafanaAlerting
        | DocKind::DataSources
        | DocKind::DashboardProviders
        | DocKind::Notifiers => node.get("apiVersion").is_some(),
        _ => false,
    }
}

/// Whether a string is the file of a dashboard (grafana chart, values.yaml: `dashboards.<provider>.<name>.json`).
fn is_chart_dashboard(value: NodeRef<'_>) -> bool {
    let provider = value.parent().and_then(NodeRef::parent);
    let dashboards = provider.and_then(NodeRef::parent);
    let called = |node: Option<NodeRef<'_>>, key: &str| {
        node.is_some_and(|node| node.key().as_deref() == Some(key))
    };
    called(Some(value), "json") && called(dashboards, "dashboards")
}

/// The values of a chart in a resource that has one installed: Flux's HelmRelease, Argo CD's Application.
fn chart_values(root: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let path: &[&str] = match root.get("kind")?.as_str()?.as_ref() {
        "HelmRelease" => &["spec", "values"],
        "Application" => &["spec", "source", "helm", "valuesObject"],
        _ => return None,
    };
    root.path(path).filter(|node| node.kind() == Kind::Object)
}
