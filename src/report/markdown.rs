//! Markdown for a comment under a pull request and for the summary of a step of GitHub Actions.
//!
//! GitHub takes comments of 65,536 characters and summaries of 1 MiB, so a report ends before either and counts the rest. Names
//! from linted files are text and nothing else: they mention nobody, link nowhere and open no element.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io;

use super::summary::summary_words;
use super::terminal::sanitize;
use super::{Report, rule_url};
use crate::diagnostic::{Diagnostic, Severity};

/// Bytes of a report.
const MAX_BYTES: usize = 60_000;
/// Characters of a cell.
const MAX_CELL: usize = 1_000;

/// Writes a heading and a table, the most severe findings first; silenced ones are left out.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    // By this line a job finds the comment it wrote before.
    writeln!(out, "<!-- dashlint -->")?;
    writeln!(out, "### dashlint: {}", summary_words(report.summary))?;
    let mut findings: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.suppressed.is_none())
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    findings.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    writeln!(out, "\n| | Where | What |\n|---|---|---|")?;
    let mut written = 0;
    for (at, diagnostic) in findings.iter().enumerate() {
        let row = row(diagnostic);
        written += row.len();
        if written > MAX_BYTES {
            let rest = findings.len() - at;
            return writeln!(out, "\n… and {rest} more.");
        }
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

fn row(diagnostic: &Diagnostic) -> String {
    let mark = match diagnostic.severity {
        Severity::Error => "🔴 error",
        Severity::Warning => "🟠 warning",
        Severity::Info => "🔵 info",
    };
    let start = diagnostic.location.range.start;
    let place = format!(
        "{}:{}:{}",
        diagnostic.location.file, start.line, start.column
    );
    let mut what = words(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        let _ = write!(what, "<br>{}", words(help));
    }
    if !diagnostic.trail.is_empty() {
        let _ = write!(what, "<br><sub>{}</sub>", plain(&diagnostic.trail_text()));
    }
    let rule = code(&diagnostic.rule);
    let rule = match rule_url(diagnostic) {
        Some(url) => format!("[{rule}]({url})"),
        None => rule,
    };
    format!("| {mark} | {} | {what}<br>{rule} |\n", code(&place))
}

/// A message: what stands between backticks is code.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, after)) = after.split_once('`') else {
            break;
        };
        out.push_str(&plain(before));
        out.push_str(&code(inside));
        rest = after;
    }
    out.push_str(&plain(rest));
    out
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text that is nothing but text: an empty comment keeps `@name` and `#1` from being taken for a person and an issue.
fn plain(text: &str) -> String {
    escape(text)
        .replace("&#64;", "&#64;<!-- -->")
        .replace("&#35;", "&#35;<!-- -->")
}

/// Everything that has a meaning in Markdown or HTML as a reference to the character.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in sanitize(super::terminal::clip(text, MAX_CELL, "…").as_ref()).chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | ',' | '.' | '/' | '-' | ';' | '%' | '?' => {
                out.push(c);
            }
            c if c.is_ascii() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_nothing_else() {
        assert_eq!(
            words("`a|b` hi @all, see #1 <b>*x*</b>"),
            "<code>a&#124;b</code> hi &#64;<!-- -->all, see &#35;<!-- -->1 \
             &#60;b&#62;&#42;x&#42;&#60;/b&#62;"
        );
        assert_eq!(words("a ` b"), "a &#96; b");
        assert_eq!(words("größe 界"), "größe 界");
    }
}
