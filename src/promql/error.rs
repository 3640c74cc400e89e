//! What can be wrong with a query, said so that somebody can act on it.

use crate::span::Span;

/// One thing wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where it is: bytes of the query text.
    pub span: Span,
    /// What was found and what was expected, one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that explain it (the bracket that was opened, the place where Prometheus gives up).
    pub related: Vec<(Span, String)>,
    /// A change that would repair it.
    pub suggestion: Option<Suggestion>,
    /// The class of the error.
    pub kind: ErrorKind,
}

/// A change to the query text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What the change does, in a few words.
    pub title: String,
    /// The ranges to replace, ascending and disjoint, and what to put there.
    pub replacements: Vec<(Span, String)>,
    /// Whether the replacement holds a choice that only the caller can make.
    pub placeholder: Option<Placeholder>,
}

/// A part of a [`Suggestion`] that depends on where the query is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// The replacement is [`RANGE_PLACEHOLDER`]: a range in brackets. A Grafana panel wants
    /// `[$__rate_interval]`, a rule file a fixed range such as `[5m]`.
    Range,
}

/// Stands for a range selector in the replacement of a [`Suggestion`] with [`Placeholder::Range`].
pub const RANGE_PLACEHOLDER: &str = "[$__rate_interval]";

impl Suggestion {
    /// A change without a placeholder.
    pub fn new(title: impl Into<String>, replacements: Vec<(Span, String)>) -> Self {
        Suggestion {
            title: title.into(),
            replacements,
            placeholder: None,
        }
    }

    /// The replacements with a missing range written as `range`, brackets included (`[5m]`).
    pub fn with_range(&self, range: &str) -> Vec<(Span, String)> {
        let mut edits = self.replacements.clone();
        if self.placeholder == Some(Placeholder::Range) {
            for (_, text) in &mut edits {
                if text == RANGE_PLACEHOLDER {
                    *text = range.to_string();
                }
            }
        }
        edits
    }
}

/// The class of a [`ParseError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no sentence of the grammar.
    Syntax,
    /// A string literal is broken: unterminated, a bad escape.
    String,
    /// An operand, argument or modifier of the wrong type.
    Type,
    /// A wrong number of arguments.
    Arity,
    /// No function of that name exists.
    UnknownFunction,
    /// A selector that Prometheus refuses: no matcher that excludes the empty string, the name set twice.
    Selector,
    /// A regular expression that RE2 refuses.
    Regex,
    /// A duration or range that is malformed or out of bounds.
    Duration,
    /// A number that is malformed or out of bounds.
    Number,
    /// An `offset`, `@`, `anchored` or `smoothed` where none may stand.
    Modifier,
    /// Nested deeper than dashlint follows.
    Depth,
}

impl ParseError {
    /// An error of a kind at a place.
    pub fn new(kind: ErrorKind, span: Span, message: impl Into<String>) -> Self {
        ParseError {
            span,
            message: message.into(),
            help: None,
            related: Vec::new(),
            suggestion: None,
            kind,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that explains it.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push((span, message.into()));
        self
    }

    /// Adds a change that would repair it.
    #[must_use]
    pub fn suggest(mut self, title: impl Into<String>, replacements: Vec<(Span, String)>) -> Self {
        self.suggestion = Some(Suggestion::new(title, replacements));
        self
    }
}
