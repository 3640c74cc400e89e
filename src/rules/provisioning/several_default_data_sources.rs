//! More than one default data source.

use std::collections::BTreeMap;

use super::entry::Entry;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "several-default-data-sources",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "more than one default data source in an organization",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/several-default-data-sources.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut first = BTreeMap::new();
    for entry in Entry::all(cx) {
        let (Some(org), Some(node)) = (entry.organization(), entry.default()) else {
            continue;
        };
        let Some(before) = first.get(&org).copied() else {
            first.insert(org, node);
            continue;
        };
        let _ = cx
            .report(node, "a second data source is the default one of its organization, so Grafana does not start")
            .related(before, "the first one")
            .help("leave `isDefault: true` at one of them");
    }
}
