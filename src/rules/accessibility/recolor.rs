//! Other colours for a set, and the words about a pair.

use super::status::{Paint, StatusSet};
use crate::color::ramp::{Family, propose};
use crate::color::verdict::{Confusable, Use};
use crate::color::{PairCache, Theme};
use crate::span::Span;

/// New colours for a set, or for several.
#[derive(Default)]
pub(super) struct Repaint {
    /// The bytes of the file that change.
    pub(super) edits: Vec<(Span, String)>,
    /// The new colours, each once.
    pub(super) names: Vec<&'static str>,
}

impl Repaint {
    /// In words.
    pub(super) fn title(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let list = match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        };
        format!("paint it {list}")
    }

    /// Both together.
    pub(super) fn join(&mut self, other: Repaint) {
        self.edits.extend(other.edits);
        for name in other.names {
            if !self.names.contains(&name) {
                self.names.push(name);
            }
        }
    }
}

/// What gives a ramp from good to bad colours everybody can tell apart; `None` where the set is no such ramp or a colour
/// cannot be written in this carrier.
pub(super) fn recolor(set: &StatusSet<'_>, cache: &PairCache) -> Option<Repaint> {
    let family = match set.paint {
        Paint::Text(Use::Text) => Family::KeepHueText,
        _ => Family::KeepHue,
    };
    let texts: Vec<&str> = set.colors.iter().map(|color| color.text.as_str()).collect();
    let proposal = propose(&texts, family, cache)?;
    let mut repaint = Repaint::default();
    for (color, new) in set.colors.iter().zip(proposal.colors) {
        let Some(new) = new else { continue };
        let whole = Span::new(0, color.text.len());
        repaint.join(Repaint {
            edits: vec![color.node.encode_str(whole, new)?],
            names: vec![new],
        });
    }
    (!repaint.edits.is_empty()).then_some(repaint)
}

/// Whose eyes a pair is too close for, and where.
pub(super) fn people(pair: &Confusable) -> String {
    let theme = match pair.theme {
        Theme::Dark => "",
        Theme::Light => ", in the light theme",
    };
    format!("people with {}{theme}", pair.deficiency.name())
}
