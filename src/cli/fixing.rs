//! `--fix` and `--diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::CheckArgs;
use super::baselines::Baselines;
use super::found::Found;
use super::{CLEAN, CliError, FINDINGS, fix_sum, import, output};
use crate::config::Configs;
use crate::diagnostic::{Diagnostic, Safety, gather};
use crate::fix::{
    Applied, MAX_ROUNDS, Outcome, Texts, diff_hiding, files_of, run_rounds, verify,
    write_atomically,
};
use crate::lint::{Input, relint};
use crate::project::Project;
use crate::report::secrets::{self, SecretValues};
use crate::report::terminal::sanitize;
use crate::report::{Style, concise, plural_of};
use crate::source::walk::display_path;

/// What is left to do after fixing.
pub(super) enum Next {
    /// Report what remains.
    Report {
        /// Number of files that were to be changed and could not be written.
        unwritten: usize,
    },
    /// Everything is said; the exit code.
    Done(u8),
}

/// What there was before anything was fixed.
struct Before {
    texts: Texts,
    findings: Vec<Diagnostic>,
    allowed: Safety,
}

/// Fixes what was found, or shows how.
pub(super) fn run(
    args: &CheckArgs,
    found: &mut Found,
    configs: &Configs,
    baselines: &Baselines<'_>,
) -> Result<Next, CliError> {
    let allowed = if args.unsafe_fixes {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let mut texts = Texts::new();
    let mut findings = Vec::new();
    let index: BTreeMap<Arc<str>, (usize, Input)> = found
        .inputs
        .iter()
        .map(|(project, input)| (input.display.clone(), (*project, input.clone())))
        .collect();
    for name in files_of(&found.diagnostics, allowed) {
        let Some((project, input)) = index.get(&name) else {
            continue;
        };
        let text: Arc<str> = match &input.text {
            Some(text) => text.clone(),
            None => match fs::read_to_string(&input.path) {
                Ok(text) => Arc::from(text),
                Err(error) => {
                    output::complain(&format!("{name}: {error}"));
                    continue;
                }
            },
        };
        // What was found was found in an earlier text, perhaps: look again at the one that will be changed.
        let input = Input {
            text: Some(text.clone()),
            ..input.clone()
        };
        findings.extend(look_again(
            args,
            &input,
            &found.projects[*project],
            configs,
            baselines,
        ));
        texts.insert(name, text);
    }
    let before = Before {
        texts: texts.clone(),
        findings: findings.clone(),
        allowed,
    };
    let projects = &found.projects;
    let mut lint = |texts: &Texts, changed: &BTreeSet<Arc<str>>| {
        let mut again = Vec::new();
        for name in changed {
            if let (Some((project, input)), Some(text)) = (index.get(name), texts.get(name)) {
                let input = Input {
                    text: Some(text.clone()),
                    ..input.clone()
                };
                again.extend(look_again(
                    args,
                    &input,
                    &projects[*project],
                    configs,
                    baselines,
                ));
            }
        }
        again
    };
    let outcome = run_rounds(texts, findings, allowed, &mut lint, &verify);
    if args.diff {
        return show(&before, &outcome, &index);
    }
    let stdin = found.inputs.iter().find(|(_, input)| input.text.is_some());
    if let Some((_, input)) = stdin {
        let name = input.display.clone();
        let text = outcome.changed.get(&name).or(input.text.as_ref()).cloned();
        io::stdout().write_all(text.as_deref().unwrap_or_default().as_bytes())?;
        take_over(found, &outcome, &outcome.changed.keys().collect());
        let mut fails = false;
        let mut remaining = gather(std::mem::take(&mut found.diagnostics));
        remaining.append(&mut found.imported);
        secrets::cover_all(&mut remaining, &|_| text.clone());
        for finding in remaining
            .iter()
            .filter(|finding| finding.suppressed.is_none())
        {
            fails |= args.fail_on.fails(finding.severity);
            concise::write_line(finding, &Style::default(), &mut io::stderr())?;
        }
        return Ok(Next::Done(if fails { FINDINGS } else { CLEAN }));
    }
    Ok(Next::Report {
        unwritten: write(args, found, &before, outcome, &index),
    })
}

fn look_again(
    args: &CheckArgs,
    input: &Input,
    project: &Project,
    configs: &Configs,
    baselines: &Baselines<'_>,
) -> Vec<Diagnostic> {
    let mut findings = relint(input, project, configs);
    if args.no_ignores {
        findings
            .iter_mut()
            .for_each(|finding| finding.suppressed = None);
    }
    baselines.apply(&mut findings);
    findings
}

fn show(
    before: &Before,
    outcome: &Outcome,
    index: &BTreeMap<Arc<str>, (usize, Input)>,
) -> Result<Next, CliError> {
    let mut out = io::stdout().lock();
    let mut left_out = 0;
    for (name, new) in &outcome.changed {
        let old = before.texts.get(name).map_or("", |text| text);
        let values = SecretValues::of([old, &**new]);
        let hidden = (secret_lines(old, &values), secret_lines(new, &values));
        // As `git diff` does it: `git apply` reads paths from the top of the work tree, wherever it is started.
        let shown = index
            .get(name)
            .and_then(|(_, input)| in_work_tree(&input.path));
        let shown = shown.as_deref().unwrap_or(name.as_bytes());
        let (patch, hunks) = diff_hiding(shown, old, new, (&hidden.0, &hidden.1));
        left_out += hunks;
        write!(out, "{patch}")?;
    }
    if left_out > 0 {
        output::note(&format!(
            "beside a secret, {} not in the patch; --fix makes {}",
            plural_of(left_out, ("change is", "changes are")),
            if left_out == 1 { "it" } else { "them" }
        ));
    }
    tell(outcome, "would fix", before);
    let code = if outcome.changed.is_empty() {
        CLEAN
    } else {
        FINDINGS
    };
    Ok(Next::Done(code))
}

/// The numbers of the lines that hold a secret, from 0; also one that stands elsewhere as such.
fn secret_lines(text: &str, values: &SecretValues) -> Vec<usize> {
    let masked = secrets::masked(text);
    let lines = text.split('\n').zip(masked.split('\n')).enumerate();
    lines
        .filter(|(_, (plain, masked))| plain != masked || *plain != values.masked(plain))
        .map(|(number, _)| number)
        .collect()
}

/// The path of a file in the git work tree it lies in, else in the working directory: as it is, where it is no UTF-8.
fn in_work_tree(path: &Path) -> Option<Vec<u8>> {
    let mut folders = path.ancestors().skip(1);
    let root = folders.find(|folder| folder.join(".git").exists());
    let here = env::current_dir().ok();
    let root = root.or(here.as_deref())?;
    let inside = path.strip_prefix(root).ok()?;
    Some(match inside.to_str() {
        Some(_) => display_path(path, root).into_bytes(),
        None => inside.as_os_str().as_encoded_bytes().to_vec(),
    })
}

fn write(
    args: &CheckArgs,
    found: &mut Found,
    before: &Before,
    outcome: Outcome,
    index: &BTreeMap<Arc<str>, (usize, Input)>,
) -> usize {
    let mut failed = Vec::new();
    for (name, new) in &outcome.changed {
        let (Some((_, input)), Some(old)) = (index.get(name), before.texts.get(name)) else {
            continue;
        };
        if let Err(error) = write_atomically(&input.path, old, new, &found.roots) {
            output::complain(&error.to_string());
            failed.push(name.clone());
        }
    }
    let written: BTreeSet<&Arc<str>> = outcome
        .changed
        .keys()
        .filter(|name| !failed.contains(name))
        .collect();
    take_over(found, &outcome, &written);
    if !args.quiet {
        let mut outcome = outcome;
        outcome.applied.retain(|fix| !failed.contains(&fix.file));
        tell(&outcome, "fixed", before);
    }
    failed.len()
}

/// Puts what is found in files that were written in the place of what was found in them before.
fn take_over(found: &mut Found, outcome: &Outcome, written: &BTreeSet<&Arc<str>>) {
    found
        .diagnostics
        .retain(|finding| !written.contains(&finding.location.file));
    let remaining = outcome.remaining.iter();
    let remaining = remaining.filter(|finding| written.contains(&finding.location.file));
    found.diagnostics.extend(remaining.cloned());
    let mut replaced = 0;
    for name in written {
        if let (Some(text), Some(moves)) = (outcome.changed.get(*name), outcome.moves.get(*name)) {
            replaced += import::carry_over(&mut found.imported, name, text, moves);
        }
    }
    import::note_replaced(replaced);
}

/// How many other lines are named where the same was done.
const MOST_LINES: usize = 10;

/// Each fix once, with the other lines of its file on which the same was done, as a report has them.
fn gathered(applied: &[Applied]) -> Vec<(&Applied, String)> {
    let mut gathered: Vec<(&Applied, Vec<u32>)> = Vec::new();
    let mut places: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for fix in applied {
        let place = (&*fix.file, fix.rule.as_str(), fix.title.as_str());
        match places.get(&place).and_then(|at| gathered.get_mut(*at)) {
            Some((first, lines)) => {
                if *lines.last().unwrap_or(&first.line) != fix.line {
                    lines.push(fix.line);
                }
            }
            None => {
                places.insert(place, gathered.len());
                gathered.push((fix, Vec::new()));
            }
        }
    }
    gathered
        .iter()
        .map(|(fix, lines)| (*fix, also(lines)))
        .collect()
}

/// The other lines in words.
fn also(lines: &[u32]) -> String {
    let named: Vec<String> = lines.iter().take(MOST_LINES).map(u32::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    match (named.len(), lines.len() - named.len()) {
        (0, _) => String::new(),
        (_, 0) => format!(" (also on {word} {})", named.join(", ")),
        (_, more) => format!(" (also on {word} {} and {more} more)", named.join(", ")),
    }
}

/// Says on standard error what was done.
fn tell(outcome: &Outcome, verb: &str, before: &Before) {
    let told = outcome.applied.iter();
    let told = told.chain(outcome.dropped.iter().map(|dropped| &dropped.fix));
    let files: BTreeSet<&Arc<str>> = told.map(|fix| &fix.file).collect();
    let texts = files.into_iter().filter_map(|file| before.texts.get(file));
    let values = SecretValues::of(texts.map(|text| &**text));
    for (fix, also) in gathered(&outcome.applied) {
        output::note(&format!(
            "{verb} {}:{} [{}] {}{also}",
            sanitize(&fix.file),
            fix.line,
            fix.rule,
            sanitize(&values.masked(&fix.title))
        ));
    }
    if !outcome.settled {
        output::note(&format!(
            "after {MAX_ROUNDS} rounds something is left to fix: run again"
        ));
    }
    for dropped in &outcome.dropped {
        output::note(&format!(
            "left {}:{} [{}] as it is: {}",
            sanitize(&dropped.fix.file),
            dropped.fix.line,
            dropped.fix.rule,
            sanitize(&values.masked(&dropped.reason))
        ));
    }
    if let Some(line) = fix_sum::line(&before.findings, outcome, before.allowed, verb) {
        output::note(&line);
    }
}
