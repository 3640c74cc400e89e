//! Colours: what a text in a dashboard paints, and who can tell it from another.
//!
//! [`resolve()`] turns a text into a colour as Grafana does it; [`pair()`] measures two colours as everybody and as people
//! with a colour vision deficiency see them; [`verdict`] decides which pairs of a set are too much alike; [`ramp`] proposes
//! colours that are not; [`swatch`] shows them. The facts are in `rules/facts/colors.toml`.
//!
//! ```
//! use dashlint::color::{Deficiency, Theme, pair, resolve};
//!
//! let green = resolve("green", Theme::Dark).rgba(Theme::Dark).unwrap_or_default();
//! let red = resolve("#F2495C", Theme::Dark).rgba(Theme::Dark).unwrap_or_default();
//! let report = pair(green, red, Theme::Dark);
//! assert!(report.normal > 60.0);
//! assert!(report.seen_by(Deficiency::Deutan).distance < 8.0);
//! ```

mod css;
pub mod data;
pub mod distance;
mod pair;
pub mod ramp;
pub mod resolve;
mod shade;
pub mod simulate;
pub mod swatch;
pub mod verdict;

use std::fmt;

pub use pair::{PairCache, PairReport, Seen, pair};
pub use resolve::{Resolved, Special, resolve};
pub use shade::Shade;
pub use simulate::{Deficiency, Model};

/// An sRGB colour of 8 bits a channel with its alpha.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Alpha, 255 is opaque.
    pub a: u8,
}

/// Below this spread of its channels a colour has no hue.
const LEAST_CHROMA: f64 = 40.0;

impl Rgba {
    /// An opaque colour.
    pub const fn opaque(r: u8, g: u8, b: u8) -> Self {
        Rgba {
            r,
            g,
            b,
            a: u8::MAX,
        }
    }

    /// Alpha from 0 to 1.
    pub fn alpha(self) -> f64 {
        f64::from(self.a) / 255.0
    }

    /// Whether so little of it is painted that it is no colour to anybody (alpha below 0.05).
    pub fn is_transparent(self) -> bool {
        self.alpha() < data::LIMIT_TRANSPARENT_ALPHA
    }

    /// Its angle on the wheel of colours, in degrees from red; nothing for a grey, whose channels hardly differ.
    fn hue(self) -> Option<f64> {
        let [r, g, b] = [self.r, self.g, self.b].map(f64::from);
        let most = r.max(g).max(b);
        let chroma = most - r.min(g).min(b);
        if chroma < LEAST_CHROMA {
            return None;
        }
        let sixth = if most == r {
            ((g - b) / chroma).rem_euclid(6.0)
        } else if most == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
        Some(sixth * 60.0)
    }

    /// What is seen of it on an opaque background; browsers mix the encoded values, not light.
    #[must_use]
    pub fn over(self, background: Rgba) -> Rgba {
        let alpha = self.alpha();
        let mix = |front: u8, back: u8| {
            (f64::from(front) * alpha + f64::from(back) * (1.0 - alpha)).round() as u8
        };
        Rgba::opaque(
            mix(self.r, background.r),
            mix(self.g, background.g),
            mix(self.b, background.b),
        )
    }

    /// What is seen of it on a panel.
    #[must_use]
    pub fn on_panel(self, theme: Theme) -> Rgba {
        self.over(theme.panel())
    }
}

/// `#RRGGBB`, or `#RRGGBBAA` if it is not opaque.
impl fmt::Display for Rgba {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a == u8::MAX {
            Ok(())
        } else {
            write!(f, "{:02x}", self.a)
        }
    }
}

/// One of Grafana's two default themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Theme {
    /// Grafana's default.
    #[default]
    Dark,
    /// The other one.
    Light,
}

impl Theme {
    /// Both.
    pub const ALL: [Theme; 2] = [Theme::Dark, Theme::Light];

    /// The themes of a configuration's `dark`, `light` or `both`.
    pub fn selection(name: &str) -> Option<&'static [Theme]> {
        match name {
            "dark" => Some(&Theme::ALL[..1]),
            "light" => Some(&Theme::ALL[1..]),
            "both" => Some(&Theme::ALL),
            _ => None,
        }
    }

    /// `dark` or `light`.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }

    /// The colour of a panel's background.
    pub fn panel(self) -> Rgba {
        data::PANEL.of(self)
    }
}

/// A colour that depends on the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Themed {
    /// In the dark theme.
    pub dark: Rgba,
    /// In the light theme.
    pub light: Rgba,
}

impl Themed {
    /// The colour in one theme.
    pub const fn of(self, theme: Theme) -> Rgba {
        match theme {
            Theme::Dark => self.dark,
            Theme::Light => self.light,
        }
    }
}
