//! Data sources that overwrite one another.

use std::collections::HashMap;

use super::entry::Entry;
use crate::diagnostic::{Group, Severity};
use crate::model::is_expanded;
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

const KEYS: [(&str, &str); 2] = [
    (
        "name",
        "the later one overwrites the earlier one at every start",
    ),
    ("uid", "Grafana refuses the second one and does not start"),
];

fn check(cx: &mut Context<'_, '_>) {
    let mut first = HashMap::new();
    for entry in Entry::all(cx) {
        let Some(org) = entry.organization() else {
            continue;
        };
        // One cause, one finding: a copy shares both.
        let found = KEYS.iter().find_map(|(key, effect)| {
            let (node, text) = entry.text(key)?;
            let before = first.insert((*key, org, text.clone().into_owned()), node)?;
            (!is_expanded(&text)).then_some((*key, *effect, node, before))
        });
        if let Some((key, effect, node, before)) = found {
            let _ = cx
                .report(
                    node,
                    format!("another data source of this file has the same `{key}`: {effect}"),
                )
                .related(before, "the first one")
                .help(format!("give each data source a `{key}` of its own"));
        }
    }
}
