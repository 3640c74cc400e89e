//! What the command line selects, and the presets.

use super::keys::PRESETS;
use super::names::Selector;
use crate::diagnostic::{Group, Severity};

/// What the command line selects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these run.
    pub select: Vec<Selector>,
    /// These do not run.
    pub ignore: Vec<Selector>,
    /// These run too.
    pub extend_select: Vec<Selector>,
    /// Instead of the presets that the configuration names.
    pub preset: Option<Preset>,
}

/// A preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// What is right for everybody.
    Recommended,
    /// And team habits.
    Strict,
    /// And the conventions of monitoring mixins.
    Mixin,
}

impl Preset {
    /// The word users write.
    pub fn name(self) -> &'static str {
        PRESETS[self as usize]
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Preset::Recommended => include_str!("../../rules/presets/recommended.toml"),
            Preset::Strict => include_str!("../../rules/presets/strict.toml"),
            Preset::Mixin => include_str!("../../rules/presets/mixin.toml"),
        }
    }
}

impl std::str::FromStr for Preset {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Preset::Recommended, Preset::Strict, Preset::Mixin]
            .into_iter()
            .find(|preset| preset.name() == word)
            .ok_or_else(|| format!("`{word}` is no preset: {}", PRESETS.join(", ")))
    }
}

impl Selection {
    pub(crate) fn is_empty(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty() && self.extend_select.is_empty()
    }

    /// A rule's severity, given the configured one. The narrower name wins; between equals `ignore`.
    pub(crate) fn level(
        &self,
        id: &str,
        group: Group,
        own: Severity,
        configured: Option<Severity>,
    ) -> Option<Severity> {
        let narrowest = |list: &[Selector]| {
            list.iter()
                .filter(|selector| selector.matches(id, group))
                .map(|selector| match selector {
                    Selector::All => 1,
                    Selector::Group(_) => 2,
                    Selector::Pack(_) => 3,
                    Selector::Rule(_) => 4,
                })
                .max()
                .unwrap_or(0)
        };
        let on = narrowest(&self.select).max(narrowest(&self.extend_select));
        let off = narrowest(&self.ignore);
        if off > 0 && off >= on {
            None
        } else if on > 0 {
            configured.or(Some(own))
        } else if self.select.is_empty() {
            configured
        } else {
            None
        }
    }
}
