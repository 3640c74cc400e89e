//! `--add-ignores`: silences what is found, so that a team starts green and sees what it has put off.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::args::CheckArgs;
use super::found::Found;
use super::{CliError, import, output};
use crate::config::{At, Configs, FILE_NAMES, IgnoreEntry, entries_toml};
use crate::diagnostic::meta::UNUSED_SUPPRESSION;
use crate::diagnostic::suppress::{comments, silence};
use crate::diagnostic::{Diagnostic, Group, Severity, Silencer, Suppression};
use crate::fix::{Moves, apply, verify, write_atomically, write_or_create};
use crate::lint::{Input, relint};
use crate::model::{Loaded, ParsedFile, load};
use crate::project::Project;
use crate::report::terminal::sanitize;
use crate::report::{plural, plural_of};
use crate::source::walk::display_path;
use crate::source::{Source, read_regular};
use crate::span::Span;
use crate::syntax::Tree;

/// What stands where the reason belongs.
const REASON: &str = "TODO: say why";

/// Writes comments where files can hold them, and `[[ignore]]` entries for the rest: for what is shown, and nothing else.
pub(super) fn run(args: &CheckArgs, found: &mut Found, configs: &Configs) -> Result<(), CliError> {
    let here = env::current_dir()?;
    let inputs: BTreeMap<Arc<str>, (usize, Input)> = found
        .inputs
        .iter()
        .filter(|(_, input)| input.text.is_none())
        .map(|(project, input)| (input.display.clone(), (*project, input.clone())))
        .collect();
    let mut by_file: BTreeMap<Arc<str>, OfFile> = BTreeMap::new();
    let mut of_file = |findings: &mut Vec<Diagnostic>,
                       list: fn(&mut OfFile) -> &mut Vec<Diagnostic>| {
        for finding in std::mem::take(findings) {
            if inputs.contains_key(&finding.location.file) {
                list(by_file.entry(finding.location.file.clone()).or_default()).push(finding);
            } else {
                findings.push(finding);
            }
        }
    };
    of_file(&mut found.diagnostics, |of_file| &mut of_file.own);
    of_file(&mut found.imported, |of_file| &mut of_file.imported);
    for (name, of_file) in &by_file {
        let brought = inputs.get(name).and_then(|(_, input)| {
            let mut rules = of_file
                .shown(args.min_severity)
                .map(|finding| &finding.rule);
            rules.find(|rule| configs.is_brought(rule, &input.path))
        });
        if let Some(rule) = brought {
            return Err(CliError::Usage(format!(
                "--add-ignores: only --policy brings `{rule}`, and a run without it would not know what is written; put the policy \
                 into `extends` of dashlint.toml first"
            )));
        }
    }
    let (mut count, mut files) = (0, 0);
    let mut wanted: BTreeMap<PathBuf, Entries> = BTreeMap::new();
    for (name, mut of_file) in by_file {
        if let Some((number, input)) = inputs.get(&name)
            && let Some(project) = found.projects.get(*number)
            && of_file.shown(args.min_severity).next().is_some()
        {
            let place = Place {
                input,
                project,
                configs,
                roots: &found.roots,
                from: args.min_severity,
            };
            of_file.look_around(&place);
            let comments = of_file.write_comments(&place);
            count += comments;
            files += usize::from(comments > 0);
            let path = match &args.config {
                Some(named) => here.join(named),
                None => config_for(&input.path, &here, configs),
            };
            let folder = path.parent().unwrap_or(&here);
            let file = display_path(&input.path, folder);
            let entries = wanted.entry(path).or_default();
            of_file.add_entries(&file, args.min_severity, entries);
        }
        found.diagnostics.extend(of_file.own);
        found.imported.extend(of_file.imported);
    }
    if count > 0 {
        output::note(&format!(
            "wrote {} into {}",
            plural(count, "comment"),
            plural(files, "file")
        ));
    }
    wanted.retain(|_, entries| !entries.is_empty());
    for (path, entries) in wanted {
        write_entries(&path, entries, &here)?;
    }
    Ok(())
}

/// A file that is to be silenced.
struct Place<'p> {
    input: &'p Input,
    project: &'p Project,
    configs: &'p Configs,
    roots: &'p [PathBuf],
    /// What is shown is at least so severe.
    from: Severity,
}

impl Place<'_> {
    /// The file with this text.
    fn parsed(&self, text: &Arc<str>) -> Option<ParsedFile> {
        let (name, path) = (self.input.display.clone(), self.input.path.clone());
        match load(
            Arc::new(Source::new(name, Some(path), text.clone())),
            self.input.provisioned,
        ) {
            Loaded::Parsed(file) => Some(file),
            Loaded::Skipped(_) => None,
        }
    }

    /// All that is found in it with this text, whatever else is known.
    fn look(&self, text: &Arc<str>) -> Vec<Diagnostic> {
        let input = Input {
            text: Some(text.clone()),
            ..self.input.clone()
        };
        relint(&input, self.project, self.configs)
    }
}

/// What is found in a file.
#[derive(Default)]
struct OfFile {
    text: Arc<str>,
    own: Vec<Diagnostic>,
    imported: Vec<Diagnostic>,
    /// What is found and not shown, because it was there before or is not severe enough: nothing may silence it.
    others: Vec<Diagnostic>,
}

/// What entries are for: a file, and the place in it.
type Entries = BTreeMap<(String, String), BTreeSet<String>>;

impl OfFile {
    /// What is to be silenced.
    fn shown(&self, from: Severity) -> impl Iterator<Item = &Diagnostic> {
        let all = self.own.iter().chain(&self.imported);
        all.filter(move |finding| is_shown(finding, from))
    }

    /// Finds what is not shown.
    fn look_around(&mut self, place: &Place<'_>) {
        let Ok(text) = fs::read_to_string(&place.input.path) else {
            return;
        };
        self.text = Arc::from(text);
        let shown: FxHashSet<&str> = self
            .shown(place.from)
            .map(|one| &*one.fingerprint)
            .collect();
        let mut others = place.look(&self.text);
        others.retain(|one| one.suppressed.is_none() && !shown.contains(&*one.fingerprint));
        let imported = self.imported.iter().filter(|one| {
            let by = one.suppressed.as_ref().map(|suppression| suppression.by);
            matches!(by, None | Some(Silencer::Baseline)) && !is_shown(one, place.from)
        });
        others.extend(imported.cloned());
        self.others = others;
    }

    /// Writes comments into the file, and looks what is left; how many.
    fn write_comments(&mut self, place: &Place<'_>) -> usize {
        let Some(file) = place.parsed(&self.text) else {
            return 0;
        };
        // Where a text breaks off nobody knows what a comment would be put into.
        let mut problems = file.trees.iter().flat_map(Tree::problems);
        if problems.any(|problem| problem.kind.breaks()) {
            return 0;
        }
        // What names no place is about the whole file, and what is said of suppressions no comment silences.
        let shown = self.shown(place.from);
        let shown: Vec<&Diagnostic> = shown
            .filter(|one| one.location.span() != Span::default() && one.group != Group::Meta)
            .collect();
        let others: Vec<&Diagnostic> = self.others.iter().collect();
        let written = comments(&file, &shown, &others, REASON);
        let spans: Vec<_> = written.edits.iter().map(|(span, _)| *span).collect();
        let new = apply(&self.text, &written.edits)
            .filter(|new| verify(&place.input.display, &self.text, new, &spans).is_ok());
        let Some(new) = new.filter(|_| written.count > 0).map(Arc::from) else {
            return 0;
        };
        let Some(own) = self.left(place.look(&new)) else {
            return 0;
        };
        if let Err(error) = write_atomically(&place.input.path, &self.text, &new, place.roots) {
            output::complain(&error.to_string());
            return 0;
        }
        self.own = own;
        let mut moves = Moves::default();
        moves.add(&written.edits);
        import::carry_over(&mut self.imported, &place.input.display, &new, &moves);
        if let Some(file) = place.parsed(&new) {
            let settings = place.configs.for_file(&place.input.path);
            silence(&file, &settings, &mut self.imported);
        }
        written.count
    }

    /// What is told of the findings of the file with comments; `None` where one silences what is not shown, or nothing.
    fn left(&self, now: Vec<Diagnostic>) -> Option<Vec<Diagnostic>> {
        let before: FxHashMap<&str, &Diagnostic> = self
            .own
            .iter()
            .map(|one| (&*one.fingerprint, one))
            .collect();
        let others: FxHashSet<&str> = self.others.iter().map(|one| &*one.fingerprint).collect();
        let mut left = Vec::new();
        for mut finding in now {
            let was = before.get(&*finding.fingerprint);
            if finding.rule == UNUSED_SUPPRESSION.id && was.is_none() {
                return None;
            }
            if others.contains(&*finding.fingerprint) {
                if finding.suppressed.is_some() {
                    return None;
                }
                let Some(was) = was else { continue };
                finding.suppressed = was.suppressed.clone();
            }
            left.push(finding);
        }
        Some(left)
    }

    /// Silences what is still shown by entries of the configuration, which calls the file `name`.
    fn add_entries(&mut self, name: &str, from: Severity, entries: &mut Entries) {
        let mut others: FxHashMap<&str, Vec<&Diagnostic>> = FxHashMap::default();
        for other in &self.others {
            others.entry(&other.rule).or_default().push(other);
        }
        let mut is_alone: FxHashMap<(String, String), bool> = FxHashMap::default();
        for finding in self.own.iter_mut().chain(&mut self.imported) {
            if !is_shown(finding, from) {
                continue;
            }
            let rule = finding.rule.to_string();
            let at = named(finding).filter(|at| {
                let alone = is_alone
                    .entry((rule.clone(), at.clone()))
                    .or_insert_with(|| {
                        let of_rule = others.get(&*rule).map_or(&[][..], Vec::as_slice);
                        at.parse::<At>()
                            .is_ok_and(|at| !of_rule.iter().any(|other| at.matches(other)))
                    });
                *alone && at.parse::<At>().is_ok_and(|at| at.matches(finding))
            });
            let at = at.unwrap_or_else(|| format!("finding:{}", finding.fingerprint));
            entries
                .entry((name.to_owned(), at))
                .or_default()
                .insert(rule);
            finding.suppressed = Some(Suppression {
                by: Silencer::Config,
                reason: Some(REASON.to_owned()),
                until: None,
            });
        }
    }
}

fn is_shown(finding: &Diagnostic, from: Severity) -> bool {
    finding.suppressed.is_none() && finding.severity >= from
}

/// Adds entries to a configuration file.
fn write_entries(path: &Path, entries: Entries, here: &Path) -> Result<(), CliError> {
    let entries: Vec<IgnoreEntry> = entries
        .into_iter()
        .map(|((file, at), rules)| IgnoreEntry {
            rules: rules.into_iter().collect(),
            file,
            at,
            reason: REASON.to_owned(),
        })
        .collect();
    let old = match read_regular(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(CliError::Usage(format!("{}: {error}", path.display()))),
    };
    let new = entries_toml(old.as_deref().unwrap_or_default(), &entries);
    if new.parse::<toml_edit::DocumentMut>().is_err() {
        return Err(CliError::Usage(format!(
            "{}: `ignore` is no list of [[ignore]] tables, so that none can be added to it",
            path.display()
        )));
    }
    let folder = path.parent().unwrap_or(here);
    write_or_create(path, old.as_deref(), &new, folder)
        .map_err(|error| CliError::Usage(error.to_string()))?;
    output::note(&format!(
        "wrote {} into {}",
        plural_of(entries.len(), ("entry", "entries")),
        sanitize(&display_path(path, here))
    ));
    Ok(())
}

/// The configuration file that counts for `file`: the nearest one, else a new one in its project's folder.
fn config_for(file: &Path, here: &Path, configs: &Configs) -> PathBuf {
    let folder = configs.for_file(file).folder().to_path_buf();
    let existing = FILE_NAMES.iter().map(|name| folder.join(name));
    if let Some(path) = existing.into_iter().find(|path| path.is_file()) {
        return path;
    }
    let root = configs.project_root(file.parent().unwrap_or(here));
    root.join(FILE_NAMES[0])
}

/// The place of a finding as an entry names it for people, where it has a name that stays when other things are moved.
fn named(finding: &Diagnostic) -> Option<String> {
    let step = |kind: &str| finding.trail.iter().find(|step| step.kind == kind);
    // What a string carries may stand beside others, whose panels have the same numbers.
    let is_carried = finding.location.inner.is_some();
    if let Some(panel) = step("panel").filter(|_| !is_carried) {
        let panel = match panel.id {
            Some(id) => id.to_string(),
            None if panel.name.is_empty() => return None,
            None => format!("\"{}\"", panel.name),
        };
        return Some(match step("query") {
            Some(query) => format!("query:{panel}/{}", query.name),
            None => format!("panel:{panel}"),
        });
    }
    let last = finding.trail.last();
    let last =
        last.filter(|step| !step.name.is_empty() && matches!(&*step.kind, "variable" | "alert"));
    if let Some(step) = last.filter(|_| !is_carried) {
        return Some(format!("{}:{}", step.kind, step.name));
    }
    let location = &finding.location;
    let way = [Some(&location.pointer), location.inner.as_ref()];
    let mut parts = way
        .into_iter()
        .flatten()
        .flat_map(|pointer| pointer.split('/').skip(1));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if location.pointer.is_empty()
        || parts.any(is_number)
        || location.inner.as_ref().is_some_and(String::is_empty)
    {
        return None;
    }
    let inner = location.inner.as_ref();
    Some(
        format!("#{}", location.pointer)
            + &inner.map_or_else(String::new, |inner| format!("#{inner}")),
    )
}
