//! `cost`: what queries cost, the dearest first.

use std::io::{self, BufWriter, Write};

use super::args::CostArgs;
use super::collect::{Collected, Wanted, collect};
use super::{CLEAN, CliError, TROUBLE, output};
use crate::config::{Configs, Options};
use crate::cost::of_file;
use crate::cost::survey::Survey;
use crate::lint::survey;
use crate::report::cost;

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
        projects, errors, ..
    } = collect(&wanted, &configs)?;
    let mut complaints: Vec<String> = errors.into_iter().map(|error| error.message).collect();
    let mut files: Vec<Survey> = Vec::new();
    for project in &projects {
        let (seen, unreadable) = survey(&project.inputs, &configs, &|file, project, settings| {
            of_file(file, project, settings, args.top)
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
    cost::write(
        args.format,
        &Survey::together(files, args.top),
        &style,
        &mut out,
    )?;
    out.flush()?;
    Ok(if complaints.is_empty() {
        CLEAN
    } else {
        TROUBLE
    })
}
