//! More than one default data source.

use std::collections::BTreeMap;

use super::entry::{Entry, claimed_before};
use crate::diagnostic::{Group, Severity};
use crate::project::Claimed;
use crate::rules::trail::Whole;
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

const MESSAGE: &str =
    "a second data source is the default one of its organization, so Grafana does not start";
const HELP: &str = "leave `isDefault: true` at one of them";

fn check(cx: &mut Context<'_, '_>) {
    let mut first = BTreeMap::new();
    for entry in Entry::all(cx) {
        let (Some(org), Some(node)) = (entry.organization(), entry.default()) else {
            continue;
        };
        if let Some(before) = first.get(&org).copied() {
            let finding = cx.report(node, MESSAGE).related(before, "the first one");
            let _ = finding.help(HELP).known_in(Whole::Project, org.to_string());
            continue;
        }
        first.insert(org, node);
        if let Some(before) = claimed_before(cx, org, &Claimed::Default).cloned() {
            let finding = cx.report(node, MESSAGE).related_at(before, "the first one");
            let _ = finding.help(HELP).known_in(Whole::Project, org.to_string());
        }
    }
}
