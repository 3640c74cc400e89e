//! `--add-ignores`: silences what is found, so that a team starts green and sees what it has put off.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use super::check::Found;
use super::output;
use crate::config::{Configs, FILE_NAMES, IgnoreEntry, entries_toml};
use crate::diagnostic::suppress::comments;
use crate::diagnostic::{Diagnostic, Silencer, Suppression};
use crate::fix::{apply, verify, write_atomically, write_or_create};
use crate::lint::{Input, relint};
use crate::model::{Loaded, load};
use crate::project::Project;
use crate::report::plural;
use crate::report::terminal::sanitize;
use crate::source::Source;
use crate::source::walk::display_path;

/// What stands where the reason belongs.
const REASON: &str = "TODO: say why";

/// Writes comments where files can hold them, and `[[ignore]]` entries for the rest.
pub(super) fn run(found: &mut Found, configs: &Configs) -> Result<(), CliError> {
    let inputs: BTreeMap<Arc<str>, (usize, Input)> = found
        .inputs
        .iter()
        .filter(|(_, input)| input.text.is_none())
        .map(|(project, input)| (input.display.clone(), (*project, input.clone())))
        .collect();
    for finding in found.diagnostics.iter().filter(|finding| is_open(finding)) {
        let input = inputs.get(&finding.location.file);
        if input.is_some_and(|(_, input)| configs.is_brought(&finding.rule, &input.path)) {
            return Err(CliError::Usage(format!(
                "--add-ignores: only --policy brings `{}`, and a run without it would not know what is written; put the policy \
                 into `extends` of dashlint.toml first",
                finding.rule
            )));
        }
    }
    let mut by_file: BTreeMap<Arc<str>, Vec<Diagnostic>> = BTreeMap::new();
    let mut rest = Vec::new();
    for finding in std::mem::take(&mut found.diagnostics) {
        if inputs.contains_key(&finding.location.file) {
            let of_file = by_file.entry(finding.location.file.clone()).or_default();
            of_file.push(finding);
        } else {
            rest.push(finding);
        }
    }
    let (mut count, mut files) = (0, 0);
    let mut left: Vec<Diagnostic> = Vec::new();
    for (name, findings) in by_file {
        let Some((project, input)) = inputs.get(&name) else {
            continue;
        };
        let silenced = found
            .projects
            .get(*project)
            .and_then(|project| in_file(input, &findings, project, configs));
        let Some(silenced) = silenced else {
            left.extend(findings);
            continue;
        };
        if let Err(error) =
            write_atomically(&input.path, &silenced.old, &silenced.new, &found.roots)
        {
            output::complain(&error.to_string());
            left.extend(findings);
            continue;
        }
        count += silenced.count;
        files += 1;
        left.extend(silenced.findings);
    }
    if count > 0 {
        output::note(&format!(
            "wrote {} into {}",
            plural(count, "comment"),
            plural(files, "file")
        ));
    }
    in_configuration(&mut left, &inputs, configs)?;
    left.extend(rest);
    found.diagnostics = left;
    Ok(())
}

/// A file with comments.
struct Silenced {
    old: String,
    new: String,
    count: usize,
    /// What is found in it now, silenced and not.
    findings: Vec<Diagnostic>,
}

/// The comments for a file; `None` where it can hold none that silence anything.
fn in_file(
    input: &Input,
    findings: &[Diagnostic],
    project: &Project,
    configs: &Configs,
) -> Option<Silenced> {
    let old = fs::read_to_string(&input.path).ok()?;
    let source = Source::new(input.display.clone(), Some(input.path.clone()), old.clone());
    let Loaded::Parsed(file) = load(Arc::new(source), input.provisioned) else {
        return None;
    };
    let open: Vec<&Diagnostic> = findings.iter().filter(|one| is_open(one)).collect();
    let written = comments(&file, &open, REASON);
    if written.count == 0 {
        return None;
    }
    let new = apply(&old, &written.edits)?;
    let spans: Vec<_> = written.edits.iter().map(|(span, _)| *span).collect();
    verify(&input.display, &old, &new, &spans).ok()?;
    let again = Input {
        text: Some(Arc::from(new.as_str())),
        ..input.clone()
    };
    let now = relint(&again, project, configs);
    let still = now.iter().filter(|one| is_open(one)).count();
    (still < open.len()).then_some(Silenced {
        old,
        new,
        count: written.count,
        findings: now,
    })
}

fn is_open(finding: &Diagnostic) -> bool {
    finding.suppressed.is_none()
}

/// What entries are for: a file, and the place in it.
type Entries = BTreeMap<(String, Option<String>), BTreeSet<String>>;

/// Silences what is still open in the configuration that counts for its file.
fn in_configuration(
    findings: &mut [Diagnostic],
    inputs: &BTreeMap<Arc<str>, (usize, Input)>,
    configs: &Configs,
) -> Result<(), CliError> {
    let here = env::current_dir()?;
    let mut wanted: BTreeMap<PathBuf, Entries> = BTreeMap::new();
    for finding in findings.iter_mut().filter(|finding| is_open(finding)) {
        let Some((_, input)) = inputs.get(&finding.location.file) else {
            continue;
        };
        let path = config_for(&input.path, &here, configs);
        let folder = path.parent().unwrap_or(&here);
        let file = display_path(&input.path, folder);
        let entries = wanted.entry(path).or_default();
        let rules = entries.entry((file, place(finding))).or_default();
        rules.insert(finding.rule.to_string());
        finding.suppressed = Some(Suppression {
            by: Silencer::Config,
            reason: Some(REASON.to_owned()),
            until: None,
        });
    }
    for (path, entries) in wanted {
        let entries: Vec<IgnoreEntry> = entries
            .into_iter()
            .map(|((file, at), rules)| IgnoreEntry {
                rules: rules.into_iter().collect(),
                file,
                at,
                reason: REASON.to_owned(),
            })
            .collect();
        let failed =
            |error: std::io::Error| CliError::Usage(format!("{}: {error}", path.display()));
        let old = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        let new = entries_toml(old.as_deref().unwrap_or_default(), &entries);
        if new.parse::<toml_edit::DocumentMut>().is_err() {
            return Err(CliError::Usage(format!(
                "{}: `ignore` is no list of [[ignore]] tables, so that none can be added to it",
                path.display()
            )));
        }
        let folder = path.parent().unwrap_or(&here);
        write_or_create(&path, old.as_deref(), &new, folder)
            .map_err(|error| CliError::Usage(error.to_string()))?;
        output::note(&format!(
            "wrote {} into {}",
            match entries.len() {
                1 => "1 entry".to_owned(),
                count => format!("{count} entries"),
            },
            sanitize(&display_path(&path, &here))
        ));
    }
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

/// The place of a finding as an entry says it; `None` stands for the whole file.
fn place(finding: &Diagnostic) -> Option<String> {
    let panel = finding.trail.iter().find(|step| step.kind == "panel");
    if let Some(panel) = panel {
        return match panel.id {
            Some(id) => Some(format!("panel:{id}")),
            None if panel.name.is_empty() => None,
            None => Some(format!("panel:\"{}\"", panel.name)),
        };
    }
    let last = finding.trail.last().filter(|step| !step.name.is_empty())?;
    matches!(&*last.kind, "variable" | "alert").then(|| format!("{}:{}", last.kind, last.name))
}
