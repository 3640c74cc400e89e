//! JSON Lines: each finding as one line, the same object as in the `json` format.

use std::io;

use super::{Report, json};
use crate::diagnostic::Diagnostic;

/// Writes the line of every finding.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    report
        .diagnostics
        .iter()
        .try_for_each(|diagnostic| write_line(diagnostic, out))
}

/// Writes the line of one finding: for callers who stream.
pub fn write_line(diagnostic: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    json::write_compact(diagnostic, out)?;
    out.write_all(b"\n")
}
