//! Providers of dashboards that share a name.

use std::collections::HashMap;

use super::{PROVIDERS, lists};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-provider-name",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "two providers of dashboards with one name",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/duplicate-provider-name.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut first = HashMap::new();
    for provider in lists(cx, PROVIDERS) {
        let Some(node) = provider.get("name") else {
            continue;
        };
        let Some(name) = node.as_text() else { continue };
        if let Some(before) = first.insert(name.value.into_owned(), node) {
            let _ = cx
                .report(
                    node,
                    "another provider of this file has this name, so Grafana does not start",
                )
                .related(before, "the first one")
                .help("give each provider a name of its own");
        }
    }
}
