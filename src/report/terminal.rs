//! Text on a terminal: made harmless, measured, cut, wrapped and painted.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with everything a terminal would obey, or a reader could not see, written as an escape: control characters
/// (line breaks among them), bidirectional overrides, line separators, invisible characters.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    // Nearly all texts are plain ASCII, which takes no look at single characters.
    let plain = |byte: &u8| (b' '..0x7f).contains(byte);
    let Some(first) = text.bytes().position(|byte| !plain(&byte)) else {
        return Cow::Borrowed(text);
    };
    let Some(first) = text[first..].find(must_escape).map(|at| first + at) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        push_char(&mut out, c);
    }
    Cow::Owned(out)
}

/// Appends `c` as [`sanitize`] writes it.
pub(super) fn push_char(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if must_escape(c) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Whether a terminal would obey `c`, or a reader could not see it.
pub(super) fn must_escape(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(c,
        '\u{80}'..='\u{9f}'             // C1 controls
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // directions
        | '\u{2028}' | '\u{2029}'       // line and paragraph separators
        | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' // nothing to see
        | '\u{e0000}'..='\u{e007f}'     // tags
    )
}

/// Columns `c` takes on a terminal, near enough to decide where to cut or wrap.
pub fn char_width(c: char) -> usize {
    match u32::from(c) {
        0..=0x2ff => 1,
        0x300..=0x36f | 0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x231a..=0x231b
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x1fa70..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Columns `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// `text` cut to `max` characters, the cut marked by `ellipsis`.
pub fn clip<'t>(text: &'t str, max: usize, ellipsis: &str) -> Cow<'t, str> {
    if text.len() <= max || text.chars().nth(max).is_none() {
        return Cow::Borrowed(text);
    }
    let keep = max.saturating_sub(ellipsis.chars().count());
    let end = text
        .char_indices()
        .nth(keep)
        .map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{ellipsis}", text[..end].trim_end()))
}

/// `text` broken at spaces into lines of at most `columns` columns; a longer word has a line to itself.
pub fn wrap(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut end = 0;
    let mut used = 0;
    for word in text.split(' ') {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let wide = width(word);
        if end > start && used + 1 + wide > columns {
            lines.push(text[start..end].trim_end());
            start = at;
            used = wide;
        } else {
            used += wide + usize::from(at > start);
        }
        end = at + word.len();
    }
    if start < end || lines.is_empty() {
        lines.push(&text[start..end]);
    }
    lines
}

/// A way to paint words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Red,
    Yellow,
    Blue,
    Cyan,
    Green,
    Bold,
    Dim,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Paint::Red => "1;31",
            Paint::Yellow => "1;33",
            Paint::Blue => "1;34",
            Paint::Cyan => "36",
            Paint::Green => "32",
            Paint::Bold => "1",
            Paint::Dim => "2",
        }
    }
}

/// `text` painted, if colours are on.
pub(super) fn paint(color: bool, paint: Paint, text: &str) -> Cow<'_, str> {
    if color && !text.is_empty() {
        let mut painted = String::with_capacity(text.len() + 12);
        paint_on(&mut painted, color, paint, |out| out.push_str(text));
        Cow::Owned(painted)
    } else {
        Cow::Borrowed(text)
    }
}

/// Appends what `write` writes to `out`, painted, if colours are on.
pub(super) fn paint_on(
    out: &mut String,
    color: bool,
    paint: Paint,
    write: impl FnOnce(&mut String),
) {
    if color {
        out.push_str("\x1b[");
        out.push_str(paint.code());
        out.push('m');
    }
    write(out);
    if color {
        out.push_str("\x1b[0m");
    }
}

/// `text` as a link to `url`, which must be made of plain characters.
pub(super) fn link(text: &str, url: &str) -> String {
    format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_obey_is_left() {
        assert!(matches!(sanitize("Größe 文字 🦀"), Cow::Borrowed(_)));
        assert_eq!(
            sanitize("a\x1b[31mb\r\n\tc\u{9b}d\u{202e}e\u{7f}"),
            "a\\u{1b}[31mb\\r\\n\\tc\\u{9b}d\\u{202e}e\\u{7f}"
        );
    }

    #[test]
    fn clip_counts_characters() {
        assert_eq!(clip("äöü", 3, "…"), "äöü");
        assert_eq!(clip("äöüß", 3, "…"), "äö…");
        assert_eq!(clip("", 0, "…"), "");
    }

    #[test]
    fn wrap_breaks_at_spaces_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a verylongword b", 5), ["a", "verylongword", "b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("  two  gaps ", 80), ["  two  gaps "]);
    }
}
