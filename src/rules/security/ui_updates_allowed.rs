//! Provisioned dashboards that people may change.

use crate::diagnostic::{Group, Severity};
use crate::rules::provisioning::{PROVIDERS, lists};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "ui-updates-allowed",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "provider whose dashboards people may change in the browser",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/ui-updates-allowed.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for provider in lists(cx, PROVIDERS) {
        let Some(node) = provider.get("allowUiUpdates") else {
            continue;
        };
        let text = node.as_text().map(|text| text.value);
        if matches!(
            text.as_deref(),
            Some("1" | "t" | "T" | "TRUE" | "true" | "True")
        ) {
            let _ = cx
                .report(node, "changes made in the browser are kept without a review, until the file changes and overwrites them")
                .help("set `allowUiUpdates: false`, and change dashboards in the repository");
        }
    }
}
