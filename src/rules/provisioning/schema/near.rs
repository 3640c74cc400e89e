//! The key that a misspelt one is meant to be.

use super::{Field, Shape};

/// The known word nearest to another one, if one is near enough to be meant. Case and underscores count for little.
pub(crate) fn nearest<'c>(word: &str, known: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let plain = plain(word);
    let limit = match plain.len() {
        0..=1 => return None,
        2..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    if plain.len() > 60 {
        return None;
    }
    known
        .filter(|known| known.len().abs_diff(word.len()) <= limit + 3)
        .map(|known| (strsim::osa_distance(&plain, &self::plain(known)), known))
        .filter(|(distance, known)| *distance <= limit && *distance * 2 < known.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|char| !matches!(char, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

impl Shape {
    /// The key that `key` is meant to be.
    pub(super) fn nearest(&self, key: &str) -> Option<String> {
        let stem = key.trim_end_matches(|char: char| char.is_ascii_digit());
        let number = &key[stem.len()..];
        let read = || self.fields.iter().filter(|field| field.is_read());
        let keys = |numbered: bool| {
            let wanted = move |field: &&Field| field.numbered == numbered;
            read().filter(wanted).map(|field| field.key)
        };
        if !number.is_empty()
            && let Some(near) = nearest(stem, keys(true))
        {
            return Some(format!("{near}{number}"));
        }
        nearest(key, keys(false)).map(str::to_owned)
    }
}
