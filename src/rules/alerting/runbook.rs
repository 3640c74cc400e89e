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
        .filter(|member| {
            member.key().is_some_and(|key| {
                let key: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
                ["runbook", "playbook"]
                    .iter()
                    .filter_map(|book| {
                        key.to_ascii_lowercase()
                            .strip_prefix(book)
                            .map(str::to_owned)
                    })
                    .any(|rest| matches!(rest.as_str(), "" | "url" | "uri" | "link" | "href"))
            })
        })
        .collect()
}
