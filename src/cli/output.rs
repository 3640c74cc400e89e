//! The streams of the process, and what they can show.

use std::env;
use std::io::{self, IsTerminal, Write};

use super::args::ColorChoice;
use crate::report::Style;
use crate::report::terminal::sanitize;

/// A line on standard error.
pub(super) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "dashlint: {}", sanitize(message));
}

/// A line of information on standard error.
pub(super) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What a stream can show.
pub(super) fn style(choice: ColorChoice, terminal: bool) -> Style {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("FORCE_COLOR") => true,
        ColorChoice::Auto => terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    };
    let width = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(100usize)
        .clamp(60, 160);
    let true_color = env::var("COLORTERM").is_ok_and(|term| term == "truecolor" || term == "24bit");
    Style {
        color,
        true_color: color && true_color,
        unicode: env::var("LC_ALL")
            .or_else(|_| env::var("LANG"))
            .map_or(true, |locale| {
                locale.is_empty() || !terminal || locale.to_ascii_lowercase().contains("utf")
            }),
        width,
        hyperlinks: color && terminal,
        ..Style::default()
    }
}

/// Whether standard output is a terminal.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}
