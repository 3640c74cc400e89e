//! Texts where a colour belongs that are none.

use super::colors::{Colored, all_colors};
use crate::color::{Resolved, Theme, resolve};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-color",
    group: Group::Accessibility,
    severity: Severity::Warning,
    summary: "colour that neither Grafana nor a browser knows",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/unknown-color.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for Colored { text, node } in all_colors(panel) {
        let Resolved::Unknown { near } = resolve(&text, Theme::Dark) else {
            continue;
        };
        let finding = cx.report(
            Place::value(node),
            format!("`{text}` is no colour: Grafana paints nothing, or a default, without a word"),
        );
        let _ = match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("write a name of Grafana's palette (`green`, `dark-red`), `#rrggbb`, `rgb(…)` or a CSS name"),
        };
    }
}
