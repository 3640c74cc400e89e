//! Steps that can never be reached because a larger one stands before them.

use super::effect::shown;
use crate::diagnostic::{Group, Safety, Severity};
use crate::fix::edit;
use crate::model::{Panel, ThresholdStep, Thresholds};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "thresholds-out-of-order",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "threshold step that is never reached, because a larger one stands before it",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/thresholds/thresholds-out-of-order.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for thresholds in shown(panel) {
        check_steps(thresholds, cx);
    }
}

/// Grafana walks the steps in the order of the file and stops at the first one above the value; the first step's own
/// value is replaced by minus infinity on load, whatever it is (facts: @grafana/data 13.2.3, getActiveThreshold).
fn check_steps<'t>(thresholds: Thresholds<'t>, cx: &mut Context<'_, 't>) {
    let steps = thresholds.steps();
    // A step whose value is an expression makes Grafana sort the list itself.
    if steps.len() < 3 || steps.iter().any(ThresholdStep::has_expression) {
        return;
    }
    let mut highest: Option<(f64, usize)> = None;
    for (index, step) in steps.iter().enumerate().skip(1) {
        let Some(value) = step.value else { continue };
        let Some((top, at)) = highest.filter(|(top, _)| value < *top) else {
            highest = Some((value, index));
            continue;
        };
        let color = step.color().unwrap_or_default().into_owned();
        let place = step.value_node().unwrap_or(step.node);
        let finding = cx.report(
            place,
            format!(
                "the step at {value} ({color}) stands after the one at {top}: values from {value} to {top} never get its colour"
            ),
        );
        finding
            .label(format!("smaller than the step before it ({top})"))
            .related(
                steps[at].value_node().unwrap_or(steps[at].node),
                "the larger step",
            )
            .help("Grafana does not sort steps: write them in ascending order")
            .fix_in(
                thresholds.steps_node,
                "sort the steps",
                Safety::Unsafe,
                sorted(thresholds, &steps),
            );
        // One cause, one finding: sorting mends them all.
        return;
    }
}

/// The steps in ascending order, the base step first; equal values keep their order, since the last one counts.
fn sorted<'t>(
    thresholds: Thresholds<'t>,
    steps: &[ThresholdStep<'t>],
) -> Option<Vec<(crate::span::Span, String)>> {
    // A later step without a value acts as 0; whether its author meant that is not for us to say.
    if steps.len() != thresholds.steps_node.items().count()
        || steps.iter().skip(1).any(|step| step.value.is_none())
    {
        return None;
    }
    let mut order: Vec<usize> = (1..steps.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (
            steps[a].value.unwrap_or_default(),
            steps[b].value.unwrap_or_default(),
        );
        a.total_cmp(&b)
    });
    order.insert(0, 0);
    edit::reorder_items(thresholds.steps_node, &order)
}
