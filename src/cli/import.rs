//! `--import`: findings of other tools among our own.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::args::CheckArgs;
use super::collect::input;
use super::readable::Readable;
use super::{CliError, output};
use crate::config::{Configs, absolute};
use crate::diagnostic::{Diagnostic, Location, Range, suppress};
use crate::fix::Moves;
use crate::model::{Loaded, ParsedFile, load};
use crate::report::{parse_report, plural};
use crate::rules;
use crate::source::walk::{WalkError, display_path};
use crate::source::{Source, read_given, read_regular};
use crate::span::Span;

/// The findings of these reports. A file is known by its name, so that each has the one that our own reports give it.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Diagnostic>, CliError> {
    let here = env::current_dir()?;
    let name = |file: &str| display_path(&in_reports(Path::new(file), &here), &here);
    let mut all = Vec::new();
    for report in files {
        let text = read_given(report).map_err(|error| error.to_string());
        let findings = text.and_then(|text| parse_report(&text, &name));
        all.extend(
            findings.map_err(|error| {
                CliError::Usage(format!("--import {}: {error}", report.display()))
            })?,
        );
    }
    Ok(all)
}

/// The path that our own reports show of a file. Another program may know the working directory by a link.
fn in_reports(file: &Path, here: &Path) -> PathBuf {
    let plain = absolute(file, here);
    if file.is_absolute()
        && !plain.starts_with(here)
        && let (Some(folder), Some(name)) = (plain.parent(), plain.file_name())
        && let Ok(folder) = folder.canonicalize()
        && folder.starts_with(here)
    {
        return folder.join(name);
    }
    plain
}

/// The rules that findings name and no part of this program has; none where nothing is imported.
pub(super) fn foreign_rules(args: &CheckArgs, findings: &[Diagnostic]) -> Option<BTreeSet<String>> {
    let names = findings.iter().map(|finding| &*finding.rule);
    let foreign = names.filter(|name| rules::find(name).is_none());
    (!args.import.is_empty()).then(|| foreign.map(str::to_owned).collect())
}

/// The findings of reports that this run takes in.
#[derive(Debug, Default)]
pub(super) struct Imported {
    pub(super) findings: Vec<Diagnostic>,
    /// Those of files that were not given.
    outside: LeftOut,
    /// Those of files that the configuration excludes.
    excluded: LeftOut,
}

/// Findings that are not told.
#[derive(Debug, Default)]
struct LeftOut {
    findings: usize,
    files: usize,
}

impl LeftOut {
    fn add(&mut self, findings: usize) {
        self.findings += findings;
        self.files += 1;
    }

    /// Says so, of the files that are `which`.
    fn note(&self, which: &str) -> Option<String> {
        (self.files > 0).then(|| {
            format!(
                "--import: {} of {} {which} left out",
                plural(self.findings, "finding"),
                plural(self.files, "file")
            )
        })
    }
}

/// Whether a run tells what others found in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// It, or a folder that it lies in, was given.
    Yes,
    /// It lies in none of the given paths.
    Outside,
    /// It lies in a folder that was given, and the configuration excludes it.
    Excluded,
}

impl Imported {
    /// What was left out, in words.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let outside = self.outside.note("outside the given paths");
        let excluded = self.excluded.note("that the configuration excludes");
        outside.into_iter().chain(excluded)
    }

    /// Leaves out what this run found itself: a report of ours may come back.
    pub(super) fn drop_known(&mut self, own: &[Diagnostic]) {
        fn key(finding: &Diagnostic) -> (&str, &str) {
            (&finding.location.file, &finding.fingerprint)
        }
        if !self.findings.is_empty() {
            let known: FxHashSet<_> = own.iter().map(key).collect();
            self.findings.retain(|one| !known.contains(&key(one)));
        }
    }
}

/// Findings of reports, judged and silenced as the configuration and comments say. Those of files that are not `given` are left
/// out, and those of files that this run has no business with complained of in `errors`.
pub(super) fn take_in(
    findings: Vec<Diagnostic>,
    configs: &Configs,
    readable: &Readable,
    given: &dyn Fn(&Path) -> Given,
    errors: &mut Vec<WalkError>,
) -> Result<Imported, CliError> {
    let here = env::current_dir()?;
    let mut by_file: BTreeMap<Arc<str>, Vec<Diagnostic>> = BTreeMap::new();
    for finding in findings {
        let of_file = by_file.entry(finding.location.file.clone()).or_default();
        of_file.push(finding);
    }
    let mut all = Imported::default();
    for (name, mut findings) in by_file {
        if !readable.holds(Path::new(&*name)) {
            errors.push(WalkError {
                path: None,
                message: format!(
                    "--import: {name} lies outside the project and the given paths; what is found there is left out"
                ),
            });
            continue;
        }
        let input = input(absolute(Path::new(&*name), &here), &here, true);
        let left_out = match given(&input.path) {
            Given::Yes => None,
            Given::Outside => Some(&mut all.outside),
            Given::Excluded => Some(&mut all.excluded),
        };
        if let Some(left_out) = left_out {
            left_out.add(findings.len());
            continue;
        }
        for finding in &mut findings {
            let related = &mut finding.related;
            related.retain(|one| readable.holds(Path::new(&*one.location.file)));
        }
        let settings = configs.for_file(&input.path);
        settings.judge(&mut findings);
        let parsed = read_regular(&input.path).ok().and_then(|text| {
            let source = Source::new(name.clone(), Some(input.path.clone()), text);
            match load(Arc::new(source), input.provisioned) {
                Loaded::Parsed(file) => Some(file),
                Loaded::Skipped(_) => None,
            }
        });
        match &parsed {
            Some(file) => {
                findings
                    .iter_mut()
                    .for_each(|finding| settle(finding, file));
                suppress::silence(file, &settings, &mut findings);
            }
            None => settings.apply_ignores(&name, &mut findings),
        }
        all.findings.extend(findings);
    }
    Ok(all)
}

/// Moves the findings of a file that was changed to where they are now; how many of them stand where the text was replaced.
/// Their repairs are for the text that was.
pub(super) fn carry_over(
    findings: &mut [Diagnostic],
    name: &str,
    text: &Arc<str>,
    moves: &Moves,
) -> usize {
    let source = Source::new(name, None, text.clone());
    let move_on = |location: &mut Location| {
        let (span, start) = (location.span(), location.range.start);
        // Of the whole file, or of a line that it does not have.
        if span == Span::default()
            || (&*location.file != name)
            || start.offset == 0 && start.line > 1
        {
            return true;
        }
        let moved = moves.of(span);
        location.range = Range {
            start: source.position(moved.span.start),
            end: source.position(moved.span.end),
        };
        moved.is_whole
    };
    let mut replaced = 0;
    for finding in findings {
        for related in &mut finding.related {
            move_on(&mut related.location);
        }
        let is_whole = move_on(&mut finding.location);
        replaced += usize::from(!is_whole && finding.suppressed.is_none());
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        if edits.into_iter().any(|edit| &*edit.file == name) {
            finding.fix = None;
        }
    }
    replaced
}

/// Says that somebody has to look again.
pub(super) fn note_replaced(count: usize) {
    if count > 0 {
        output::note(&format!(
            "where text was replaced, {} may no longer hold: let the other tool look again",
            plural(count, "imported finding")
        ));
    }
}

/// Finds the bytes of a finding that says only a line, or only where in the document it stands.
fn settle(finding: &mut Diagnostic, file: &ParsedFile) {
    let location = &mut finding.location;
    let (start, end) = (location.range.start, location.range.end);
    let nowhere = start == end && (start.line, start.column) == (1, 1);
    if nowhere && !location.pointer.is_empty() {
        let node = file.trees.first().and_then(|tree| {
            let root = tree.documents().nth(location.document as usize)?;
            root.find(&location.pointer)
        });
        if let Some(node) = node {
            location.range = Range::of(&file.source, node.file_span());
        }
        return;
    }
    for position in [&mut location.range.start, &mut location.range.end] {
        if position.offset > 0 || (position.line, position.column) == (1, 1) {
            continue;
        }
        let Some(line) = file.source.line_start(position.line) else {
            continue;
        };
        let rest = file.source.text.get(line as usize..).unwrap_or("");
        let before = rest
            .chars()
            .take(position.column.saturating_sub(1) as usize);
        position.offset = line + before.map(char::len_utf8).sum::<usize>() as u32;
    }
}
