//! Coloured text that hardly stands out from the panel.

use super::colors::{Colored, colored};
use super::status::{Paint, status_sets};
use crate::color::Theme;
use crate::color::verdict::{Use, low_contrast};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "text-contrast",
    group: Group::Accessibility,
    severity: Severity::Info,
    summary: "text in a colour that hardly stands out from the panel",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/text-contrast.md"),
    check: Check::Dashboard(check),
};

/// A colour too close to the panel's, and everywhere it is used so.
struct Faint<'s, 't> {
    panel: &'s Panel<'t>,
    color: Colored<'t>,
    use_: Use,
    theme: Theme,
    ratio: f64,
    others: Vec<Colored<'t>>,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let themes = cx.settings.theme.themes();
    let mut found: Vec<Faint<'_, 't>> = Vec::new();
    for panel in &dashboard.panels {
        for (color, use_) in texts(panel) {
            let known =
                |faint: &&mut Faint<'_, 't>| faint.use_ == use_ && faint.color.text == color.text;
            if let Some(faint) = found.iter_mut().find(known) {
                faint.others.push(color);
                continue;
            }
            let low = themes
                .iter()
                .find_map(|theme| Some((*theme, low_contrast(&color.text, *theme, use_)?)));
            if let Some((theme, ratio)) = low {
                found.push(Faint {
                    panel,
                    color,
                    use_,
                    theme,
                    ratio,
                    others: Vec::new(),
                });
            }
        }
    }
    for faint in found {
        report(faint, cx);
    }
}

/// The colours a panel paints text with.
fn texts<'t>(panel: &Panel<'t>) -> Vec<(Colored<'t>, Use)> {
    let mut found = Vec::new();
    for set in status_sets(panel) {
        if let Paint::Text(use_) = set.paint {
            found.extend(set.colors.into_iter().map(|color| (color, use_)));
        }
    }
    let by_value = |mode: &str| mode == "value";
    let colored_value = panel.kind() == "stat"
        && panel
            .option(&["colorMode"])
            .is_none_or(|mode| mode.as_str().as_deref().is_some_and(by_value));
    let fixed = panel
        .field_config()
        .filter(|config| colored_value && matches!(config.color_mode().as_deref(), Some("fixed")));
    let fixed = fixed.and_then(|config| colored(config.default(&["color", "fixedColor"])?));
    found.extend(fixed.map(|color| (color, Use::LargeText)));
    found
}

fn report<'t>(faint: Faint<'_, 't>, cx: &mut Context<'_, 't>) {
    let what = match faint.use_ {
        Use::LargeText => "large text",
        Use::Text | Use::Graphic => "text",
    };
    let help = match faint.theme {
        Theme::Dark => "choose a lighter shade",
        Theme::Light => "choose a darker shade",
    };
    let mut finding = cx
        .report(
            Place::value(faint.color.node),
            format!(
                "{what} in `{}` has a contrast of {:.1}:1 with a {} panel; WCAG 2.2 asks for {}:1",
                faint.color.text,
                // Not rounded up to what is asked for.
                (faint.ratio * 10.0).floor() / 10.0,
                faint.theme.name(),
                faint.use_.required()
            ),
        )
        .at(Context::panel_steps(faint.panel))
        .help(format!(
            "{help}, or colour the background instead of the text"
        ));
    for other in faint.others {
        finding = finding.related(Place::value(other.node), "here too");
    }
}
