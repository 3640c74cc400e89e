//! The fix engine: what is applied together, what comes out, how it reaches the disk.

mod support;

#[path = "fix_engine/corpus.rs"]
mod corpus;
#[path = "fix_engine/diffs.rs"]
mod diffs;
#[path = "fix_engine/edits.rs"]
mod edits;
#[path = "fix_engine/plans.rs"]
mod plans;
#[path = "fix_engine/rounds.rs"]
mod rounds;
#[path = "fix_engine/writes.rs"]
mod writes;

use std::borrow::Cow;
use std::sync::Arc;

use dashlint::diagnostic::{
    Diagnostic, Edit, Fix, Group, Location, Quotes, Range, Safety, Severity,
};
use dashlint::span::Span;

/// A finding in `file` with a fix made of `edits`.
pub(crate) fn finding(file: &str, safety: Safety, edits: &[(usize, usize, &str)]) -> Diagnostic {
    let file: Arc<str> = Arc::from(file);
    Diagnostic {
        rule: Cow::Borrowed("a-rule"),
        group: Group::Style,
        severity: Severity::Info,
        message: format!("{edits:?}"),
        label: None,
        help: None,
        quotes: Quotes::Names,
        location: Location {
            file: file.clone(),
            range: Range::default(),
            document: 0,
            pointer: String::new(),
            inner: None,
            snippet: None,
        },
        trail: Vec::new(),
        related: Vec::new(),
        fix: Some(Fix {
            title: "mend it".to_owned(),
            safety,
            edits: edits
                .iter()
                .map(|&(start, end, text)| Edit {
                    file: file.clone(),
                    span: Span::new(start, end),
                    replacement: text.to_owned(),
                })
                .collect(),
        }),
        cause: None,
        measure: None,
        suppressed: None,
        fingerprint: String::new(),
        by_title: None,
    }
}
