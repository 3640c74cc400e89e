//! What tells that a text may hold a secret, found in one pass: most texts hold none, and need not be looked at closely.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::name::is_secret_name;
use super::shape::SHAPES;

/// Every name of a secret has one of these, in any case.
const OF_NAMES: &[&str] = &[
    "pass",
    "secret",
    "secure",
    "stringdata",
    "token",
    "key",
    "httpheadervalue",
    "credential",
    "author",
    "webhook",
    "signature",
];

/// Bytes of a name that are looked at, on each side of its word.
const NAME: usize = 80;
/// Names that are looked at; a text with more of them is looked at closely.
const NAMES: usize = 1_000;

/// What a text has that a text without secrets has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs {
    /// The name of a secret with a value behind it, or one that a value elsewhere may belong to.
    pub(super) names: bool,
    /// The shapes of [`SHAPES`] that may be there, as a set.
    pub(super) shapes: u16,
}

struct Words {
    all: AhoCorasick,
    /// Of each word, the shapes it may be of; none for that of a name.
    shapes: Vec<u16>,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let of_shapes = SHAPES
        .iter()
        .enumerate()
        .flat_map(|(at, shape)| shape.words.iter().map(move |word| (*word, 1 << at)));
    let of_names = OF_NAMES.iter().map(|word| (*word, 0));
    let (words, shapes): (Vec<&str>, Vec<u16>) = of_names.chain(of_shapes).unzip();
    let all = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .ok()?;
    Some(Words { all, shapes })
});

impl Signs {
    const ALL: Signs = Signs {
        names: true,
        shapes: u16::MAX,
    };

    pub(super) fn of(text: &str) -> Self {
        let Some(words) = WORDS.as_ref() else {
            return Signs::ALL;
        };
        let mut signs = Signs {
            names: false,
            shapes: 0,
        };
        let mut names = 0;
        for found in words.all.find_overlapping_iter(text) {
            match words.shapes.get(found.pattern().as_usize()) {
                Some(0) if !signs.names => {
                    names += 1;
                    signs.names = names > NAMES || is_named(text, found.range());
                }
                Some(shapes) => signs.shapes |= shapes,
                None => return Signs::ALL,
            }
        }
        signs
    }

    pub(super) fn none(self) -> bool {
        !self.names && self.shapes == 0
    }
}

/// Whether the name around a word is that of a secret whose value may be here. Rather once too often: it is what decides whether a text is parsed.
fn is_named(text: &str, word: Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let (before, behind) = bytes.split_at(word.end);
    let before = before.get(..word.start).unwrap_or_default();
    let of_name = |byte: &&u8| !b"\"'\\\n\r\t,{}[]:=".contains(byte);
    let start = word.start - before.iter().rev().take(NAME).take_while(of_name).count();
    let end = word.end + behind.iter().take(NAME).take_while(of_name).count();
    let Some(name) = text.get(start..end) else {
        return true;
    };
    match Behind::of(bytes.get(end..).unwrap_or_default()) {
        Behind::Letter => return true,
        Behind::Value => {}
        // `name: GF_SMTP_PASSWORD`, `kind: Secret`: what belongs to it stands elsewhere.
        Behind::Nothing => {
            let near = before.get(start.saturating_sub(NAME)..).unwrap_or_default();
            let says = |key: &[u8]| near.windows(key.len()).any(|part| part == key);
            if !says(b"name") && !says(b"kind") {
                return false;
            }
        }
    }
    let apart = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '.' | '-');
    is_section(name) || is_secret_name(name) || name.split(apart).any(is_secret_name)
}

fn is_section(name: &str) -> bool {
    super::name::SECTIONS
        .iter()
        .any(|section| name.contains(section))
}

/// What stands behind a name.
enum Behind {
    Value,
    /// One that is written as an escape: the name goes on.
    Letter,
    Nothing,
}

impl Behind {
    fn of(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        loop {
            rest = match rest {
                [b':' | b'=', ..] => return Behind::Value,
                [b'\\', b'u' | b'U' | b'x', ..] => return Behind::Letter,
                [b'\\', _, below @ ..] => below,
                [b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n', below @ ..] => below,
                _ => return Behind::Nothing,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn a_name_with_a_value_is_a_sign() {
        for text in [
            "password: x",
            "\"basicAuthPassword\" : 1",
            "{\\\"apiKey\\\": \\\"x\\\"}",
            "API key: x",
            "? password\n: x",
            "# whatever came before it and is longer than any name can be, as comments are, with the password: x",
            "GF_SMTP_PASSWORD=x",
            "- name: GF_SMTP_PASSWORD\n  value: x",
            "kind: Secret",
            "secureJsonData:\n  any: x",
            "\"pass\\u0077ord\": x",
            "passwrod: x",
        ] {
            assert!(Signs::of(text).names, "{text}");
        }
    }

    #[test]
    fn other_words_are_none() {
        for text in [
            "{\"key\": \"x\", \"links\": [{\"title\": \"Token usage\"}]}",
            "the author of this passed",
            "author: me",
            "expr: sum(passed_total) by (key)",
        ] {
            assert!(Signs::of(text).none(), "{text}");
        }
        let address = Signs::of("url: http://prometheus:9090");
        assert!(!address.names && address.shapes != 0);
    }
}
