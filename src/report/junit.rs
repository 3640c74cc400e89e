//! JUnit's XML report: a suite for each file with findings, a test case for each finding.
//!
//! Errors and warnings are failures, advice passes with its text as output, silenced findings are skipped. Without any finding
//! there is one case that passed, for some readers take a report without cases for a broken run.

use std::io;

use super::Report;
use super::xml::escape;
use crate::diagnostic::{Diagnostic, Severity};

/// Writes the document.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let (cases, failures, skipped) = counts(report.diagnostics);
    let time = report.elapsed.as_secs_f64();
    writeln!(
        out,
        "<testsuites name=\"dashlint\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"{time:.3}\">",
        cases.max(1)
    )?;
    if report.diagnostics.is_empty() {
        let files = report.summary.files;
        writeln!(
            out,
            "  <testsuite name=\"dashlint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"{time:.3}\">\n    \
             <testcase name=\"no findings, files checked: {files}\" classname=\"dashlint\" time=\"{time:.3}\"/>\n  \
             </testsuite>"
        )?;
    }
    for suite in report
        .diagnostics
        .chunk_by(|a, b| a.location.file == b.location.file)
    {
        let Some(first) = suite.first() else { continue };
        let (cases, failures, skipped) = counts(suite);
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\">",
            escape(&first.location.file)
        )?;
        for diagnostic in suite {
            case(diagnostic, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Whether a finding is a case that failed.
fn fails(diagnostic: &Diagnostic) -> bool {
    diagnostic.suppressed.is_none() && diagnostic.severity >= Severity::Warning
}

/// Cases, failures, skipped cases.
fn counts(diagnostics: &[Diagnostic]) -> (usize, usize, usize) {
    let failures = diagnostics.iter().filter(|finding| fails(finding)).count();
    let skipped = diagnostics
        .iter()
        .filter(|finding| finding.suppressed.is_some());
    (diagnostics.len(), failures, skipped.count())
}

fn case(diagnostic: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    let start = diagnostic.location.range.start;
    let file = escape(&diagnostic.location.file);
    let rule = escape(&diagnostic.rule);
    let (line, column) = (start.line.max(1), start.column.max(1));
    writeln!(
        out,
        "    <testcase name=\"{rule} at {line}:{column}\" classname=\"{file}\" time=\"0\">"
    )?;
    let message = escape(&diagnostic.message);
    let text = text(diagnostic);
    if let Some(suppression) = &diagnostic.suppressed {
        let reason = suppression.reason.as_deref().unwrap_or("silenced");
        writeln!(out, "      <skipped message=\"{}\"/>", escape(reason))?;
    } else if fails(diagnostic) {
        let severity = diagnostic.severity.name();
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>"
        )?;
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}

/// All that is said of a finding, for those who see nothing but the report: lines, escaped.
fn text(diagnostic: &Diagnostic) -> String {
    let location = &diagnostic.location;
    let mut text = format!(
        "{}:{}:{}: {}[{}] {}",
        escape(&location.file),
        location.range.start.line,
        location.range.start.column,
        diagnostic.severity,
        escape(&diagnostic.rule),
        escape(&diagnostic.message)
    );
    if !diagnostic.trail.is_empty() {
        text.push('\n');
        text.push_str(&escape(&diagnostic.trail_text()));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(&escape(help));
    }
    text
}
