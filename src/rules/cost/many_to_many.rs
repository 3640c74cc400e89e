//! Joins with a one side that nothing makes one.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::ast::{BinaryOp, ExprKind, MatchOp};
use crate::promql::{ExprId, Parsed, Selector};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "many-to-many-join",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "join with `group_left` whose one side may have many series",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/many-to-many-join.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let mut hits = Vec::new();
    for query in cx.queries() {
        if query.language.is_promql() && query.text().contains("group_") {
            find(query, &mut hits);
        }
    }
    let help = "aggregate this side by the labels it is matched on: `max by (…) (…)`";
    repeated::report(&hits, help, "and here", cx);
}

fn find<'q, 't>(query: &'q Query<'t>, hits: &mut Vec<Hit<'q, 't>>) {
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return;
    }
    for (_, _, binary) in parsed.binaries() {
        let matching = parsed.ast.matching(binary);
        let Some((group, by)) = matching.and_then(|matching| {
            let by = matching.labels.filter(|by| by.on)?;
            Some((matching.group?, by))
        }) else {
            continue;
        };
        let labels = parsed.ast.labels(&by.list);
        if labels.iter().any(|label| !label.holes.is_empty()) || binary.op == BinaryOp::Hole {
            continue;
        }
        let names: Vec<_> = labels.iter().map(|label| parsed.label(label)).collect();
        let one = if group.left { binary.rhs } else { binary.lhs };
        let Some((selector, (metric, _))) = as_stored(parsed, one)
            .and_then(|selector| Some((selector, parsed.metric_name(selector)?)))
        else {
            continue;
        };
        let matchers = parsed.ast.matchers(selector).iter();
        let mut chosen = matchers
            .filter(|matcher| matcher.op == MatchOp::Equal)
            .map(|matcher| parsed.label(&matcher.label));
        if selector.open
            || is_information(&metric)
            || names.iter().any(|label| is_target(label))
            || chosen.any(|label| is_target(&label))
        {
            continue;
        }
        let keys = match names.is_empty() {
            true => String::new(),
            false => format!(" for each {}", names.join(", ")),
        };
        hits.push(Hit {
            query,
            span: parsed.ast.expr(one).span,
            message: format!(
                "nothing makes `{metric}` one series{keys}: when another target brings a second one, the query fails"
            ),
        });
    }
}

/// The selector of an expression that leaves the series as they are stored.
fn as_stored(parsed: &Parsed, mut id: ExprId) -> Option<&Selector> {
    loop {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => id = *inner,
            ExprKind::Call(call) => {
                let function = call.function?;
                function.range_arg()?;
                id = parsed.ast.args(call).last().copied()?;
            }
            ExprKind::Selector(selector) => return Some(selector),
            _ => return None,
        }
    }
}

/// Whether a metric is there to be joined: one series for each thing it describes (OpenMetrics, type `info`; kube-state-metrics'
/// documentation), or recorded for a purpose.
fn is_information(metric: &str) -> bool {
    let ends = [
        "_info",
        "_labels",
        "_annotations",
        "_owner",
        "_role",
        "_created",
        "_metadata",
    ];
    metric.contains(':') || metric == "up" || ends.iter().any(|end| metric.ends_with(end))
}

/// Whether a label says which target a series comes from, or which single thing it is about.
fn is_target(label: &str) -> bool {
    let targets = [
        "container",
        "host",
        "hostname",
        "id",
        "instance",
        "node",
        "nodename",
        "pod",
        "uid",
    ];
    targets.contains(&label)
}
