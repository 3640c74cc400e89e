//! Alerts on every target there is.

use super::found::{Found, check_queries, in_alert};
use crate::diagnostic::{Group, Severity};
use crate::promql::ExprKind;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "up-without-job",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "alert on `up` of whatever is scraped",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/up-without-job.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        if !in_alert(cx, query) {
            return;
        }
        for (_, _, binary) in parsed.binaries() {
            if !binary.op.is_comparison() || query.flow(cx.project).value(binary.rhs).is_none() {
                continue;
            }
            let ExprKind::Selector(selector) =
                &parsed.ast.expr(parsed.ast.unparen(binary.lhs)).kind
            else {
                continue;
            };
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            let names_job = parsed
                .ast
                .matchers(selector)
                .iter()
                .any(|matcher| parsed.label(&matcher.label) == "job");
            if name == "up" && !names_job && !selector.open {
                found.push(Found::new(
                    query,
                    span,
                    "this alerts for every target of every job, whoever cares for it",
                    "name the job: `up{job=\"…\"}`",
                ));
            }
        }
    });
}
