//! What reading a policy file needs everywhere: its faults, each with its place, and a bound on the work.

use super::pattern::{Fault, Pattern};
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{self, Diagnostic};
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef};

/// Values of a policy file that are read, those that aliases repeat each time.
const MOST_VALUES: usize = 200_000;
/// The memory that the regular expressions of one file may take together when they are compiled.
const MOST_OF_PATTERNS: usize = 1 << 25;

/// Reads one file.
pub(super) struct Compiler<'c> {
    source: &'c Source,
    budget: usize,
    /// The memory that is left for regular expressions.
    patterns: usize,
    problems: Vec<Diagnostic>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(source: &'c Source) -> Self {
        Compiler {
            source,
            budget: MOST_VALUES,
            patterns: MOST_OF_PATTERNS,
            problems: Vec::new(),
        }
    }

    /// What is wrong, each thing once.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        diagnostic::sort(&mut self.problems);
        self.problems.dedup_by(|a, b| a.sort_key() == b.sort_key());
        self.problems
    }

    /// How many faults there are so far.
    pub(super) fn faults(&self) -> usize {
        self.problems.len()
    }

    /// A fault, and what to write instead.
    pub(super) fn fault_at(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mut problem = INVALID_CONFIG.at(self.source, span, message.into());
        problem.help = Some(help.into());
        self.problems.push(problem);
    }

    /// A fault in a value; in one of several lines its key is shown.
    pub(super) fn fault(
        &mut self,
        node: NodeRef<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let text = self.source.text.get(node.span().range()).unwrap_or("");
        let span = match node.key_span() {
            Some(key) if text.is_empty() || text.contains('\n') => key,
            _ => Span::new(
                node.span().start as usize,
                node.span().start as usize + text.lines().next().map_or(0, str::len),
            ),
        };
        self.fault_at(span, message, help);
    }

    /// A fault in a key; where there is none, in the value.
    pub(super) fn fault_at_key(
        &mut self,
        node: NodeRef<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        match node.key_span() {
            Some(key) => self.fault_at(key, message, help),
            None => self.fault(node, message, help),
        }
    }

    /// Counts a value; nothing where it is one too many, or too deep.
    pub(super) fn spend(&mut self, node: NodeRef<'_>, shallow: bool) -> Option<()> {
        if !shallow {
            let help = "say the same in fewer levels, or in two rules";
            self.fault(node, "conditions are nested too deep", help);
            return None;
        }
        if self.budget == 0 {
            let help = "put the rules into several files";
            self.fault(node, "the file holds too many values", help);
            return None;
        }
        self.budget -= 1;
        Some(())
    }

    pub(super) fn text(&mut self, node: NodeRef<'_>, name: &str) -> Option<String> {
        let text = node.as_text().filter(|_| node.kind() == NodeKind::String);
        if text.is_none() {
            let message = format!("`{name}` is a text, not {}", node.kind().noun());
            self.fault(node, message, quoted(node));
        }
        text.map(|text| text.value.into_owned())
    }

    pub(super) fn boolean(&mut self, node: NodeRef<'_>, name: &str) -> Option<bool> {
        let flag = node.as_bool();
        if flag.is_none() {
            let message = format!("`{name}` is true or false, not {}", node.kind().noun());
            self.fault(node, message, "without quotes: `true` or `false`");
        }
        flag
    }

    /// A regular expression.
    pub(super) fn pattern(&mut self, node: NodeRef<'_>, name: &str) -> Option<Pattern> {
        let text = self.text(node, name)?;
        let (message, help) = match Pattern::new(text) {
            Ok((pattern, size)) => match self.patterns.checked_sub(size) {
                Some(left) => {
                    self.patterns = left;
                    return Some(pattern);
                }
                None => (
                    "the regular expressions of this file take too much memory together".to_owned(),
                    "put the rules into several files, or ask with `in`, `contains` and `starts-with`",
                ),
            },
            Err(Fault::Wrong(message)) => {
                let last = message.lines().last().unwrap_or_default();
                let why = last.trim_start_matches("error: ");
                (
                    format!("no regular expression: {why}"),
                    "they are those of Rust's `regex`: a backslash makes a sign of `\\.+*?()|[]{}^$` stand for itself",
                )
            }
            Err(Fault::TooLarge) => (
                "the regular expression takes too much memory".to_owned(),
                "repeat less (`{1,1000}`), and name letters as `[a-z]` where those of every alphabet (`\\w`) are not meant",
            ),
        };
        self.fault(node, message, help);
        None
    }
}

/// How a number or a boolean is written as a text.
pub(super) fn quoted(node: NodeRef<'_>) -> String {
    match node.kind() {
        NodeKind::Number | NodeKind::Bool => format!("write it as a text: '{}'", node.raw()),
        _ => "write a text, in quotes where it has signs of YAML".to_owned(),
    }
}
