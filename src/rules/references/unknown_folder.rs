//! Folders that do not exist, of the Grafana operator and of Grafana's own API.

use super::{Dangling, report};
use crate::diagnostic::{Group, Severity};
use crate::project::NameKind;
use crate::rules::{Check, Context, Rule};
use crate::source::kind::DocKind;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-folder",
    group: Group::References,
    severity: Severity::Info,
    summary: "folder resource that the project does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-folder.md"),
    check: Check::Document(check),
};

/// The annotation of a dashboard or folder that names the folder it lies in (Grafana 12, pkg/apimachinery/utils/meta.go: `AnnoKeyFolder`).
const ANNOTATION: &str = "grafana.app/folder";

fn check(cx: &mut Context<'_, '_>) {
    of_operator(cx);
    of_grafana(cx);
}

/// Grafana refuses what is to lie in a folder that is not there (12, pkg/registry/apis/dashboard/register.go: `validateFolderExists`).
fn of_grafana(cx: &mut Context<'_, '_>) {
    let Some(info) = cx.document else { return };
    let resource = matches!(
        info.kind,
        DocKind::ResourceDashboard | DocKind::DashboardV2 | DocKind::FolderResource
    );
    let node = cx
        .file
        .root(info)
        .filter(|_| resource)
        .and_then(|root| root.path(&["metadata", "annotations", ANNOTATION]));
    if let Some((node, uid)) = node.and_then(|node| Some((node, node.as_str()?)))
        && !uid.is_empty()
        && let Some(missing) = cx.reach.missing(NameKind::Folder, &uid)
    {
        let message = format!(
            "no folder of the project has the uid \"{uid}\": unless it is there already, Grafana refuses this"
        );
        let known = cx.reach.names(NameKind::Folder);
        report(cx, vec![Dangling::new(node, uid, missing, message)], &known);
    }
}

fn of_operator(cx: &mut Context<'_, '_>) {
    let Some(info) = cx.document else { return };
    let operator = matches!(
        info.kind,
        DocKind::OperatorDashboard
            | DocKind::OperatorLibraryPanel
            | DocKind::OperatorAlerting
            | DocKind::OperatorResource
    );
    let Some(spec) = cx
        .file
        .root(info)
        .filter(|_| operator)
        .and_then(|root| root.get("spec"))
    else {
        return;
    };
    for (key, kind, called) in [
        ("folderRef", NameKind::FolderResource, "is called"),
        ("parentFolderRef", NameKind::FolderResource, "is called"),
        ("folderUID", NameKind::Folder, "has the uid"),
        ("parentFolderUID", NameKind::Folder, "has the uid"),
    ] {
        let Some((node, name)) = spec.get(key).and_then(|node| Some((node, node.as_str()?))) else {
            continue;
        };
        if let Some(missing) = cx.reach.missing(kind, &name) {
            let message = format!(
                "no GrafanaFolder of the project {called} \"{name}\": without it in the cluster the operator does not write this to Grafana"
            );
            let known = cx.reach.names(kind);
            report(
                cx,
                vec![Dangling::new(node, name, missing, message)],
                &known,
            );
        }
    }
}
