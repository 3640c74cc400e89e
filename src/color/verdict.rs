//! Which colours of a set are too much alike.
//!
//! A threshold alone would flag every panel with Grafana's default green and red. What decides is whether colour is the only
//! cue: if it is, a pair must be easy to tell apart; if the value is printed beside it, a pair is named only where it cannot
//! be told apart at all. Two guards: colours that are close to everybody are a shade by choice, and a strong difference in
//! lightness is a cue of its own (WCAG 1.4.1). The limits are in `rules/facts/colors.toml`.

use super::data::{
    LIMIT_GRAPHICS, LIMIT_GUARD, LIMIT_HARD, LIMIT_INDISTINGUISHABLE, LIMIT_LIGHTNESS_CUE,
    LIMIT_SAME, LIMIT_TEXT, LIMIT_TEXT_LARGE,
};
use super::distance::contrast;
use super::{Deficiency, PairCache, PairReport, Resolved, Rgba, Special, Theme, resolve};

/// What is asked about a set of colours.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The themes that count.
    pub themes: &'q [Theme],
    /// Whose eyes count.
    pub deficiencies: &'q [Deficiency],
    /// Whether nothing but colour tells the states apart: no value, no text, no position.
    pub only_cue: bool,
}

/// The dark theme, the two common deficiencies, and values printed beside the colours.
impl Default for Question<'static> {
    fn default() -> Self {
        Question {
            themes: &[Theme::Dark],
            deficiencies: &Deficiency::RED_GREEN,
            only_cue: false,
        }
    }
}

impl Question<'_> {
    /// The distance below which a pair is too close: 10 if colour is the only cue, else 5.
    pub fn limit(&self) -> f64 {
        if self.only_cue {
            LIMIT_HARD
        } else {
            LIMIT_INDISTINGUISHABLE
        }
    }
}

/// Two colours of a set that are too much alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusable {
    /// The place of one colour in the set, the first one of equal colours.
    pub a: usize,
    /// The place of the other one, behind `a`.
    pub b: usize,
    /// The theme in which the two are closest.
    pub theme: Theme,
    /// The deficiency with which they are closest there.
    pub deficiency: Deficiency,
    /// CIEDE2000 with that deficiency.
    pub distance: f64,
    /// All there is to know about the pair in that theme.
    pub report: PairReport,
}

/// Colours looked at in one set; nobody tells more states apart by colour, and pairs grow with the square.
const LARGEST_SET: usize = 48;

/// The pairs of a set that are too much alike, the closest first.
///
/// If colour is the only cue, one of the themes is enough; else a pair has to be too close in every theme. Texts that are no
/// colours, transparent ones and `panel-bg` are left out, and so is `text` where it stands beside one colour only.
pub fn confusable<S: AsRef<str>>(
    colors: &[S],
    question: &Question<'_>,
    cache: &PairCache,
) -> Vec<Confusable> {
    // The pair's worst place in each theme; the places are the same in each theme but the colours need not be.
    let sets: Vec<(Theme, Vec<(usize, Rgba)>)> = question
        .themes
        .iter()
        .map(|theme| (*theme, painted(colors, *theme)))
        .collect();
    let mut found: Vec<Confusable> = Vec::new();
    let mut votes: Vec<usize> = Vec::new();
    for (theme, set) in &sets {
        for (at, (a, color_a)) in set.iter().enumerate() {
            for (b, color_b) in &set[at + 1..] {
                let report = cache.pair(*color_a, *color_b, *theme);
                let Some(seen) = too_close(&report, question) else {
                    continue;
                };
                let new = Confusable {
                    a: *a,
                    b: *b,
                    theme: *theme,
                    deficiency: seen.0,
                    distance: seen.1,
                    report,
                };
                match found.iter().position(|old| (old.a, old.b) == (*a, *b)) {
                    Some(old) => {
                        votes[old] += 1;
                        if new.distance < found[old].distance {
                            found[old] = new;
                        }
                    }
                    None => {
                        found.push(new);
                        votes.push(1);
                    }
                }
            }
        }
    }
    let needed = if question.only_cue { 1 } else { sets.len() };
    let mut votes = votes.into_iter();
    found.retain(|_| votes.next().is_some_and(|v| v >= needed));
    found.sort_by(|x, y| {
        x.distance
            .total_cmp(&y.distance)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    found
}

/// The different colours of a set that are seen on a panel, each with its first place.
fn painted<S: AsRef<str>>(colors: &[S], theme: Theme) -> Vec<(usize, Rgba)> {
    let mut set: Vec<(usize, Rgba)> = Vec::new();
    let mut texts: Vec<usize> = Vec::new();
    for (place, text) in colors.iter().enumerate() {
        let resolved = resolve(text.as_ref(), theme);
        let Some(color) = resolved.painted(theme) else {
            continue;
        };
        if set.iter().any(|(_, known)| *known == color) {
            continue;
        }
        if resolved == Resolved::Special(Special::Text) {
            texts.push(place);
        }
        set.push((place, color));
        if set.len() == LARGEST_SET {
            break;
        }
    }
    if set.len() - texts.len() < 2 {
        set.retain(|(place, _)| !texts.contains(place));
    }
    set
}

/// The deficiency with which a pair is too close and its distance.
fn too_close(report: &PairReport, question: &Question<'_>) -> Option<(Deficiency, f64)> {
    if report.normal < LIMIT_GUARD || report.contrast >= LIMIT_LIGHTNESS_CUE {
        return None;
    }
    let seen = report.worst(question.deficiencies)?;
    (seen.distance < question.limit()).then_some((seen.deficiency, seen.distance))
}

/// How alike two series colours are.
#[derive(Clone, Debug, PartialEq)]
pub enum Alike {
    /// To everybody: two different colours closer than 5.
    Everybody(Confusable),
    /// To people with a deficiency.
    Some(Confusable),
}

/// The pairs of series colours that are too much alike, those alike to everybody first.
///
/// In an [`Alike::Everybody`] the `distance` is the one of typical vision and the `deficiency` the one with which the pair is
/// closest.
pub fn series_alike<S: AsRef<str>>(
    colors: &[S],
    question: &Question<'_>,
    cache: &PairCache,
) -> Vec<Alike> {
    let mut found: Vec<Confusable> = Vec::new();
    for theme in question.themes {
        let set = painted(colors, *theme);
        for (at, (a, color_a)) in set.iter().enumerate() {
            for (b, color_b) in &set[at + 1..] {
                let report = cache.pair(*color_a, *color_b, *theme);
                if report.normal >= LIMIT_SAME || found.iter().any(|old| (old.a, old.b) == (*a, *b))
                {
                    continue;
                }
                let deficiency = report
                    .worst(question.deficiencies)
                    .map_or(Deficiency::Deutan, |s| s.deficiency);
                let distance = report.normal;
                found.push(Confusable {
                    a: *a,
                    b: *b,
                    theme: *theme,
                    deficiency,
                    distance,
                    report,
                });
            }
        }
    }
    found.sort_by(|x, y| {
        x.distance
            .total_cmp(&y.distance)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    let some = confusable(
        colors,
        &Question {
            only_cue: false,
            ..*question
        },
        cache,
    );
    found
        .into_iter()
        .map(Alike::Everybody)
        .chain(some.into_iter().map(Alike::Some))
        .collect()
}

/// What a colour is used for on a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A text of at least 24 px, or 18.66 px bold: the value of a stat panel.
    LargeText,
    /// Any other text: a table cell.
    Text,
    /// A part of a graphic that is needed to understand it.
    Graphic,
}

impl Use {
    /// The contrast WCAG 2.2 asks for (1.4.3, 1.4.11).
    pub fn required(self) -> f64 {
        match self {
            Use::LargeText => LIMIT_TEXT_LARGE,
            Use::Text => LIMIT_TEXT,
            Use::Graphic => LIMIT_GRAPHICS,
        }
    }
}

/// The contrast of a colour against the panel where it is less than its use requires. Not rounded: 2.999 is less than 3.
pub fn low_contrast(text: &str, theme: Theme, use_: Use) -> Option<f64> {
    let color = resolve(text, theme).painted(theme)?;
    let ratio = contrast(color, theme.panel());
    (ratio < use_.required()).then_some(ratio)
}
