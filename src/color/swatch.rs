//! Colours to look at, on a terminal of 24-bit colour, and their names elsewhere.

use super::pair::PairReport;
use super::simulate::Deficiency;
use super::{Rgba, Theme, resolve};

/// The width of a patch in cells.
const WIDTH: usize = 4;

/// One colour: a patch and its name if `true_color`, else the name.
///
/// A colour that is not opaque is shown as it is seen on a dark panel.
pub fn patch(color: Rgba, true_color: bool) -> String {
    if !true_color {
        return color.to_string();
    }
    let Rgba { r, g, b, .. } = color.on_panel(Theme::Dark);
    format!("\x1b[48;2;{r};{g};{b}m{:WIDTH$}\x1b[0m {color}", "")
}

/// The colours a sentence about colours names: `` `dark-red` `` or `#c4162a`, as they are painted on a dark panel, each once.
pub fn mentioned(text: &str) -> Vec<Rgba> {
    let quoted = text.split('`').skip(1).step_by(2);
    let bare = text
        .split('`')
        .step_by(2)
        .flat_map(str::split_whitespace)
        .filter(|word| word.starts_with('#'));
    let mut found = Vec::new();
    for word in quoted.chain(bare).filter(|word| !word.is_empty()) {
        let Some(color) = resolve(word, Theme::Dark).painted(Theme::Dark) else {
            continue;
        };
        if !found.contains(&color) {
            found.push(color);
        }
    }
    found
}

/// Two colours as they are and as they are seen with a deficiency, in one line without its end:
/// `#73bf69 #f2495c, with deuteranopia #baa86c #a29155 (ΔE 7.2)`, each with its patch if `true_color`.
pub fn swatch(report: &PairReport, deficiency: Deficiency, true_color: bool) -> String {
    let seen = report.seen_by(deficiency);
    format!(
        "{} {}, with {} {} {} (ΔE {:.1})",
        patch(report.a, true_color),
        patch(report.b, true_color),
        deficiency.name(),
        patch(seen.a, true_color),
        patch(seen.b, true_color),
        seen.distance,
    )
}
