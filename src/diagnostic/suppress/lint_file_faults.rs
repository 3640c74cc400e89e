//! What is not understood in a `.lint` file: its author believes that it silences something.

use std::path::Path;

use super::lint_file::{SAME, parsed};
use crate::config::{Catalogue, nearest};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::meta::INVALID_SUPPRESSION;
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

/// The keys of the file, of a rule in it and of a rule's entries (grafana/dashboard-linter v0.2.0, `lint/configuration.go`;
/// `targetidx` is what it reads, `targetIdx` what it documents).
const SECTIONS: &[&str] = &["exclusions", "warnings"];
const OF_RULE: &[&str] = &["reason", "entries"];
const OF_ENTRY: &[&str] = &["reason", "dashboard", "panel", "targetIdx", "targetidx"];

/// What is wrong with the `.lint` file of a folder, if there is one. `display` is what reports call the file.
pub fn lint_file_faults(folder: &Path, display: &str) -> Vec<Diagnostic> {
    let Some(tree) = parsed(folder) else {
        return Vec::new();
    };
    let mut faults = Faults {
        source: Source::new(display, Some(folder.join(".lint")), tree.text()),
        found: Vec::new(),
    };
    let broken = tree.problems().iter().find(|problem| problem.kind.breaks());
    if let Some(problem) = broken {
        let message = format!(
            "this `.lint` file cannot be read, so it may not silence what it is meant to: {}",
            problem.message
        );
        faults.add(problem.span, message, None);
        return faults.found;
    }
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    faults.keys(root, SECTIONS);
    for rules in SECTIONS.iter().filter_map(|name| root.get(name)) {
        faults.rules(rules);
    }
    faults.found
}

struct Faults {
    source: Source,
    found: Vec<Diagnostic>,
}

impl Faults {
    fn add(&mut self, span: Span, message: String, near: Option<&str>) {
        let mut finding = INVALID_SUPPRESSION.at(&self.source, span, message);
        finding.help = near.map(|near| format!("did you mean `{near}`?"));
        self.found.push(finding);
    }

    /// A table with these keys and no others.
    fn keys(&mut self, table: NodeRef<'_>, known: &[&str]) {
        if !matches!(table.kind(), Kind::Object | Kind::Null) {
            let message = format!("this is no table with {}", known.join(", "));
            self.add(table.file_span(), message, None);
        }
        for member in table.members() {
            let Some(key) = member.key().filter(|key| !known.contains(&key.as_ref())) else {
                continue;
            };
            let near = nearest(&key, known.iter().copied());
            let message = format!("dashboard-linter knows no key `{key}` here");
            self.add(
                member.key_span().unwrap_or(member.file_span()),
                message,
                near,
            );
        }
    }

    fn rules(&mut self, rules: NodeRef<'_>) {
        if !matches!(rules.kind(), Kind::Object | Kind::Null) {
            let message = "this is no table of rules".to_owned();
            self.add(rules.file_span(), message, None);
        }
        for rule in rules.members() {
            let name = rule.key().unwrap_or_default();
            let theirs = SAME.iter().map(|(theirs, _)| *theirs);
            let is_known = theirs.clone().any(|known| known == name)
                || Catalogue::native().selector(&name).is_ok();
            if !is_known {
                let near = nearest(&name, theirs);
                let message = format!("there is no rule `{name}`: this silences nothing");
                self.add(rule.key_span().unwrap_or(rule.file_span()), message, near);
            }
            self.keys(rule, OF_RULE);
            for entry in rule.get("entries").into_iter().flat_map(NodeRef::items) {
                self.keys(entry, OF_ENTRY);
            }
        }
    }
}
