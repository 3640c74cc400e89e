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

/// Where each line of a text starts.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Scans `text` once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0u32];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        LineIndex { starts }
    }

    /// The position of byte `offset` of `text`, the text the index was made from. An offset past the end is the
    /// end; one inside a character is that character's start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|&start| start as usize <= at) - 1;
        let start = self.starts[line] as usize;
        let before = &text[start..at];
        let mut column = before.chars().count() as u32 + 1;
        if line == 0 && before.starts_with('\u{feff}') {
            column -= 1;
        }
        Position {
            line: line as u32 + 1,
            column,
            offset: at as u32,
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
