//! What a finding is.

mod fingerprint;
mod gather;
pub mod known;
pub mod meta;
pub mod suppress;

pub use fingerprint::{
    Family, Identity, families, fingerprint, is_of_project, loosely, of_id, of_owner, of_title,
};
pub(crate) use gather::MOST_RELATED;
pub use gather::{gather, without_repeats};

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::{Position, Source};
use crate::span::Span;

/// How bad a finding is. Ordered: `Error` is the greatest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// It misleads, breaks under a condition, or costs far too much.
    Warning,
    /// Grafana or Prometheus refuses it or shows no data.
    Error,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The word users write and read.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.name() == word)
            .ok_or_else(|| format!("`{word}` is no severity: error, warning or info"))
    }
}

/// What a rule is about; the unit of selection besides the rule itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are the documentation.
pub enum Group {
    Syntax,
    Dashboard,
    Variables,
    Promql,
    Units,
    Thresholds,
    Accessibility,
    Cost,
    Alerting,
    Provisioning,
    References,
    Security,
    Policy,
    Meta,
    Style,
}

impl Group {
    /// All of them, in the order lists show them.
    pub const ALL: [Group; 15] = [
        Group::Syntax,
        Group::Dashboard,
        Group::Variables,
        Group::Promql,
        Group::Units,
        Group::Thresholds,
        Group::Accessibility,
        Group::Cost,
        Group::Alerting,
        Group::Provisioning,
        Group::References,
        Group::Security,
        Group::Policy,
        Group::Meta,
        Group::Style,
    ];

    /// The word users write and read; also the folder of the group's pages.
    pub fn name(self) -> &'static str {
        match self {
            Group::Syntax => "syntax",
            Group::Dashboard => "dashboard",
            Group::Variables => "variables",
            Group::Promql => "promql",
            Group::Units => "units",
            Group::Thresholds => "thresholds",
            Group::Accessibility => "accessibility",
            Group::Cost => "cost",
            Group::Alerting => "alerting",
            Group::Provisioning => "provisioning",
            Group::References => "references",
            Group::Security => "security",
            Group::Policy => "policy",
            Group::Meta => "meta",
            Group::Style => "style",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Group {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Group::ALL
            .into_iter()
            .find(|group| group.name() == word)
            .ok_or_else(|| format!("`{word}` is no group"))
    }
}

/// How far a fix can be trusted. Ordered: `Safe` is the greatest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Shown only: it needs a human's word.
    Display,
    /// It changes what is shown, alerted or costs: applied with `--unsafe-fixes`.
    Unsafe,
    /// The result is the same for every possible data, or the old text could only fail, show nothing or be ignored.
    Safe,
}

impl Safety {
    /// All of them, the most trusted first.
    pub const ALL: [Safety; 3] = [Safety::Safe, Safety::Unsafe, Safety::Display];

    /// The word users write and read.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Display => "display",
            Safety::Unsafe => "unsafe",
            Safety::Safe => "safe",
        }
    }
}

/// Lines and columns of a byte range of a file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, JsonSchema,
)]
pub struct Range {
    /// Its first character.
    pub start: Position,
    /// The character after its last one.
    pub end: Position,
}

impl Range {
    /// These bytes of a text.
    pub(crate) fn of(source: &Source, span: Span) -> Self {
        let start = source.position(span.start);
        Range {
            start,
            end: source.position_behind(start, span.end),
        }
    }
}

/// A decoded text around a finding (a PromQL query with its real line breaks) and the finding's bytes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The decoded text.
    pub text: Arc<str>,
    /// Bytes of `text`.
    pub span: Span,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file as reports show it.
    pub file: Arc<str>,
    /// Its bytes, with lines and columns.
    pub range: Range,
    /// Number of the document in the file, from 0.
    pub document: u32,
    /// JSON pointer in that document: of the value, or of the string that carries an embedded text.
    pub pointer: String,
    /// JSON pointer inside the embedded text, where there is one.
    pub inner: Option<String>,
    /// The decoded query it lies in, for findings inside one.
    pub snippet: Option<Snippet>,
}

impl Location {
    /// A place of a file that belongs to no value of it.
    pub(crate) fn in_file(file: Arc<str>, range: Range) -> Self {
        Location {
            file,
            range,
            document: 0,
            pointer: String::new(),
            inner: None,
            snippet: None,
        }
    }

    /// Whether both are the same value of the same file, on whichever line it stands by now.
    pub fn is_same_value(&self, other: &Location) -> bool {
        (&self.file, self.document, &self.pointer, &self.inner)
            == (&other.file, other.document, &other.pointer, &other.inner)
    }

    /// Its bytes of the file.
    pub fn span(&self) -> Span {
        Span {
            start: self.range.start.offset,
            end: self.range.end.offset,
        }
    }
}

/// One step of the way to a finding: `panel "Load" (id 12)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrailStep {
    /// `dashboard`, `row`, `panel`, `query`, `variable`, `group`, `alert`, `data source` …
    pub kind: Cow<'static, str>,
    /// Its title or name.
    pub name: String,
    /// A dashboard's uid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// A panel's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

impl TrailStep {
    /// Appends what its `Display` shows, without the machinery of formats: a report has tens of thousands of steps.
    fn push(&self, text: &mut String) {
        text.push_str(&self.kind);
        if self.kind == "query" {
            text.push(' ');
            text.push_str(&self.name);
            return;
        }
        text.push_str(" \"");
        text.push_str(&self.name);
        text.push('"');
        if let Some(id) = self.id {
            text.push_str(" (id ");
            text.push_str(&id.to_string());
            text.push(')');
        }
    }
}

impl fmt::Display for TrailStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A second place a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What is there.
    pub message: String,
}

/// A replacement of bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// The file as reports show it.
    pub file: Arc<str>,
    /// The bytes that go.
    pub span: Span,
    /// What stands there instead.
    pub replacement: String,
}

/// A repair of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: "replace `=` by `=~`".
    pub title: String,
    /// How far it can be trusted.
    pub safety: Safety,
    /// Its replacements; they belong together.
    pub edits: Vec<Edit>,
}

/// What silenced a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Silencer {
    /// A comment in the file or in a panel's description.
    Comment,
    /// An `[[ignore]]` entry.
    Config,
    /// The baseline.
    Baseline,
    /// A `# pint` comment.
    Pint,
    /// A `.lint` file of grafana/dashboard-linter.
    Lint,
}

/// That and why a finding is silenced.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Suppression {
    /// By what.
    pub by: Silencer,
    /// The reason given.
    pub reason: Option<String>,
    /// The day (ISO 8601) after which it no longer counts.
    pub until: Option<String>,
}

/// What makes findings one to whoever reads a report: a fault that by nature stands in many places. Each place is a finding
/// of its own, so that it can be silenced, known and repaired alone; [`gather`] puts those that are left into one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Equal for those of one cause, among the findings of one rule in one document.
    pub key: u64,
    /// What is said of this place where another one has the finding.
    pub also: Cow<'static, str>,
}

/// What the words of a finding may be, and so what is covered in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    /// Names, units, queries, titles: they hold no secret but one that tells by its shape.
    Names,
    /// Any value of its files, a secret one too.
    Anything,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id.
    pub rule: Cow<'static, str>,
    /// The rule's group.
    pub group: Group,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence: what goes wrong for the person who looks at the panel.
    pub message: String,
    /// The word at the place itself: the reason.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// What these words may be.
    pub quotes: Quotes,
    /// Where.
    pub location: Location,
    /// The way there.
    pub trail: Vec<TrailStep>,
    /// Other places it speaks of.
    pub related: Vec<Related>,
    /// The repair.
    pub fix: Option<Fix>,
    /// The fault it is one place of, where that stands in many.
    pub cause: Option<Cause>,
    /// How much something is of which there is too much, in thousandths: where it has grown, the finding is new again.
    pub measure: Option<u64>,
    /// What silenced it.
    pub suppressed: Option<Suppression>,
    /// Identity that survives moved lines: see [`Identity`]. Empty where nobody [asked for it](crate::lint::LintOptions::fingerprints).
    pub fingerprint: String,
    /// What it is known by besides if it stands in a panel that has a title, whichever number that panel has: see
    /// [`Diagnostic::identity`].
    pub by_title: Option<String>,
}

impl Diagnostic {
    /// What [`known::Known`] knows it by: the fingerprint, and what it has whichever number its panel has.
    pub fn identity(&self) -> String {
        let by_title = self.by_title.as_deref().unwrap_or_default();
        [&*self.fingerprint, by_title].concat()
    }

    /// The order of reports: file, place, rule, message.
    pub fn sort_key(&self) -> (&str, Span, &str, &str) {
        (
            &self.location.file,
            self.location.span(),
            &self.rule,
            &self.message,
        )
    }

    /// `dashboard "Node" › panel "Load" (id 12) › query A`
    pub fn trail_text(&self) -> String {
        let mut text = String::new();
        self.push_trail(&mut text);
        text
    }

    /// Appends [`Diagnostic::trail_text`] to `text`.
    pub(crate) fn push_trail(&self, text: &mut String) {
        for (at, step) in self.trail.iter().enumerate() {
            if at > 0 {
                text.push_str(" › ");
            }
            step.push(text);
        }
    }
}

/// Puts findings into the order of reports; those that are equal in it stay as they are.
pub fn sort(findings: &mut [Diagnostic]) {
    if findings.is_sorted_by(|a, b| a.sort_key() <= b.sort_key()) {
        return;
    }
    // A finding is large: numbers are sorted, and each finding moves to its place once.
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| findings[*a].sort_key().cmp(&findings[*b].sort_key()));
    let mut places = vec![0; order.len()];
    for (place, at) in order.into_iter().enumerate() {
        places[at] = place;
    }
    for at in 0..places.len() {
        while places[at] != at {
            let place = places[at];
            findings.swap(at, place);
            places.swap(at, place);
        }
    }
}

/// What a run counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// Files linted.
    pub files: usize,
    /// Files looked at and left alone: no dashboard, rule or provisioning file.
    pub skipped: usize,
    /// Findings, by severity; silenced ones not among them.
    pub errors: usize,
    /// See `errors`.
    pub warnings: usize,
    /// See `errors`.
    pub infos: usize,
    /// Silenced findings.
    pub suppressed: usize,
    /// Those of them that the baseline holds.
    pub baseline: usize,
    /// Findings with a safe fix, or an unsafe one where those are asked for.
    pub fixable: usize,
}

impl Summary {
    /// Counts a finding; `allowed` says which fixes count as such, if any do.
    pub fn count(&mut self, diagnostic: &Diagnostic, allowed: Option<Safety>) {
        if let Some(suppression) = &diagnostic.suppressed {
            self.suppressed += 1;
            self.baseline += usize::from(suppression.by == Silencer::Baseline);
            return;
        }
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
        if diagnostic
            .fix
            .as_ref()
            .is_some_and(|fix| allowed.is_some_and(|allowed| fix.safety >= allowed))
        {
            self.fixable += 1;
        }
    }
}
