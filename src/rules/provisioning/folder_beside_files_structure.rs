//! A folder beside `foldersFromFilesStructure`.

use super::{PROVIDERS, lists};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "folder-beside-files-structure",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "provider with a `folder` that also makes folders from the files' structure",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/folder-beside-files-structure.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for provider in lists(cx, PROVIDERS) {
        let structure = provider.path(&["options", "foldersFromFilesStructure"]);
        let Some(structure) = structure.filter(|node| node.as_bool() == Some(true)) else {
            continue;
        };
        let said = |key: &str| {
            let node: NodeRef<'_> = provider.get(key)?;
            node.as_text()
                .filter(|text| !text.value.is_empty())
                .map(|_| node)
        };
        let finding = match (said("folder"), said("folderUid")) {
            (Some(folder), Some(uid)) => cx
                .report(folder, "with `folder`, `folderUid` and `foldersFromFilesStructure` together Grafana does not start")
                .related(uid, "the uid of the folder"),
            (Some(folder), None) => cx
                .report(folder, "Grafana ignores this folder, because folders are made from the files' structure: files that lie in none go to the top")
                .lower(Severity::Warning),
            (None, Some(uid)) => cx
                .report(uid, "every folder made from the files' structure is to have this uid, so only one of them can be made")
                .lower(Severity::Warning),
            (None, None) => continue,
        };
        let _ = finding
            .related(structure, "folders are made from the files' structure")
            .help("remove `folder` and `folderUid`, or `foldersFromFilesStructure`");
    }
}
