//! JSON into the arena.

use std::borrow::Cow;
use std::sync::Arc;

use super::text::Map;
use super::tree::{Dialect, Tree};
use crate::span::Span;

pub(crate) fn parse(text: Arc<str>) -> Tree {
    Tree {
        text,
        dialect: Dialect::Json,
        nodes: Vec::new(),
        roots: Vec::new(),
        decoded: Vec::new(),
        decoded_keys: Vec::new(),
        comments: Vec::new(),
        problems: Vec::new(),
        carrier: None,
    }
}

/// Decodes the inside of a JSON string (`span` without the quotes).
pub(crate) fn unescape(text: &str, span: Span) -> (String, Map<'static>) {
    let _ = Cow::Borrowed(text);
    (text[span.range()].to_owned(), Map::Shift(span.start))
}
