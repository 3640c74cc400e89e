//! What a word was meant to be.
//!
//! Case and separators (`-`, `_`, spaces) count for nothing, letters that change places for one slip.

/// Letters of the longest word that is compared: a comparison costs the product of the lengths.
const LONGEST: usize = 64;

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
    let letters = letters(&written);
    // A slip brings one letter at most, and takes one at most.
    let may_be_near = |plain: &str| {
        let theirs = self::letters(plain);
        let differ = |one: u64, other: u64| (one & !other).count_ones() as usize;
        plain.len().abs_diff(written.len()) <= most
            && differ(letters, theirs) <= most
            && differ(theirs, letters) <= most
    };
    known
        .into_iter()
        .filter_map(|known| {
            let plain = plain(known);
            let distance = may_be_near(&plain).then(|| strsim::osa_distance(&written, &plain))?;
            let near = distance <= most && distance * 2 < plain.len();
            near.then_some((distance, known))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|char| !matches!(char, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// The bytes of a word as a set: some share a place.
fn letters(word: &str) -> u64 {
    word.bytes()
        .map(|byte| 1 << (byte & 63))
        .fold(0, |all, one: u64| all | one)
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
