//! Texts where a colour belongs that are none.

use super::colors::{Colored, all_colors, colored};
use crate::color::{Resolved, Theme, resolve};
use crate::diagnostic::{Group, Safety, Severity, TrailStep};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-color",
    group: Group::Accessibility,
    severity: Severity::Warning,
    summary: "colour that neither Grafana nor a browser knows",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/accessibility/unknown-color.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for panel in &dashboard.panels {
        for color in all_colors(panel) {
            report(&color, || Context::panel_steps(panel), cx);
        }
    }
    for annotation in &dashboard.annotations {
        if let Some(color) = annotation.node.get("iconColor").and_then(colored) {
            let steps = || {
                let name = annotation.name().unwrap_or_default();
                vec![Context::annotation_step(&name)]
            };
            report(&color, steps, cx);
        }
    }
}

fn report<'t>(
    color: &Colored<'t>,
    steps: impl FnOnce() -> Vec<TrailStep>,
    cx: &mut Context<'_, 't>,
) {
    let Resolved::Unknown { near } = resolve(&color.text, Theme::Dark) else {
        return;
    };
    let text = &color.text;
    let finding = cx
        .report(
            Place::value(color.node),
            format!("`{text}` is no colour: Grafana paints nothing, or a default, without a word"),
        )
        .at(steps());
    let Some(near) = near else {
        let _ = finding.help("write a name of Grafana's palette (`green`, `dark-red`), `#rrggbb`, `rgb(…)` or a CSS name");
        return;
    };
    let edit = color.node.encode_str(Span::new(0, text.len()), &near);
    let _ = finding.help(format!("did you mean `{near}`?")).fix(
        format!("paint it `{near}`"),
        Safety::Unsafe,
        edit.map(|edit| vec![edit]),
    );
}
