//! Secrets that the browser gets.

use crate::diagnostic::{Group, Severity};
use crate::rules::provisioning::entry::{Entry, Headers};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "secret-in-json-data",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "secret of a data source in `jsonData`, which every viewer can read",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/secret-in-json-data.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    for entry in Entry::all(cx) {
        let Some(json_data) = entry.json_data() else {
            continue;
        };
        let headers = Headers::of(&entry);
        for member in json_data.members() {
            let key = member.key().unwrap_or_default();
            let said = member.as_text().is_some_and(|text| !text.value.is_empty());
            if !said || !headers.is_secret(&key) {
                continue;
            }
            let _ = cx
                .report(
                    Place::key(member),
                    format!("`{key}` stands in `jsonData`: Grafana sends it to the browser of every viewer, and does not use it to sign in"),
                )
                .help(format!("put `{key}` into `secureJsonData`"))
                .at(vec![entry.step()]);
        }
    }
}
