//! Folders of the Grafana operator that do not exist.

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

fn check(cx: &mut Context<'_, '_>) {
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
    let mut found = Vec::new();
    for key in ["folderRef", "parentFolderRef"] {
        let Some((node, name)) = spec.get(key).and_then(|node| Some((node, node.as_str()?))) else {
            continue;
        };
        if let Some(missing) = cx.reach.missing(NameKind::FolderResource, &name) {
            let message = format!(
                "no GrafanaFolder of the project is called \"{name}\": without it in the cluster the operator does not write this to Grafana"
            );
            found.push(Dangling::new(node, name, missing, message));
        }
    }
    if !found.is_empty() {
        let known = cx.reach.names(NameKind::FolderResource);
        report(cx, found, &known);
    }
}
