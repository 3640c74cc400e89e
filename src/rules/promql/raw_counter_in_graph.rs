//! Graphs of counters as they are.

use super::counter_without_rate::adds;
use super::found::kind;
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::promql::MetricKind;
use crate::promql::ast::{BinaryOp, ExprKind};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "raw-counter-in-graph",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "graph of a counter as it is, which only rises",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/raw-counter-in-graph.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !matches!(query.host, Host::Panel(_)) || !query.language.is_promql() || query.is_instant() {
        return;
    }
    let along_time = cx
        .panel_of(query)
        .is_some_and(|panel| matches!(panel.kind().as_ref(), "timeseries" | "graph"));
    let parsed = query.parsed();
    let Some(root) = parsed.root.filter(|_| along_time && parsed.is_valid()) else {
        return;
    };
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => open.push(*inner),
            ExprKind::Aggregate(aggregate) if adds(aggregate.op) || aggregate.op.keeps_series() => {
                open.extend(aggregate.expr);
            }
            ExprKind::Binary(binary) if binary.op == BinaryOp::Or => {
                open.extend([binary.rhs, binary.lhs]);
            }
            ExprKind::Selector(selector) if selector.range.is_none() => {
                let Some((name, span)) = parsed.metric_name(selector) else {
                    continue;
                };
                if kind(cx, &name) != Some(MetricKind::Counter) {
                    continue;
                }
                let _ = cx
                    .report(
                        Place::query(query, span),
                        format!("a counter, as `{name}` is called, rises until its process restarts: the line says nothing of now"),
                    )
                    .help("show what is added per second: `rate(…[$__rate_interval])`");
                return;
            }
            _ => {}
        }
    }
}
