//! One cause, one finding a document: whoever writes a query like this writes twenty.

use crate::diagnostic::Severity;
use crate::model::Query;
use crate::rules::{Context, Place};
use crate::span::Span;

/// One of the places.
pub(super) struct Hit<'q, 't> {
    pub(super) query: &'q Query<'t>,
    pub(super) span: Span,
    pub(super) message: String,
}

/// Reports the hits of a document as one fault in many places.
pub(super) fn report<'t>(
    hits: &[Hit<'_, 't>],
    help: &str,
    again: &'static str,
    cx: &mut Context<'_, 't>,
) {
    report_at(cx.rule.severity, hits, help, again, cx);
}

/// The same with a lower severity.
pub(super) fn report_at<'t>(
    severity: Severity,
    hits: &[Hit<'_, 't>],
    help: &str,
    again: &'static str,
    cx: &mut Context<'_, 't>,
) {
    for hit in hits {
        let steps = Context::query_steps(cx.scope, hit.query);
        let _ = cx
            .report(Place::query(hit.query, hit.span), hit.message.as_str())
            .lower(severity)
            .at(steps)
            .help(help)
            .together_by(&severity, again);
    }
}
