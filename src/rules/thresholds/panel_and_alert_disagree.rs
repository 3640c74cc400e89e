//! Panels that are green where an alert fires.

use super::effect::steps_that_show;
use crate::color::Shade;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, ThresholdStep};
use crate::project::{AlertBound, measured_by};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "panel-and-alert-disagree",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "panel that is still green where an alert on the same query fires",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/panel-and-alert-disagree.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let alerts = cx.project.alert_bounds();
    if alerts.is_empty() {
        return;
    }
    for queries in dashboard.queries.chunk_by(|a, b| a.host == b.host) {
        let [query] = queries else { continue };
        let Some(panel) = dashboard.panel_of(query) else {
            continue;
        };
        let Some((thresholds, _)) = steps_that_show(panel) else {
            continue;
        };
        let steps = thresholds.steps();
        let warns =
            |step: &ThresholdStep<'_>| matches!(shade(step), Some(Shade::Red | Shade::Amber));
        if !steps.iter().any(warns) {
            continue;
        }
        let Some(measured) = measured_by(query) else {
            continue;
        };
        let green = |alert: &&AlertBound| {
            active(&steps, alert).is_some_and(|step| shade(step) == Some(Shade::Green))
        };
        let mut disagreeing = alerts.of(measured).iter().filter(green);
        let Some(alert) = disagreeing.next() else {
            continue;
        };
        let Some(step) = active(&steps, alert) else {
            continue;
        };
        let side = if alert.above { "above" } else { "below" };
        let mut finding = cx
            .report(
                Place::value(step.color_node().unwrap_or(step.node)),
                format!(
                    "the alert `{}` fires {side} {}, and there the panel is still green",
                    alert.name, alert.bound
                ),
            )
            .at(Context::panel_steps(panel))
            .help("let a threshold begin where the alert fires");
        for alert in std::iter::once(alert).chain(disagreeing).take(5) {
            finding = finding.related_at(
                alert.location.clone(),
                format!("the alert `{}`", alert.name),
            );
        }
    }
}

fn shade(step: &ThresholdStep<'_>) -> Option<Shade> {
    Shade::of(&step.color()?)
}

/// The step that the values have at which the alert begins to fire: Grafana takes the last one that is not above a value, and
/// the first for all that is below (@grafana/data 13.2, getActiveThreshold).
fn active<'s, 't>(
    steps: &'s [ThresholdStep<'t>],
    alert: &AlertBound,
) -> Option<&'s ThresholdStep<'t>> {
    let reached = |value: f64| match alert.above || alert.inclusive {
        true => value <= alert.bound,
        false => value < alert.bound,
    };
    let (first, rest) = steps.split_first()?;
    let above = rest
        .iter()
        .take_while(|step| step.value.is_some_and(reached));
    above.last().or(Some(first))
}
