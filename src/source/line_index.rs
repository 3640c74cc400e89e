//! Line starts of a text.

use serde::Serialize;

/// A place in a file as people and reports name it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    schemars::JsonSchema,
)]
pub struct Position {
    /// Line, from 1. `\n` ends a line; the `\r` of a `\r\n` belongs to the line it ends.
    pub line: u32,
    /// Column, from 1, counted in Unicode characters (a byte order mark at the start of a file counts as none).
    pub column: u32,
    /// Offset in bytes from the start of the file.
    pub offset: u32,
}

/// Bytes between two counts of characters.
const STRIDE: usize = 1024;

/// Where each line of a text starts, and how many characters stand before each stretch of it: a dashboard on one line of
/// two megabytes is answered as fast as any other.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters before byte `n * STRIDE`; empty where every character is one byte.
    counts: Vec<u32>,
}

impl LineIndex {
    /// Scans `text` once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0u32];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1));
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for stretch in bytes.chunks(STRIDE) {
                counts.push(count);
                count += characters(stretch);
            }
            counts.push(count);
        }
        LineIndex { starts, counts }
    }

    /// The position of byte `offset` of `text`, the text the index was made from. An offset past the end is the
    /// end; one inside a character is that character's start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let at = boundary(text, offset);
        let line = self.starts.partition_point(|&start| start as usize <= at) - 1;
        let start = self.starts[line] as usize;
        let column = self.before(text, at) - self.before(text, start);
        place(text, line as u32, column, at)
    }

    /// Characters before byte `at`.
    fn before(&self, text: &str, at: usize) -> u32 {
        match self.counts.get(at / STRIDE) {
            None => at as u32,
            Some(count) => count + characters(&text.as_bytes()[at / STRIDE * STRIDE..at]),
        }
    }

    /// The byte offset at which `line` (from 1) starts, if there is such a line.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(line.checked_sub(1)? as usize).copied()
    }

    /// Number of lines; a text that ends with a newline has an empty last line.
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }
}

/// The position of byte `offset` of `text`, as an index of its lines would have it, by counting from the start.
pub(super) fn counted(text: &str, offset: u32) -> Position {
    let at = boundary(text, offset);
    let before = &text.as_bytes()[..at];
    let line = memchr::memchr_iter(b'\n', before).count() as u32;
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    place(text, line, characters(&before[start..]), at)
}

/// The start of the character at `offset`; the end for an offset past it.
fn boundary(text: &str, offset: u32) -> usize {
    let mut at = (offset as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The position at byte `at`, with so many lines before it and so many characters before it in its own.
fn place(text: &str, lines: u32, characters: u32, at: usize) -> Position {
    let marked = lines == 0 && at > 0 && text.starts_with('\u{feff}');
    Position {
        line: lines + 1,
        column: characters + 1 - u32::from(marked),
        offset: at as u32,
    }
}

/// Characters that begin in `bytes`.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn columns_count_characters_on_lines_of_any_length() {
        let long = "ä".repeat(5_000);
        let text = format!("\u{feff}ab\n{long}x\r\nlast");
        let index = LineIndex::new(&text);
        for (offset, _) in text.char_indices() {
            let before = &text[..offset];
            let line = before.matches('\n').count() as u32 + 1;
            let on_line = before.rsplit('\n').next().unwrap_or_default();
            let column = on_line.trim_start_matches('\u{feff}').chars().count() as u32 + 1;
            let position = index.position(&text, offset as u32);
            assert_eq!(
                (position.line, position.column),
                (line, column),
                "at {offset}"
            );
        }
    }
}
