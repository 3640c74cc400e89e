//! `path:line:col: severity[rule] message (trail)`, one line a finding.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use super::terminal::{Paint, paint_on, sanitize};
use super::{Report, Style, pretty};
use crate::diagnostic::Diagnostic;

/// Writes the line of every finding.
pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = String::new();
    report.diagnostics.iter().try_for_each(|diagnostic| {
        line.clear();
        push_line(diagnostic, style, &mut line);
        out.write_all(line.as_bytes())
    })
}

/// Writes the line of one finding: for callers who stream.
pub fn write_line(
    diagnostic: &Diagnostic,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut line = String::new();
    push_line(diagnostic, style, &mut line);
    out.write_all(line.as_bytes())
}

/// Appends the line of one finding.
fn push_line(diagnostic: &Diagnostic, style: &Style, line: &mut String) {
    let color = style.color;
    paint_on(line, color, Paint::Bold, |line| {
        let start = diagnostic.location.range.start;
        line.push_str(&sanitize(&diagnostic.location.file));
        let _ = write!(line, ":{}:{}:", start.line, start.column);
    });
    line.push(' ');
    paint_on(
        line,
        color,
        pretty::severity_paint(diagnostic.severity),
        |line| {
            line.push_str(diagnostic.severity.name());
            line.push('[');
            line.push_str(&sanitize(&diagnostic.rule));
            line.push(']');
        },
    );
    line.push(' ');
    line.push_str(&sanitize(&diagnostic.message));
    if style.show_trail && !diagnostic.trail.is_empty() {
        line.push(' ');
        paint_on(line, color, Paint::Dim, |line| {
            let open = line.len();
            line.push('(');
            diagnostic.push_trail(line);
            line.push(')');
            if let Cow::Owned(clean) = sanitize(&line[open..]) {
                line.truncate(open);
                line.push_str(&clean);
            }
        });
    }
    if diagnostic.suppressed.is_some() {
        line.push_str(" (silenced)");
    }
    line.push('\n');
}
