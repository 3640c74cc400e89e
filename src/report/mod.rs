//! Reports: what a run found, in the words of the one who reads it.
//!
//! [`write()`] renders a [`Report`] in a [`Format`]. Each format has a file of its own. Whatever comes out of a linted
//! file (paths, titles, messages that quote them) goes through [`terminal`] first, so that no dashboard can send an
//! escape sequence to a terminal or a line break into a log.

mod checkstyle;
pub mod concise;
pub mod cost;
mod github;
mod gitlab;
mod harmless;
mod import;
mod json;
pub mod jsonl;
mod junit;
mod line_hash;
mod lines;
mod markdown;
mod pretty;
mod progress;
mod rdjson;
mod sarif;
pub mod secrets;
mod summary;
pub mod terminal;
mod uri;
mod window;
mod xml;

pub use import::parse_report;
pub use json::report_schema;
pub use progress::Progress;
pub use summary::summary_line;
pub(crate) use summary::{plural, plural_of};

use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::{Diagnostic, Group, Summary};

/// A way to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people at a terminal: the place, the line or the query, a caret, the reason, what to do.
    Pretty,
    /// One line a finding, as compilers write them: editors and `grep` understand it.
    Concise,
    /// One JSON document, described by `schemas/report.schema.json`.
    Json,
    /// One JSON object a line, a finding each.
    Jsonl,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML, which every continuous integration shows.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// reviewdog's diagnostic format.
    Rdjson,
    /// Markdown for a comment under a pull request or the summary of a step.
    Markdown,
}

impl Format {
    /// All of them, in the order lists show them.
    pub const ALL: [Format; 11] = [
        Format::Pretty,
        Format::Concise,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
    ];

    /// The word users write.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
            Format::Markdown => "markdown",
        }
    }

    /// Whether the fingerprints of findings are in it, or what is made from them.
    pub fn tells_fingerprints(self) -> bool {
        use Format::{Gitlab, Json, Jsonl, Sarif};
        matches!(self, Json | Jsonl | Sarif | Gitlab)
    }

    /// The names of all of them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Format::ALL.into_iter().map(Format::name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Format::ALL
            .into_iter()
            .find(|format| format.name() == word)
            .ok_or_else(|| {
                let names: Vec<&str> = Format::names().collect();
                format!("`{word}` is no format: {}", names.join(", "))
            })
    }
}

/// Where reports find the text of a file again.
///
/// Asked for one file after the other, in the order of the findings; a report holds on to two at most. A closure
/// `Fn(&str) -> Option<Arc<str>>` is one.
pub trait Sources {
    /// The text of the file that reports call `path`, byte order mark included; `None` when it cannot be had any
    /// more, which costs the excerpt and nothing else.
    fn text(&self, path: &str) -> Option<Arc<str>>;
}

impl<F> Sources for F
where
    F: Fn(&str) -> Option<Arc<str>>,
{
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self(path)
    }
}

/// What a run found.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The findings, sorted by [`Diagnostic::sort_key`]; silenced ones only if they are to be shown.
    pub diagnostics: &'a [Diagnostic],
    /// The counts.
    pub summary: &'a Summary,
    /// Where the texts are.
    pub sources: &'a dyn Sources,
    /// How long it took.
    pub elapsed: Duration,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("diagnostics", &self.diagnostics)
            .field("summary", &self.summary)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// What the reader's terminal can show, and how much of it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours. Without them no output holds an escape sequence.
    pub color: bool,
    /// The terminal shows any colour (24 bits), so that colours can be shown as they are; only together with `color`.
    pub true_color: bool,
    /// Frames of box-drawing characters; otherwise ASCII.
    pub unicode: bool,
    /// Columns to fit in.
    pub width: usize,
    /// Rule names link to their pages (OSC 8); only together with `color`.
    pub hyperlinks: bool,
    /// Say the way to a finding (dashboard, panel, query) in `pretty` and `concise`.
    pub show_trail: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            color: false,
            true_color: false,
            unicode: true,
            width: 100,
            hyperlinks: false,
            show_trail: true,
        }
    }
}

/// Writes `report` to `out` in `format`. Errors are those of `out`.
pub fn write(
    format: Format,
    report: &Report<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Pretty => pretty::write(report, style, out),
        Format::Concise => concise::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Jsonl => jsonl::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Checkstyle => checkstyle::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
        Format::Markdown => markdown::write(report, out),
    }
}

/// The address of the page that explains the rule of `diagnostic`; rules of users' own policies have none.
pub fn rule_url(diagnostic: &Diagnostic) -> Option<String> {
    let id = diagnostic.rule.as_ref();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if diagnostic.group == Group::Policy || id.is_empty() || !id.bytes().all(plain) {
        return None;
    }
    Some(format!(
        "{}/blob/main/rules/{}/{id}.md",
        env!("CARGO_PKG_REPOSITORY"),
        diagnostic.group.name(),
    ))
}
