//! `path:line:col: severity[rule] message (trail)`, one line a finding.

use std::io;

use super::terminal::{Paint, paint, sanitize};
use super::{Report, Style, pretty};
use crate::diagnostic::Diagnostic;

/// Writes the line of every finding.
pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    report
        .diagnostics
        .iter()
        .try_for_each(|diagnostic| write_line(diagnostic, style, out))
}

/// Writes the line of one finding: for callers who stream.
pub fn write_line(
    diagnostic: &Diagnostic,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let start = diagnostic.location.range.start;
    let place = format!(
        "{}:{}:{}:",
        sanitize(&diagnostic.location.file),
        start.line,
        start.column
    );
    let what = format!("{}[{}]", diagnostic.severity, sanitize(&diagnostic.rule));
    write!(
        out,
        "{} {} {}",
        paint(style.color, Paint::Bold, &place),
        paint(
            style.color,
            pretty::severity_paint(diagnostic.severity),
            &what
        ),
        sanitize(&diagnostic.message),
    )?;
    if style.show_trail && !diagnostic.trail.is_empty() {
        let trail = format!("({})", sanitize(&diagnostic.trail_text()));
        write!(out, " {}", paint(style.color, Paint::Dim, &trail))?;
    }
    if diagnostic.suppressed.is_some() {
        write!(out, " (silenced)")?;
    }
    writeln!(out)
}
