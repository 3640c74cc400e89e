//! Findings about dashlint's own configuration and suppressions.

use std::borrow::Cow;
use std::path::Path;

use super::{Diagnostic, Fix, Group, Location, Quotes, Range, Severity, fingerprint};
use crate::source::Source;
use crate::span::Span;

/// A rule of the group `meta`, and the severity of its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetaRule {
    /// Its id.
    pub id: &'static str,
    /// How bad its findings are unless configured otherwise.
    pub severity: Severity,
}

/// A configuration file that is not understood.
pub const INVALID_CONFIG: MetaRule = meta("invalid-config", Severity::Error);
/// An entry of the configuration that had no effect.
pub const UNUSED_CONFIG: MetaRule = meta("unused-config", Severity::Warning);
/// An `[[ignore]]` entry that silences nothing.
pub const UNUSED_IGNORE: MetaRule = meta("unused-ignore", Severity::Warning);
/// An `[[ignore]]` entry whose day is past.
pub const EXPIRED_IGNORE: MetaRule = meta("expired-ignore", Severity::Warning);
/// An `[[ignore]]` entry that does not say why.
pub const IGNORE_WITHOUT_REASON: MetaRule = meta("ignore-without-reason", Severity::Warning);
/// A suppression comment that is not understood.
pub const INVALID_SUPPRESSION: MetaRule = meta("invalid-suppression", Severity::Warning);
/// A suppression comment that silences nothing.
pub const UNUSED_SUPPRESSION: MetaRule = meta("unused-suppression", Severity::Warning);
/// A suppression comment whose day is past.
pub const EXPIRED_SUPPRESSION: MetaRule = meta("expired-suppression", Severity::Warning);
/// A suppression comment that does not say why.
pub const SUPPRESSION_WITHOUT_REASON: MetaRule = meta("suppression-without-reason", Severity::Info);

/// All of them.
pub const META: [MetaRule; 9] = [
    INVALID_CONFIG,
    UNUSED_CONFIG,
    UNUSED_IGNORE,
    EXPIRED_IGNORE,
    IGNORE_WITHOUT_REASON,
    INVALID_SUPPRESSION,
    UNUSED_SUPPRESSION,
    EXPIRED_SUPPRESSION,
    SUPPRESSION_WITHOUT_REASON,
];

const fn meta(id: &'static str, severity: Severity) -> MetaRule {
    MetaRule { id, severity }
}

impl MetaRule {
    /// A finding at `span` of `source`.
    pub(crate) fn at(self, source: &Source, span: Span, message: String) -> Diagnostic {
        let words = source.text.get(span.range()).unwrap_or("");
        // Where the file is seen from is no part of what is found.
        let name = Path::new(&*source.path).file_name();
        let name = name.map(|name| name.to_string_lossy()).unwrap_or_default();
        Diagnostic {
            rule: Cow::Borrowed(self.id),
            group: Group::Meta,
            severity: self.severity,
            fingerprint: fingerprint([self.id, &name, words, &message]),
            by_title: None,
            message,
            label: None,
            help: None,
            quotes: Quotes::Names,
            location: Location::in_file(source.path.clone(), Range::of(source, span)),
            trail: Vec::new(),
            related: Vec::new(),
            fix: None,
            cause: None,
            measure: None,
            suppressed: None,
        }
    }
}

impl Diagnostic {
    /// The finding with advice.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding with a repair.
    pub(crate) fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
