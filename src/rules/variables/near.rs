//! Names of variables that are much the same.

/// The most alike of `names`, if it is alike enough to be meant.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    // A distance costs the product of the lengths, and names are short.
    if wanted.len() > LONGEST_NAME {
        return None;
    }
    names
        .filter(|name| !name.is_empty() && name.len().abs_diff(wanted.len()) <= 3)
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= (name.len().min(wanted.len()) / 3).clamp(1, 3))
        .filter(|(distance, name)| *distance < name.len())
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Names longer than this are not compared with others.
const LONGEST_NAME: usize = 64;
