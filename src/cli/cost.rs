//! `cost`: what queries cost, the dearest first.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::args::CostArgs;
use super::collect::{Collected, ProjectInputs, Wanted, collect};
use super::since::inputs_at;
use super::{CLEAN, CliError, TROUBLE, output};
use crate::config::{Configs, Options};
use crate::cost::change::CostChange;
use crate::cost::of_file;
use crate::cost::survey::Survey;
use crate::lint::survey;
use crate::report::{cost, secrets};

/// Prints it.
pub(super) fn run(args: &CostArgs) -> Result<u8, CliError> {
    let configs = Configs::new(Options {
        config: args.config.clone(),
        isolated: args.isolated,
        ..Options::default()
    })
    .map_err(|error| CliError::Usage(error.to_string()))?;
    let wanted = Wanted {
        paths: &args.paths,
        ..Wanted::default()
    };
    let Collected {
        projects,
        errors,
        roots,
        ..
    } = collect(&wanted, &configs)?;
    let before = args
        .since
        .as_deref()
        .map(|revision| before(revision, &projects, &roots, &configs))
        .transpose()?;
    // What is compared is needed whole.
    let top = before.as_ref().map_or(args.top, |_| usize::MAX);
    let mut complaints: Vec<String> = errors.into_iter().map(|error| error.message).collect();
    let mut files: Vec<Survey> = Vec::new();
    for project in &projects {
        let (seen, unreadable) = survey(&project.inputs, &configs, &|file, project, settings| {
            of_file(file, project, settings, top)
        });
        files.extend(seen);
        complaints.extend(
            unreadable
                .into_iter()
                .map(|(file, why)| format!("{file}: {why}")),
        );
    }
    complaints.extend(configs.problems().into_iter().map(|problem| {
        let at = problem.location.range.start;
        format!("{}:{}: {}", problem.location.file, at.line, problem.message)
    }));
    for complaint in &complaints {
        output::complain(complaint);
    }
    let style = output::style(args.color, output::stdout_is_terminal());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut survey = Survey::together(files, top);
    secrets::cover_words(survey.words());
    match before {
        Some(before) => {
            let change = CostChange::between(before, survey, args.top);
            cost::write_change(args.format, &change, &mut out)?;
        }
        None => cost::write(args.format, &survey, &style, &mut out)?,
    }
    out.flush()?;
    Ok(if complaints.is_empty() {
        CLEAN
    } else {
        TROUBLE
    })
}

/// What the projects cost at a revision.
fn before(
    revision: &str,
    projects: &[ProjectInputs],
    roots: &[PathBuf],
    configs: &Configs,
) -> Result<Survey, CliError> {
    let mut files: Vec<Survey> = Vec::new();
    let (_, inputs) = inputs_at(revision, projects, roots, configs)?;
    for inputs in inputs.into_values() {
        let (seen, _) = survey(&inputs, configs, &|file, project, settings| {
            of_file(file, project, settings, usize::MAX)
        });
        files.extend(seen);
    }
    let mut survey = Survey::together(files, usize::MAX);
    secrets::cover_words(survey.words());
    Ok(survey)
}
