//! Thresholds on a range whose bounds are the wrong way round.

use super::pipeline::Entry;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::ExpressionKind;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "reversed-threshold",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "threshold on a range whose lower bound is above the upper one",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../../rules/alerting/reversed-threshold.md"),
    check: Check::EmittedBy("invalid-expression"),
};

/// Only `threshold`: `classic_conditions` puts the bounds in order (grafana/grafana, pkg/expr/threshold.go and
/// classic/evaluator.go).
pub(super) fn check<'t>(entry: &Entry<'t>, cx: &mut Context<'_, 't>) {
    if entry.kind != Some(ExpressionKind::Threshold) {
        return;
    }
    let condition = entry.query.conditions().next();
    if let Some(evaluator) = condition.and_then(|condition| condition.get("evaluator")) {
        evaluator_bounds(evaluator, cx);
    }
}

fn evaluator_bounds<'t>(evaluator: NodeRef<'t>, cx: &mut Context<'_, 't>) -> Option<()> {
    let kind = evaluator.get("type")?.as_str()?;
    let mut params = evaluator.get("params")?.items();
    let (lower, upper) = (params.next()?, params.next()?);
    let (low, high) = (lower.as_f64()?, upper.as_f64()?);
    let effect = match kind.as_ref() {
        "within_range" if low >= high => {
            format!("this never fires: no value is above {low} and below {high}")
        }
        "within_range_included" if low > high => {
            format!("this never fires: no value is {low} or more and {high} or less")
        }
        "outside_range" | "outside_range_included" if low > high => {
            format!("this always fires: every value is below {low} or above {high}")
        }
        _ => return None,
    };
    let span = Span {
        start: lower.span().start,
        end: upper.span().end,
    };
    let finding = cx.report_as(&RULE, Place::bytes(lower, span), effect);
    if low == high {
        let _ = finding.help("write two bounds that have values between them");
        return None;
    }
    let edits = vec![
        (lower.span(), upper.raw().to_owned()),
        (upper.span(), lower.raw().to_owned()),
    ];
    let _ = finding.help("write the lower bound first").fix_in(
        lower,
        "swap the bounds",
        Safety::Unsafe,
        Some(edits),
    );
    None
}
