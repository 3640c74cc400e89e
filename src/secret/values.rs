//! The secrets of a file, wherever their words are said.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};

use super::mask::{masked_words, veiled};

/// Shorter values are hidden only where they stand as a word of their own.
const WORD: usize = 6;
/// A value that is cut short is told by so many of its first bytes.
const HEAD: usize = 16;

/// The values of a file that nobody may read in a report.
#[derive(Debug, Default)]
pub struct SecretValues {
    values: Vec<String>,
    heads: Option<AhoCorasick>,
}

impl SecretValues {
    /// Those of the texts of files.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let told = texts.into_iter().flat_map(super::mask::values);
        let mut values: Vec<String> = Vec::new();
        for value in told {
            // Messages are one line.
            let lines = value.lines().map(str::trim);
            values.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
        }
        values.sort_unstable();
        values.dedup();
        let heads = (!values.is_empty()).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(values.iter().map(|value| head(value)))
        });
        SecretValues {
            heads: heads.and_then(Result::ok),
            values,
        }
    }

    /// Words of a report with these values, and what tells by itself that it is a secret, as asterisks: byte for byte.
    pub fn masked<'w>(&self, words: &'w str) -> Cow<'w, str> {
        let spans = self.found(words);
        if spans.is_empty() {
            return masked_words(words);
        }
        let mut covered = String::with_capacity(words.len());
        let mut end = 0;
        for (from, to) in spans {
            covered += words.get(end..from).unwrap_or_default();
            covered.extend(words.get(from..to).unwrap_or_default().chars().map(veiled));
            end = to;
        }
        covered += words.get(end..).unwrap_or_default();
        Cow::Owned(masked_words(&covered).into_owned())
    }

    fn found(&self, words: &str) -> Vec<(usize, usize)> {
        let Some(heads) = &self.heads else {
            return Vec::new();
        };
        let mut spans = Vec::new();
        let mut from = 0;
        for found in heads.find_iter(words) {
            let Some(value) = self.values.get(found.pattern().as_usize()) else {
                continue;
            };
            let rest = words.get(found.start()..).unwrap_or_default();
            // Of two values with the same beginning the one that was found is as good as the other: the word is hidden to its end.
            let same = rest.chars().zip(value.chars()).take_while(|(a, b)| a == b);
            let length: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
            let end = found.start() + length;
            let before = words.get(..found.start()).unwrap_or_default();
            let behind = words.get(end..).unwrap_or_default();
            let apart = !before.ends_with(char::is_alphanumeric)
                && !behind.starts_with(char::is_alphanumeric);
            if found.start() >= from && (apart || value.len() >= WORD) {
                let word = match apart || value.len() < HEAD {
                    true => 0,
                    false => behind
                        .find(|letter: char| letter.is_whitespace())
                        .unwrap_or(behind.len()),
                };
                spans.push((found.start(), end + word));
                from = end + word;
            }
        }
        spans
    }
}

/// The beginning of a value, on the border of a character.
fn head(value: &str) -> &str {
    let mut end = value.len().min(HEAD);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.get(..end).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::SecretValues;

    const FILE: &str = "secureJsonData:\n  password: hunter2secret\n  pin: abc\n  other: \"a\\\"quoted\\\"one\"\n  \
                        key: a-very-long-secret-that-is-cut-short\n  open: $REFERENCE\n";

    #[test]
    fn the_values_of_the_file_are_hidden_wherever_they_are_said() {
        let values = SecretValues::of([FILE]);
        for (words, hidden) in [
            ("found hunter2secret", "found *************"),
            ("xhunter2secretx", "x*************x"),
            ("`abc` is abcd", "`***` is abcd"),
            ("found a\"quoted\"one", "found ************"),
            (
                "found a-very-long-secret-th…",
                "found *********************…",
            ),
            ("found $REFERENCE", "found $REFERENCE"),
        ] {
            assert!(
                values
                    .masked(words)
                    .starts_with(hidden.trim_end_matches('…')),
                "{}",
                values.masked(words)
            );
        }
    }

    #[test]
    fn what_tells_by_itself_is_hidden_too() {
        let token = "glsa_abcdefghijklmnopqrstuvwx";
        assert!(
            !SecretValues::default()
                .masked(&format!("token {token}"))
                .contains(token)
        );
    }
}
