//! Texts for reports that count otherwise than we do, or that need more of a file than a place.

use std::sync::Arc;

use super::Sources;
use crate::source::{LineIndex, Position};

/// A text and its lines.
type Indexed = (Arc<str>, LineIndex);

/// The texts of files, the last one kept: findings come file by file.
pub(super) struct Lines<'a> {
    sources: &'a dyn Sources,
    kept: Option<(Arc<str>, Option<Indexed>)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(sources: &'a dyn Sources) -> Self {
        Lines {
            sources,
            kept: None,
        }
    }

    /// The text of a file and its lines; `None` when it cannot be had any more.
    pub(super) fn of(&mut self, file: &Arc<str>) -> Option<(&str, &LineIndex)> {
        if self.kept.as_ref().is_none_or(|(kept, _)| kept != file) {
            let text = self.sources.text(file).map(|text| {
                let index = LineIndex::new(&text);
                (text, index)
            });
            self.kept = Some((file.clone(), text));
        }
        let (_, text) = self.kept.as_ref()?;
        text.as_ref().map(|(text, index)| (&**text, index))
    }

    /// The place of a byte.
    pub(super) fn position(&mut self, file: &Arc<str>, offset: u32) -> Option<Position> {
        let (text, index) = self.of(file)?;
        ((offset as usize) <= text.len()).then(|| index.position(text, offset))
    }

    /// The column of a place counted in bytes; in characters, where the text cannot be had.
    pub(super) fn byte_column(&mut self, file: &Arc<str>, place: Position) -> u32 {
        self.of(file)
            .and_then(|(text, index)| index.line_start(text, place.line))
            .and_then(|start| place.offset.checked_sub(start)?.checked_add(1))
            .unwrap_or(place.column)
            .max(1)
    }
}
