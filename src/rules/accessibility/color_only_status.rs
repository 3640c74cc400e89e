//! States told apart by colours alone that some people cannot tell apart.

use super::colors::{Colored, mapping_colors, threshold_colors};
use crate::color::verdict::{Confusable, Question, confusable};
use crate::color::{Deficiency, Theme};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "color-only-status",
    group: Group::Accessibility,
    severity: Severity::Warning,
    summary: "states that only colours tell apart, and not for everybody",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/color-only-status.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let mode = config.color_mode();
    let by_thresholds = mode.as_deref().is_none_or(|mode| mode == "thresholds");
    let mappings = mapping_colors(config.mappings());
    let mut status: Vec<Colored<'t>> = mappings.iter().map(|(color, _)| color.clone()).collect();
    if by_thresholds {
        status.extend(threshold_colors(&config));
    }
    let option = |path: &[&str]| panel.option(path).and_then(NodeRef::as_str);
    let hidden = match panel.kind().as_ref() {
        // A state timeline's own default is a scale of colours, not thresholds.
        "state-timeline" if mode.is_none() && mappings.is_empty() => false,
        "state-timeline" | "status-history" => option(&["showValue"]).as_deref() == Some("never"),
        "stat" => {
            matches!(option(&["textMode"]).as_deref(), Some("none" | "name"))
                && option(&["colorMode"]).as_deref() != Some("none")
        }
        "bargauge" => {
            option(&["valueMode"]).as_deref() == Some("hidden")
                && option(&["displayMode"]).as_deref() != Some("gradient")
        }
        _ => false,
    };
    if hidden {
        report(&status, "no value is shown beside it", cx);
        return;
    }
    // Two states with the same word, or none, differ by colour only.
    if !matches!(
        panel.kind().as_ref(),
        "stat" | "table" | "state-timeline" | "status-history"
    ) {
        return;
    }
    for (index, (_, text)) in mappings.iter().enumerate() {
        let Some(text) = text else { continue };
        if mappings[..index]
            .iter()
            .any(|(_, earlier)| earlier.as_ref() == Some(text))
        {
            continue;
        }
        let alike: Vec<Colored<'t>> = mappings
            .iter()
            .filter(|(_, other)| other.as_ref() == Some(text))
            .map(|(color, _)| color.clone())
            .collect();
        let why = if text.trim().is_empty() {
            "the states are shown without a word".to_owned()
        } else {
            format!("both states are shown as \"{text}\"")
        };
        report(&alike, &why, cx);
    }
}

/// One finding a set, for its closest pair.
fn report<'t>(set: &[Colored<'t>], why: &str, cx: &mut Context<'_, 't>) {
    let texts: Vec<&str> = set.iter().map(|color| color.text.as_str()).collect();
    let question = Question {
        themes: cx.settings.theme.themes(),
        deficiencies: &Deficiency::RED_GREEN,
        only_cue: true,
    };
    let found = confusable(&texts, &question, cx.project.colors());
    let Some(worst) = found.first() else { return };
    let (Some(a), Some(b)) = (set.get(worst.a), set.get(worst.b)) else {
        return;
    };
    let seen = worst.report.seen_by(worst.deficiency);
    let _ = cx
        .report(
            Place::value(b.node),
            format!(
                "`{}` and `{}` look alike to people with {} (ΔE {:.1}), and {why}",
                a.text,
                b.text,
                deficiency(worst),
                worst.distance
            ),
        )
        .label(format!("seen as {}", seen.b))
        .related(Place::value(a.node), format!("seen as {}", seen.a))
        .help("show the value or a text too, or choose colours of different lightness, such as `dark-green` and `light-red`");
}

fn deficiency(worst: &Confusable) -> String {
    let theme = match worst.theme {
        Theme::Dark => "",
        Theme::Light => ", in the light theme",
    };
    format!("{}{theme}", worst.deficiency.name())
}
