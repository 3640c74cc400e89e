//! Metrics that were renamed.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

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
    // Built for the first finding only.
    let names = OnceCell::new();
    let for_old_ones = OnceCell::new();
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
            let release = format!("{} {}", deprecated.exporter, deprecated.since);
            let use_instead = format!("use `{}`", deprecated.replacement);
            let finding = Found::new(
                query,
                span,
                format!(
                    "`{name}` is gone since {release}: with that or a later version there is nothing to see"
                ),
                use_instead.clone(),
            )
            .also(use_instead)
            .cause(release);
            let both = names
                .get_or_init(|| asked_for(cx))
                .contains(deprecated.replacement);
            let meant = both || *for_old_ones.get_or_init(|| says_it_is_old(cx));
            found.push(if meant {
                finding.lower(Severity::Info)
            } else {
                finding
            });
        }
    });
}

/// The metrics that the document asks for.
fn asked_for(cx: &Context<'_, '_>) -> FxHashSet<String> {
    let queries = cx.queries().iter();
    queries
        .filter(|query| query.language.is_promql())
        .flat_map(|query| {
            let parsed = query.parsed();
            let selectors = parsed.selectors();
            selectors.filter_map(|(_, _, selector)| parsed.metric_name(selector))
        })
        .map(|(name, _)| name.into_owned())
        .collect()
}

/// Whether the dashboard says in its title that it is for old versions.
fn says_it_is_old(cx: &Context<'_, '_>) -> bool {
    let title = cx.dashboard().and_then(|dashboard| dashboard.title());
    title.is_some_and(|title| {
        title
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| OLD.iter().any(|old| word.eq_ignore_ascii_case(old)))
    })
}

/// Words of titles of dashboards that somebody keeps for old versions.
const OLD: &[&str] = &["old", "legacy", "deprecated", "obsolete"];

/// Whether the selector stands on one side of an `or`.
fn has_alternative(parsed: &Parsed, parents: &Parents, id: ExprId) -> bool {
    parents.ancestors(id).any(|around| {
        matches!(&parsed.ast.expr(around).kind, ExprKind::Binary(binary) if binary.op == BinaryOp::Or)
    })
}
