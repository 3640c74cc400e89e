//! What a file is: a quick look at raw bytes, then a careful one at the parsed value.

use memchr::memmem;

use crate::syntax::{Kind as ValueKind, NodeRef};

/// What a document is taken for. One file may hold several, and a carrier holds others inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocKind {
    /// A dashboard in Grafana's classic JSON model.
    Dashboard,
    /// `{"dashboard": {…}, …}`: what Grafana's HTTP API takes and gives.
    ApiDashboard,
    /// A Kubernetes-style resource with a classic dashboard in `spec`.
    ResourceDashboard,
    /// A dashboard resource of the second schema.
    DashboardV2,
    /// `{"model": {…}, "kind": 1}` or its API answer: a library panel.
    LibraryPanel,
    /// A ConfigMap (or Secret with `stringData`): carries files as strings.
    ConfigMap,
    /// A Kubernetes `List` of other resources.
    ResourceList,
    /// A Prometheus (Loki, Mimir, Thanos) rule file.
    PrometheusRules,
    /// `PrometheusRule`, `VMRule`, `AlertingRule` … resources: rule groups in `spec`.
    RuleResource,
    /// Grafana alerting provisioning: rule groups, contact points, policies, mute times, templates.
    GrafanaAlerting,
    /// Data source provisioning.
    DataSources,
    /// Dashboard provider provisioning.
    DashboardProviders,
    /// Legacy alert notifier provisioning.
    Notifiers,
    /// App plugin provisioning.
    Plugins,
    /// `GrafanaDashboard` of the Grafana operator.
    OperatorDashboard,
    /// Any other resource of the Grafana operator.
    OperatorResource,
    /// A file of rule unit tests for promtool.
    RuleTests,
    /// Prometheus's own configuration.
    PrometheusConfig,
    /// Something else.
    Other,
}

impl DocKind {
    /// The kind in a few words, for people.
    pub fn name(self) -> &'static str {
        match self {
            DocKind::Dashboard => "dashboard",
            DocKind::ApiDashboard => "dashboard in an API wrapper",
            DocKind::ResourceDashboard => "dashboard resource",
            DocKind::DashboardV2 => "dashboard resource v2",
            DocKind::LibraryPanel => "library panel",
            DocKind::ConfigMap => "ConfigMap",
            DocKind::ResourceList => "Kubernetes List",
            DocKind::PrometheusRules => "Prometheus rules",
            DocKind::RuleResource => "rule resource",
            DocKind::GrafanaAlerting => "Grafana alerting provisioning",
            DocKind::DataSources => "data source provisioning",
            DocKind::DashboardProviders => "dashboard provider provisioning",
            DocKind::Notifiers => "legacy notifier provisioning",
            DocKind::Plugins => "plugin provisioning",
            DocKind::OperatorDashboard => "GrafanaDashboard resource",
            DocKind::OperatorResource => "Grafana operator resource",
            DocKind::RuleTests => "rule unit tests",
            DocKind::PrometheusConfig => "Prometheus configuration",
            DocKind::Other => "something else",
        }
    }

    /// Whether anything in it is linted (a carrier counts).
    pub fn is_linted(self) -> bool {
        !matches!(
            self,
            DocKind::Other | DocKind::RuleTests | DocKind::PrometheusConfig
        )
    }
}

/// The outcome of the quick look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniff {
    /// No telling key stands in it: not parsed.
    Skip,
    /// Worth parsing; `certain` when it is clearly one of ours, so that a syntax error may be reported.
    Parse {
        /// See above.
        certain: bool,
    },
}

fn has(text: &[u8], needle: &str) -> bool {
    memmem::find(text, needle.as_bytes()).is_some()
}

/// Looks for telling keys in a JSON file.
pub fn sniff_json(text: &[u8]) -> Sniff {
    let panels = has(text, "\"panels\"") || has(text, "\"rows\"");
    if panels {
        let certain = [
            "\"schemaVersion\"",
            "\"templating\"",
            "\"gridPos\"",
            "\"targets\"",
            "\"fieldConfig\"",
        ]
        .iter()
        .any(|key| has(text, key));
        return Sniff::Parse { certain };
    }
    // A dashboard of the second schema without its resource around it.
    let bare = has(text, "\"elements\"")
        && has(text, "\"layout\"")
        && (has(text, "\"vizConfig\"") || has(text, "\"timeSettings\""));
    let certain =
        bare || has(text, "dashboard.grafana.app/") || has(text, "grafana.integreatly.org/");
    let telling = [
        "\"apiVersion\"",
        "\"dashboard\"",
        "\"schemaVersion\"",
        "\"templating\"",
        "\"groups\"",
        "\"datasources\"",
        "\"contactPoints\"",
        "\"policies\"",
        "\"muteTimes\"",
        "\"providers\"",
        "\"notifiers\"",
        "\"apps\"",
        "\"templates\"",
        "\"elements\"",
        "\"delete",
        "\"resetPolicies\"",
        "\"libraryElement\"",
        "\"model\"",
    ];
    if certain || telling.iter().any(|key| has(text, key)) {
        Sniff::Parse { certain }
    } else {
        Sniff::Skip
    }
}

/// Looks for telling keys in a YAML file.
pub fn sniff_yaml(text: &[u8]) -> Sniff {
    let rules =
        has(text, "groups:") && has(text, "rules:") && (has(text, "expr:") || has(text, "data:"));
    let operator = has(text, "grafana.integreatly.org/") || has(text, "dashboard.grafana.app/");
    let resource = [
        "PrometheusRule",
        "VMRule",
        "AlertingRule",
        "RecordingRule",
        "GlobalRules",
        "RulerConfig",
    ]
    .iter()
    .any(|kind| has(text, kind));
    let certain = rules || operator;
    let telling = [
        "groups:",
        "groups\":",
        "datasources:",
        "providers:",
        "contactPoints:",
        "policies:",
        "muteTimes:",
        "templates:",
        "notifiers:",
        "apps:",
        "deleteRules:",
        "deleteContactPoints:",
        "deleteMuteTimes:",
        "deleteTemplates:",
        "deleteDatasources:",
        "delete_notifiers:",
        "resetPolicies:",
        "elements:",
        "ConfigMap",
        "panels:",
        "\"panels\"",
        "dashboards:",
    ];
    if certain || resource || telling.iter().any(|key| has(text, key)) {
        Sniff::Parse { certain }
    } else {
        Sniff::Skip
    }
}

/// What the document under `root` is, and why it is taken for that.
pub fn classify(root: NodeRef<'_>) -> (DocKind, &'static str) {
    if root.kind() != ValueKind::Object {
        return (DocKind::Other, "its top level is no object");
    }
    let has = |key: &str| root.get(key).is_some();
    let of_kind =
        |key: &str, kind: ValueKind| root.get(key).is_some_and(|node| node.kind() == kind);
    let array = |key: &str| of_kind(key, ValueKind::Array);
    if let (Some(version), Some(kind)) = (root.get("apiVersion"), root.get("kind")) {
        let version = version.as_str().unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default();
        if !kind.is_empty() {
            return classify_resource(root, &version, &kind);
        }
    }
    if has("rule_files") && (has("tests") || has("evaluation_interval")) && has("tests") {
        return (DocKind::RuleTests, "it has `rule_files` and `tests`");
    }
    if has("scrape_configs")
        || (has("global") && (has("rule_files") || has("alerting") || has("remote_write")))
    {
        return (
            DocKind::PrometheusConfig,
            "it has `scrape_configs` or `global` with `rule_files`",
        );
    }
    if root.get("dashboard").is_some_and(is_dashboard) {
        return (DocKind::ApiDashboard, "`dashboard` holds a dashboard");
    }
    if root.get("dashboard").is_some_and(is_spec_v2) {
        return (
            DocKind::DashboardV2,
            "`dashboard` holds `elements` and `layout`",
        );
    }
    if root.path(&["result", "model"]).is_some_and(is_panel_model)
        || root.get("model").is_some_and(is_panel_model)
    {
        return (DocKind::LibraryPanel, "`model` holds a panel");
    }
    if is_dashboard(root) {
        return (DocKind::Dashboard, "it has panels or rows");
    }
    if is_spec_v2(root) {
        return (DocKind::DashboardV2, "it has `elements` and `layout`");
    }
    if array("groups") && is_rule_groups(root) {
        if is_grafana_alerting(root) {
            return (
                DocKind::GrafanaAlerting,
                "its rules have `data` or `uid`, or it has an `apiVersion`",
            );
        }
        return (DocKind::PrometheusRules, "it has `groups` of rules");
    }
    for key in [
        "contactPoints",
        "policies",
        "muteTimes",
        "templates",
        "deleteRules",
        "deleteContactPoints",
        "deleteMuteTimes",
        "deleteTemplates",
        "resetPolicies",
    ] {
        if array(key) && has("apiVersion") {
            return (
                DocKind::GrafanaAlerting,
                "it has an `apiVersion` and alerting resources",
            );
        }
    }
    if is_list_of(root, "datasources", &["type", "access", "url", "uid"])
        || array("deleteDatasources")
    {
        return (DocKind::DataSources, "it has a list of `datasources`");
    }
    if is_list_of(root, "providers", &["options", "folder", "type"])
        && (has("apiVersion") || has_provider(root))
    {
        return (DocKind::DashboardProviders, "it has a list of `providers`");
    }
    if is_list_of(root, "notifiers", &["type", "settings"]) || array("delete_notifiers") {
        return (DocKind::Notifiers, "it has a list of `notifiers`");
    }
    if is_list_of(root, "apps", &["type", "org_id", "jsonData"]) && has("apiVersion") {
        return (DocKind::Plugins, "it has a list of `apps`");
    }
    (DocKind::Other, "no telling keys at its top level")
}

fn classify_resource(root: NodeRef<'_>, version: &str, kind: &str) -> (DocKind, &'static str) {
    // The second is how the API answers: the same with the rights of who asks (grafana/grafana, apps/dashboard).
    if version.starts_with("dashboard.grafana.app/")
        && matches!(kind, "Dashboard" | "DashboardWithAccessInfo")
    {
        return if version.contains("/v2") {
            (
                DocKind::DashboardV2,
                "its apiVersion is dashboard.grafana.app/v2…",
            )
        } else {
            (
                DocKind::ResourceDashboard,
                "its apiVersion is dashboard.grafana.app/v0… or v1…",
            )
        };
    }
    // A panel of the library; its resource is young and goes by two names.
    if version.starts_with("dashboard.grafana.app/")
        && matches!(kind, "LibraryPanel" | "LibraryElement")
    {
        return (DocKind::LibraryPanel, "its kind is a library panel");
    }
    if version.starts_with("grafana.integreatly.org/") || version.starts_with("integreatly.org/") {
        return if kind == "GrafanaDashboard" {
            (
                DocKind::OperatorDashboard,
                "a resource of the Grafana operator",
            )
        } else {
            (
                DocKind::OperatorResource,
                "a resource of the Grafana operator",
            )
        };
    }
    match kind {
        "ConfigMap" if version == "v1" => (DocKind::ConfigMap, "a ConfigMap"),
        "Secret" if version == "v1" && root.get("stringData").is_some() => {
            (DocKind::ConfigMap, "a Secret with plain strings")
        }
        "List" | "ConfigMapList" if version == "v1" => (DocKind::ResourceList, "a Kubernetes List"),
        "PrometheusRule" | "VMRule" | "AlertingRule" | "RecordingRule" | "GlobalRules"
        | "Rules"
            if root.path(&["spec", "groups"]).is_some() =>
        {
            (
                DocKind::RuleResource,
                "a resource with rule groups in its spec",
            )
        }
        "PrometheusRuleList" | "VMRuleList" => (DocKind::ResourceList, "a list of rule resources"),
        _ => (DocKind::Other, "a Kubernetes resource of another kind"),
    }
}

/// Whether a value looks like a classic dashboard.
pub fn is_dashboard(node: NodeRef<'_>) -> bool {
    let list = |key: &str| {
        node.get(key).is_some_and(|list| {
            list.kind() == ValueKind::Array
                && list
                    .items()
                    .take(3)
                    .all(|item| item.kind() == ValueKind::Object)
        })
    };
    let evidence = [
        "title",
        "schemaVersion",
        "templating",
        "annotations",
        "time",
        "timezone",
        "editable",
        "uid",
        "tags",
    ]
    .iter()
    .filter(|key| node.get(key).is_some())
    .count();
    if list("panels") {
        let panel = node
            .get("panels")
            .into_iter()
            .flat_map(NodeRef::items)
            .next()
            .is_some_and(|panel| {
                panel.get("type").is_some()
                    && [
                        "targets",
                        "gridPos",
                        "fieldConfig",
                        "options",
                        "datasource",
                        "id",
                        "title",
                        "panels",
                    ]
                    .iter()
                    .any(|key| panel.get(key).is_some())
            });
        return panel || evidence >= 2;
    }
    if list("rows") {
        let row = node
            .get("rows")
            .into_iter()
            .flat_map(NodeRef::items)
            .next()
            .is_some_and(|row| row.get("panels").is_some());
        return row || (evidence >= 3 && node.get("templating").is_some());
    }
    node.get("schemaVersion").is_some() && node.get("title").is_some() && evidence >= 3
}

/// Whether a value looks like the spec of a v2 dashboard.
pub fn is_spec_v2(node: NodeRef<'_>) -> bool {
    ["elements", "layout"].iter().all(|key| {
        node.get(key)
            .is_some_and(|node| node.kind() == ValueKind::Object)
    })
}

fn is_panel_model(node: NodeRef<'_>) -> bool {
    node.get("type").is_some()
        && (node.get("targets").is_some() || node.get("fieldConfig").is_some())
}

fn is_rule_groups(root: NodeRef<'_>) -> bool {
    root.get("groups")
        .into_iter()
        .flat_map(NodeRef::items)
        .any(|group| group.get("rules").is_some())
        || (root.get("groups").is_some_and(|groups| {
            groups.items().next().is_none()
                || groups.items().any(|group| group.get("name").is_some())
        }) && root.members().count() <= 2
            && root.members().all(|member| {
                matches!(
                    member.key().as_deref(),
                    Some("groups" | "namespace" | "apiVersion")
                )
            }))
}

fn is_grafana_alerting(root: NodeRef<'_>) -> bool {
    let mut rules = root
        .get("groups")
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(|group| group.get("rules"))
        .flat_map(NodeRef::items)
        // Aliases can make a list endless; the first rules tell as much as all.
        .take(1000);
    let grafana = |rule: NodeRef<'_>| rule.get("data").is_some() || rule.get("condition").is_some();
    let prometheus = |rule: NodeRef<'_>| {
        rule.get("alert").is_some() || rule.get("record").is_some() || rule.get("expr").is_some()
    };
    rules.clone().any(grafana)
        || (!rules.any(prometheus) && (root.get("apiVersion").is_some() || folder_in_groups(root)))
}

fn folder_in_groups(root: NodeRef<'_>) -> bool {
    root.get("groups")
        .into_iter()
        .flat_map(NodeRef::items)
        .any(|group| group.get("folder").is_some())
}

fn is_list_of(root: NodeRef<'_>, key: &str, fields: &[&str]) -> bool {
    root.get(key).is_some_and(|list| {
        list.kind() == ValueKind::Array
            && (list.items().next().is_none() && root.get("apiVersion").is_some()
                || list.items().any(|item| {
                    item.get("name").is_some()
                        && fields.iter().any(|field| item.get(field).is_some())
                }))
    })
}

fn has_provider(root: NodeRef<'_>) -> bool {
    root.get("providers")
        .into_iter()
        .flat_map(NodeRef::items)
        .any(|provider| provider.path(&["options", "path"]).is_some())
}
