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

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let themes = cx.settings.theme.themes();
    for panel in &dashboard.panels {
        for (color, use_) in texts(panel) {
            let low = themes
                .iter()
                .find_map(|theme| Some((*theme, low_contrast(&color.text, *theme, use_)?)));
            if let Some(low) = low {
                report(panel, &color, use_, low, cx);
            }
        }
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

fn report<'t>(
    panel: &Panel<'t>,
    color: &Colored<'t>,
    use_: Use,
    (theme, ratio): (Theme, f64),
    cx: &mut Context<'_, 't>,
) {
    let what = match use_ {
        Use::LargeText => "large text",
        Use::Text | Use::Graphic => "text",
    };
    let help = match theme {
        Theme::Dark => "choose a lighter shade",
        Theme::Light => "choose a darker shade",
    };
    let _ = cx
        .report(
            Place::value(color.node),
            format!(
                "{what} in `{}` has a contrast of {:.1}:1 with a {} panel; WCAG 2.2 asks for {}:1",
                color.text,
                // Not rounded up to what is asked for.
                (ratio * 10.0).floor() / 10.0,
                theme.name(),
                use_.required()
            ),
        )
        .at(Context::panel_steps(panel))
        .help(format!(
            "{help}, or colour the background instead of the text"
        ))
        .together("here too");
}
