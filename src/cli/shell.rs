//! What a shell and a manual want to know: completions, the man page, the version.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::{CLEAN, CliError};

/// `0.1.0 (1a2b3c4d5e6f 2026-11-21, x86_64-unknown-linux-musl)`: the commit as far as it is known.
pub(super) const LONG_VERSION: &str = if env!("DASHLINT_BUILD").is_empty() {
    concat!(
        env!("CARGO_PKG_VERSION"),
        " (",
        env!("DASHLINT_TARGET"),
        ")"
    )
} else {
    concat!(
        env!("CARGO_PKG_VERSION"),
        " (",
        env!("DASHLINT_BUILD"),
        ", ",
        env!("DASHLINT_TARGET"),
        ")"
    )
};

/// Prints what a shell completes with.
pub(super) fn completions(shell: Shell) -> Result<u8, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "dashlint", &mut text);
    print(&text)
}

/// Prints the man page.
pub(super) fn man() -> Result<u8, CliError> {
    let mut text = Vec::new();
    // The date of a build would make every build another one.
    clap_mangen::Man::new(Args::command().version(env!("CARGO_PKG_VERSION"))).render(&mut text)?;
    print(&text)
}

fn print(text: &[u8]) -> Result<u8, CliError> {
    io::stdout().lock().write_all(text)?;
    Ok(CLEAN)
}
