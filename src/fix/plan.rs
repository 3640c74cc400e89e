//! Which fixes go together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::span::Span;

/// Fixes that can be applied at once.
#[derive(Debug, Default)]
pub struct Plan<'d> {
    /// Those taken, in order of their findings.
    pub fixes: Vec<Planned<'d>>,
    /// Findings whose fix touches one that was taken: their turn may come after.
    pub skipped: Vec<&'d Diagnostic>,
    /// Fixes that can never be applied: their own replacements are in each other's way.
    pub broken: Vec<Planned<'d>>,
}

/// A fix that was taken.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'d> {
    /// Its finding.
    pub finding: &'d Diagnostic,
    /// The fix.
    pub fix: &'d Fix,
}

impl Plan<'_> {
    /// The replacements by file, in order, each once.
    pub fn edits(&self) -> BTreeMap<Arc<str>, Vec<(Span, String)>> {
        edits_of(&self.fixes)
    }
}

/// The replacements of these fixes by file, in order; equal ones of two fixes once.
pub(crate) fn edits_of(fixes: &[Planned<'_>]) -> BTreeMap<Arc<str>, Vec<(Span, String)>> {
    let mut sorted: BTreeMap<Arc<str>, BTreeSet<(Span, &str)>> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|planned| &planned.fix.edits) {
        sorted
            .entry(edit.file.clone())
            .or_default()
            .insert((edit.span, &edit.replacement));
    }
    sorted
        .into_iter()
        .map(|(file, edits)| {
            let edits = edits
                .into_iter()
                .map(|(span, replacement)| (span, replacement.to_owned()));
            (file, edits.collect())
        })
        .collect()
}

/// The fix of a finding, if it may be applied: at least as safe as `allowed`, of a finding that is not silenced.
/// A fix that is only to be shown never may.
pub(crate) fn applicable(finding: &Diagnostic, allowed: Safety) -> Option<&Fix> {
    finding.fix.as_ref().filter(|fix| {
        fix.safety >= allowed.max(Safety::Unsafe)
            && finding.suppressed.is_none()
            && !fix.edits.is_empty()
    })
}

/// The files that the applicable fixes touch.
pub fn files_of(diagnostics: &[Diagnostic], allowed: Safety) -> BTreeSet<Arc<str>> {
    diagnostics
        .iter()
        .filter_map(|finding| applicable(finding, allowed))
        .flat_map(|fix| &fix.edits)
        .map(|edit| edit.file.clone())
        .collect()
}

/// Chooses the fixes to apply at once. They are taken in order of file and place; a fix is taken whole or not at all,
/// and not if one of its replacements touches one already taken. An equal replacement of two fixes is no conflict: it
/// is applied once.
pub fn plan(diagnostics: &[Diagnostic], allowed: Safety) -> Plan<'_> {
    let mut candidates: Vec<(&Diagnostic, &Fix)> = diagnostics
        .iter()
        .filter_map(|finding| Some((finding, applicable(finding, allowed)?)))
        .collect();
    candidates.sort_by(|a, b| {
        let first = |fix: &Fix| {
            fix.edits
                .iter()
                .min()
                .map(|edit| (edit.file.clone(), edit.span))
        };
        (first(a.1), &a.0.rule, &a.0.message).cmp(&(first(b.1), &b.0.rule, &b.0.message))
    });
    let mut taken: BTreeMap<&str, BTreeMap<Span, &str>> = BTreeMap::new();
    let mut plan = Plan::default();
    for (finding, fix) in candidates {
        if !coherent(fix) {
            plan.broken.push(Planned { finding, fix });
            continue;
        }
        let free = fix
            .edits
            .iter()
            .all(|edit| taken.get(&*edit.file).is_none_or(|edits| fits(edits, edit)));
        if !free {
            plan.skipped.push(finding);
            continue;
        }
        for edit in &fix.edits {
            taken
                .entry(&edit.file)
                .or_default()
                .insert(edit.span, &edit.replacement);
        }
        plan.fixes.push(Planned { finding, fix });
    }
    plan
}

/// Whether a replacement equals one of `taken`, or touches none of them.
fn fits(taken: &BTreeMap<Span, &str>, edit: &Edit) -> bool {
    if let Some(replacement) = taken.get(&edit.span) {
        return *replacement == edit.replacement;
    }
    let last = Span {
        start: edit.span.end,
        end: u32::MAX,
    };
    // Those taken do not overlap: going back from the last that starts before our end, the first that ends well
    // before our start ends the search.
    taken
        .range(..=last)
        .rev()
        .take_while(|(other, _)| other.end >= edit.span.start)
        .all(|(other, _)| !touch(*other, edit.span))
}

/// Whether two ranges of different fixes are in each other's way. An insertion at the border of another range is: which
/// comes first would be chance.
fn touch(a: Span, b: Span) -> bool {
    if a.is_empty() || b.is_empty() {
        a.start <= b.end && b.start <= a.end
    } else {
        a.start < b.end && b.start < a.end
    }
}

/// Whether the replacements of one fix leave each other alone.
fn coherent(fix: &Fix) -> bool {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort();
    edits.dedup();
    edits.iter().all(|edit| edit.span.start <= edit.span.end)
        && edits.windows(2).all(|pair| {
            let (a, b) = (pair[0], pair[1]);
            a.file != b.file || (a.span.end <= b.span.start && a.span != b.span)
        })
}

/// `text` with the replacements made. They are in order and do not overlap; `None` if they do, or if one lies outside
/// the text or cuts a character.
pub fn apply(text: &str, edits: &[(Span, String)]) -> Option<String> {
    let growth: usize = edits.iter().map(|(_, replacement)| replacement.len()).sum();
    let mut new = String::with_capacity(text.len() + growth);
    let mut done = 0;
    for (span, replacement) in edits {
        new.push_str(text.get(done..span.start as usize)?);
        new.push_str(replacement);
        done = span.end as usize;
    }
    new.push_str(text.get(done..)?);
    Some(new)
}
