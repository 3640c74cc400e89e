//! Workflow commands of GitHub Actions: `::warning file=…,line=…::message` becomes an annotation of the pull request.
//!
//! GitHub shows about ten errors, ten warnings and ten notices of a step, hence the most severe come first. It knows
//! columns on a single line only.

use std::cmp::Reverse;
use std::io;

use super::Report;
use super::terminal::sanitize;
use crate::diagnostic::{Diagnostic, Severity};

/// Writes a command a finding; silenced ones are no annotations.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut findings: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.suppressed.is_none())
        .collect();
    findings.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    findings
        .into_iter()
        .try_for_each(|diagnostic| write_command(diagnostic, out))
}

fn write_command(diagnostic: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let range = diagnostic.location.range;
    write!(
        out,
        "::{command} file={},line={},endLine={}",
        property(&diagnostic.location.file),
        range.start.line,
        range.end.line
    )?;
    if range.start.line == range.end.line {
        let (start, end) = (range.start.column, range.end.column);
        write!(out, ",col={start},endColumn={end}")?;
    }
    let title = format!("dashlint ({})", sanitize(&diagnostic.rule));
    write!(
        out,
        ",title={}::{}",
        property(&title),
        data(&diagnostic.message)
    )?;
    if !diagnostic.trail.is_empty() {
        write!(out, " ({})", data(&diagnostic.trail_text()))?;
    }
    if let Some(help) = &diagnostic.help {
        write!(out, "%0Ahelp: {}", data(help))?;
    }
    writeln!(out)
}

/// A command's message: GitHub decodes `%25`, `%0D` and `%0A`; other control characters would reach the log.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => {
                let mut buffer = [0; 4];
                out.push_str(&sanitize(c.encode_utf8(&mut buffer)));
            }
        }
    }
    out
}

/// A command's property, where `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_the_runner_decodes() {
        assert_eq!(data("50%: a,b\r\nc"), "50%25: a,b%0D%0Ac");
        assert_eq!(property("50%: a,b\r\nc"), "50%25%3A a%2Cb%0D%0Ac");
        assert_eq!(data("\x1b[2J"), "\\u{1b}[2J");
    }
}
