//! What a document carries: resources in lists, files in ConfigMaps, dashboards and rules in Helm values.

use super::file::DocumentInfo;
use crate::source::kind::{DocKind, Sniff, classify, sniff_json, sniff_yaml};
use crate::syntax::{self, Dialect, Kind, NodeRef, Tree};

/// How many resources inside lists and carriers one file may hold.
const MAX_DOCUMENTS: usize = 100_000;
/// How deep, and among how many values, Helm values are searched.
const VALUES_DEPTH: usize = 8;
const MAX_VALUES: usize = 20_000;
/// Keys of which a file inside Helm values has at least one.
const TELLING: &[&str] = &[
    "panels",
    "rows",
    "schemaVersion",
    "elements",
    "groups",
    "contactPoints",
    "policies",
    "muteTimes",
    "templates",
    "datasources",
    "deleteDatasources",
    "providers",
    "notifiers",
];

/// The documents of a file's own tree, and the texts it carries.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Documents of the file's own tree.
    pub(super) documents: Vec<DocumentInfo>,
    /// Trees of carried texts, each with the number of the file's document that carries it.
    pub(super) embedded: Vec<(u32, Tree)>,
}

impl Carried {
    /// Notes the document under `root`, the resources it lists and the texts it carries.
    pub(super) fn expand(&mut self, root: NodeRef<'_>, number: u32) {
        let mut open = vec![root];
        while let Some(root) = open.pop() {
            if self.documents.len() + self.embedded.len() >= MAX_DOCUMENTS {
                return;
            }
            let (kind, why) = classify(root);
            let at = self.documents.len();
            self.documents
                .push(DocumentInfo::own(root, kind, why, number));
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
                            self.embed(value, number);
                        }
                    }
                }
                DocKind::OperatorDashboard | DocKind::OperatorLibraryPanel => {
                    if let Some(json) = root.path(&["spec", "json"]) {
                        self.embed(json, number);
                    }
                }
                // Resources of other kinds are theirs; YAML without a kind may be the values of a chart.
                DocKind::Other
                    if root.tree().dialect() == Dialect::Yaml
                        && root.get("kind").is_none()
                        && self.values(root, number) =>
                {
                    if let Some(info) = self.documents.get_mut(at) {
                        info.kind = DocKind::HelmValues;
                        info.why =
                            "it holds dashboards, rules or provisioning by the names of files";
                    }
                }
                _ => {}
            }
        }
    }

    /// Searches the values of a chart (`dashboards.default.node.json: |`, `datasources.datasources.yaml.datasources: […]`,
    /// `serverFiles.alerting_rules.yml.groups: […]`) for what is ours; whether there was any.
    fn values(&mut self, root: NodeRef<'_>, number: u32) -> bool {
        let before = self.documents.len() + self.embedded.len();
        let mut open = vec![(root, 0)];
        let mut seen = 0;
        while let Some((node, depth)) = open.pop() {
            let members: Vec<NodeRef<'_>> = node.members().collect();
            // The last one is looked at first: in the end they come in the order of the file.
            for value in members.into_iter().rev() {
                seen += 1;
                let full = self.documents.len() + self.embedded.len() >= MAX_DOCUMENTS;
                if seen > MAX_VALUES || full || value.is_alias() {
                    continue;
                }
                match value.kind() {
                    Kind::Object => {
                        // What is merged in is looked at where it stands; asking for it here again and again takes long.
                        let telling = value
                            .members()
                            .any(|member| member.key().is_some_and(|key| TELLING.contains(&&*key)));
                        let (kind, why) = match telling {
                            true => classify(value),
                            false => (DocKind::Other, ""),
                        };
                        let file = matches!(
                            kind,
                            DocKind::Dashboard
                                | DocKind::DashboardV2
                                | DocKind::PrometheusRules
                                | DocKind::GrafanaAlerting
                                | DocKind::DataSources
                                | DocKind::DashboardProviders
                                | DocKind::Notifiers
                        );
                        if file {
                            self.documents
                                .push(DocumentInfo::own(value, kind, why, number));
                        } else if depth < VALUES_DEPTH {
                            open.push((value, depth + 1));
                        }
                    }
                    Kind::String => self.embed(value, number),
                    _ => {}
                }
            }
        }
        self.documents.len() + self.embedded.len() > before
    }

    /// Parses a carried string that looks like a text of ours.
    fn embed(&mut self, value: NodeRef<'_>, number: u32) {
        let Some(text) = value.as_str() else { return };
        let bytes = text.as_bytes();
        let tree = match Dialect::of_embedded(value, &text) {
            Some(Dialect::Json) if sniff_json(bytes) != Sniff::Skip => {
                syntax::parse_embedded(value, number, Dialect::Json)
            }
            Some(Dialect::Yaml)
                if sniff_yaml(bytes) != Sniff::Skip && !syntax::is_template(&text) =>
            {
                // Of other YAML (Prometheus's own configuration, somebody's application) nothing is said.
                syntax::parse_embedded(value, number, Dialect::Yaml)
                    .filter(|tree| tree.documents().any(|root| classify(root).0.is_linted()))
            }
            _ => None,
        };
        self.embedded.extend(tree.map(|tree| (number, tree)));
    }
}
