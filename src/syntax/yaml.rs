//! YAML into the arena.

use std::sync::Arc;

use super::tree::{Dialect, Tree};

pub(crate) fn parse(text: Arc<str>) -> Tree {
    let mut tree = super::json::parse(text);
    tree.dialect = Dialect::Yaml;
    tree
}
