//! Checkstyle's XML report, which Jenkins, SonarQube and others read.

use std::io;

use super::Report;
use super::xml::escape;
use crate::diagnostic::Diagnostic;

/// Writes a `file` element for each file with findings; silenced ones are left out.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    // The version of the format: readers look at its first digits.
    writeln!(out, "<checkstyle version=\"4.3\">")?;
    let findings: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.suppressed.is_none())
        .collect();
    for file in findings.chunk_by(|a, b| a.location.file == b.location.file) {
        let Some(first) = file.first() else { continue };
        writeln!(out, "  <file name=\"{}\">", escape(&first.location.file))?;
        for diagnostic in file {
            let start = diagnostic.location.range.start;
            let mut message = diagnostic.message.clone();
            if !diagnostic.trail.is_empty() {
                message = format!("{message} ({})", diagnostic.trail_text());
            }
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"dashlint.{}.{}\"/>",
                start.line.max(1),
                start.column.max(1),
                diagnostic.severity.name(),
                escape(&message),
                diagnostic.group.name(),
                escape(&diagnostic.rule),
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
