//! Looking back further than samples are kept.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ExprKind;
use crate::promql::ast::{Duration, Offset};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "beyond-retention",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "range or offset beyond the configured retention",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/beyond-retention.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Some(retention) = cx.settings.retention else {
        return;
    };
    check_queries(cx, |_, query, parsed, found| {
        for (_, expr) in parsed.ast.exprs() {
            let (range, offset) = match &expr.kind {
                ExprKind::Selector(selector) => (
                    selector.range.map(|range| range.duration),
                    selector.shift.offset,
                ),
                ExprKind::Subquery(subquery) => (Some(subquery.range), subquery.shift.offset),
                _ => continue,
            };
            let Some((span, seconds)) = furthest(range, offset) else {
                continue;
            };
            if seconds > retention {
                found.push(Found::new(
                    query,
                    span,
                    format!(
                        "this looks back {}, and samples are kept for {}: what is older is missing without a word",
                        days(seconds),
                        days(retention)
                    ),
                    "look back less far, or record over time what is needed for long",
                ));
            }
        }
    });
}

/// The longer part of what together is looked back, and all of it in seconds.
fn furthest(range: Option<Duration>, offset: Option<Offset>) -> Option<(Span, f64)> {
    let seconds = |duration: &Duration| duration.seconds.filter(|_| duration.holes.is_empty());
    let length = range.as_ref().and_then(seconds).unwrap_or(0.0);
    let shift = offset
        .as_ref()
        .and_then(|o| seconds(&o.duration))
        .unwrap_or(0.0);
    let span = if length >= shift {
        range.map(|range| range.span)
    } else {
        offset.map(|offset| offset.span)
    };
    Some((span?, length + shift))
}

fn days(seconds: f64) -> String {
    const DAY: f64 = 86400.0;
    if seconds >= DAY {
        format!("{} days", (seconds / DAY * 10.0).round() / 10.0)
    } else {
        format!("{} hours", (seconds / 3600.0 * 10.0).round() / 10.0)
    }
}
