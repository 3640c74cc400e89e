//! Fields that hold another type than Grafana reads.

use std::collections::BTreeMap;

use super::fields::{Mismatch, mismatches};
use super::found::{Found, report_all};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "wrong-type",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "field that holds another type than Grafana reads",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/wrong-type.md"),
    check: Check::Dashboard(check),
};

/// One cause, one finding: whatever wrote one width as a text wrote them all so, and the heights too.
fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut groups: BTreeMap<_, Vec<Mismatch<'t>>> = BTreeMap::new();
    for mismatch in mismatches(dashboard) {
        let same = (mismatch.shape, mismatch.effect, kind_word(mismatch.node));
        groups.entry(same).or_default().push(mismatch);
    }
    for ((_, effect, is), mut group) in groups {
        group.sort_by_key(|mismatch| mismatch.node.span().start);
        let found: Vec<_> = group
            .iter()
            .map(|mismatch| Found {
                node: mismatch.node,
                panel: panel_around(dashboard, mismatch.node),
            })
            .collect();
        let Some(first) = group.first() else { continue };
        let path = path(first.node, dashboard.node);
        let message = format!("`{path}` is {is} where {} belongs: {effect}", first.wanted);
        report_all(cx, &found, &message, |finding, _| {
            finding.lower(first.severity).help(format!(
                "write {} there, or remove {}",
                first.wanted, first.remove
            ))
        });
    }
}

fn kind_word(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Bool => "a boolean",
        Kind::Array => "a list",
        Kind::Object => "an object",
        Kind::Null | Kind::Alias => "null",
    }
}

/// The panel that a value stands in.
fn panel_around<'d, 't>(dashboard: &'d Dashboard<'t>, node: NodeRef<'t>) -> Option<&'d Panel<'t>> {
    let start = node.span().start;
    let around = dashboard.panels.iter().filter(|panel| {
        let span = panel.node.span();
        span.start <= start && start < span.end
    });
    around.min_by_key(|panel| panel.node.span().end - panel.node.span().start)
}

/// `panels[3].gridPos.w`: the way from the dashboard to a value, as people write it.
fn path(node: NodeRef<'_>, root: NodeRef<'_>) -> String {
    let mut parts = Vec::new();
    let mut here = Some(node);
    while let Some(value) = here.filter(|value| *value != root) {
        let Some(parent) = value.parent() else { break };
        match value.key().filter(|_| parent.kind() == Kind::Object) {
            Some(key) => parts.push(format!(".{key}")),
            None => parts.push(format!("[{}]", value.index())),
        }
        here = Some(parent);
    }
    parts.reverse();
    parts.concat().trim_start_matches('.').to_owned()
}
