//! Status colours beside which the value is shown, but which some people cannot tell apart at all.

use rustc_hash::FxHashMap;

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

/// The sets of a dashboard with the same closest pair.
struct Alike<'s, 't> {
    panel: &'s Panel<'t>,
    worst: Confusable,
    a: Colored<'t>,
    b: Colored<'t>,
    /// The pair in other sets.
    others: Vec<Colored<'t>>,
    repaint: Repaint,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let question = Question {
        themes: cx.settings.theme.themes(),
        deficiencies: &cx.settings.deficiencies,
        only_cue: false,
    };
    let cache = cx.project.colors();
    let mut found: Vec<Alike<'_, 't>> = Vec::new();
    // By the two colours, and whether there are others to propose: a fix repairs all it speaks of.
    let mut places: FxHashMap<(String, String, bool), usize> = FxHashMap::default();
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
            let key = (a.text.clone(), b.text.clone(), repaint.edits.is_empty());
            match places.get(&key).and_then(|at| found.get_mut(*at)) {
                Some(known) => {
                    known.others.push(b.clone());
                    known.repaint.join(repaint);
                }
                None => {
                    places.insert(key, found.len());
                    found.push(Alike {
                        panel,
                        worst,
                        a: a.clone(),
                        b: b.clone(),
                        others: Vec::new(),
                        repaint,
                    });
                }
            }
        }
    }
    for alike in found {
        report(alike, cx);
    }
}

fn report<'t>(alike: Alike<'_, 't>, cx: &mut Context<'_, 't>) {
    let worst = &alike.worst;
    let seen = worst.report.seen_by(worst.deficiency);
    let more = match alike.others.len() {
        0 => String::new(),
        1 => ", here and in one more place".to_owned(),
        others => format!(", here and in {others} more places"),
    };
    let mut finding = cx
        .report(
            Place::value(alike.b.node),
            format!(
                "`{}` and `{}` are one colour to {} (ΔE {:.1}){more}: only the value tells the states apart",
                alike.a.text,
                alike.b.text,
                people(worst),
                worst.distance
            ),
        )
        .at(Context::panel_steps(alike.panel))
        .label(format!("seen as {}", seen.b))
        .related(Place::value(alike.a.node), format!("seen as {}", seen.a))
        .help("choose colours of different lightness, such as `dark-green` and `light-red`");
    for other in alike.others {
        finding = finding.related(Place::value(other.node), "here too");
    }
    if !alike.repaint.edits.is_empty() {
        let title = alike.repaint.title();
        let _ = finding.fix(title, Safety::Unsafe, Some(alike.repaint.edits));
    }
}
