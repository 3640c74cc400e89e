//! States told apart by colours alone that some people cannot tell apart.

use super::recolor::{people, recolor};
use super::status::{Cue, StatusSet, status_sets};
use crate::color::verdict::{Question, confusable};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "color-only-status",
    group: Group::Accessibility,
    severity: Severity::Warning,
    summary: "states that only colours tell apart, and not for everybody",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/accessibility/color-only-status.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for set in status_sets(panel) {
        if let Cue::Color(why) = &set.cue {
            report(&set, why, cx);
        }
    }
}

/// One finding a set, for its closest pair.
fn report<'t>(set: &StatusSet<'t>, why: &str, cx: &mut Context<'_, 't>) {
    let texts: Vec<&str> = set.colors.iter().map(|color| color.text.as_str()).collect();
    let question = Question {
        themes: cx.settings.theme.themes(),
        deficiencies: &cx.settings.deficiencies,
        only_cue: true,
    };
    let cache = cx.project.colors();
    let found = confusable(&texts, &question, cache);
    let Some(worst) = found.first() else { return };
    let (Some(a), Some(b)) = (set.colors.get(worst.a), set.colors.get(worst.b)) else {
        return;
    };
    let seen = worst.report.seen_by(worst.deficiency);
    let finding = cx
        .report(
            Place::value(b.node),
            format!(
                "`{}` and `{}` look alike to {} (ΔE {:.1}), and {why}",
                a.text,
                b.text,
                people(worst),
                worst.distance
            ),
        )
        .label(format!("seen as {}", seen.b))
        .related(Place::value(a.node), format!("seen as {}", seen.a))
        .help("show the value or a text too, or choose colours of different lightness, such as `dark-green` and `light-red`");
    if let Some(repaint) = recolor(set, cache) {
        let _ = finding.fix(repaint.title(), Safety::Unsafe, Some(repaint.edits));
    }
}
