//! What reading a policy file needs everywhere: its faults, each with its place, and a bound on the work.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef};

/// Values of a policy file that are read, those that aliases repeat each time.
const MOST_VALUES: usize = 200_000;

/// Reads one file.
pub(super) struct Compiler<'c> {
    source: &'c Source,
    budget: usize,
    problems: Vec<Diagnostic>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(source: &'c Source) -> Self {
        Compiler {
            source,
            budget: MOST_VALUES,
            problems: Vec::new(),
        }
    }

    /// What is wrong, each thing once.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.problems
            .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        self.problems.dedup_by(|a, b| a.sort_key() == b.sort_key());
        self.problems
    }

    /// How many faults there are so far.
    pub(super) fn faults(&self) -> usize {
        self.problems.len()
    }

    pub(super) fn fault_at(&mut self, span: Span, message: String, help: Option<String>) {
        let mut problem = INVALID_CONFIG.at(self.source, span, message);
        problem.help = help;
        self.problems.push(problem);
    }

    /// A fault in a value; in one of several lines its key is shown.
    pub(super) fn fault(&mut self, node: NodeRef<'_>, message: String, help: Option<String>) {
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
        message: String,
        help: Option<String>,
    ) {
        match node.key_span() {
            Some(key) => self.fault_at(key, message, help),
            None => self.fault(node, message, help),
        }
    }

    /// Counts a value; nothing where it is one too many, or too deep.
    pub(super) fn spend(&mut self, node: NodeRef<'_>, shallow: bool) -> Option<()> {
        if !shallow {
            self.fault(node, "conditions are nested too deep".to_owned(), None);
            return None;
        }
        if self.budget == 0 {
            self.fault(node, "the file holds too many values".to_owned(), None);
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
            self.fault(node, message, None);
        }
        flag
    }
}

/// How a number or a boolean is written as a text.
pub(super) fn quoted(node: NodeRef<'_>) -> Option<String> {
    let plain = matches!(node.kind(), NodeKind::Number | NodeKind::Bool);
    plain.then(|| format!("write it as a text: '{}'", node.raw()))
}
