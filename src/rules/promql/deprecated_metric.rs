//! Metrics that were renamed.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::{BinaryOp, ExprKind};
use crate::promql::walk::Parents;
use crate::promql::{ExprId, Parsed, deprecated};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-metric",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "metric that newer exporters no longer have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/deprecated-metric.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (id, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            let Some(deprecated) = deprecated(&name) else {
                continue;
            };
            // Recorded under the old name, or asked for beside the new one.
            if cx.project.records(&name) || has_alternative(parsed, &parsed.ast.parents(), id) {
                continue;
            }
            let (exporter, since) = (&deprecated.exporter, &deprecated.since);
            let use_instead = format!("use `{}`", deprecated.replacement);
            found.push(
                Found::new(
                    query,
                    span,
                    format!(
                        "this metric is gone since {exporter} {since}: with that or a later version there is nothing to see"
                    ),
                    use_instead.clone(),
                )
                .also(use_instead),
            );
        }
    });
}

/// Whether the selector stands on one side of an `or`.
fn has_alternative(parsed: &Parsed, parents: &Parents, id: ExprId) -> bool {
    parents.ancestors(id).any(|around| {
        matches!(&parsed.ast.expr(around).kind, ExprKind::Binary(binary) if binary.op == BinaryOp::Or)
    })
}
