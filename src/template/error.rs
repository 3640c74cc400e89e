//! What is wrong with a template.

use crate::span::Span;

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The parser refuses it.
    Syntax,
    /// A function that does not exist: the parser refuses it.
    UndefinedFunction,
    /// A variable that was not declared: the parser refuses it.
    UndefinedVariable,
    /// A field that the value does not have: it fails when the template is expanded.
    UnknownField,
    /// A call that fails when the template is expanded: arguments of what is no function, or too few or too many.
    BadCall,
}

impl FaultKind {
    /// Whether the template does not even parse.
    pub fn is_refused(self) -> bool {
        !matches!(self, FaultKind::UnknownField | FaultKind::BadCall)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its kind.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
    /// One sentence, without a full stop.
    pub message: String,
    /// What to do, where that is known.
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(kind: FaultKind, span: Span, message: impl Into<String>) -> Self {
        Fault {
            kind,
            span,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn syntax(span: Span, message: impl Into<String>) -> Self {
        Fault::new(FaultKind::Syntax, span, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
