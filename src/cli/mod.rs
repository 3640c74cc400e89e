//! The command line.

mod args;
mod baseline;
mod baselines;
mod blobs;
mod check;
mod collect;
mod cost;
mod equals;
mod explain;
mod fix_sum;
mod fixing;
mod found;
mod git;
mod hunks;
mod ignores;
mod import;
mod init;
mod inspect;
mod links;
mod output;
mod owners;
mod policies;
mod readable;
mod shell;
mod sieve;
mod since;
mod statistics;

use std::io;
use std::process::ExitCode;

use clap::Parser;

pub use args::{Args, CheckArgs, Command};

/// A reason to stop that is no finding: usage, configuration, the system. Exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The arguments make no sense together, or name something that is not there.
    #[error("{0}")]
    Usage(String),
    /// Writing the output failed.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// Exit code when there is nothing to complain about.
const CLEAN: u8 = 0;
/// Exit code when findings reach `--fail-on`, or `--diff` would change something.
const FINDINGS: u8 = 1;
/// Exit code of errors that are no findings.
const TROUBLE: u8 = 2;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { TROUBLE } else { CLEAN });
        }
    };
    match dispatch(args) {
        Ok(code) => ExitCode::from(code),
        // Whoever read us had enough (`dashlint | head`).
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(CLEAN)
        }
        Err(error) => {
            output::complain(&error.to_string());
            ExitCode::from(TROUBLE)
        }
    }
}

fn dispatch(args: Args) -> Result<u8, CliError> {
    match args.command {
        None => check::run(&args.check),
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Explain {
            rule,
            color,
            policy,
        }) => explain::explain(&rule, color, &policy),
        Some(Command::Rules { policy, format }) => explain::rules(format, &policy),
        Some(Command::Inspect(inspect)) => inspect::run(&inspect),
        Some(Command::Cost(args)) => cost::run(&args),
        Some(Command::Test(args)) => policies::test(&args),
        Some(Command::New { what }) => policies::new(&what),
        Some(Command::Config { what }) => explain::config(&what),
        Some(Command::Init { folder }) => init::run(&folder),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man) => shell::man(),
    }
}
