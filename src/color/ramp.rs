//! Other colours for a ramp from good to bad, for eyes that do not tell green from red.

use super::data::PALETTES;
use super::verdict::{Question, confusable};
use super::{Deficiency, PairCache, Resolved, Rgba, Theme, resolve};

/// Named colours that can be told apart, from good to bad.
#[derive(Debug, PartialEq)]
pub struct Palette {
    /// Its id in the facts.
    pub id: &'static str,
    /// The idea behind it.
    pub family: Family,
    /// Its colours, from good to bad.
    pub colors: &'static [&'static str],
    /// The smallest distance of any pair over both themes: to everybody, with protanopia, deuteranopia, tritanopia.
    pub worst: [f64; 4],
}

/// The idea behind a palette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Family {
    /// Good stays green and bad red, in shades that differ.
    #[default]
    KeepHue,
    /// The same for the dark theme only.
    KeepHueDark,
    /// The same for coloured text in the dark theme: at least 4.5:1 on the panel.
    KeepHueText,
    /// Blue is good, red is bad.
    Blue,
}

/// All palettes.
pub fn palettes() -> &'static [Palette] {
    PALETTES
}

/// New colours for a ramp.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The palette they come from.
    pub palette: &'static Palette,
    /// For each colour of the ramp its new name; nothing where it may stay.
    pub colors: Vec<Option<&'static str>>,
}

/// The hues of a status ramp, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hue {
    Green,
    Yellow,
    Orange,
    Red,
}

/// What a colour is in a ramp.
enum Part {
    Step(Hue, Rgba),
    /// A grey, the colour of text, nothing: it may stay.
    Neutral,
    /// Anything else: this is no ramp that is known here.
    Stranger,
}

/// Below this alpha a colour is a tint, and an opaque one is no replacement.
const LEAST_ALPHA: u8 = 190;

fn part(text: &str) -> Part {
    let color = match resolve(text, Theme::Dark) {
        Resolved::Color(color) if color.is_transparent() => return Part::Neutral,
        Resolved::Color(color) if color.a >= LEAST_ALPHA => color,
        Resolved::Special(special) if Resolved::Special(special).rgba(Theme::Dark).is_some() => {
            return Part::Neutral;
        }
        _ => return Part::Stranger,
    };
    let Some(hue) = color.hue() else {
        return Part::Neutral;
    };
    let hue = match hue {
        d if !(14.0..340.0).contains(&d) => Hue::Red,
        d if d < 41.0 => Hue::Orange,
        d if d < 68.0 => Hue::Yellow,
        d if (75.0..170.0).contains(&d) => Hue::Green,
        _ => return Part::Stranger,
    };
    Part::Step(hue, color)
}

/// Proposes colours for a ramp of threshold steps or mappings from good to bad or bad to good, or there and back again.
///
/// A step keeps its meaning, so the author's order stays. Nothing is proposed for colours that are no such ramp: fewer than
/// two of green, yellow, orange and red, two shades of one of them, any other hue, or hues that jump to and fro. Nor is it if
/// the new colours could be confused with each other or with the greys that stay.
pub fn propose<S: AsRef<str>>(colors: &[S], family: Family, cache: &PairCache) -> Option<Proposal> {
    let mut shades: [Option<Rgba>; 4] = [None; 4];
    let mut steps: Vec<Option<Hue>> = Vec::with_capacity(colors.len());
    for text in colors {
        match part(text.as_ref()) {
            Part::Stranger => return None,
            Part::Neutral => steps.push(None),
            Part::Step(hue, color) => {
                if shades[hue as usize]
                    .replace(color)
                    .is_some_and(|other| other != color)
                {
                    return None;
                }
                steps.push(Some(hue));
            }
        }
    }
    let order: Vec<Hue> = steps.iter().copied().flatten().collect();
    let has = |hue: Hue| shades[hue as usize].is_some();
    if shades.iter().flatten().count() < 2 || turns(&order) > 1 {
        return None;
    }
    let size = match (has(Hue::Yellow), has(Hue::Orange)) {
        (true, true) => 4,
        (false, false) => 2,
        _ => 3,
    };
    let palette = choose(family, size)?;
    let new = |hue: Hue| {
        let place = match (hue, size) {
            (Hue::Green, _) => 0,
            (Hue::Yellow | Hue::Orange, 3) | (Hue::Yellow, _) => 1,
            (Hue::Orange, _) => 2,
            (Hue::Red, _) => size - 1,
        };
        palette.colors[place]
    };
    let proposed: Vec<Option<&'static str>> = steps
        .iter()
        .zip(colors)
        .map(|(step, old)| step.map(new).filter(|new| *new != old.as_ref()))
        .collect();
    let after: Vec<&str> = proposed
        .iter()
        .zip(colors)
        .map(|(new, old)| new.unwrap_or(old.as_ref()))
        .collect();
    let themes: &[Theme] = match family {
        Family::KeepHueDark | Family::KeepHueText => &[Theme::Dark],
        Family::KeepHue | Family::Blue => &Theme::ALL,
    };
    let question = Question {
        themes,
        deficiencies: &Deficiency::RED_GREEN,
        only_cue: true,
    };
    let better =
        proposed.iter().any(Option::is_some) && confusable(&after, &question, cache).is_empty();
    better.then_some(Proposal {
        palette,
        colors: proposed,
    })
}

/// The palette of a family with so many colours; where the family has none, the one of a family as good for its purpose.
fn choose(family: Family, size: usize) -> Option<&'static Palette> {
    let others: &[Family] = match family {
        Family::KeepHueText => &[],
        _ => &[Family::KeepHue, Family::Blue],
    };
    std::iter::once(&family).chain(others).find_map(|f| {
        PALETTES
            .iter()
            .find(|p| p.family == *f && p.colors.len() == size)
    })
}

/// How often a sequence changes its direction.
fn turns(order: &[Hue]) -> usize {
    let moves = order
        .windows(2)
        .map(|two| two[0].cmp(&two[1]))
        .filter(|m| m.is_ne());
    let mut last = None;
    moves
        .filter(|m| last.replace(*m).is_some_and(|before| before != *m))
        .count()
}
