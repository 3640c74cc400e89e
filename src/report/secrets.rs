//! No secret in a report: what a log of continuous integration shows, everybody reads.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
pub use crate::secret::masked;
use crate::secret::masked_words;

/// Covers what a finding says. A fix that would write a secret is taken from it: whoever applies it must not write asterisks.
pub fn cover(finding: &mut Diagnostic) {
    let texts = [
        Some(&mut finding.message),
        finding.label.as_mut(),
        finding.help.as_mut(),
    ];
    let related = finding
        .related
        .iter_mut()
        .map(|related| &mut related.message);
    for text in texts.into_iter().flatten().chain(related) {
        if let Cow::Owned(masked) = masked_words(text) {
            *text = masked;
        }
    }
    let leaks = |fix: &crate::diagnostic::Fix| {
        let mut edits = fix.edits.iter();
        edits.any(|edit| matches!(masked_words(&edit.replacement), Cow::Owned(_)))
    };
    if finding.fix.as_ref().is_some_and(leaks) {
        finding.fix = None;
    }
}
