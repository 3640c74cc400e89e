//! Checking, the main job.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::args::CheckArgs;
use super::baselines::Baselines;
use super::collect::{Collected, collect};
use super::found::Found;
use super::readable::Readable;
use super::since::Then;
use super::{CLEAN, CliError, FINDINGS, TROUBLE, fixing, ignores, import, output, statistics};
use crate::config::{Catalogue, Configs, Options, Selection, Selector, UnknownName, nearest};
use crate::diagnostic::suppress::lint_file_faults;
use crate::diagnostic::{self, Diagnostic, Safety, gather};
use crate::lint::{Input, LintOptions, Skipped, lint_with};
use crate::model::SkipReason;
use crate::project::Project;
use crate::report::terminal::sanitize;
use crate::report::{self, Format, Progress, Report, Style, secrets};
use crate::source::read_regular;
use crate::source::walk::display_path;

/// Runs a check; the exit code.
pub(super) fn run(args: &CheckArgs) -> Result<u8, CliError> {
    let start = Instant::now();
    usage(args)?;
    if let Some(jobs) = args.jobs {
        // Fails only when the pool exists already, which it does not.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.clamp(1, MOST_THREADS))
            .build_global();
    }
    let report = import::read(&args.import)?;
    let foreign = import::foreign_rules(args, &report);
    let configs = configs(args, foreign.as_ref())?;
    let Collected {
        projects,
        mut errors,
        passed,
        excluded,
        roots,
    } = collect(&args.into(), &configs)?;
    let progress = Progress::new(!args.quiet && output::stderr_is_terminal());
    let files: usize = projects.iter().map(|project| project.inputs.len()).sum();
    progress.length(2 * files as u64);
    let named = args.config.iter().cloned();
    let named = named.chain(args.policy.iter().map(PathBuf::from));
    let mut all = Found {
        readable: Readable::new(&env::current_dir()?, &roots, named, &configs),
        roots,
        excluded,
        ..Found::default()
    };
    all.skipped.extend(passed.into_iter().map(|file| Skipped {
        file,
        reason: SkipReason::NotAFile,
    }));
    let whole = projects.iter().all(|project| project.whole);
    let mut baselines = Baselines::read(args, &configs, &projects)?;
    let then = args
        .since
        .as_deref()
        .map(|revision| {
            let configs = self::configs(args, foreign.as_ref())?;
            Then::at(revision, &projects, &all.roots, &configs, args.no_ignores)
        })
        .transpose()?;
    all.apart = then.is_some() || !baselines.is_empty() || goes_by_places(args);
    for project in projects {
        let before = then
            .as_ref()
            .and_then(|then| then.project(&project, &configs));
        let options = LintOptions {
            apart: all.apart,
            fingerprints: all.apart || tells_fingerprints(args),
            before,
        };
        let outcome = lint_with(&project.inputs, &configs, options, &|| progress.inc());
        all.add(project, outcome);
    }
    progress.finish();
    if let Some(message) = configs.unknown_policy() {
        return Err(CliError::Usage(message));
    }
    if !args.quiet {
        configs
            .not_imported()
            .iter()
            .for_each(|line| output::note(line));
    }
    let mut about_configuration = configs.problems();
    about_configuration.extend(lint_files(&all.inputs, &configs));
    // Of a part of a project nobody can say which entries silence nothing.
    let mut leftovers = match whole && !args.isolated {
        true => configs.leftovers(all.inputs.iter().map(|(_, input)| input)),
        false => Vec::new(),
    };
    let mut imported = import::take_in(
        report,
        &configs,
        &all.readable,
        &all.given(&configs, args.force_exclude),
        &mut errors,
    )?;
    for own in [&all.diagnostics, &about_configuration, &leftovers] {
        imported.drop_known(own);
    }
    if !args.quiet {
        imported.notes().for_each(|note| output::note(&note));
    }
    let mut imported = imported.findings;
    if args.no_ignores {
        for finding in all.diagnostics.iter_mut().chain(&mut imported) {
            finding.suppressed = None;
        }
    }
    if let Some(then) = then {
        let mut own = std::mem::take(&mut all.diagnostics);
        let texts = all.texts();
        let text = |name: &str| match texts.get(name) {
            Some(input) => text_of(input),
            None => read_regular(Path::new(name)).ok().map(Arc::from),
        };
        then.retain_new(&mut own, &all.files, &text);
        imported.retain(|finding| finding.suppressed.is_some() || then.touches(finding, &text));
        about_configuration.retain(|finding| then.is_new(finding, &text));
        leftovers.retain(|finding| then.is_left_over_since(finding));
        all.diagnostics = own;
    }
    all.diagnostics.append(&mut about_configuration);
    all.diagnostics.append(&mut leftovers);
    let own = all.diagnostics.len();
    all.diagnostics.append(&mut imported);
    let misread = configs.has_errors() || configs.has_broken_policies();
    if args.update_baseline && !refused(misread, "the baseline stays as it is") {
        for words in baselines.update(&all.diagnostics, &all.roots)? {
            output::note(&words);
        }
    }
    baselines.apply(&mut all.diagnostics);
    all.imported = all.diagnostics.split_off(own);
    for error in &errors {
        output::complain(&error.message);
    }
    if args.add_ignores && !refused(misread, "nothing is silenced") {
        ignores::run(args, &mut all, &configs)?;
    }
    let mut unwritten = 0;
    if (args.fix || args.diff) && !refused(misread, "nothing is fixed") {
        match fixing::run(args, &mut all, &configs, &baselines)? {
            fixing::Next::Report { unwritten: files } => unwritten = files,
            fixing::Next::Done(code) => return Ok(code),
        }
    }
    let code = finish(args, all, start)?;
    // What could not be looked at may hold anything: that is not "nothing found".
    Ok(if errors.is_empty() && unwritten == 0 && !misread {
        code
    } else {
        TROUBLE
    })
}

/// Whether something is still done with every place of a fault: it is silenced, repaired, compared with what others found.
/// Else the places are put together where they are found, and most of them need no memory for long.
fn goes_by_places(args: &CheckArgs) -> bool {
    args.fix || args.diff || args.add_ignores || args.no_ignores || !args.import.is_empty()
}

/// Whether a report that is asked for has fingerprints.
fn tells_fingerprints(args: &CheckArgs) -> bool {
    let others = args.output.iter().map(|(format, _)| *format);
    let shown = (!args.statistics).then_some(args.format);
    others.chain(shown).any(Format::tells_fingerprints)
}

/// Says that nothing is written while the configuration is misread.
fn refused(misread: bool, so: &str) -> bool {
    if misread {
        output::complain(&format!(
            "the configuration has errors, so {so}: nobody knows what it would turn on, off or silence"
        ));
    }
    misread
}

/// The configurations, as the command line has it.
fn configs(args: &CheckArgs, foreign: Option<&BTreeSet<String>>) -> Result<Configs, CliError> {
    Configs::new(Options {
        config: args.config.clone(),
        isolated: args.isolated,
        selection: selection(args, foreign)?,
        policies: args.policy.clone(),
        foreign: foreign.cloned(),
        ..Options::default()
    })
    .map_err(|error| CliError::Usage(error.to_string()))
}

/// The text of a file that is checked.
fn text_of(input: &Input) -> Option<Arc<str>> {
    let read = || fs::read_to_string(&input.path).ok().map(Arc::from);
    input.text.clone().or_else(read)
}

/// What is wrong with the `.lint` files beside the files that are looked at.
fn lint_files(inputs: &[(usize, Input)], configs: &Configs) -> Vec<Diagnostic> {
    let here = env::current_dir().unwrap_or_default();
    let folders: BTreeSet<&Path> = inputs
        .iter()
        .filter_map(|(_, input)| input.path.parent())
        .collect();
    let folders: Vec<&Path> = folders.into_iter().collect();
    let found = folders.into_par_iter().flat_map_iter(|folder| {
        let path = folder.join(".lint");
        let mut of_file = lint_file_faults(folder, &display_path(&path, &here));
        if !of_file.is_empty() {
            configs.for_file(&path).judge(&mut of_file);
        }
        of_file
    });
    found.collect()
}

/// Refuses what makes no sense together.
fn usage(args: &CheckArgs) -> Result<(), CliError> {
    let refuse = |message: &str| Err(CliError::Usage(message.to_owned()));
    if args.statistics && !matches!(args.format, Format::Pretty | Format::Concise | Format::Json) {
        return refuse("--statistics are lines, or an array with --format json");
    }
    if args.output.iter().any(|(_, file)| file.as_os_str() == "-") {
        return refuse("--output writes files; standard output is what --format is for");
    }
    if args.add_ignores && args.max_findings.is_some() {
        return refuse(
            "--add-ignores silences all that is found, and --max-findings shows a part of it: leave one of them out, or choose \
             what is silenced with --select, --min-severity or paths",
        );
    }
    let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
    let readers = args
        .import
        .iter()
        .chain(&args.paths)
        .filter(is_stdin)
        .count();
    if !args.import.is_empty() && readers + usize::from(args.files_from.is_some()) > 1 {
        return refuse(
            "standard input can be read once: for --import, for --files-from or as a file",
        );
    }
    Ok(())
}

/// More threads than this only cost memory.
const MOST_THREADS: usize = 256;

/// What the command line selects.
fn selection(args: &CheckArgs, foreign: Option<&BTreeSet<String>>) -> Result<Selection, CliError> {
    let catalogue = Catalogue::native();
    let selector = |word: &String| {
        let among = foreign.is_some_and(|rules| rules.contains(word));
        let imported = || among.then(|| Selector::Rule(word.clone()));
        let unknown = |mut unknown: UnknownName| {
            let names = || foreign.into_iter().flatten().map(String::as_str);
            let near = unknown.near.take();
            unknown.near = near.or_else(|| Some(nearest(word, names())?.to_owned()));
            CliError::Usage(unknown.to_string())
        };
        catalogue
            .selector(word)
            .or_else(|error| imported().ok_or_else(|| unknown(error)))
    };
    let selectors = |words: &[String]| {
        let selectors = words.iter().map(selector);
        selectors.collect::<Result<Vec<_>, _>>()
    };
    Ok(Selection {
        select: selectors(&args.select)?,
        ignore: selectors(&args.ignore)?,
        extend_select: selectors(&args.extend_select)?,
        preset: args
            .preset
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(CliError::Usage)?,
    })
}

fn finish(args: &CheckArgs, found: Found, start: Instant) -> Result<u8, CliError> {
    // The process ends when the report is written: it need not free hundreds of thousands of small things first.
    let mut found = ManuallyDrop::new(found);
    if found.apart {
        found.diagnostics = gather(std::mem::take(&mut found.diagnostics));
    }
    let allowed = if args.unsafe_fixes {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let summary = found.summary(allowed);
    let imported = std::mem::take(&mut found.imported);
    found.diagnostics.extend(imported);
    diagnostic::sort(&mut found.diagnostics);
    let fails = found
        .diagnostics
        .iter()
        .any(|finding| finding.suppressed.is_none() && args.fail_on.fails(finding.severity));
    let mut shown = ManuallyDrop::new(std::mem::take(&mut found.diagnostics));
    shown.retain(|finding| {
        finding.severity >= args.min_severity
            && (finding.suppressed.is_none() || args.show_suppressed)
    });
    let paths = found.texts();
    let texts = |path: &str| -> Option<Arc<str>> {
        let Some(input) = paths.get(path) else {
            // A configuration file, or one of a report.
            let readable = found.readable.holds(Path::new(path));
            return readable.then(|| read_regular(Path::new(path)).ok().map(Arc::from))?;
        };
        text_of(input)
    };
    secrets::cover_all(&mut shown, &texts);
    let sources = |path: &str| -> Option<Arc<str>> {
        let text: Arc<str> = texts(path)?;
        match secrets::masked(&text) {
            Cow::Borrowed(_) => Some(text),
            Cow::Owned(masked) => Some(Arc::from(masked)),
        }
    };
    let report = Report {
        diagnostics: &shown,
        summary: &summary,
        sources: &sources,
        elapsed: start.elapsed(),
    };
    let worst = args.max_findings.map(|most| worst(&shown, most));
    let style = output::style(args.color, output::stdout_is_terminal());
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if args.statistics {
        statistics::write(&shown, &found.projects, args.format, &mut out)
    } else {
        let listed = Report {
            diagnostics: worst.as_deref().unwrap_or(&shown),
            ..report
        };
        report::write(args.format, &listed, &style, &mut out)
    };
    match written.and_then(|()| out.flush()) {
        // Whoever read us had enough (`dashlint | head`); what was found was found all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    drop(out);
    for (format, file) in &args.output {
        write_file(*format, file, &report)?;
    }
    // Who names a file expects it to be looked at.
    let named: FxHashSet<&str> = found
        .inputs
        .iter()
        .filter(|(_, input)| input.text.is_some() || found.roots.contains(&input.path))
        .map(|(_, input)| &*input.display)
        .collect();
    if !args.quiet || args.verbose {
        let skipped = found.skipped.iter().chain(&found.left);
        for skipped in skipped.filter(|one| args.verbose || named.contains(&*one.file)) {
            output::note(&format!(
                "skipped {}: {}",
                sanitize(&skipped.file),
                sanitize(&skipped.reason.text())
            ));
        }
    }
    if args.verbose {
        for file in &found.excluded {
            output::note(&format!(
                "excluded by the configuration: {}",
                sanitize(file)
            ));
        }
        for project in &found.projects {
            note_instances(project);
        }
    }
    if !args.quiet {
        let rest = shown.len() - worst.as_ref().map_or(shown.len(), Vec::len);
        if rest > 0 && !args.statistics {
            output::note(&format!(
                "{} not shown (--max-findings)",
                report::plural(rest, "more finding")
            ));
        }
        if found.linted == 0 && !found.excluded.is_empty() && !args.verbose {
            output::note(&format!(
                "the configuration excludes {}: -v names them",
                report::plural(found.excluded.len(), "file")
            ));
        }
        let style = output::style(args.color, output::stderr_is_terminal());
        output::note(&report::summary_line(&summary, start.elapsed(), &style));
    }
    Ok(if fails { FINDINGS } else { CLEAN })
}

/// The `most` most severe findings, in the order of reports.
fn worst(shown: &[Diagnostic], most: usize) -> Vec<Diagnostic> {
    let mut order: Vec<usize> = (0..shown.len()).collect();
    order.sort_by_key(|&at| Reverse(shown[at].severity));
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|at| shown[at].clone()).collect()
}

/// Which folders each Grafana reads, as far as that is known: what is said of references and duplicates rests on it.
fn note_instances(project: &Project) {
    let here = env::current_dir().unwrap_or_default();
    let shown = |path: &PathBuf| match display_path(path, &here) {
        path if path.is_empty() => ".".to_owned(),
        path => sanitize(&path).into_owned(),
    };
    let list = |paths: &[PathBuf]| paths.iter().map(shown).collect::<Vec<_>>().join(", ");
    for instance in project.instances() {
        output::note(&format!("one Grafana reads {}", list(&instance.roots)));
        for provider in &instance.providers {
            let folders = match provider.folders.as_slice() {
                [] => {
                    "no folder that is known (`[[instance]]` with `mounts` says which)".to_owned()
                }
                folders => list(folders),
            };
            output::note(&format!("  its {} is {folders}", sanitize(&provider.path)));
        }
    }
}

/// Writes a report to a file, in a folder that may have to be made first.
fn write_file(format: Format, path: &Path, report: &Report<'_>) -> Result<(), CliError> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let file = folder
        .and_then(|()| File::create(path))
        .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
    let mut out = BufWriter::new(file);
    report::write(format, report, &Style::default(), &mut out)?;
    out.flush()?;
    Ok(())
}
