//! What a word was meant to be.
//!
//! Case and separators (`-`, `_`, spaces) count for nothing, letters that change places for one slip.

/// Letters of the longest word that is compared: a comparison costs the product of the lengths.
const LONGEST: usize = 64;

/// What counts for nothing between the letters of a word.
const SEPARATORS: [char; 3] = ['-', '_', ' '];

/// The known word nearest to another, near enough to be named in advice.
pub(crate) fn nearest<'c>(word: &str, known: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    within(word, known, |letters| match letters {
        0..=1 => 0,
        2..=3 => 1,
        4..=7 => 2,
        _ => 3,
    })
}

/// The known word that another one certainly was to be: with a slip or two, and long enough to be told from other words.
pub(crate) fn misspelt<'c>(
    word: &str,
    known: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    within(word, known, |letters| match letters {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    })
}

/// Whether two words differ in case and separators only.
pub(crate) fn is_same_but_case(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn within<'c>(
    word: &str,
    known: impl IntoIterator<Item = &'c str>,
    slips: fn(usize) -> usize,
) -> Option<&'c str> {
    if word.len() > LONGEST {
        return None;
    }
    let written = plain(word);
    let most = slips(written.chars().count());
    let Letters { count, set } = Letters::of(&written);
    // A slip brings one letter at most, and takes one at most.
    let may_be_near = |known: &str| {
        let theirs = Letters::of(known);
        let differ = |one: u64, other: u64| (one & !other).count_ones() as usize;
        theirs.count.abs_diff(count) <= most
            && differ(set, theirs.set) <= most
            && differ(theirs.set, set) <= most
    };
    known
        .into_iter()
        .filter_map(|known| {
            // Of words in other alphabets nothing is known before they are compared.
            if known.is_ascii() && written.is_ascii() && !may_be_near(known) {
                return None;
            }
            let plain = plain(known);
            let distance = strsim::osa_distance(&written, &plain);
            let near = distance <= most && distance * 2 < plain.len();
            near.then_some((distance, known))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|letter| !SEPARATORS.contains(letter));
    letters.flat_map(char::to_lowercase).collect()
}

/// What counts of a word of ASCII.
struct Letters {
    count: usize,
    /// Its letters as a set: some share a place.
    set: u64,
}

impl Letters {
    fn of(word: &str) -> Self {
        let counted = word
            .bytes()
            .filter(|byte| !SEPARATORS.contains(&char::from(*byte)));
        let none = Letters { count: 0, set: 0 };
        counted.fold(none, |all, byte| Letters {
            count: all.count + 1,
            set: all.set | 1 << (byte.to_ascii_lowercase() & 63),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{is_same_but_case, misspelt, nearest};

    const KNOWN: [&str; 5] = ["critical", "page", "last", "time_interval", "sum"];

    #[test]
    fn words_in_advice() {
        for (word, meant) in [
            ("critcal", Some("critical")),
            ("timeInterval", Some("time_interval")),
            ("TIME-INTERVALS", Some("time_interval")),
            ("lats", Some("last")),
            ("smu", Some("sum")),
            ("s", None),
            ("other", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, KNOWN), meant, "{word}");
        }
    }

    #[test]
    fn words_on_which_a_finding_rests() {
        for (word, meant) in [
            ("critica", Some("critical")),
            ("crtical", Some("critical")),
            ("pgae", Some("page")),
            ("pages", Some("page")),
            ("past", None),
            ("sun", None),
            ("criteria", None),
        ] {
            let known = KNOWN.into_iter().filter(|known| *known != "last");
            assert_eq!(misspelt(word, known), meant, "{word}");
        }
        assert!(is_same_but_case("No-Data", "nodata"));
    }
}
