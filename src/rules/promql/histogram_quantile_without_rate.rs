//! Quantiles over the whole life of a process.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{ExprId, ExprKind};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "histogram-quantile-without-rate",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "histogram_quantile over buckets counted since the start",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/histogram-quantile-without-rate.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            if parsed.call_name(call) != "histogram_quantile" {
                continue;
            }
            let Some(&buckets) = parsed.ast.args(call).last() else {
                continue;
            };
            let Some(selector) = raw_buckets(parsed, buckets) else {
                continue;
            };
            found.push(
                Found::new(
                    query,
                    call.name,
                    "the quantile is of everything since the process started: it hardly moves, whatever happens now",
                    "take the rate of the buckets: `rate(…_bucket[5m])`, or `$__rate_interval` in a dashboard",
                )
                .note(selector, "counts since the start"),
            );
        }
    });
}

/// The selector of classic buckets that goes in through nothing but aggregations.
fn raw_buckets(parsed: &Parsed, mut id: ExprId) -> Option<Span> {
    loop {
        id = match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => *inner,
            ExprKind::Aggregate(aggregate) => aggregate.expr?,
            ExprKind::Selector(selector) => {
                let (name, _) = parsed.metric_name(selector)?;
                let plain = name.ends_with("_bucket") && !name.contains(':');
                return plain.then_some(selector.vector);
            }
            _ => return None,
        }
    }
}
