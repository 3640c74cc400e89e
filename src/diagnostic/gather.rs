//! Many places, one fault: what the reader of a report sees once.

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Diagnostic, Edit, Fix, Location, Range, Related, Suppression};
use crate::span::Span;

/// How many other places one finding lists.
pub(crate) const MOST_RELATED: usize = 20;

/// What the places of one finding have in common.
#[derive(PartialEq, Eq, Hash)]
struct Key<'f> {
    rule: &'f str,
    file: &'f str,
    document: u32,
    /// The string that carries the document, where one does.
    carrier: Option<&'f str>,
    cause: u64,
    suppressed: Option<&'f Suppression>,
}

impl<'f> Key<'f> {
    fn of(finding: &'f Diagnostic) -> Option<Self> {
        let location = &finding.location;
        Some(Key {
            rule: &finding.rule,
            file: &location.file,
            document: location.document,
            carrier: location.inner.as_ref().map(|_| &*location.pointer),
            cause: finding.cause.as_ref()?.key,
            suppressed: finding.suppressed.as_ref(),
        })
    }
}

/// Puts places with the same fault into one finding, at the first of the worst: the others are related places, and the message
/// counts them. Silenced ones are among themselves, so what is left to say stays while one place is left. Files keep their order.
#[must_use]
pub fn gather(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.iter().all(|finding| finding.cause.is_none()) {
        return findings;
    }
    let file = |finding: &Diagnostic| Arc::as_ptr(&finding.location.file);
    let first = findings.first().map(file);
    if findings.iter().all(|finding| Some(file(finding)) == first) {
        return of_one_file(findings);
    }
    let count = findings.len();
    let mut files: Vec<Vec<Diagnostic>> = Vec::new();
    let mut places: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    for finding in findings {
        let of_last = |last: &&mut Vec<Diagnostic>| {
            let other = last.first().map(|other| &other.location.file);
            other.is_some_and(|file| Arc::ptr_eq(file, &finding.location.file))
        };
        if let Some(last) = files.last_mut().filter(of_last) {
            last.push(finding);
            continue;
        }
        let file = finding.location.file.clone();
        let at = *places.entry(file).or_insert(files.len());
        match files.get_mut(at) {
            Some(of_file) => of_file.push(finding),
            None => files.push(vec![finding]),
        }
    }
    let gathered: Vec<Vec<Diagnostic>> = files.into_par_iter().map(of_one_file).collect();
    let mut all = Vec::with_capacity(count);
    all.extend(gathered.into_iter().flatten());
    all
}

/// The same for the findings of one file. A finding is large: what goes into another is taken out of its place, not moved.
fn of_one_file(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: FxHashMap<Key<'_>, usize> = FxHashMap::default();
    for (at, finding) in findings.iter().enumerate() {
        let Some(key) = Key::of(finding) else {
            continue;
        };
        let group = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    let mut goes = vec![false; findings.len()];
    for mut places in groups {
        places.sort_by_key(|&at| (Reverse(findings[at].severity), findings[at].location.span()));
        if let [first, others @ ..] = &*places
            && !others.is_empty()
        {
            join(&mut findings, *first, others);
            others.iter().for_each(|&at| goes[at] = true);
        }
    }
    let mut goes = goes.into_iter();
    findings.retain(|_| !goes.next().unwrap_or(false));
    findings
}

/// Makes the finding at one of these places that of all of them.
fn join(findings: &mut [Diagnostic], first: usize, others: &[usize]) {
    let fixes = std::iter::once(first).chain(others.iter().copied());
    let fixes: Vec<Fix> = fixes.filter_map(|at| findings[at].fix.take()).collect();
    let listed = others.iter().take(MOST_RELATED).map(|&at| {
        let other = &mut findings[at];
        let nowhere = Location::in_file(other.location.file.clone(), Range::default());
        let also = other.cause.take().map(|cause| cause.also.into_owned());
        Related {
            location: std::mem::replace(&mut other.location, nowhere),
            message: also.unwrap_or_default(),
        }
    });
    let listed: Vec<Related> = listed.collect();
    let first = &mut findings[first];
    first.cause = None;
    first.message += &format!(" (and {} more here)", others.len());
    first.related.extend(listed);
    first.fix = joined(fixes);
}

/// The repair of all places that have one as trustworthy as the first that has, as far as they leave each other alone.
fn joined(mut fixes: Vec<Fix>) -> Option<Fix> {
    let lead = fixes.first()?;
    let (title, safety) = (lead.title.clone(), lead.safety);
    fixes.retain(|fix| fix.safety == safety);
    let mut edits: Vec<Edit> = fixes.into_iter().flat_map(|fix| fix.edits).collect();
    edits.sort();
    edits.dedup();
    let mut end = (None, 0);
    edits.retain(|edit| {
        let apart = end.0.as_ref() != Some(&edit.file) || edit.span.start >= end.1;
        if apart {
            end = (Some(edit.file.clone()), edit.span.end);
        }
        apart
    });
    Some(Fix {
        title,
        safety,
        edits,
    })
}

/// Leaves of findings from `first` on that say the same of the same bytes only one: what a YAML alias leads to is met from
/// every place that names it.
pub fn without_repeats(findings: &mut Vec<Diagnostic>, first: usize) {
    // Texts are compared where the places and the lengths of the words agree, which they seldom do.
    let mut alike = FxHashSet::default();
    let seldom = |finding: &Diagnostic| (finding.location.span(), finding.message.len());
    if findings
        .iter()
        .skip(first)
        .all(|finding| alike.insert(seldom(finding)))
    {
        return;
    }
    let mut told: FxHashSet<(&str, Span, &str)> = FxHashSet::default();
    let again: Vec<bool> = findings
        .iter()
        .enumerate()
        .map(|(at, finding)| {
            at >= first && !told.insert((&finding.rule, finding.location.span(), &finding.message))
        })
        .collect();
    if again.contains(&true) {
        let mut again = again.into_iter();
        findings.retain(|_| !again.next().unwrap_or(false));
    }
}
