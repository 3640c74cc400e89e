//! Fixing until nothing is left to fix.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::moves::Moves;
use super::plan::{Planned, apply, edits_of, plan};
use crate::diagnostic::{Diagnostic, Safety, fingerprint};
use crate::span::Span;

/// After so many rounds the rest stays as it is.
pub const MAX_ROUNDS: usize = 10;

/// Texts of files, by the name that reports use.
pub type Texts = BTreeMap<Arc<str>, Arc<str>>;

/// Given the texts and the names of those that changed: all findings of these.
pub type Lint<'l> = dyn FnMut(&Texts, &BTreeSet<Arc<str>>) -> Vec<Diagnostic> + 'l;

/// Given a file's name, its text before and after, and which bytes of the old text were replaced: what the change broke.
pub type Verify<'v> = dyn Fn(&str, &str, &str, &[Span]) -> Result<(), String> + 'v;

/// A fix that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The rule.
    pub rule: String,
    /// The file of its finding.
    pub file: Arc<str>,
    /// What it did.
    pub title: String,
    /// The line of its finding, in the text of its round.
    pub line: u32,
}

/// A fix that was not applied, though it was allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The fix.
    pub fix: Applied,
    /// Why.
    pub reason: String,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Files whose text changed, with the new text.
    pub changed: Texts,
    /// What was replaced in these files.
    pub moves: BTreeMap<Arc<str>, Moves>,
    /// What was done, in order.
    pub applied: Vec<Applied>,
    /// What could not be done.
    pub dropped: Vec<Dropped>,
    /// The findings of the files that changed, as they are now.
    pub remaining: Vec<Diagnostic>,
    /// How many rounds it took.
    pub rounds: usize,
    /// Nothing more is left to do; otherwise the rounds ran out.
    pub settled: bool,
}

/// The rounds that changed each file.
type History = BTreeMap<Arc<str>, Vec<Turn>>;

/// What a round did to a file.
struct Turn {
    /// The text before it.
    text: Arc<str>,
    /// How many fixes were applied until then.
    count: usize,
    edits: Vec<(Span, String)>,
}

/// The text of a file with edits.
struct Edited {
    text: Arc<str>,
    edits: Vec<(Span, String)>,
}

struct Rounds<'r> {
    original: Texts,
    texts: Texts,
    findings: Vec<Diagnostic>,
    /// Fixes that will not be tried again.
    banned: BTreeSet<String>,
    /// Applied fixes with what identifies them.
    applied: Vec<(String, Applied)>,
    dropped: Vec<Dropped>,
    history: History,
    verify: &'r Verify<'r>,
}

/// Applies the fixes of `findings` to `texts`, lints what changed, applies what it offers now, and so on, at most
/// [`MAX_ROUNDS`] times.
///
/// `texts` holds every file that may be changed ([`super::files_of`] names those the findings touch): a fix of any other
/// is left. `lint` is given the texts and the names of those that changed, and answers with all findings of these.
/// `verify` is given a file's name, its text before and after, and says what a change broke: then the fix that did it is
/// dropped, and told of in [`Outcome::dropped`]. Fixes that undo each other are dropped too, and those after which their finding
/// is still there, so that a second run changes nothing.
pub fn run_rounds(
    texts: Texts,
    findings: Vec<Diagnostic>,
    allowed: Safety,
    lint: &mut Lint<'_>,
    verify: &Verify<'_>,
) -> Outcome {
    let mut state = Rounds {
        original: texts.clone(),
        texts,
        findings,
        banned: BTreeSet::new(),
        applied: Vec::new(),
        dropped: Vec::new(),
        history: BTreeMap::new(),
        verify,
    };
    let mut rounds = 0;
    let mut settled = false;
    while rounds < MAX_ROUNDS {
        let count = state.applied.len();
        let changed = state.round(allowed);
        if changed.is_empty() {
            settled = true;
            break;
        }
        rounds += 1;
        state.undo_cycles(&changed);
        let again = lint(&state.texts, &changed);
        if state.undo_vain(count, &changed, &again) {
            continue;
        }
        state
            .findings
            .retain(|finding| !changed.contains(&finding.location.file));
        state.findings.extend(again);
    }
    if !settled {
        settled = state.candidates(allowed).is_empty();
    }
    state.finish(rounds, settled)
}

impl<'r> Rounds<'r> {
    fn candidates(&self, allowed: Safety) -> Vec<Diagnostic> {
        let fixable = |finding: &&Diagnostic| {
            super::plan::applicable(finding, allowed).is_some_and(|fix| {
                !self.banned.contains(&identity(finding))
                    && fix
                        .edits
                        .iter()
                        .all(|edit| self.texts.contains_key(&edit.file))
            })
        };
        self.findings.iter().filter(fixable).cloned().collect()
    }

    /// Applies what can be applied at once; the files that changed.
    fn round(&mut self, allowed: Safety) -> BTreeSet<Arc<str>> {
        let candidates = self.candidates(allowed);
        let plan = plan(&candidates, allowed);
        for broken in &plan.broken {
            self.banned.insert(identity(broken.finding));
            self.dropped.push(Dropped {
                fix: described(broken),
                reason: "its own replacements are in each other's way".to_owned(),
            });
        }
        let mut accepted: Vec<Planned<'_>> = Vec::new();
        let mut open: Vec<&[Planned<'_>]> = vec![&plan.fixes];
        let mut result = BTreeMap::new();
        // Usually all of them fit at once; where not, halves are tried, down to the one that breaks the file.
        while let Some(batch) = open.pop() {
            if batch.is_empty() {
                continue;
            }
            let mut wanted = accepted.clone();
            wanted.extend_from_slice(batch);
            match self.attempt(&wanted) {
                Ok(edited) => {
                    accepted = wanted;
                    result = edited;
                }
                Err(reason) => match batch {
                    [one] => {
                        self.banned.insert(identity(one.finding));
                        self.dropped.push(Dropped {
                            fix: described(one),
                            reason,
                        });
                    }
                    _ => {
                        let (left, right) = batch.split_at(batch.len() / 2);
                        open.extend([right, left]);
                    }
                },
            }
        }
        result.retain(|file, edited| self.texts.get(file).is_some_and(|old| *old != edited.text));
        let count = self.applied.len();
        let changed: BTreeSet<Arc<str>> = result.keys().cloned().collect();
        for (file, Edited { text, edits }) in result {
            if let Some(text) = self.texts.insert(file.clone(), text) {
                let turn = Turn { text, count, edits };
                self.history.entry(file).or_default().push(turn);
            }
        }
        for planned in &accepted {
            if planned
                .fix
                .edits
                .iter()
                .any(|edit| changed.contains(&edit.file))
            {
                self.applied
                    .push((identity(planned.finding), described(planned)));
            } else {
                // It changes nothing: offering it again would be for ever.
                self.banned.insert(identity(planned.finding));
            }
        }
        changed
    }

    /// The files with these fixes applied, or what that breaks.
    fn attempt(&self, fixes: &[Planned<'_>]) -> Result<BTreeMap<Arc<str>, Edited>, String> {
        let mut new = BTreeMap::new();
        for (file, edits) in edits_of(fixes) {
            let old = self
                .texts
                .get(&file)
                .ok_or("its file is not among those given")?;
            let text = apply_in(old, &edits)?;
            let spans: Vec<Span> = edits.iter().map(|(span, _)| *span).collect();
            (self.verify)(&file, old, &text, &spans)?;
            let text = Arc::from(text);
            new.insert(file, Edited { text, edits });
        }
        Ok(new)
    }

    /// A file that is as it was before some round would go round for ever: it goes back to that text, and the fixes
    /// applied since are dropped.
    fn undo_cycles(&mut self, changed: &BTreeSet<Arc<str>>) {
        for file in changed {
            let Some(now) = self.texts.get(file) else {
                continue;
            };
            let Some(history) = self.history.get_mut(file) else {
                continue;
            };
            let Some(at) = history.iter().position(|turn| turn.text == *now) else {
                continue;
            };
            let since = history[at].count;
            history.truncate(at);
            let mut kept = Vec::new();
            for (number, (identity, applied)) in self.applied.drain(..).enumerate() {
                if number < since || applied.file != *file {
                    kept.push((identity, applied));
                    continue;
                }
                self.banned.insert(identity);
                self.dropped.push(Dropped {
                    fix: applied,
                    reason: "another fix undoes it".to_owned(),
                });
            }
            self.applied = kept;
        }
    }

    /// A fix after which its finding is still there would be made again for ever: the round is taken back, to be made without
    /// it. `count`: how many fixes were applied before it; `again`: what is found after it.
    fn undo_vain(
        &mut self,
        count: usize,
        changed: &BTreeSet<Arc<str>>,
        again: &[Diagnostic],
    ) -> bool {
        let made: BTreeSet<&str> = self
            .applied
            .iter()
            .skip(count)
            .map(|(identity, _)| identity.as_str())
            .collect();
        let tally = |findings: &[Diagnostic]| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for finding in findings {
                *counts.entry(same(finding)).or_default() += 1;
            }
            counts
        };
        let known: BTreeSet<(&str, &str)> = again
            .iter()
            .filter(|finding| !finding.fingerprint.is_empty())
            .map(|finding| (finding.rule.as_ref(), finding.fingerprint.as_str()))
            .collect();
        // Hardly any round needs them.
        let told = LazyCell::new(|| (tally(&self.findings), tally(again)));
        let is_vain = |finding: &&Diagnostic| {
            // Of several that are told in the same words, another one may be what is left.
            let as_many = || {
                let ((before, after), words) = (&*told, same(finding));
                after.get(&words) >= before.get(&words)
            };
            made.contains(identity(finding).as_str())
                && known.contains(&(finding.rule.as_ref(), finding.fingerprint.as_str()))
                && as_many()
        };
        let vain: BTreeSet<String> = self.findings.iter().filter(is_vain).map(identity).collect();
        if vain.is_empty() {
            return false;
        }
        for file in changed {
            let turns = self.history.get_mut(file);
            if let Some(turn) = turns.and_then(|turns| turns.pop_if(|turn| turn.count == count)) {
                self.texts.insert(file.clone(), turn.text);
            }
        }
        let taken_back = self.applied.split_off(count.min(self.applied.len()));
        for (identity, fix) in taken_back {
            if vain.contains(&identity) {
                let reason = "what it is to mend is found again afterwards".to_owned();
                self.dropped.push(Dropped { fix, reason });
            }
        }
        self.banned.extend(vain);
        true
    }

    fn finish(self, rounds: usize, settled: bool) -> Outcome {
        let original = self.original;
        let changed: Texts = self
            .texts
            .into_iter()
            .filter(|(file, text)| original.get(file).is_some_and(|old| old != text))
            .collect();
        let remaining = self
            .findings
            .into_iter()
            .filter(|finding| changed.contains_key(&finding.location.file))
            .collect();
        let history = self.history.into_iter();
        let moves = history.filter(|(file, _)| changed.contains_key(file));
        let moves = moves.map(|(file, turns)| {
            let mut moves = Moves::default();
            turns.iter().for_each(|turn| moves.add(&turn.edits));
            (file, moves)
        });
        Outcome {
            moves: moves.collect(),
            changed,
            applied: self
                .applied
                .into_iter()
                .map(|(_, applied)| applied)
                .collect(),
            dropped: self.dropped,
            remaining,
            rounds,
            settled,
        }
    }
}

fn apply_in(text: &str, edits: &[(Span, String)]) -> Result<String, String> {
    apply(text, edits).ok_or_else(|| "its replacements lie outside the file".to_owned())
}

fn described(planned: &Planned<'_>) -> Applied {
    Applied {
        rule: planned.finding.rule.to_string(),
        file: planned.finding.location.file.clone(),
        title: planned.fix.title.clone(),
        line: planned.finding.location.range.start.line,
    }
}

/// What a finding says, and where: that of several may be the same.
fn same(finding: &Diagnostic) -> String {
    fingerprint([
        &*finding.rule,
        &*finding.location.file,
        &finding.location.pointer,
        finding.location.inner.as_deref().unwrap_or(""),
        &finding.message,
    ])
}

/// What a fix is known by from round to round: places move, so they are no part of it.
fn identity(finding: &Diagnostic) -> String {
    let mut parts: Vec<&str> = vec![
        &finding.rule,
        &finding.location.file,
        &finding.location.pointer,
        finding.location.inner.as_deref().unwrap_or(""),
        &finding.fingerprint,
        &finding.message,
    ];
    if let Some(fix) = &finding.fix {
        parts.push(&fix.title);
        for edit in &fix.edits {
            parts.push(&edit.file);
            parts.push(&edit.replacement);
        }
    }
    fingerprint(parts)
}
