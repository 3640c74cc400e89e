//! What a file is: a quick look at raw bytes, then a careful one at the parsed value. Both read one table of telling
//! keys.

mod classify;
mod folder;
mod shape;
mod telling;

pub use classify::{classify, may_tell};
pub use folder::{by_folder, folder_of, is_provisioned, suffixes_of};
pub use shape::{is_dashboard, is_panel_model, is_spec_v2};
pub use telling::{Sniff, sniff};

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
    /// `GrafanaDashboard` of the Grafana operator: carries a dashboard as a string.
    OperatorDashboard,
    /// `GrafanaLibraryPanel` of the Grafana operator: carries a panel as a string.
    OperatorLibraryPanel,
    /// `GrafanaDatasource` of the Grafana operator.
    OperatorDataSource,
    /// A group of Grafana's alert rules, a contact point, a policy, a mute timing, a template of the Grafana operator.
    OperatorAlerting,
    /// Any other resource of the Grafana operator.
    OperatorResource,
    /// A folder in Grafana's own API.
    FolderResource,
    /// An alert of the alerting before Grafana 8, alone in its file.
    LegacyAlert,
    /// A Compose file that runs a Grafana.
    Compose,
    /// Values of a Helm chart, or a document like them, that hold some of the others as maps or strings.
    HelmValues,
    /// A file of rule unit tests for promtool.
    RuleTests,
    /// Prometheus's own configuration.
    PrometheusConfig,
    /// Alertmanager's own configuration.
    AlertmanagerConfig,
    /// Certainly something of others.
    Foreign,
    /// Nothing tells what.
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
            DocKind::ConfigMap => "ConfigMap or Secret",
            DocKind::ResourceList => "Kubernetes List",
            DocKind::PrometheusRules => "Prometheus rules",
            DocKind::RuleResource => "rule resource",
            DocKind::GrafanaAlerting => "Grafana alerting provisioning",
            DocKind::DataSources => "data source provisioning",
            DocKind::DashboardProviders => "dashboard provider provisioning",
            DocKind::Notifiers => "legacy notifier provisioning",
            DocKind::Plugins => "plugin provisioning",
            DocKind::OperatorDashboard => "GrafanaDashboard resource",
            DocKind::OperatorLibraryPanel => "GrafanaLibraryPanel resource",
            DocKind::OperatorDataSource => "GrafanaDatasource resource",
            DocKind::OperatorAlerting => "Grafana operator's alerting resource",
            DocKind::OperatorResource => "Grafana operator resource",
            DocKind::FolderResource => "folder resource",
            DocKind::LegacyAlert => "alert of the old alerting",
            DocKind::Compose => "Compose file with a Grafana",
            DocKind::HelmValues => "Helm values",
            DocKind::RuleTests => "rule unit tests",
            DocKind::PrometheusConfig => "Prometheus configuration",
            DocKind::AlertmanagerConfig => "Alertmanager configuration",
            DocKind::Foreign | DocKind::Other => "something else",
        }
    }

    /// Whether it is of interest for nothing but what it carries.
    pub fn is_carrier(self) -> bool {
        matches!(
            self,
            DocKind::ConfigMap | DocKind::ResourceList | DocKind::HelmValues
        )
    }

    /// Whether anything in it is linted (a carrier counts).
    pub fn is_linted(self) -> bool {
        !matches!(
            self,
            DocKind::Other
                | DocKind::Foreign
                | DocKind::RuleTests
                | DocKind::PrometheusConfig
                | DocKind::AlertmanagerConfig
        )
    }
}
