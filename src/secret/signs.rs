//! What tells that a text may hold a secret, found in one pass: most texts hold none, and need not be looked at closely.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::shape::SHAPES;

/// Nearly every text with the name of a secret has one of these, in any case. A name may be misspelt, written with escapes or put
/// together from several places: what one of these or of a shape's words is in is looked at closely, and what it is of is not asked.
const OF_NAMES: &[&str] = &[
    "pass",
    "secret",
    "secure",
    "stringdata",
    "token",
    "key",
    "header",
    "credential",
    "author",
    "signature",
    "datasources",
];

/// What a text has that a text without secrets has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs {
    /// There is any.
    pub(super) any: bool,
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
    pub(super) fn of(text: &str) -> Self {
        let Some(words) = WORDS.as_ref() else {
            return Signs {
                any: true,
                shapes: u16::MAX,
            };
        };
        let none = Signs {
            any: false,
            shapes: 0,
        };
        let found = words.all.find_overlapping_iter(text);
        found.fold(none, |signs, found| Signs {
            any: true,
            shapes: signs.shapes
                | words
                    .shapes
                    .get(found.pattern().as_usize())
                    .unwrap_or(&u16::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn words_of_names_and_shapes_are_signs() {
        for text in [
            "password: x",
            "# API KEY",
            "http_header_value1: x",
            "url: http://x",
        ] {
            assert!(Signs::of(text).any, "{text}");
        }
        assert!(!Signs::of("expr: sum(rate(requests_total[5m]))").any);
        assert_eq!(Signs::of("password: x").shapes, 0);
        assert_ne!(Signs::of("xoxb-x").shapes, 0);
    }
}
