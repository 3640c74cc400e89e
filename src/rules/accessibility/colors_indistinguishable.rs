//! Status colours beside which the value is shown, but which some people cannot tell apart at all.

use super::colors::Colored;
use super::recolor::{Repaint, people, recolor};
use super::status::{Cue, status_sets};
use crate::color::verdict::{Confusable, Question, confusable};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "colors-indistinguishable",
    group: Group::Accessibility,
    severity: Severity::Info,
    summary: "status colours that some people cannot tell apart at all",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/accessibility/colors-indistinguishable.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let question = Question {
        themes: cx.settings.theme.themes(),
        deficiencies: &cx.settings.deficiencies,
        only_cue: false,
    };
    let cache = cx.project.colors();
    for panel in &dashboard.panels {
        for set in status_sets(panel) {
            if !matches!(set.cue, Cue::Value) {
                continue;
            }
            let texts: Vec<&str> = set.colors.iter().map(|color| color.text.as_str()).collect();
            let Some(worst) = confusable(&texts, &question, cache).into_iter().next() else {
                continue;
            };
            let (Some(a), Some(b)) = (set.colors.get(worst.a), set.colors.get(worst.b)) else {
                continue;
            };
            let repaint = recolor(&set, cache).unwrap_or_default();
            report(panel, &worst, (a, b), repaint, cx);
        }
    }
}

fn report<'t>(
    panel: &Panel<'t>,
    worst: &Confusable,
    (a, b): (&Colored<'t>, &Colored<'t>),
    repaint: Repaint,
    cx: &mut Context<'_, 't>,
) {
    let seen = worst.report.seen_by(worst.deficiency);
    let finding = cx
        .report(
            Place::value(b.node),
            format!(
                "`{}` and `{}` are one colour to {} (ΔE {:.1}): only the value tells the states apart",
                a.text,
                b.text,
                people(worst),
                worst.distance
            ),
        )
        .at(Context::panel_steps(panel))
        .label(format!("seen as {}", seen.b))
        .related(Place::value(a.node), format!("seen as {}", seen.a))
        .help("choose colours of different lightness, such as `dark-green` and `light-red`")
        // A fix repairs all it speaks of.
        .together_by(&(&a.text, &b.text, repaint.edits.is_empty()), "here too");
    if !repaint.edits.is_empty() {
        let title = repaint.title();
        let _ = finding.fix(title, Safety::Unsafe, Some(repaint.edits));
    }
}
