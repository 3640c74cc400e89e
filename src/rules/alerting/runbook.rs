//! What counts as a runbook link.

use crate::rules::Alert;
use crate::syntax::NodeRef;

/// The annotations of an alert that hold its runbook's address: any whose name speaks of a runbook or playbook
/// (`runbook_url`, `runbook`, `runbookURL`, `playbook_link` …).
pub(super) fn runbooks<'t>(alert: &Alert<'t>) -> Vec<NodeRef<'t>> {
    alert
        .node()
        .get("annotations")
        .into_iter()
        .flat_map(NodeRef::members)
        .filter(|member| {
            member.key().is_some_and(|key| {
                let key = key.to_ascii_lowercase();
                key.contains("runbook") || key.contains("run_book") || key.contains("playbook")
            })
        })
        .collect()
}
