//! From a text in a dashboard to a colour, in Grafana's order:
//!
//! 1. an empty text is the fallback, `#808080`;
//! 2. the theme's names (30 shades, `text`, `panel-bg`, `transparent`), case-sensitively;
//! 3. a text that starts with `#` or contains `rgb` is handed on as it is;
//! 4. CSS names in lower case, by Grafana's table: `Red` is CSS's red, `red` the theme's;
//! 5. anything else is handed on, and the browser paints it if it is CSS (`hsl()`, `grey`) and nothing if not.

use super::css::{self, Css};
use super::data::{self, ColorMode};
use super::{Rgba, Theme};
use std::borrow::Cow;

/// What a text means where a colour is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// A colour.
    Color(Rgba),
    /// Something that is no plain colour and yet no mistake.
    Special(Special),
    /// Nothing Grafana or a browser knows: nothing is painted, or a default, without a word.
    Unknown {
        /// A text nearby that is a colour.
        near: Option<Cow<'static, str>>,
    },
}

/// A text that is no plain colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Special {
    /// `text`, the theme's colour of text.
    Text,
    /// `transparent`.
    Transparent,
    /// `panel-bg`, the background of a panel.
    PanelBg,
    /// The id of a colour mode, which belongs into `color.mode`.
    Mode(&'static ColorMode),
    /// CSS whose colour depends on the place, or in a colour space that is not computed here.
    Css,
    /// A template variable or a macro: the colour is not known here.
    Variable,
}

impl Resolved {
    /// The colour, with its alpha; nothing where it is not known.
    pub fn rgba(&self, theme: Theme) -> Option<Rgba> {
        match self {
            Resolved::Color(color) => Some(*color),
            Resolved::Special(Special::Text) => Some(data::TEXT.of(theme)),
            Resolved::Special(Special::Transparent) => Some(data::TRANSPARENT.of(theme)),
            Resolved::Special(Special::PanelBg) => Some(data::PANEL.of(theme)),
            Resolved::Special(_) | Resolved::Unknown { .. } => None,
        }
    }

    /// The colour as it is seen on a panel; nothing where it is not known or nothing is painted.
    pub fn painted(&self, theme: Theme) -> Option<Rgba> {
        let color = self.rgba(theme)?;
        let nothing = color.is_transparent() || *self == Resolved::Special(Special::PanelBg);
        (!nothing).then(|| color.on_panel(theme))
    }
}

/// What `text` means where a colour is expected.
pub fn resolve(text: &str, theme: Theme) -> Resolved {
    if text.is_empty() {
        return Resolved::Color(data::FALLBACK);
    }
    if let Some(color) = data::find(data::NAMED, text) {
        return Resolved::Color(color.of(theme));
    }
    match text {
        "text" => return Resolved::Special(Special::Text),
        "transparent" => return Resolved::Special(Special::Transparent),
        "panel-bg" => return Resolved::Special(Special::PanelBg),
        _ => {}
    }
    match css::parse(text) {
        Some(Css::Color(color)) => return Resolved::Color(color),
        Some(Css::Elsewhere) => return Resolved::Special(Special::Css),
        None => {}
    }
    if text.contains('$') || text.contains("{{") || text.contains("[[") {
        return Resolved::Special(Special::Variable);
    }
    match data::color_mode(text) {
        Some(mode) => Resolved::Special(Special::Mode(mode)),
        None => Resolved::Unknown { near: near(text) },
    }
}

/// The longest text a near name is looked for.
const LONGEST: usize = 40;

/// A text near `text` that is a colour.
fn near(text: &str) -> Option<Cow<'static, str>> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    if css::hex(digits).is_some() {
        return Some(Cow::Owned(format!("#{digits}")));
    }
    if text.starts_with('#') {
        return None;
    }
    // Written another way: Dark-Red, dark_red, darkRed (but `darkred` is CSS).
    let squeeze = |s: &str| -> String {
        s.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let squeezed = squeeze(text);
    if let Some((name, _)) = data::NAMED
        .iter()
        .find(|(name, _)| squeeze(name) == squeezed)
    {
        return Some(Cow::Borrowed(name));
    }
    if let Some(name) = ["text", "transparent", "panel-bg"]
        .into_iter()
        .find(|n| squeeze(n) == squeezed)
    {
        return Some(Cow::Borrowed(name));
    }
    let lower = text.to_ascii_lowercase();
    // The hue is right, the shade is not: semi-light-red.
    if let Some((_, hue)) = lower.rsplit_once(['-', '_', ' ']) {
        let shades = data::NAMED.iter().map(|(name, _)| *name);
        let same_hue = shades.filter(|name| name.rsplit('-').next() == Some(hue));
        if let Some((_, name)) = nearest(&lower, same_hue) {
            return Some(Cow::Borrowed(name));
        }
    }
    let names = data::NAMED.iter().map(|(name, _)| *name);
    let css = data::CSS
        .iter()
        .chain(data::CSS_PASSED)
        .map(|(name, _)| *name);
    let (distance, name) = nearest(&lower, names.chain(css))?;
    let close = distance <= 1 && lower.len() > 2 || distance <= 2 && lower.len() > 5;
    close.then_some(Cow::Borrowed(name))
}

/// The name with the fewest edits, the first of several.
fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<(usize, &'static str)> {
    names
        .map(|name| (strsim::osa_distance(text, name), name))
        .min_by_key(|(distance, _)| *distance)
}
