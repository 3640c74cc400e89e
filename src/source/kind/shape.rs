//! What the values of telling keys look like.

use crate::syntax::{Kind as ValueKind, NodeRef};

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

/// Whether a value looks like the model of a panel.
pub fn is_panel_model(node: NodeRef<'_>) -> bool {
    node.get("type").is_some()
        && (node.get("targets").is_some() || node.get("fieldConfig").is_some())
}

pub(super) fn is_rule_groups(root: NodeRef<'_>) -> bool {
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

pub(super) fn is_grafana_alerting(root: NodeRef<'_>) -> bool {
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

pub(super) fn is_list_of(root: NodeRef<'_>, key: &str, fields: &[&str]) -> bool {
    root.get(key).is_some_and(|list| {
        list.kind() == ValueKind::Array
            && (list.items().next().is_none() && root.get("apiVersion").is_some()
                || list.items().any(|item| {
                    item.get("name").is_some()
                        && fields.iter().any(|field| item.get(field).is_some())
                }))
    })
}

pub(super) fn has_provider(root: NodeRef<'_>) -> bool {
    root.get("providers")
        .into_iter()
        .flat_map(NodeRef::items)
        .any(|provider| provider.path(&["options", "path"]).is_some())
}

/// Whether a service of a Compose file is given settings of Grafana.
pub(super) fn runs_grafana(root: NodeRef<'_>) -> bool {
    let services = root.get("services").into_iter().flat_map(NodeRef::members);
    let mut variables = services
        .filter_map(|service| service.get("environment"))
        .flat_map(NodeRef::children);
    variables.any(|variable| match variable.key() {
        Some(key) => key.starts_with("GF_"),
        None => variable
            .as_str()
            .is_some_and(|text| text.starts_with("GF_")),
    })
}
