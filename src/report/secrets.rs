//! No secret in a report: what a log of continuous integration shows, everybody reads.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Fix, Quotes};
use crate::secret::masked_words;
pub use crate::secret::{SecretValues, masked};

/// Covers what findings say: what tells by itself that it is a secret, and in words that may be any value the secrets of their
/// files; to read every dashboard again for the others would take as long as the run. `text` reads a file.
pub fn cover_all(findings: &mut [Diagnostic], text: &(dyn Fn(&str) -> Option<Arc<str>> + Sync)) {
    let values: BTreeMap<Vec<Arc<str>>, SecretValues> = {
        let free = findings
            .iter()
            .filter(|finding| finding.quotes == Quotes::Anything);
        let mut files: Vec<Vec<Arc<str>>> = free.map(files_of).collect();
        files.sort_unstable();
        files.dedup();
        let of_files = |files: Vec<Arc<str>>| {
            let texts: Vec<Arc<str>> = files.iter().filter_map(|file| text(file)).collect();
            let values = SecretValues::of(texts.iter().map(|text| &**text));
            (files, values)
        };
        files.into_par_iter().map(of_files).collect()
    };
    let none = SecretValues::default();
    findings.par_iter_mut().for_each(|finding| {
        let own = match finding.quotes {
            Quotes::Anything => values.get(&files_of(finding)),
            Quotes::Names => None,
        };
        cover(finding, own.unwrap_or(&none));
    });
}

/// The files whose words a finding may say.
fn files_of(finding: &Diagnostic) -> Vec<Arc<str>> {
    let mut files = vec![finding.location.file.clone()];
    files.extend(finding.related.iter().map(|one| one.location.file.clone()));
    files.sort_unstable();
    files.dedup();
    files
}

/// Covers what a finding says. A fix that would write a secret is taken from it: whoever applies it must not write asterisks.
fn cover(finding: &mut Diagnostic, values: &SecretValues) {
    let leaks = |fix: &Fix| {
        let mut edits = fix.edits.iter();
        edits.any(|edit| matches!(values.masked(&edit.replacement), Cow::Owned(_)))
    };
    if finding.fix.as_ref().is_some_and(leaks) {
        finding.fix = None;
    }
    if let Some(snippet) = &mut finding.location.snippet
        && let Cow::Owned(masked) = values.masked(&snippet.text)
    {
        snippet.text = Arc::from(masked);
    }
    let texts = [
        Some(&mut finding.message),
        finding.label.as_mut(),
        finding.help.as_mut(),
        finding.fix.as_mut().map(|fix| &mut fix.title),
    ];
    let related = finding.related.iter_mut().map(|one| &mut one.message);
    let trail = finding.trail.iter_mut().map(|step| &mut step.name);
    for text in texts.into_iter().flatten().chain(related).chain(trail) {
        if let Cow::Owned(masked) = values.masked(text) {
            *text = masked;
        }
    }
}

/// Covers what tells by itself that it is a secret.
pub(crate) fn cover_words<'w>(words: impl Iterator<Item = &'w mut String>) {
    for text in words {
        if let Cow::Owned(masked) = masked_words(text) {
            *text = masked;
        }
    }
}
