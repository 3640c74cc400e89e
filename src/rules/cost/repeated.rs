//! One cause, one finding a document: whoever writes a query like this writes twenty.

use crate::diagnostic::Severity;
use crate::model::Query;
use crate::rules::{Context, Place};
use crate::span::Span;

/// How many other places one finding lists.
const MOST_RELATED: usize = 20;

/// One of the places.
pub(super) struct Hit<'q, 't> {
    pub(super) query: &'q Query<'t>,
    pub(super) span: Span,
    pub(super) message: String,
}

/// Reports the first of `hits` of a document, the others as related places.
pub(super) fn report<'t>(hits: &[Hit<'_, 't>], help: &str, again: &str, cx: &mut Context<'_, 't>) {
    report_at(cx.rule.severity, hits, help, again, cx);
}

/// The same with a lower severity.
pub(super) fn report_at<'t>(
    severity: Severity,
    hits: &[Hit<'_, 't>],
    help: &str,
    again: &str,
    cx: &mut Context<'_, 't>,
) {
    let Some(first) = hits.first() else { return };
    let message = match hits.len() - 1 {
        0 => first.message.clone(),
        others => format!("{} (and {others} more here)", first.message),
    };
    let steps = Context::query_steps(cx.scope, first.query);
    let mut finding = cx
        .report(Place::query(first.query, first.span), message)
        .lower(severity)
        .at(steps)
        .help(help);
    for hit in hits.iter().skip(1).take(MOST_RELATED) {
        finding = finding.related(Place::query(hit.query, hit.span), again);
    }
}
