//! `--since`: only what was not found at a revision.
//!
//! Both sides are linted whole, with the configuration of now, and compared by fingerprint: what only moved, or stands in a file
//! that was renamed, is not new. What a change took away that others still use shows as a new finding of those others.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::CliError;
use super::blobs::Blob;
use super::collect::{ProjectInputs, input};
use super::equals::choose;
use super::git::Revision;
use super::hunks::{Hunk, hunks};
use super::owners::Owners;
use super::sieve::Sieves;
use crate::config::{Configs, absolute};
use crate::cost::in_words;
use crate::diagnostic::known::{Known, Seen};
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, families};
use crate::lint::{Input, LintOptions, lint_with};
use crate::project::Project;
use crate::source::walk::is_candidate;
use crate::span::Span;

/// The rule that finds what the change removed and others use.
const REMOVED: &str = "removed-in-use";
/// The rules that find the same without knowing that it was there.
const REFERENCES: [&str; 4] = [
    "broken-link-to-dashboard",
    "unknown-contact-point",
    "unknown-data-source",
    "unrecorded-metric",
];

/// What is too much and grew by less than a tenth is what it was: the figures are estimates.
const GROWTH: f64 = 1.1;

/// What was found in a file: each fingerprint with its line; none where it was silenced.
type Lines = Vec<(String, Option<u32>)>;

/// What was there at a revision.
#[derive(Debug)]
pub(super) struct Then {
    here: PathBuf,
    revision: Revision,
    known: Known,
    lines: FxHashMap<Arc<str>, Lines>,
    /// How much there was of what was too much, by [identity](Diagnostic::identity).
    measures: FxHashMap<String, u64>,
    /// Entries of the configuration that were of no use then.
    leftovers: Vec<Diagnostic>,
    /// What each project knew, by its root.
    projects: BTreeMap<PathBuf, Arc<Project>>,
    /// What was changed in each file, where it was there.
    hunks: RefCell<FxHashMap<PathBuf, Option<Rc<Vec<Hunk>>>>>,
}

impl Then {
    /// Lints what `projects`, which the given paths `roots` lie in, were at `revision`. `configs` are for this alone: they note which entries were of use.
    pub(super) fn at(
        revision: &str,
        projects: &[ProjectInputs],
        roots: &[PathBuf],
        configs: &Configs,
        no_ignores: bool,
    ) -> Result<Self, CliError> {
        let (revision, inputs) = inputs_at(revision, projects, roots, configs)?;
        let mut then = Then {
            here: env::current_dir()?,
            revision,
            known: Known::default(),
            lines: FxHashMap::default(),
            measures: FxHashMap::default(),
            leftovers: Vec::new(),
            projects: BTreeMap::new(),
            hunks: RefCell::default(),
        };
        let mut checked = Vec::new();
        for (root, inputs) in inputs {
            for input in &inputs {
                then.known.add_file(&input.display);
            }
            let outcome = lint_with(&inputs, configs, LintOptions::places(), &|| {});
            for finding in outcome.diagnostics {
                let file = &finding.location.file;
                let is_open = no_ignores || finding.suppressed.is_none();
                if is_open {
                    then.known.add(file, &finding.identity(), 1);
                }
                if let Some(measure) = finding.measure {
                    let known = then.measures.entry(finding.identity()).or_default();
                    *known = measure.max(*known);
                }
                let line = is_open.then_some(finding.location.range.start.line);
                let of_file = then.lines.entry(file.clone()).or_default();
                of_file.push((finding.fingerprint, line));
            }
            then.projects.insert(root, Arc::new(outcome.project));
            checked.extend(inputs);
        }
        then.leftovers = configs.leftovers(checked.iter());
        Ok(then)
    }

    /// What a project was.
    pub(super) fn project(&self, now: &ProjectInputs, configs: &Configs) -> Option<Arc<Project>> {
        let folder = now.inputs.first()?.path.parent()?;
        self.projects.get(&configs.project_root(folder)).cloned()
    }

    /// Leaves of the findings of now what was not there; what is silenced stays. `files` are all files of now, `text` says what
    /// is in one.
    pub(super) fn retain_new(
        &self,
        findings: &mut Vec<Diagnostic>,
        files: &FxHashSet<Arc<str>>,
        text: &dyn Fn(&str) -> Option<Arc<str>>,
    ) {
        let open: Vec<usize> = (0..findings.len())
            .filter(|at| {
                findings
                    .get(*at)
                    .is_some_and(|one| one.suppressed.is_none())
            })
            .collect();
        let identities: Vec<(&str, String)> = open
            .iter()
            .filter_map(|at| findings.get(*at))
            .map(|finding| (&*finding.location.file, finding.identity()))
            .collect();
        let silenced: Vec<(&str, String)> = findings
            .iter()
            .filter(|finding| finding.suppressed.is_some())
            .map(|finding| (&*finding.location.file, finding.identity()))
            .collect();
        let owners = Owners::default();
        let has_owner = |(file, fingerprint): Seen<'_>| owners.has(Path::new(file), fingerprint);
        let among = self.known.among(
            &identities,
            &silenced,
            &|file| !files.contains(file),
            &has_owner,
        );
        let mut known = vec![None; findings.len()];
        for (at, is_known) in open.into_iter().zip(among) {
            known[at] = Some(is_known);
        }
        self.choose_equal(findings, &mut known, text);
        for (finding, known) in findings.iter_mut().zip(&mut known) {
            let grown = self.grown(finding).filter(|_| *known == Some(true));
            if let Some(before) = grown {
                finding.message += &format!(" (before the change it was {before})");
                *known = Some(false);
            }
        }
        let mut known = known.into_iter();
        findings.retain(|_| known.next().flatten() != Some(true));
        // What is told as removed need not be told as unknown.
        let removed: FxHashSet<(Arc<str>, Span)> = findings
            .iter()
            .filter(|finding| finding.rule == REMOVED)
            .map(|finding| (finding.location.file.clone(), finding.location.span()))
            .collect();
        findings.retain(|finding| {
            let place = (finding.location.file.clone(), finding.location.span());
            !REFERENCES.contains(&&*finding.rule) || !removed.contains(&place)
        });
    }

    /// How much it was of which there is more now.
    fn grown(&self, finding: &Diagnostic) -> Option<String> {
        let now = finding.measure?;
        let before = *self.measures.get(&finding.identity())?;
        let has_grown = now as f64 > before as f64 * GROWTH;
        let before = before as f64 / 1000.0;
        has_grown.then(|| match before < 10.0 && before.fract() > 0.0 {
            true => format!("{before:.1}"),
            false => in_words(before),
        })
    }

    /// Of equal findings of a file, of which some are `known`, takes for those the ones that stand where they stood.
    fn choose_equal(
        &self,
        findings: &[Diagnostic],
        known: &mut [Option<bool>],
        text: &dyn Fn(&str) -> Option<Arc<str>>,
    ) {
        let mut by_file: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, finding) in findings.iter().enumerate() {
            by_file.entry(&finding.location.file).or_default().push(at);
        }
        for (file, of_file) in by_file {
            let is = |wanted: bool| {
                of_file
                    .iter()
                    .any(|at| known.get(*at) == Some(&Some(wanted)))
            };
            let Some(lines) = self.lines.get(file).filter(|_| is(true) && is(false)) else {
                continue;
            };
            let then: Vec<&str> = lines
                .iter()
                .map(|(fingerprint, _)| fingerprint.as_str())
                .collect();
            let now = of_file.iter().filter_map(|at| findings.get(*at));
            let now: Vec<&str> = now.map(|finding| finding.fingerprint.as_str()).collect();
            for family in families(&now, &then) {
                let mut members: Vec<usize> = family
                    .now
                    .iter()
                    .filter_map(|one| of_file.get(*one).copied())
                    .collect();
                members.retain(|at| known.get(*at).is_some_and(Option::is_some));
                let count = members
                    .iter()
                    .filter(|at| known.get(**at) == Some(&Some(true)))
                    .count();
                if count == 0 || count == members.len() {
                    continue;
                }
                let Some(hunks) = self.changed(file, text) else {
                    break;
                };
                let stood: Vec<u32> = family
                    .then
                    .iter()
                    .filter_map(|one| lines.get(*one)?.1)
                    .collect();
                let stand: Vec<u32> = members
                    .iter()
                    .filter_map(|at| Some(findings.get(*at)?.location.range.start.line))
                    .collect();
                let chosen = choose(&stand, &stood, count, &hunks);
                for (at, is_known) in members.into_iter().zip(chosen) {
                    known[at] = Some(is_known);
                }
            }
        }
    }

    /// Whether the change touched what another tool's finding stands on. Of one that names no place: its file.
    pub(super) fn touches(
        &self,
        finding: &Diagnostic,
        text: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> bool {
        let location = &finding.location;
        let Some(hunks) = self.changed(&location.file, text) else {
            return true;
        };
        let (first, last) = (location.range.start, location.range.end);
        let of_file = location.span() == Span::default() && first.line == 1;
        hunks.iter().any(|hunk| {
            let (start, count) = hunk.after;
            // Where lines went, those on both sides are touched.
            let (start, end) = match count {
                0 => (start, start.saturating_add(1)),
                _ => (start, start.saturating_add(count - 1)),
            };
            of_file || (first.line <= end && start <= last.line.max(first.line))
        })
    }

    /// Whether a finding about the configuration itself is new: that it is not understood always counts.
    pub(super) fn is_new(
        &self,
        finding: &Diagnostic,
        text: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> bool {
        finding.rule == INVALID_CONFIG.id || self.touches(finding, text)
    }

    /// Whether an entry of the configuration is of no use since then.
    pub(super) fn is_left_over_since(&self, finding: &Diagnostic) -> bool {
        !self.leftovers.iter().any(|known| {
            (known.location.span(), &known.location.file, &known.message)
                == (
                    finding.location.span(),
                    &finding.location.file,
                    &finding.message,
                )
        })
    }

    /// The lines of a file that are not what they were; none where it was not there.
    fn changed(
        &self,
        file: &str,
        text: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> Option<Rc<Vec<Hunk>>> {
        let path = absolute(Path::new(file), &self.here);
        if let Some(known) = self.hunks.borrow().get(&path) {
            return known.clone();
        }
        let changed = self.revision.text(&path).and_then(|then| {
            let now = text(file)?;
            if then == now {
                return Some(Vec::new());
            }
            hunks(&then, &now).ok()
        });
        let changed = changed.map(Rc::new);
        self.hunks.borrow_mut().insert(path, changed.clone());
        changed
    }
}

/// The files of each project, by its root, as they were at a revision. `roots` are the given paths.
pub(super) fn inputs_at(
    name: &str,
    projects: &[ProjectInputs],
    roots: &[PathBuf],
    configs: &Configs,
) -> Result<(Revision, BTreeMap<PathBuf, Vec<Input>>), CliError> {
    let here = env::current_dir()?;
    let mut folders: BTreeMap<&Path, bool> = BTreeMap::new();
    for input in projects.iter().flat_map(|project| &project.inputs) {
        if let Some(folder) = input.path.parent() {
            *folders.entry(folder).or_default() |= input.target;
        }
    }
    let asked = folders.iter().filter(|(_, asked)| **asked);
    let paths = roots
        .iter()
        .map(PathBuf::as_path)
        .chain(asked.map(|(folder, _)| *folder));
    let mut revision = Revision::new(name, paths)?;
    for (folder, asked) in &folders {
        revision.add(folder, *asked)?;
    }
    let inputs = projects.iter().flat_map(|project| &project.inputs);
    let now: BTreeSet<&Path> = inputs.map(|input| input.path.as_path()).collect();
    revision.follow(&now)?;
    let roots: BTreeSet<PathBuf> = folders
        .keys()
        .map(|folder| configs.project_root(folder))
        .collect();
    let sieves = Sieves::new(configs, &here);
    let from = projects.iter().map(|one| (&*one.root, &*one.from));
    let from: BTreeMap<&Path, &Path> = from.collect();
    let lets = |root: &Path, path: &Path| {
        let from = from.get(root).copied().unwrap_or(root);
        sieves.from(from).lets(path)
    };
    let mut then: BTreeMap<PathBuf, Vec<Input>> = BTreeMap::new();
    for (top, tree) in revision.trees() {
        let mut files: Vec<(&Blob, PathBuf)> = Vec::new();
        for blob in &tree.files {
            // What is named may have any name, and be excluded.
            let path = blob.path.as_path();
            let is_looked_at = now.contains(path);
            if !is_looked_at && !is_candidate(path) {
                continue;
            }
            let root = configs.project_root(blob.path.parent().unwrap_or(top));
            if roots.contains(&root) && (is_looked_at || lets(&root, path)) {
                files.push((blob, root));
            }
        }
        let blobs: Vec<&Blob> = files.iter().map(|(blob, _)| *blob).collect();
        let texts = revision.texts(top, &blobs)?;
        for ((blob, root), text) in files.into_iter().zip(texts) {
            then.entry(root).or_default().push(Input {
                // What is no UTF-8 is judged as it is now: git cannot say what it would have been called.
                text,
                ..input(blob.path.clone(), &here, true)
            });
        }
    }
    Ok((revision, then))
}
