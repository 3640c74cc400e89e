//! Text in XML 1.0.

use super::terminal::sanitize;

/// `text` for an attribute or an element. What XML cannot hold at all, and what a terminal would obey, line breaks among it, is
/// written as an escape of ours.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => {
                let mut buffer = [0; 4];
                out.push_str(&sanitize(c.encode_utf8(&mut buffer)));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn only_what_xml_can_hold() {
        assert_eq!(
            escape("<a b=\"c\">&\n\u{1b}[2J\u{0}\u{ffff}größe"),
            "&lt;a b=&quot;c&quot;&gt;&amp;\\n\\u{1b}[2J\\u{0}\u{fffd}größe"
        );
    }
}
