//! Files without an `apiVersion`.

use super::newer_keys;
use crate::diagnostic::{Group, Safety, Severity};
use crate::fix::edit;
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "missing-api-version",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "provisioning file without an `apiVersion`",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/provisioning/missing-api-version.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let found = cx
        .document
        .and_then(|info| Some((info.kind, cx.file.root(info)?)));
    let Some((kind, root)) = found else { return };
    let said = root.get("apiVersion");
    if said
        .and_then(NodeRef::as_i64)
        .is_some_and(|version| version > 0)
    {
        return;
    }
    let first = match kind {
        DocKind::DashboardProviders => root.get("providers"),
        DocKind::DataSources => ["datasources", "deleteDatasources", "delete_datasources"]
            .iter()
            .find_map(|key| root.get(key)),
        _ => None,
    };
    let Some(list) = first else { return };
    let edits = match said {
        Some(node) => edit::replace_value(node, "1"),
        None => edit::insert_member(root, edit::Place::First, "apiVersion", "1"),
    };
    let place = match said {
        Some(node) => Place::value(node),
        None => Place::key(list),
    };
    if kind == DocKind::DashboardProviders {
        let _ = cx
            .report(
                place,
                "the file has no `apiVersion: 1`, so Grafana wants a bare list of providers and does not start",
            )
            .help("write `apiVersion: 1` at the top")
            .fix_in(root, "write `apiVersion: 1`", Safety::Unsafe, edits);
        return;
    }
    let mut newer = newer_keys(root).peekable();
    let Some(first) = newer.peek().copied() else {
        let _ = cx
            .report(place, "the file has no `apiVersion`, so Grafana reads it in a deprecated format and logs a warning")
            .help("write `apiVersion: 1` at the top and the keys in camelCase")
            .lower(Severity::Info);
        return;
    };
    let key = first.key().unwrap_or_default();
    let mut finding = cx
        .report(
            place,
            format!("the file has no `apiVersion: 1`, so Grafana reads it in an old format and ignores `{key}` and the like"),
        )
        .help("write `apiVersion: 1` at the top");
    for member in newer.take(5) {
        finding = finding.related(Place::key(member), "not read without `apiVersion: 1`");
    }
    let _ = finding.fix_in(root, "write `apiVersion: 1`", Safety::Unsafe, edits);
}
