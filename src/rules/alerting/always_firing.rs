//! Alerts whose query holds for every series.

use super::face::{Seen, alerts};
use crate::diagnostic::{Group, Severity};
use crate::promql::Parsed;
use crate::promql::ast::{AggregateOp, BinaryOp, Expr, ExprId, ExprKind};
use crate::promql::flow::Returns;
use crate::rules::{Alert, Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "always-firing",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "alert without a condition",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/always-firing.md"),
    check: Check::Document(check),
};

/// Metrics that are there only while something is wrong: Prometheus documentation, "Alerting rules", inspecting alerts.
const PRESENT_WHILE_BAD: [&str; 2] = ["ALERTS", "ALERTS_FOR_STATE"];

/// Functions that leave values as they are.
const RELABEL: [&str; 6] = [
    "label_replace",
    "label_join",
    "sort",
    "sort_desc",
    "sort_by_label",
    "sort_by_label_desc",
];

/// Endings of metrics that are always 1: what is chosen by their labels is the condition (Prometheus documentation, "Metric
/// and label naming"; kube-state-metrics, docs/metrics).
const ALWAYS_ONE: [&str; 2] = ["_info", "_labels"];

/// Whether an alert fires for ever by intent, which shows that alerting works: `vector(1)`, without any metric.
pub(super) fn is_heartbeat(cx: &Context<'_, '_>, seen: &Seen<'_, '_>) -> bool {
    let ([query], Alert::Prometheus(_)) = (seen.queries, seen.alert) else {
        return false;
    };
    let root = query.parsed().root;
    root.is_some_and(|root| query.flow(cx.project).returns(root) == Returns::Always)
        && query.parsed().selectors().next().is_none()
}

fn check(cx: &mut Context<'_, '_>) {
    for seen in alerts(cx) {
        // Grafana's conditions are expressions of their own.
        let ([query], Alert::Prometheus(_)) = (seen.queries, seen.alert) else {
            continue;
        };
        let parsed = query.parsed();
        let Some(root) = parsed.root else { continue };
        if !query.language.is_promql() || !parsed.is_valid() || is_heartbeat(cx, &seen) {
            continue;
        }
        let always = query.flow(cx.project).returns(root) == Returns::Always;
        let (message, help) = if always {
            (
                "this always has a result, whatever the metrics say: the alert fires for ever",
                "leave out what is always there, such as `or vector(0)`",
            )
        } else if is_choice(parsed, root) || has_condition(cx, parsed, root) {
            continue;
        } else {
            (
                "nothing is compared here: the alert fires for every series there is, whatever its value",
                "add the condition, such as `> 0`",
            )
        };
        let span = parsed.ast.expr(root).span;
        let _ = cx
            .report(Place::query(query, span), message)
            .at(seen.steps())
            .help(help);
    }
}

/// Whether the query is a choice of series and nothing else, whose being there is the condition: `x_errors{kind="fatal"}`.
fn is_choice(parsed: &Parsed, root: ExprId) -> bool {
    let mut id = root;
    loop {
        id = match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
            ExprKind::Selector(selector) => {
                let chosen = parsed.ast.matchers(selector).iter();
                return chosen.filter(|matcher| !matcher.metric_name).count() > 0;
            }
            ExprKind::Aggregate(aggregate)
                if matches!(aggregate.op, AggregateOp::Count | AggregateOp::Group) =>
            {
                match aggregate.expr {
                    Some(inner) => inner,
                    None => return false,
                }
            }
            ExprKind::Call(call) if RELABEL.contains(&parsed.call_name(call)) => {
                match parsed.ast.args(call).first() {
                    Some(first) => *first,
                    None => return false,
                }
            }
            _ => return false,
        };
    }
}

/// Whether the result depends on more than which series there are.
fn has_condition(cx: &Context<'_, '_>, parsed: &Parsed, root: ExprId) -> bool {
    // Children stand before their parents.
    let mut conditions: Vec<bool> = Vec::with_capacity(parsed.ast.exprs().len());
    for (id, expr) in parsed.ast.exprs() {
        let mut any = false;
        parsed.ast.for_each_child(id, |child| {
            any |= conditions.get(child.index()).copied().unwrap_or(true);
        });
        let both = |lhs: ExprId, rhs: ExprId| {
            let of = |id: ExprId| conditions.get(id.index()).copied().unwrap_or(true);
            of(lhs) && of(rhs)
        };
        conditions.push(match &expr.kind {
            ExprKind::Binary(binary) if binary.op == BinaryOp::Or => both(binary.lhs, binary.rhs),
            // What happens at which rate is there as long as its series are.
            ExprKind::Binary(binary) if binary.op == BinaryOp::And => {
                any || !has_rate(parsed, binary.rhs)
            }
            _ => any || is_condition(cx, parsed, expr),
        });
    }
    conditions.get(root.index()).copied().unwrap_or(true)
}

/// Whether a rate is taken in an expression.
fn has_rate(parsed: &Parsed, id: ExprId) -> bool {
    let around = parsed.ast.expr(id).span;
    parsed.calls().any(|(id, _, call)| {
        matches!(parsed.call_name(call), "rate" | "irate" | "increase")
            && around.encloses(parsed.ast.expr(id).span)
    })
}

/// Whether an expression is a condition itself.
fn is_condition(cx: &Context<'_, '_>, parsed: &Parsed, expr: &Expr) -> bool {
    match &expr.kind {
        // With `bool` it is one that does not work, which is told by a rule of its own.
        ExprKind::Binary(binary) => !binary.op.is_arithmetic() && binary.op != BinaryOp::Atan2,
        ExprKind::Call(call) => {
            call.function.is_none()
                || matches!(parsed.call_name(call), "absent" | "absent_over_time")
        }
        ExprKind::Hole(_) => true,
        ExprKind::Selector(selector) => match parsed.metric_name(selector) {
            // A recorded metric may have the condition in its own rule.
            Some((name, _)) => {
                name.contains(':')
                    || PRESENT_WHILE_BAD.contains(&&*name)
                    || ALWAYS_ONE.iter().any(|ending| name.ends_with(ending))
                    || cx.project.records(&name)
            }
            None => true,
        },
        _ => false,
    }
}
