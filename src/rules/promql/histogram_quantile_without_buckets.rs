//! Quantiles of what has no buckets.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::{ExprKind, Parsed, Selector};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "histogram-quantile-without-buckets",
    group: Group::Promql,
    severity: Severity::Error,
    summary: "histogram_quantile over something without buckets",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/histogram-quantile-without-buckets.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            let function = parsed.call_name(call);
            if !matches!(function, "histogram_quantile" | "histogram_fraction") {
                continue;
            }
            let Some(&root) = parsed.ast.args(call).last() else {
                continue;
            };
            for id in parsed.ast.descendants(root) {
                let ExprKind::Selector(selector) = &parsed.ast.expr(id).kind else {
                    continue;
                };
                if let Some((span, base)) = no_bucket(parsed, selector) {
                    found.push(
                        Found::new(
                            query,
                            span,
                            format!("this has no buckets, so `{function}` never has a result"),
                            format!("take the buckets: `{base}_bucket`"),
                        )
                        .note(call.name, "needs buckets"),
                    );
                }
            }
        }
    });
}

/// The count or sum of a histogram, and its name without that.
fn no_bucket<'q>(parsed: &'q Parsed, selector: &'q Selector) -> Option<(Span, String)> {
    let (name, span) = parsed.metric_name(selector)?;
    let base = name
        .strip_suffix("_count")
        .or_else(|| name.strip_suffix("_sum"))
        .filter(|_| !name.contains(':'))?;
    Some((span, base.to_owned()))
}
