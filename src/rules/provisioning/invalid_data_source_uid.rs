//! Data source uids that Grafana will not take.

use super::entry::Entry;
use crate::diagnostic::{Group, Severity};
use crate::model::is_expanded;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-data-source-uid",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "uid of a data source that is too long or has odd characters",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/invalid-data-source-uid.md"),
    check: Check::Document(check),
};

/// Grafana 12, pkg/util/shortid_generator.go: `MaxUIDLength`.
const LONGEST: usize = 40;

fn check(cx: &mut Context<'_, '_>) {
    for entry in Entry::all(cx) {
        let Some((node, uid)) = entry.text("uid").filter(|(_, uid)| !is_expanded(uid)) else {
            continue;
        };
        let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
        let what = if uid.chars().count() > LONGEST {
            format!("has more than {LONGEST} characters")
        } else if !uid.chars().all(plain) {
            "has characters other than letters, digits, `-` and `_`".to_owned()
        } else {
            continue;
        };
        let _ = cx
            .report(node, format!("the uid {what}: Grafana warns of it now and will refuse it"))
            .help(format!("use up to {LONGEST} letters, digits, `-` and `_`, here and where dashboards name it"));
    }
}
