//! Names that are near each other.

/// The aggregations.
pub(super) const AGGREGATIONS: &[&str] = &[
    "sum",
    "avg",
    "count",
    "min",
    "max",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "count_values",
    "quantile",
    "limitk",
    "limit_ratio",
];

/// The candidate nearest to a misspelt word, if one is near enough to be meant.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    if word.len() < 2 || word.len() > 40 {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let limit = match lower.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let letters = letters(&lower);
    // An edit brings one letter at most, and takes one at most.
    let may_be_near = |candidate: &&str| {
        let theirs = self::letters(candidate);
        let differ = |one: u64, other: u64| (one & !other).count_ones() as usize;
        candidate.len().abs_diff(lower.len()) <= limit
            && differ(letters, theirs) <= limit
            && differ(theirs, letters) <= limit
    };
    candidates
        .filter(may_be_near)
        .map(|candidate| {
            (
                strsim::osa_distance(&lower, &candidate.to_ascii_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= limit && *distance * 2 < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The bytes of a word, in any case, as a set: some share a place.
fn letters(word: &str) -> u64 {
    word.bytes()
        .map(|byte| 1 << (byte.to_ascii_lowercase() & 63))
        .fold(0, |all, one: u64| all | one)
}
