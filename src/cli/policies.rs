//! `test` and `new policy`, and what `rules` and `explain` say of policies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::args::{NewCommand, TestArgs};
use super::explain::column;
use super::{CLEAN, CliError, FINDINGS, TROUBLE, output};
use crate::config::{Configs, Options, Selection};
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{self, Diagnostic, Group, Severity, Summary};
use crate::policy::{PolicyRule, pack, run_examples};
use crate::report::terminal::sanitize;
use crate::report::{self, Format, Report};
use crate::source::read_regular;
use crate::source::walk::walk;

/// The beginning of a policy file. `TEAM` stands for the name of whoever writes it.
const SCAFFOLD: &str = include_str!("scaffold.yaml");

/// Tries the examples of policies: those named, else those of the configuration.
pub(super) fn test(args: &TestArgs) -> Result<u8, CliError> {
    let mut policies = Vec::new();
    for name in &args.policies {
        match Path::new(name) {
            folder if folder.is_dir() => policies.extend(in_folder(folder)?),
            _ => policies.push(name.clone()),
        }
    }
    let configs = Configs::new(Options {
        isolated: !policies.is_empty(),
        policies,
        selection: Selection::default(),
        ..Options::default()
    })
    .map_err(|error| CliError::Usage(error.to_string()))?;
    let settings = configs.for_folder(Path::new("."));
    let rules = settings.policy_set().rules();
    let mut found = configs.problems();
    let broken = configs.has_broken_policies() || configs.has_errors();
    if rules.is_empty() && !broken {
        let message = "there are no policies here: name files, or `extends` them in dashlint.toml";
        return Err(CliError::Usage(message.to_owned()));
    }
    let faulty: BTreeSet<Arc<str>> = found
        .iter()
        .map(|fault| fault.location.file.clone())
        .collect();
    let mut tally: BTreeMap<&str, Tally> = BTreeMap::new();
    for rule in rules {
        let failures = run_examples(rule);
        let file = tally.entry(&rule.source.path).or_default();
        file.rules += 1;
        file.examples += rule.example_count();
        file.failed += failures.len();
        if rule.example_count() == 0 {
            file.bare.push(&rule.id);
        }
        found.extend(failures.into_iter().map(|failure| Diagnostic {
            rule: rule.id.clone().into(),
            group: Group::Policy,
            severity: Severity::Error,
            help: failure.help,
            ..INVALID_CONFIG.at(&rule.source, failure.span, failure.message)
        }));
    }
    show(&mut found, rules, args)?;
    let mut failed = 0;
    for (file, tally) in &tally {
        failed += tally.failed;
        output::note(&tally.line(file, faulty.contains(*file)));
    }
    Ok(match (broken, failed) {
        (true, _) => TROUBLE,
        (false, 0) => CLEAN,
        (false, _) => FINDINGS,
    })
}

/// The policy files in a folder and those below it.
fn in_folder(folder: &Path) -> Result<Vec<String>, CliError> {
    let is_yaml = |path: &Path| {
        let ending = path.extension().unwrap_or_default();
        ending == "yaml" || ending == "yml"
    };
    let walked = walk(folder, false, &is_yaml);
    if let Some(error) = walked.errors.into_iter().next() {
        return Err(CliError::Usage(error.message));
    }
    let mut found = Vec::new();
    for path in walked.files {
        let text = read_regular(&path)
            .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
        if is_policy(&text) {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    match found.is_empty() {
        true => Err(CliError::Usage(format!(
            "{}: there is no policy file in this folder, that is a .yaml file with `rules`",
            folder.display()
        ))),
        false => Ok(found),
    }
}

/// Whether a text is meant to be a policy file, faults or not. Roles of Kubernetes have `rules`, too.
fn is_policy(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    has("rules:") && !has("apiVersion:")
}

/// What became of a file's examples.
#[derive(Default)]
struct Tally<'r> {
    rules: usize,
    examples: usize,
    failed: usize,
    bare: Vec<&'r str>,
}

impl Tally<'_> {
    fn line(&self, file: &str, faulty: bool) -> String {
        let counted = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let (rules, examples) = (
            counted(self.rules, "rule"),
            counted(self.examples, "example"),
        );
        let outcome = match self.failed {
            0 if self.examples == 0 => "nothing was tried".to_owned(),
            0 if faulty => "they hold, but the file has errors".to_owned(),
            0 => "all hold".to_owned(),
            failed => format!("{failed} failed"),
        };
        let bare = match self.bare.as_slice() {
            [] => String::new(),
            bare => format!("; without examples: {}", bare.join(", ")),
        };
        format!("{}: {rules}, {examples}: {outcome}{bare}", sanitize(file))
    }
}

/// Writes findings about policy files.
fn show(
    found: &mut [Diagnostic],
    rules: &[Arc<PolicyRule>],
    args: &TestArgs,
) -> Result<(), CliError> {
    diagnostic::sort(found);
    let sources = |path: &str| -> Option<Arc<str>> {
        let mut of_rules = rules.iter().map(|rule| &rule.source);
        match of_rules.find(|source| &*source.path == path) {
            Some(source) => Some(source.text.clone()),
            None => read_regular(Path::new(path)).ok().map(Arc::from),
        }
    };
    let report = Report {
        diagnostics: found,
        summary: &Summary::default(),
        sources: &sources,
        elapsed: Duration::ZERO,
    };
    let style = output::style(args.color, output::stdout_is_terminal());
    let mut out = io::stdout().lock();
    report::write(Format::Pretty, &report, &style, &mut out)?;
    Ok(())
}

/// Writes a scaffold.
pub(super) fn new(what: &NewCommand) -> Result<u8, CliError> {
    let NewCommand::Policy { file } = what;
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase());
    let team: String = name
        .unwrap_or_default()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let team = match team.trim_matches('-') {
        "" => "team",
        team => team,
    };
    let shown = file.display().to_string();
    let failed = |error: io::Error| CliError::Usage(format!("{shown}: {error}"));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            CliError::Usage(format!("{shown} is there already; give another name"))
        }
        _ => failed(error),
    };
    // `create_new`: what is there already stays.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut out| out.write_all(SCAFFOLD.replace("TEAM", team).as_bytes()))
        .map_err(failed)?;
    let mut out = io::stdout().lock();
    let shown = sanitize(&shown);
    writeln!(out, "wrote {shown}")?;
    writeln!(
        out,
        "next: `dashlint test {shown}` tries its examples, `dashlint --policy {shown}` runs it; \
         `extends = [\"{shown}\"]` in dashlint.toml makes it part of every run"
    )?;
    Ok(CLEAN)
}

/// A rule of a policy, and whether it is in force here.
pub(super) struct Known {
    rule: Arc<PolicyRule>,
    in_force: bool,
}

impl Known {
    /// The rule's id.
    pub(super) fn id(&self) -> &str {
        &self.rule.id
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let rule = &self.rule;
        json!({
            "id": rule.id,
            "group": Group::Policy.name(),
            "severity": rule.severity.name(),
            "summary": rule.summary,
            "since": serde_json::Value::Null,
            "fix": rule.fix().map(|safety| safety.name()),
            "options": [],
            "policy": &*rule.source.path,
            "in_force": self.in_force,
        })
    }
}

/// The rules of these policies and of those that the configuration of the working directory names, and of the packs that nobody
/// does.
pub(super) fn known(policies: &[String]) -> Result<Vec<Known>, CliError> {
    let configs = Configs::new(Options {
        policies: policies.to_vec(),
        ..Options::default()
    })
    .map_err(|error| CliError::Usage(error.to_string()))?;
    let settings = configs.for_folder(Path::new("."));
    let in_force = settings.policy_set().rules();
    let mut known: Vec<Known> = in_force
        .iter()
        .map(|rule| Known {
            rule: rule.clone(),
            in_force: true,
        })
        .collect();
    for pack in pack::PACKS {
        let rules = pack.rules().into_iter();
        let others = rules.filter(|rule| settings.policy_set().find(&rule.id).is_none());
        known.extend(others.map(|rule| Known {
            rule,
            in_force: false,
        }));
    }
    Ok(known)
}

/// Lists them, by file, their ids in a column of a width.
pub(super) fn list(known: &[Known], width: usize, out: &mut dyn Write) -> io::Result<()> {
    for of_file in
        known.chunk_by(|a, b| a.rule.source.path == b.rule.source.path && a.in_force == b.in_force)
    {
        let Some(first) = of_file.first() else {
            continue;
        };
        let path = sanitize(&first.rule.source.path);
        let state = match first.in_force {
            true => "in force".to_owned(),
            false => format!("not in force: extends = [\"{path}\"]"),
        };
        writeln!(out, "policy {path} ({state})")?;
        for Known { rule, .. } in of_file {
            let fix = rule
                .fix()
                .map_or(String::new(), |safety| format!(" [{} fix]", safety.name()));
            writeln!(
                out,
                "  {:<width$} {:<8} {}{fix}",
                rule.id,
                rule.severity,
                sanitize(&rule.summary)
            )?;
        }
    }
    Ok(())
}

/// Prints what a policy's rule says of itself.
pub(super) fn explain(id: &str, policies: &[String]) -> Result<u8, CliError> {
    let all = known(policies)?;
    let Some(Known { rule, in_force }) = all.iter().find(|known| known.rule.id == id) else {
        let ids = all.iter().map(|known| known.rule.id.as_str());
        let near = crate::config::nearest(id, ids);
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`dashlint rules` lists all.".to_owned(),
        };
        return Err(CliError::Usage(format!(
            "no policy here has a rule `{id}`; {hint} Those of other files are known with --policy FILE"
        )));
    };
    let mut out = io::stdout().lock();
    writeln!(out, "# {id}\n")?;
    if let Some(description) = &rule.description {
        writeln!(out, "{}\n", sanitize_lines(description.trim_end()))?;
    }
    writeln!(out, "It says: {}", sanitize(&rule.message))?;
    if let Some(help) = &rule.help {
        writeln!(out, "What to do: {}", sanitize(help))?;
    }
    for (text, flagged) in rule.shown_examples() {
        let what = if flagged { "Found in" } else { "Not found in" };
        writeln!(out, "\n{what}:\n")?;
        for line in text.lines() {
            writeln!(out, "    {}", sanitize(line))?;
        }
    }
    let kinds: Vec<&str> = rule.on.iter().map(|kind| kind.name()).collect();
    let fix = match rule.fix() {
        Some(safety) => format!("{} fix", safety.name()),
        None => "no fix".to_owned(),
    };
    let state = if *in_force {
        "in force"
    } else {
        "not in force"
    };
    writeln!(
        out,
        "\non {} · severity {} · {fix} · {} ({state})",
        kinds.join(", "),
        rule.severity,
        sanitize(&rule.source.path)
    )?;
    Ok(CLEAN)
}

/// Prints what a pack is for, and its rules.
pub(super) fn explain_pack(name: &str) -> Result<u8, CliError> {
    let Some(pack) = pack::find(name) else {
        let names = || pack::PACKS.iter().map(|pack| pack.name);
        let hint = match crate::config::nearest(name, names()) {
            Some(near) => format!("did you mean `pack:{near}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(CliError::Usage(format!(
            "there is no pack `{name}`; {hint}"
        )));
    };
    let mut out = io::stdout().lock();
    writeln!(out, "# pack:{name}\n")?;
    if let Some(description) = pack.description() {
        writeln!(out, "{}\n", description.trim_end())?;
    }
    let path = format!("pack:{name}");
    let mut of_pack = known(&[])?;
    of_pack.retain(|known| *known.rule.source.path == *path);
    let width = column(of_pack.iter().map(Known::id));
    list(&of_pack, width, &mut out)?;
    Ok(CLEAN)
}

fn sanitize_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(sanitize).collect();
    lines.join("\n")
}
