//! How a dashboard comes into Grafana.

use crate::model::{Dashboard, DataSourceRef, Panel};
use crate::rules::Context;
use crate::source::kind::DocKind;
use crate::syntax::{Kind, NodeRef};

/// Whether Grafana certainly reads it from a file, as it stands.
pub(super) fn is_provisioned(dashboard: &Dashboard<'_>, cx: &Context<'_, '_>) -> bool {
    cx.reach.is_provisioned() || by_sidecar(dashboard, cx)
}

/// A sidecar writes it to a folder Grafana provisions from: it is carried by a ConfigMap with the label that the Helm
/// chart's sidecar looks for (grafana chart, values.yaml: `sidecar.dashboards.label`).
fn by_sidecar(dashboard: &Dashboard<'_>, cx: &Context<'_, '_>) -> bool {
    let Some(carrier) = dashboard.root.tree().carrier() else {
        return false;
    };
    // A list holds several: which of them carries it is not known here.
    let number = carrier.document;
    let Some(tree) = cx.file.trees.first() else {
        return false;
    };
    let mut maps = cx
        .file
        .documents_of(number)
        .filter(|info| info.kind == DocKind::ConfigMap);
    if maps.next().is_none() || maps.next().is_some() {
        return false;
    }
    tree.documents()
        .nth(number as usize)
        .and_then(|root| root.path(&["metadata", "labels", "grafana_dashboard"]))
        .is_some()
}

/// Whether the operator's resource carries it, which fills inputs in itself.
pub(super) fn by_operator(dashboard: &Dashboard<'_>, cx: &Context<'_, '_>) -> bool {
    let Some(carrier) = dashboard.root.tree().carrier() else {
        return false;
    };
    cx.file
        .documents_of(carrier.document)
        .any(|info| info.kind == DocKind::OperatorDashboard)
}

/// Every data source that panels and their targets name, and where.
pub(super) fn data_source_nodes<'p, 't>(
    panels: &'p [Panel<'t>],
) -> impl Iterator<Item = (&'p Panel<'t>, NodeRef<'t>, DataSourceRef<'t>)> {
    panels.iter().flat_map(|panel| {
        let targets = panel.targets().into_iter().filter_map(move |target| {
            let node = target.data_source_node()?;
            Some((panel, node, target.data_source()))
        });
        let own = panel
            .data_source_node()
            .map(|node| (panel, node, panel.data_source()));
        own.into_iter().chain(targets)
    })
}

/// What a reference to a data source names: its `uid` (in v2 `name`), or the old name itself.
pub(super) fn named(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    match node.kind() {
        Kind::String => Some(node),
        _ => node.get("uid").or_else(|| node.get("name")),
    }
}
