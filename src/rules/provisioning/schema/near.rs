//! The key that a misspelt one is meant to be.

use super::{Field, Shape};
use crate::spelling::nearest;

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
