//! No secret in an excerpt: what a log of continuous integration shows, everybody reads.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

/// A key that holds a secret, by its name, and its value in JSON or YAML. The names are those of data sources' secure
/// settings and of contact points (facts: provisioning, receivers), and what people call such things.
const PATTERN: &str = r#"(?i)(["']?[\w.-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|httpHeaderValue\d*|credential)[\w.-]*["']?\s*:\s*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'{}\[\],$&*|>#][^\s,}\]]*)"#;

/// The text with the values of such keys covered, character for character and byte for byte, so that every position stays what
/// it was.
/// References (`$ENV`, `$__file{…}`) are no secrets.
pub fn masked(text: &str) -> Cow<'_, str> {
    static SECRET: OnceLock<Option<Regex>> = OnceLock::new();
    let Some(secret) = SECRET.get_or_init(|| Regex::new(PATTERN).ok()) else {
        return Cow::Borrowed(text);
    };
    let mut out: Option<String> = None;
    let mut copied = 0;
    for found in secret.captures_iter(text) {
        let Some(value) = found.get(2) else { continue };
        let quoted = value.as_str().starts_with(['"', '\'']);
        let (start, end) = (
            value.start() + usize::from(quoted),
            value.end() - usize::from(quoted),
        );
        let reference = text[start..end].starts_with('$');
        if !reference && !matches!(&text[start..end], "true" | "false" | "null") {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..start]);
            out.extend(text[start..end].chars().map(cover));
            copied = end;
        }
    }
    match out {
        Some(mut masked) => {
            masked.push_str(&text[copied..]);
            Cow::Owned(masked)
        }
        None => Cow::Borrowed(text),
    }
}

/// A character that takes as many bytes and says nothing.
fn cover(c: char) -> char {
    match c.len_utf8() {
        1 => '*',
        2 => '·',
        3 => '•',
        _ => '🞄',
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn values_of_secret_keys_are_covered_and_nothing_moves() {
        let text = "password: hunter2\n{\"apiKey\":\"äb\\\"c\",\"url\":\"x\",\"token\": \"$TOKEN\"}\nsecureJsonData:\n  httpHeaderValue1: 'Bearer x'\n";
        let covered = masked(text);
        assert_eq!(covered.len(), text.len());
        assert_eq!(covered.chars().count(), text.chars().count());
        assert!(covered.contains("password: *******\n"), "{covered}");
        assert!(
            !covered.contains('ä') && !covered.contains("Bearer"),
            "{covered}"
        );
        assert!(
            covered.contains("\"$TOKEN\"") && covered.contains("secureJsonData:\n"),
            "{covered}"
        );
    }
}
