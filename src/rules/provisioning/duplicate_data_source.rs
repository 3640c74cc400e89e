//! Data sources that overwrite one another.

use std::collections::HashMap;

use super::entry::{Entry, claimed_before};
use crate::diagnostic::{Group, Severity};
use crate::project::{Claimed, claims_of};
use crate::rules::trail::Whole;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-data-source",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "two data sources with one name or uid",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/duplicate-data-source.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut first = HashMap::new();
    for entry in Entry::all(cx) {
        let Some(org) = entry.organization() else {
            continue;
        };
        // One cause, one finding: a copy shares both name and uid.
        let mut told = false;
        for (claimed, node) in claims_of(&entry) {
            let (key, effect) = match claimed {
                Claimed::Name(_) => (
                    "name",
                    "the later one overwrites the earlier one at every start",
                ),
                Claimed::Uid(_) => ("uid", "Grafana refuses the second one and does not start"),
                Claimed::Default => continue,
            };
            let elsewhere = claimed_before(cx, org, &claimed).cloned();
            let known = match &claimed {
                Claimed::Name(said) | Claimed::Uid(said) => format!("{org} {key} {said}"),
                Claimed::Default => continue,
            };
            let before = first.insert((org, claimed), node);
            if told || before.is_none() && elsewhere.is_none() {
                continue;
            }
            told = true;
            let finding = cx
                .report(
                    node,
                    format!("another data source has the same `{key}`: {effect}"),
                )
                .help(format!("give each data source a `{key}` of its own"))
                .known_in(Whole::Project, known);
            let _ = match (before, elsewhere) {
                (Some(before), _) => finding.related(before, "the first one"),
                (None, Some(before)) => finding.related_at(before, "the first one"),
                (None, None) => finding,
            };
        }
    }
}
