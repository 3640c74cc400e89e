//! Names of keys that hold secrets.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

mod tables {
    include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

    /// The secret settings of a receiver of this type; a dot leads into an object.
    pub(crate) fn of_receiver(kind: &str) -> &'static [&'static str] {
        let found = RECEIVERS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(kind));
        found.map_or(&[], |(_, settings)| settings)
    }
}

pub(crate) use tables::of_receiver;
pub(super) use tables::{COMMON, PARAMETERS, PREFIXES, SECRET, SECTIONS};

/// Letters of the names that are looked at: all words have more than the shortest.
const LENGTHS: RangeInclusive<usize> = 5..=80;
/// Letters of the shortest name that can be a misspelt one.
const SHORTEST: usize = 6;

/// The words of names of secrets, as [`plain`] writes them, and the letters of each.
static WORDS: LazyLock<Vec<(String, Letters)>> = LazyLock::new(|| {
    let words = SECRET.iter().map(|word| plain(word));
    let counted = words.map(|word| {
        let letters = Letters::of(&word);
        (word, letters)
    });
    counted.collect()
});

/// Looks for all of these words.
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(word, _)| word)).ok());

/// Whether a key of this name holds a secret, also where the name is misspelt: `passwrod` is none the less one.
pub(crate) fn is_secret_name(name: &str) -> bool {
    if !LENGTHS.contains(&name.len()) {
        return false;
    }
    let name = plain(name);
    let (mut ends, mut contains) = (false, false);
    for found in FINDER
        .iter()
        .flat_map(|words| words.find_overlapping_iter(&name))
    {
        contains = true;
        ends |= found.end() == name.len();
    }
    let near = || {
        let letters = Letters::of(&name);
        WORDS
            .iter()
            .any(|(word, of_word)| is_near(&name, word, || letters.differ(of_word)))
    };
    let about = || tables::ABOUT.iter().any(|end| name.ends_with(end));
    ends || !about() && (contains || near())
}

/// What is known of names that are asked about again and again.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: FxHashMap<String, bool>,
}

impl Names {
    /// Whether a JSON pointer leads to a secret: by its last key, that of a list for what is in it, or by a section around it.
    pub(crate) fn is_secret_pointer(&mut self, pointer: &str) -> bool {
        let is_index = |key: &&str| key.bytes().all(|byte| byte.is_ascii_digit());
        let mut keys = pointer.split('/');
        let last = keys.clone().rfind(|key| !is_index(key));
        last.is_some_and(|key| self.is_secret(key)) || keys.any(|key| SECTIONS.contains(&key))
    }

    fn is_secret(&mut self, name: &str) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let secret = is_secret_name(name);
        self.known.insert(name.to_owned(), secret);
        secret
    }
}

/// Whether what stands at a key of this name says something about a secret and is none.
pub(super) fn is_about(name: &str) -> bool {
    let name = plain(name);
    tables::ABOUT.iter().any(|end| name.ends_with(end))
}

fn is_near(name: &str, word: &str, differ: impl Fn() -> usize) -> bool {
    let limit = if word.len() < 9 { 1 } else { 2 };
    word.len() >= SHORTEST
        && name.len().abs_diff(word.len()) <= limit
        // Each step of a distance takes away or brings two letters at the most.
        && differ() <= 2 * limit
        && strsim::osa_distance(name, word) <= limit
}

/// How often each letter stands in a word; of those that are no letters of ASCII, how many there are.
struct Letters([u8; 27]);

impl Letters {
    fn of(word: &str) -> Self {
        let mut counts = [0_u8; 27];
        for byte in word.bytes() {
            let letter = usize::from(byte.wrapping_sub(b'a')).min(26);
            counts[letter] = counts[letter].saturating_add(1);
        }
        Letters(counts)
    }

    /// How many letters only one of the two has.
    fn differ(&self, other: &Letters) -> usize {
        let counts = self.0.iter().zip(&other.0);
        counts.map(|(a, b)| usize::from(a.abs_diff(*b))).sum()
    }
}

/// A name without what does not count.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A pattern for each word of a secret's name.
pub(super) fn pattern() -> String {
    let words: Vec<String> = SECRET
        .iter()
        .map(|word| word.replace(' ', "[_.-]?"))
        .collect();
    words.join("|")
}

#[cfg(test)]
mod tests {
    use super::{FINDER, LENGTHS, Names, WORDS, is_secret_name};

    #[test]
    fn pointers() {
        for pointer in [
            "/a/password",
            "/tokens/0",
            "/secureJsonData/any",
            "/a/secureJsonData",
        ] {
            assert!(Names::default().is_secret_pointer(pointer), "{pointer}");
        }
        for pointer in ["", "/data/broken.json", "/token/url", "/panels/0"] {
            assert!(!Names::default().is_secret_pointer(pointer), "{pointer}");
        }
    }

    #[test]
    fn no_word_is_shorter_than_what_is_looked_at() {
        assert!(FINDER.is_some());
        assert!(WORDS.iter().all(|(word, _)| LENGTHS.contains(&word.len())));
    }

    #[test]
    fn names() {
        for name in [
            "password",
            "basicAuthPassword",
            "httpHeaderValue1",
            "X-Api-Key",
            "webhook_url",
            "clientSecret",
            "bottoken",
            "tokens",
            "GF_SMTP_PASSWORD",
            "passwrod",
            "authorisation",
            "tokenSecret",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "",
            "url",
            "tokenUrl",
            "secretKeyRef",
            "password_file",
            "token_ttl",
            "httpHeaderName1",
            "database",
            "access",
            "secretName",
            "key",
            "primaryKey",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
