//! What a colour is called: coarse, for comparing what it stands for.

use super::{Resolved, Theme, resolve};

/// The name of a colour, as a reader would say it. Yellow and orange are one: both mean "look here".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shade {
    /// From lime to teal.
    Green,
    /// Yellow and orange.
    Amber,
    /// Red and pink.
    Red,
    /// Blue and cyan.
    Blue,
    /// Purple.
    Purple,
    /// White, black and what is between.
    Grey,
}

impl Shade {
    /// The shade a text paints on a dark panel; nothing where it paints nothing.
    pub fn of(text: &str) -> Option<Self> {
        let color = match resolve(text, Theme::Dark) {
            Resolved::Color(color) if !color.is_transparent() => color,
            _ => return None,
        };
        let Some(hue) = color.hue() else {
            return Some(Shade::Grey);
        };
        Some(match hue {
            d if !(14.0..330.0).contains(&d) => Shade::Red,
            d if d < 68.0 => Shade::Amber,
            d if d < 170.0 => Shade::Green,
            d if d < 255.0 => Shade::Blue,
            _ => Shade::Purple,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Shade::Green => "green",
            Shade::Amber => "yellow or orange",
            Shade::Red => "red",
            Shade::Blue => "blue",
            Shade::Purple => "purple",
            Shade::Grey => "grey",
        }
    }
}
