//! Provisioning files: data sources, providers of dashboards, plugins, old notification channels.

pub(crate) mod duplicate_data_source;
pub(crate) mod duplicate_provider_name;
pub(crate) mod entry;
pub(crate) mod folder_beside_files_structure;
pub(crate) mod invalid_data_source_uid;
pub(crate) mod keys;
pub(crate) mod legacy_notifiers;
pub(crate) mod missing_api_version;
pub(crate) mod overlapping_providers;
pub(crate) mod plugin_not_installed;
pub(crate) mod schema;
pub(crate) mod several_default_data_sources;
pub(crate) mod unescaped_dollar;
pub(crate) mod unread_provisioning_file;

use crate::model::{DocumentInfo, ParsedFile};
use crate::rules::Context;
use crate::source::kind::DocKind;
use crate::syntax::{Kind, NodeRef};
use schema::Shape;

/// What the document of the running check holds: objects of provisioning files, each with its shape.
pub(crate) fn roots<'t>(cx: &Context<'_, 't>) -> Vec<(NodeRef<'t>, &'static Shape)> {
    cx.document
        .map_or(Vec::new(), |info| roots_of(cx.file, info))
}

/// What a document holds.
fn roots_of<'t>(file: &'t ParsedFile, info: &DocumentInfo) -> Vec<(NodeRef<'t>, &'static Shape)> {
    let found = file.root(info).map(|root| (info.kind, root));
    // What is missing where the text is broken off nobody knows.
    let broken = |root: NodeRef<'_>| {
        root.tree()
            .problems()
            .iter()
            .any(|problem| problem.kind.breaks())
    };
    let Some((kind, root)) = found.filter(|(_, root)| !broken(*root)) else {
        return Vec::new();
    };
    let each = |list: NodeRef<'t>, name: &str| -> Vec<(NodeRef<'t>, &'static Shape)> {
        let shape = schema::shape(name);
        let objects = list.items().filter(|item| item.kind() == Kind::Object);
        objects.filter_map(|item| Some((item, shape?))).collect()
    };
    let name = match kind {
        DocKind::DataSources if root.kind() == Kind::Array => return each(root, "DataSource"),
        DocKind::DataSources if is_old(root) => "DataSourcesV0",
        DocKind::DataSources => "DataSources",
        DocKind::OperatorDataSource => {
            let Some(spec) = root.get("spec") else {
                return Vec::new();
            };
            if let Some(list) = spec.get("datasources") {
                return each(list, "DataSource");
            }
            let one = spec
                .get("datasource")
                .filter(|node| node.kind() == Kind::Object);
            let one = one.and_then(|node| Some((node, schema::shape("DataSource")?)));
            return one.into_iter().collect();
        }
        DocKind::DashboardProviders => "Providers",
        DocKind::Plugins => "Plugins",
        DocKind::Notifiers => "Notifiers",
        DocKind::GrafanaAlerting => "AlertingFile",
        DocKind::OperatorAlerting => return operator_alerting(root).into_iter().collect(),
        _ => return Vec::new(),
    };
    schema::shape(name)
        .map(|shape| (root, shape))
        .into_iter()
        .collect()
}

/// The `spec` of an alerting resource of the Grafana operator, with its shape.
fn operator_alerting(root: NodeRef<'_>) -> Option<(NodeRef<'_>, &'static Shape)> {
    let name = match root.get("kind")?.as_str()?.as_ref() {
        "GrafanaAlertRuleGroup" => "OperatorAlertGroup",
        "GrafanaContactPoint" => "OperatorContactPoint",
        "GrafanaNotificationPolicy" => "OperatorPolicy",
        "GrafanaNotificationPolicyRoute" => "OperatorRoute",
        "GrafanaMuteTiming" => "OperatorMuteTiming",
        "GrafanaNotificationTemplate" => "OperatorTemplate",
        _ => return None,
    };
    let spec = root
        .get("spec")
        .filter(|spec| spec.kind() == Kind::Object)?;
    Some((spec, schema::shape(name)?))
}

/// Whether data sources are written as files without an `apiVersion` have them: none is set, and no key is a newer one.
pub(crate) fn is_old(root: NodeRef<'_>) -> bool {
    root.get("apiVersion")
        .and_then(NodeRef::as_i64)
        .unwrap_or(0)
        == 0
        && newer_keys(root).next().is_none()
}

/// The keys that are read only where the file has an `apiVersion`.
pub(crate) fn newer_keys<'t>(root: NodeRef<'t>) -> impl Iterator<Item = NodeRef<'t>> {
    let lists = [
        (
            "DataSourcesV0",
            "DataSources",
            root.members().collect::<Vec<_>>(),
        ),
        (
            "DataSourceV0",
            "DataSource",
            members_of(root, "datasources"),
        ),
    ];
    lists.into_iter().flat_map(|(old, new, members)| {
        let (old, new) = (schema::shape(old), schema::shape(new));
        members.into_iter().filter(move |member| {
            let known = |shape: Option<&'static Shape>| {
                let key = member.key();
                key.is_some_and(|key| shape.is_some_and(|shape| shape.reads(&key)))
            };
            known(new) && !known(old)
        })
    })
}

fn members_of<'t>(root: NodeRef<'t>, list: &str) -> Vec<NodeRef<'t>> {
    let items = root.get(list).into_iter().flat_map(NodeRef::items);
    items.flat_map(NodeRef::members).collect()
}

/// The key of the lists of data sources, and the shape of what is in them.
pub(crate) const DATA_SOURCES: (&str, &str) = ("datasources", "DataSource");
/// The same of providers.
pub(crate) const PROVIDERS: (&str, &str) = ("providers", "Provider");

/// The objects in a list of the running document.
pub(crate) fn lists<'t>(cx: &Context<'_, 't>, list: (&str, &str)) -> Vec<NodeRef<'t>> {
    cx.document
        .map_or(Vec::new(), |info| lists_of(cx.file, info, list))
}

fn lists_of<'t>(
    file: &'t ParsedFile,
    info: &DocumentInfo,
    (key, shape): (&str, &str),
) -> Vec<NodeRef<'t>> {
    let mut found = Vec::new();
    for (root, own) in roots_of(file, info) {
        if own.name == shape {
            found.push(root);
        } else {
            let items = root.get(key).into_iter().flat_map(NodeRef::items);
            found.extend(items.filter(|item| item.kind() == Kind::Object));
        }
    }
    found
}
