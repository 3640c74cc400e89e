//! In which colours the dashboards of a project show the same words.

use rustc_hash::FxHashMap;

use crate::color::Shade;
use crate::model::{Mapping, ParsedFile};
use crate::syntax::{Kind, NodeRef};

/// How often each word is shown in each shade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusColors {
    counts: FxHashMap<String, FxHashMap<Shade, u32>>,
}

/// Words that are good here and bad there.
const EITHER: &[&str] = &[
    "disabled", "enabled", "false", "n/a", "na", "no", "none", "null", "off", "on", "true",
    "unknown", "yes",
];
/// A shade is the usual one from so many uses on.
const USUAL: u32 = 3;

impl StatusColors {
    /// What the value mappings of a file say.
    pub(super) fn collect(file: &ParsedFile) -> Self {
        let mut found = StatusColors::default();
        for tree in &file.trees {
            let mut open: Vec<NodeRef<'_>> = tree.documents().collect();
            while let Some(node) = open.pop() {
                let mappings =
                    node.kind() == Kind::Array && node.key().as_deref() == Some("mappings");
                if !mappings {
                    open.extend(node.children().filter(|child| !child.is_alias()));
                    continue;
                }
                for result in node.items().flat_map(|node| Mapping { node }.results()) {
                    if let Some((word, shade)) = state(result) {
                        *found
                            .counts
                            .entry(word)
                            .or_default()
                            .entry(shade)
                            .or_default() += 1;
                    }
                }
            }
        }
        found
    }

    /// Adds another file's.
    pub(super) fn join(&mut self, other: &StatusColors) {
        for (word, shades) in &other.counts {
            let known = self.counts.entry(word.clone()).or_default();
            for (shade, count) in shades {
                *known.entry(*shade).or_default() += count;
            }
        }
    }

    /// The shade a word usually has and how often, where this one is a rare exception.
    pub fn usual(&self, word: &str, shade: Shade) -> Option<(Shade, u32)> {
        let shades = self.counts.get(word)?;
        let own = shades.get(&shade).copied().unwrap_or(0);
        let (usual, count) = shades
            .iter()
            .max_by_key(|(shade, count)| (**count, **shade))?;
        (*usual != shade && *count >= USUAL && *count >= 3 * own).then_some((*usual, *count))
    }
}

/// The word a mapping's result shows and its shade, where the word says what state something is in.
pub(crate) fn state(result: NodeRef<'_>) -> Option<(String, Shade)> {
    let text = result.get("text")?.as_str()?;
    let word = text.trim().to_lowercase();
    let says = word.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    if !says || EITHER.binary_search(&word.as_str()).is_ok() {
        return None;
    }
    let color = result.get("color")?.as_str()?;
    Some((word, Shade::of(&color)?))
}
