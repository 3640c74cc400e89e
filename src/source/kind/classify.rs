//! The careful look: what a parsed document is.

use super::DocKind;
use super::shape::runs_grafana;
use super::telling::{RESOURCES, TELLING};
use crate::syntax::{Kind as ValueKind, NodeRef};

/// What the document under `root` is, and why it is taken for that.
pub fn classify(root: NodeRef<'_>) -> (DocKind, &'static str) {
    if root.kind() != ValueKind::Object {
        return (DocKind::Other, "its top level is no object");
    }
    if let (Some(version), Some(kind)) = (root.get("apiVersion"), root.get("kind")) {
        let kind = kind.as_str().unwrap_or_default();
        if !kind.is_empty() {
            let version = version.as_str().unwrap_or_default();
            return resource(root, &version, &kind);
        }
    }
    if let Some(foreign) = foreign(root) {
        return foreign;
    }
    TELLING
        .iter()
        .find(|row| root.get(row.key).is_some() && (row.holds)(root))
        .map_or(
            (DocKind::Other, "no telling keys at its top level"),
            |row| (row.kind, row.why),
        )
}

/// Whether a key of the object itself may tell what it is: a cheap look before [`classify`], for objects by the thousand.
pub fn may_tell(object: NodeRef<'_>) -> bool {
    object.members().any(|member| {
        member
            .key()
            .is_some_and(|key| key == "kind" || TELLING.iter().any(|row| row.key == key))
    })
}

fn resource(root: NodeRef<'_>, version: &str, kind: &str) -> (DocKind, &'static str) {
    RESOURCES
        .iter()
        .find(|resource| {
            let group = match resource.group {
                "v1" => version == "v1",
                group => version.starts_with(group),
            };
            group
                && (resource.kinds.is_empty() || resource.kinds.contains(&kind))
                && (resource.member.is_empty() || root.path(resource.member).is_some())
        })
        .map_or(
            (DocKind::Foreign, "a Kubernetes resource of another kind"),
            |resource| (resource.kind, resource.why),
        )
}

/// What is known to be of others though it shares words with ours.
fn foreign(root: NodeRef<'_>) -> Option<(DocKind, &'static str)> {
    let has = |key: &str| root.get(key).is_some();
    let of = |key: &str, kind: ValueKind| root.get(key).is_some_and(|node| node.kind() == kind);
    // promtool test rules (Prometheus 3.14, cmd/promtool/unittest.go).
    if has("rule_files") && has("tests") {
        return Some((DocKind::RuleTests, "it has `rule_files` and `tests`"));
    }
    if has("scrape_configs")
        || (has("global") && (has("rule_files") || has("alerting") || has("remote_write")))
    {
        return Some((
            DocKind::PrometheusConfig,
            "it has `scrape_configs` or `global` with `rule_files`",
        ));
    }
    if of("route", ValueKind::Object) && of("receivers", ValueKind::Array) {
        return Some((
            DocKind::AlertmanagerConfig,
            "it has a `route` and `receivers`",
        ));
    }
    if has("$schema") && of("properties", ValueKind::Object) {
        return Some((DocKind::Foreign, "a JSON schema"));
    }
    if (has("openapi") || has("swagger")) && has("paths") {
        return Some((DocKind::Foreign, "an OpenAPI description"));
    }
    let service =
        |service: NodeRef<'_>| service.get("image").is_some() || service.get("build").is_some();
    let services = root.get("services").into_iter();
    if services.flat_map(NodeRef::members).any(service) && !runs_grafana(root) {
        return Some((DocKind::Foreign, "a Compose file"));
    }
    None
}
