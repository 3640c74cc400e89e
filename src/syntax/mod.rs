//! JSON and YAML in one arena, every value with the bytes it was written with.

mod arena;
mod edit;
mod helm;
mod json;
mod key_table;
mod keys;
mod lookup;
mod node;
mod scalar;
mod shared;
mod text;
mod tree;
mod yaml;

pub use arena::{Kind, Style};
pub use helm::{has_chart_expression, is_template};
pub(crate) use lookup::{KeySet, Picked};
pub use node::{Children, NodeRef};
pub use text::{Map, Segment, Text};
pub use tree::{Carrier, Comment, Dialect, Problem, ProblemKind, Tree};

use std::sync::Arc;

/// Parses a JSON text. Never fails: what cannot be read is in [`Tree::problems`], and what follows a repairable fault
/// (a comment, a trailing comma) is read all the same.
pub fn parse_json(text: Arc<str>) -> Tree {
    json::parse(text)
}

/// Parses a YAML text of any number of documents. Never fails: a document that cannot be read is in
/// [`Tree::problems`], the others are read.
pub fn parse_yaml(text: Arc<str>) -> Tree {
    yaml::parse(text)
}

/// Parses a text of the given language.
pub fn parse(text: Arc<str>, dialect: Dialect) -> Tree {
    match dialect {
        Dialect::Json => parse_json(text),
        Dialect::Yaml => parse_yaml(text),
    }
}

/// Parses the text that the string `node` holds, in place: spans of the result lead to bytes of the file. `document` is
/// the number of the document that holds the string. `None` where `node` is no string.
pub fn parse_embedded(node: NodeRef<'_>, document: u32, dialect: Dialect) -> Option<Tree> {
    let text = node.text()?;
    let holder = node.resolve();
    let style = holder.style();
    let carrier = Carrier {
        document,
        pointer: node.pointer(),
        map: text.map.clone().into_owned(),
        style,
        indent: indent_of(holder),
        yaml: node.tree().dialect() == Dialect::Yaml,
    };
    let mut tree = parse(Arc::from(text.value.as_ref()), dialect);
    tree.carrier = Some(carrier);
    Some(tree)
}

/// Columns of white space before the content lines of a block scalar.
fn indent_of(node: NodeRef<'_>) -> u32 {
    let whole = node.tree().text().as_bytes();
    let Some(Text {
        map: Map::Segments(segments, _),
        ..
    }) = node.text()
    else {
        return 0;
    };
    if !matches!(node.style(), Style::Literal | Style::Folded) {
        return 0;
    }
    let with_text = segments
        .iter()
        .map(|segment| segment.source as usize)
        .find(|&start| !matches!(whole.get(start), None | Some(b'\n' | b'\r')));
    let Some(start) = with_text else { return 0 };
    let line = memchr::memrchr2(b'\n', b'\r', &whole[..start]).map_or(0, |at| at + 1);
    (start - line) as u32
}
