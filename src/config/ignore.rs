//! `[[ignore]]`: findings that are known and accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use globset::GlobSet;
use jiff::civil::Date;

use super::at::At;
use super::check::head;
use super::files::Base;
use super::names::Selector;
use crate::diagnostic::meta::UNUSED_IGNORE;
use crate::diagnostic::{Diagnostic, Edit, Fix, Group, Safety, Silencer, Suppression};
use crate::source::Source;
use crate::span::Span;

/// An `[[ignore]]` entry.
#[derive(Debug)]
pub(crate) struct Ignore {
    pub(crate) source: Arc<Source>,
    /// The whole entry.
    pub(crate) span: Span,
    pub(crate) base: Base,
    /// The rules it names, each with its place and whether it silenced anything yet.
    pub(crate) rules: Vec<(Selector, Span, AtomicBool)>,
    pub(crate) files: Option<GlobSet>,
    pub(crate) at: Option<At>,
    /// Something was found by its rules, in its files.
    pub(crate) met_rule: AtomicBool,
    pub(crate) reason: Option<String>,
    pub(crate) until: Option<Date>,
    /// It silences nothing: its day is past, or a part of it is not understood (and reported).
    pub(crate) dead: bool,
}

impl Ignore {
    /// Whether it can concern `file` at all.
    pub(crate) fn concerns(&self, file: &str) -> bool {
        let is_for = |files: &GlobSet| files.is_match(&*self.base.relative(file));
        !self.dead && self.files.as_ref().is_none_or(is_for)
    }

    /// Whether it names a finding by its fingerprint.
    pub(crate) fn names_finding(&self) -> bool {
        matches!(self.at, Some(At::Finding(_)))
    }

    /// Silences `finding`, of a file it concerns, if it is meant; notes that it was of use.
    pub(crate) fn silence(&self, finding: &mut Diagnostic) {
        let meant = self
            .rules
            .iter()
            .filter(|(selector, ..)| selector.matches(&finding.rule, finding.group));
        let mut hit = false;
        for (_, _, used) in meant {
            self.met_rule.store(true, Ordering::Relaxed);
            if !hit && !self.at.as_ref().is_none_or(|at| at.matches(finding)) {
                return;
            }
            hit = true;
            used.store(true, Ordering::Relaxed);
        }
        if hit && finding.suppressed.is_none() {
            finding.suppressed = Some(Suppression {
                by: Silencer::Config,
                reason: self.reason.clone(),
                until: self.until.map(|date| date.to_string()),
            });
        }
    }

    /// What it names and never met, in a run over all its files. `runs` says whether rules that a name selects run; `checked` are
    /// the files that its configuration is for.
    pub(crate) fn leftovers(
        &self,
        runs: &dyn Fn(&Selector) -> bool,
        checked: &[&str],
    ) -> Vec<Diagnostic> {
        if self.dead {
            return Vec::new();
        }
        let unused: Vec<&(Selector, Span, AtomicBool)> = self
            .rules
            .iter()
            .filter(|(selector, _, used)| !used.load(Ordering::Relaxed) && runs(selector))
            .collect();
        if unused.is_empty() {
            return Vec::new();
        }
        if unused.len() == self.rules.len() {
            let names: Vec<String> = unused
                .iter()
                .map(|(selector, ..)| format!("`{selector}`"))
                .collect();
            let names = names.join(", ");
            let why = if self.met_rule.load(Ordering::Relaxed) {
                format!("no finding of {names} lies at its `at`")
            } else if checked.iter().any(|file| self.concerns(file)) {
                format!("no finding of {names}")
            } else {
                "its `files` match no file that this configuration is for".to_owned()
            };
            let message = format!("this entry silences nothing: {why}");
            return vec![
                UNUSED_IGNORE
                    .at(&self.source, head(&self.source, self.span), message)
                    .with_help("delete the entry")
                    .with_fix(delete(&self.source, self.span)),
            ];
        }
        unused
            .into_iter()
            .map(|(selector, span, _)| {
                let message = format!("this entry silences no finding of `{selector}`");
                UNUSED_IGNORE
                    .at(&self.source, *span, message)
                    .with_help("take the name out of the list")
            })
            .collect()
    }
}

/// Deletes an entry with its lines, and the blank lines after it.
pub(crate) fn delete(source: &Source, entry: Span) -> Fix {
    Fix {
        title: "delete the entry".to_owned(),
        // Configuration is changed by hand: --fix works on the files that are linted.
        safety: Safety::Display,
        edits: vec![Edit {
            file: source.path.clone(),
            span: with_blank_line(&source.text, entry),
            replacement: String::new(),
        }],
    }
}

fn with_blank_line(text: &str, entry: Span) -> Span {
    let (start, mut end) = (entry.start as usize, entry.end as usize);
    while let Some(rest) = text.get(end..) {
        let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let inside = end == entry.end as usize;
        // The rest of the last line may hold a comment, which goes with it.
        let blank = rest[..line].trim().is_empty()
            || (inside && rest[..line].trim_start().starts_with('#'));
        if line == 0 || !blank {
            break;
        }
        end += line;
    }
    Span::new(start, end)
}

/// Whether a name selects any rule that runs.
pub(crate) fn any_runs<'r>(
    selector: &Selector,
    running: impl IntoIterator<Item = (&'r str, Group)>,
) -> bool {
    running
        .into_iter()
        .any(|(id, group)| selector.matches(id, group))
}
