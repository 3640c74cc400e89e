//! What counts as a runbook link.

use crate::rules::Alert;
use crate::syntax::NodeRef;

/// The annotations of an alert that hold its runbook's address: `runbook_url`, `runbook`, `runbookURL`,
/// `playbook_link` and the like.
pub(super) fn runbooks<'t>(alert: &Alert<'t>) -> Vec<NodeRef<'t>> {
    alert
        .node()
        .get("annotations")
        .into_iter()
        .flat_map(NodeRef::members)
        .filter(|member| member.key().is_some_and(|key| is_runbook(&key)))
        .collect()
}

/// Whether an annotation of this name holds a runbook's address.
pub(super) fn is_runbook(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = plain.to_ascii_lowercase();
    ["runbook", "playbook"]
        .iter()
        .filter_map(|book| plain.strip_prefix(book))
        .any(|rest| matches!(rest, "" | "url" | "uri" | "link" | "href"))
}
