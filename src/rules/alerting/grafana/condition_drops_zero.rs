//! Conditions that are queries, whose zeros do not fire.

use super::super::face::{Seen, alerts};
use super::pipeline::condition;
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::Parsed;
use crate::promql::ast::{Binary, BinaryOp, ExprId, ExprKind};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "condition-drops-zero",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert rule of Grafana whose query finds zeros, which do not fire",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/condition-drops-zero.md"),
    check: Check::Document(check),
};

/// Grafana fires for every number but 0 (12.1, pkg/services/ngalert/eval/eval.go: `evaluateExecutionResult`).
fn check(cx: &mut Context<'_, '_>) {
    for seen in alerts(cx) {
        let Some(query) = queried(&seen) else {
            continue;
        };
        let parsed = query.parsed();
        let Some((root, binary)) = parsed.root.and_then(|root| filter(parsed, root)) else {
            continue;
        };
        let Some(zero) = keeps_zero(parsed, binary) else {
            continue;
        };
        let severity = match zero {
            Zero::Only => Severity::Error,
            Zero::Too => Severity::Warning,
        };
        let message = match zero {
            Zero::Only => {
                "the alert never fires: the query finds nothing but zeros, and Grafana fires for any other number"
            }
            Zero::Too => {
                "where the value is 0 the alert does not fire: Grafana takes a 0 of the condition for \"all is well\""
            }
        };
        let _ = cx
            .report(Place::query(query, parsed.ast.expr(root).span), message)
            .lower(severity)
            .at(seen.steps())
            .help("leave the comparison to an expression `threshold`, or compare with `bool`");
    }
}

/// The instant query that is the condition itself.
fn queried<'s, 't>(seen: &Seen<'s, 't>) -> Option<&'s Query<'t>> {
    let Alert::Grafana(rule) = seen.alert else {
        return None;
    };
    let name = condition(&rule)?.as_text()?.value;
    let mut data = rule.data();
    let named = |node: NodeRef<'_>| node.as_str().is_some_and(|ref_id| ref_id == name);
    let entry = data.find(|entry| entry.ref_id_node().is_some_and(named))?;
    let model = entry.model().filter(|_| !entry.is_expression())?;
    let instant = model.get("instant").and_then(NodeRef::as_bool) == Some(true)
        && model.get("range").and_then(NodeRef::as_bool) != Some(true);
    let mut queries = seen.queries.iter();
    let query = queries.find(|query| query.node == model && instant)?;
    (query.language.is_promql() && query.parsed().is_valid()).then_some(query)
}

/// The comparison that the query is.
fn filter(parsed: &Parsed, root: ExprId) -> Option<(ExprId, &Binary)> {
    match &parsed.ast.expr(parsed.ast.unparen(root)).kind {
        ExprKind::Binary(binary) if binary.op.is_comparison() && binary.bool_span.is_none() => {
            Some((root, binary))
        }
        _ => None,
    }
}

/// Which zeros are left.
enum Zero {
    /// There is nothing else.
    Only,
    /// They are among the rest.
    Too,
}

/// Whether a 0 on the left is left over by a comparison with a number.
fn keeps_zero(parsed: &Parsed, binary: &Binary) -> Option<Zero> {
    let limit = match parsed.ast.expr(parsed.ast.unparen(binary.rhs)).kind {
        ExprKind::Number(number) => number.value,
        _ => return None,
    };
    let keeps = match binary.op {
        BinaryOp::Eq if limit == 0.0 => return Some(Zero::Only),
        BinaryOp::Lt => 0.0 < limit,
        BinaryOp::Le => 0.0 <= limit,
        BinaryOp::Gt => 0.0 > limit,
        BinaryOp::Ge => 0.0 >= limit,
        BinaryOp::Ne => limit != 0.0,
        _ => false,
    };
    keeps.then_some(Zero::Too)
}
