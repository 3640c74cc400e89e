//! `.lint` files of grafana/dashboard-linter: what they exclude is silenced, what they call a warning is none of the worst.
//!
//! Format and meaning: grafana/dashboard-linter v0.2.0, `lint/configuration.go`. A field that an entry does not give, or that the
//! finding does not have, matches. `targetIdx` is honoured as documented; dashboard-linter itself reads `targetidx`.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Severity, Silencer, Suppression};
use crate::model::ParsedFile;
use crate::syntax::{Kind, NodeRef, Tree, parse_yaml};

/// A longer `.lint` is none.
const LONGEST: u64 = 1 << 20;

/// The rules that say here what a rule of dashboard-linter says; `rules/coming-from-dashboard-linter.md` explains each.
pub(crate) const SAME: &[(&str, &[&str])] = &[
    (
        "panel-datasource-rule",
        &["hard-coded-data-source", "data-source-by-name"],
    ),
    ("panel-no-targets-rule", &["panel-without-targets"]),
    ("panel-title-description-rule", &["undescribed-panel"]),
    ("panel-units-rule", &["missing-unit", "unknown-unit"]),
    (
        "target-counter-agg-rule",
        &["raw-counter-in-graph", "counter-without-rate"],
    ),
    ("target-instance-rule", &["selector-without-instance"]),
    ("target-job-rule", &["selector-without-job"]),
    ("target-logql-auto-rule", &["fixed-interval"]),
    ("target-logql-rule", &["invalid-logql"]),
    ("target-promql-rule", &["invalid-promql"]),
    (
        "target-rate-interval-rule",
        &["fixed-interval", "interval-under-rate"],
    ),
    ("template-datasource-rule", &["missing-datasource-variable"]),
    ("template-instance-rule", &["missing-instance-variable"]),
    ("template-job-rule", &["missing-job-variable"]),
    ("template-label-promql-rule", &["invalid-variable-query"]),
    (
        "template-on-time-change-reload-rule",
        &["variable-not-refreshed"],
    ),
    ("uneditable-dashboard", &["editable-dashboard"]),
];

/// Applies the `.lint` beside the file, if there is one. dashboard-linter looks in no other folder.
pub(super) fn apply(file: &ParsedFile, findings: &mut [Diagnostic]) {
    if findings.is_empty() {
        return;
    }
    let Some(folder) = file
        .source
        .location
        .as_deref()
        .and_then(|path| path.parent())
    else {
        return;
    };
    let Some(tree) = parsed(folder) else { return };
    for finding in findings {
        silence(&tree, finding);
    }
}

/// The `.lint` of a folder.
pub(super) fn parsed(folder: &Path) -> Option<Tree> {
    let path = folder.join(".lint");
    let small = fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= LONGEST);
    let text = small.then(|| fs::read_to_string(&path).ok())??;
    Some(parse_yaml(text.into()))
}

fn silence(tree: &Tree, finding: &mut Diagnostic) {
    let Some(root) = tree.root() else { return };
    let theirs = SAME
        .iter()
        .filter(|(_, ours)| ours.contains(&finding.rule.as_ref()))
        .map(|(theirs, _)| *theirs);
    // A rule of ours by its own name is understood as well.
    for name in theirs.chain([finding.rule.clone().as_ref()]) {
        let excluded = root
            .path(&["exclusions", name])
            .and_then(|rule| meant(rule, finding));
        if let Some(reason) = excluded.filter(|_| finding.suppressed.is_none()) {
            finding.suppressed = Some(Suppression {
                by: Silencer::Lint,
                reason: Some(reason.into_owned()).filter(|reason| !reason.is_empty()),
                until: None,
            });
        }
        if root
            .path(&["warnings", name])
            .is_some_and(|rule| meant(rule, finding).is_some())
        {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
}

/// The reason, if the rule's table speaks of the finding.
fn meant<'t>(rule: NodeRef<'t>, finding: &Diagnostic) -> Option<Cow<'t, str>> {
    let reason = |node: NodeRef<'t>| crate::model::string(node, "reason").unwrap_or_default();
    let mut entries = rule
        .get("entries")
        .into_iter()
        .flat_map(NodeRef::items)
        .peekable();
    if entries.peek().is_none() {
        return Some(reason(rule));
    }
    let entry = entries.find(|entry| matches(*entry, finding))?;
    let own = reason(entry);
    Some(if own.is_empty() { reason(rule) } else { own })
}

fn matches(entry: NodeRef<'_>, finding: &Diagnostic) -> bool {
    let named = |key: &str, kind: &str| {
        let wanted = crate::model::string(entry, key).filter(|wanted| !wanted.is_empty());
        let step = finding.trail.iter().find(|step| step.kind == kind);
        match (wanted, step) {
            (Some(wanted), Some(step)) => wanted == step.name,
            _ => true,
        }
    };
    let target = ["targetIdx", "targetidx"]
        .iter()
        .find_map(|key| entry.get(key))
        .filter(|node| node.kind() == Kind::Number)
        .and_then(NodeRef::as_i64);
    let same_target = match (target, target_of(finding)) {
        (Some(wanted), Some(found)) => wanted == found,
        _ => true,
    };
    named("dashboard", "dashboard") && named("panel", "panel") && same_target
}

/// The number of the target that the finding stands in, by its pointer: `…/targets/1/…`, in the second schema
/// `…/queries/1/…`.
fn target_of(finding: &Diagnostic) -> Option<i64> {
    let location = &finding.location;
    let pointer = location.inner.as_ref().unwrap_or(&location.pointer);
    let mut parts = pointer.split('/');
    parts.find(|part| matches!(*part, "targets" | "queries"))?;
    parts.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::SAME;

    #[test]
    fn every_rule_of_theirs_is_a_rule_of_ours() {
        for (theirs, ours) in SAME {
            for id in *ours {
                assert!(crate::rules::find(id).is_some(), "{theirs}: no rule `{id}`");
            }
        }
    }
}
