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

impl Position {
    /// The position behind `text`, which begins at this one.
    pub(super) fn behind(self, text: &str) -> Position {
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32;
        let last = text
            .rfind('\n')
            .map_or(text, |newline| &text[newline + 1..]);
        let column = if lines == 0 { self.column } else { 1 };
        Position {
            line: self.line + lines,
            column: column + characters(last.as_bytes()),
            offset: self.offset + text.len() as u32,
        }
    }
}

/// Bytes of a stretch.
const STRIDE: usize = 1024;

/// What stands before each stretch of a text: what is asked of it is counted from there, so that a dashboard on one line of two
/// megabytes is answered as fast as any other.
#[derive(Debug)]
pub struct LineIndex {
    stretches: Vec<Stretch>,
    /// Characters before each stretch; empty where every character is one byte.
    characters: Vec<u32>,
}

/// What stands before a stretch.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// How many lines have ended.
    lines: u32,
    /// Where the line starts that it begins in.
    start: u32,
}

impl LineIndex {
    /// Scans `text` once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut before = Stretch { lines: 0, start: 0 };
        let mut stretches = Vec::with_capacity(bytes.len() / STRIDE + 2);
        for (at, stretch) in bytes.chunks(STRIDE).enumerate() {
            stretches.push(before);
            before.lines += memchr::memchr_iter(b'\n', stretch).count() as u32;
            if let Some(newline) = memchr::memrchr(b'\n', stretch) {
                before.start = (at * STRIDE + newline + 1) as u32;
            }
        }
        stretches.push(before);
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for stretch in bytes.chunks(STRIDE) {
                characters.push(count);
                count += self::characters(stretch);
            }
            characters.push(count);
        }
        LineIndex {
            stretches,
            characters,
        }
    }

    /// The position of byte `offset` of `text`, the text the index was made from. An offset past the end is the
    /// end; one inside a character is that character's start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let at = boundary(text, offset);
        let first = at / STRIDE * STRIDE;
        let near = &text.as_bytes()[first..at];
        let Stretch { lines, start } = self.stretches[at / STRIDE];
        let line = lines + memchr::memchr_iter(b'\n', near).count() as u32;
        let start = match memchr::memrchr(b'\n', near) {
            Some(newline) => first + newline + 1,
            None => start as usize,
        };
        let column = self.before(text, at) - self.before(text, start);
        place(text, line, column, at)
    }

    /// Characters before byte `at`.
    fn before(&self, text: &str, at: usize) -> u32 {
        match self.characters.get(at / STRIDE) {
            None => at as u32,
            Some(count) => count + characters(&text.as_bytes()[at / STRIDE * STRIDE..at]),
        }
    }

    /// The byte offset at which `line` (from 1) of `text` starts, if there is such a line.
    pub fn line_start(&self, text: &str, line: u32) -> Option<u32> {
        let wanted = line.checked_sub(1)?;
        // The stretch in which the line before it ends.
        let after = |stretch: &Stretch| stretch.lines < wanted;
        let Some(at) = self.stretches.partition_point(after).checked_sub(1) else {
            return Some(0);
        };
        let first = at * STRIDE;
        let ended = wanted - self.stretches[at].lines;
        let newline = memchr::memchr_iter(b'\n', text.as_bytes().get(first..)?);
        let newline = newline.take(ended as usize).nth(ended as usize - 1)?;
        Some((first + newline + 1) as u32)
    }

    /// Number of lines; a text that ends with a newline has an empty last line.
    pub fn lines(&self) -> u32 {
        self.stretches.last().map_or(0, |last| last.lines) + 1
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
    // As many at once as a byte can count: one instruction then adds up sixteen of them.
    bytes
        .chunks(usize::from(u8::MAX))
        .map(|few| {
            let begins = few.iter().map(|byte| u8::from(byte & 0xC0 != 0x80));
            u32::from(begins.sum::<u8>())
        })
        .sum()
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

    #[test]
    fn lines_start_behind_the_line_before() {
        for text in [
            String::new(),
            "\n".to_owned(),
            "one".to_owned(),
            format!("one\n\n{}\n{}", "two".repeat(2_000), "\nthree".repeat(900)),
            "x".repeat(1_023) + "\n" + &"y".repeat(1_024) + "\n",
        ] {
            let index = LineIndex::new(&text);
            let ends = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
            let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
            assert_eq!(index.lines() as usize, starts.len());
            for (line, start) in (1..).zip(&starts) {
                assert_eq!(index.line_start(&text, line), Some(*start), "line {line}");
            }
            assert_eq!(index.line_start(&text, 0), None);
            assert_eq!(index.line_start(&text, index.lines() + 1), None);
        }
    }
}
