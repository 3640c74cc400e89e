//! The arena: one flat vector of nodes for JSON and YAML alike.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::node::NodeRef;
use super::shared::KeyIndex;
use super::text::{Map, Segment};
use crate::span::Span;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`, `~`, or nothing at all in YAML.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// A JSON array, a YAML sequence.
    Array,
    /// A JSON object, a YAML mapping.
    Object,
    /// A YAML alias; views follow it, so rules do not meet one.
    Alias,
}

impl Kind {
    /// The kind as a word in a message: "an array", "a string".
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Alias => "an alias",
        }
    }
}

/// How a scalar or a collection was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// JSON, or a YAML flow collection.
    Flow,
    /// A YAML block collection.
    Block,
    /// A YAML scalar without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`, in JSON and YAML.
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// One value. Children of a collection are linked by `first_child` and `next`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) style: Style,
    /// The string has escapes (JSON) or a decoded form in `Tree::decoded` (YAML).
    pub(crate) coded: bool,
    /// The [`sketch`](super::keys::sketch) of the key; 0 where it has escapes (JSON) or there is none.
    pub(crate) key_sketch: u8,
    /// The value's bytes: quotes included; of a block scalar the content without its header; of a YAML block
    /// collection from the first key or dash to the end of the last value.
    pub(crate) span: Span,
    /// The key's bytes, quotes included; empty where there is none: of an element at its index, of a root at 0.
    pub(crate) key: Span,
    pub(crate) parent: u32,
    /// First child; of an alias the node it stands for.
    pub(crate) first_child: u32,
    pub(crate) next: u32,
}

/// A scalar (or key) whose text is not a plain slice of the tree's text.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    pub(crate) value: Box<str>,
    pub(crate) map: Map<'static>,
}

/// A comment in YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
    /// Nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// What kind of trouble a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// It is not JSON or YAML there; what follows may be lost.
    Invalid,
    /// A comment in JSON: read as white space.
    Comment,
    /// A comma before a closing bracket: read as white space.
    TrailingComma,
    /// The same key twice in one object; the last one counts.
    DuplicateKey,
    /// A `\uD800`-like half of a surrogate pair, which Go reads as U+FFFD.
    LoneSurrogate,
    /// A byte order mark at the start of a JSON text, which Go's decoder refuses.
    ByteOrderMark,
    /// Nothing in it.
    Empty,
    /// More text after the value.
    TrailingData,
    /// Nested deeper than the limit; the rest of that value was not read.
    TooDeep,
    /// An alias without its anchor.
    UnknownAlias,
}

impl ProblemKind {
    /// Whether the text could not be read there, so that something may be lost.
    pub fn breaks(self) -> bool {
        matches!(
            self,
            ProblemKind::Invalid
                | ProblemKind::TrailingData
                | ProblemKind::TooDeep
                | ProblemKind::Empty
        )
    }
}

/// Something wrong in a text, found while parsing it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Where, in the tree's text.
    pub span: Span,
    /// One sentence.
    pub message: String,
    /// A second place it speaks of (the first of two equal keys, the bracket left open).
    pub related: Option<(Span, String)>,
    /// A deletion or replacement that repairs it without changing what is read.
    pub repair: Option<(Span, String)>,
}

/// Where an embedded text stands in the text that carries it.
#[derive(Debug, Clone)]
pub struct Carrier {
    /// The document of the file (from 0) that holds the string.
    pub document: u32,
    /// JSON pointer of the string in that document.
    pub pointer: String,
    /// From the embedded text to bytes of the file.
    pub map: Map<'static>,
    /// How the carrying string is written: decides how an edit is encoded.
    pub style: Style,
    /// Columns of indentation of the carrying block scalar's lines; 0 otherwise.
    pub indent: u32,
    /// Whether the carrier is YAML (else JSON).
    pub yaml: bool,
}

/// The language a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A parsed text. Spans of its nodes are byte ranges of [`Tree::text`]; [`Tree::file_span`] turns them into ranges of
/// the file, which differ where the text is carried by a string.
#[derive(Debug)]
pub struct Tree {
    pub(crate) text: Arc<str>,
    pub(crate) dialect: Dialect,
    pub(crate) nodes: Vec<Node>,
    pub(crate) roots: Vec<u32>,
    /// Decoded scalars and keys, by node, in order of the node; a key before its value.
    pub(crate) decoded: Vec<(u32, Decoded)>,
    pub(crate) decoded_keys: Vec<(u32, Decoded)>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) carrier: Option<Carrier>,
    /// The keys of large objects that YAML aliases stand for, by node.
    pub(crate) shared: FxHashMap<u32, KeyIndex>,
}

impl Tree {
    /// The text it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// JSON or YAML.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The first document's value; `None` where nothing could be read.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.documents().next()
    }

    /// The value of every document, in order. JSON has one at most.
    pub fn documents(&self) -> impl Iterator<Item = NodeRef<'_>> + '_ {
        self.roots.iter().map(move |&id| NodeRef { tree: self, id })
    }

    /// The innermost value whose bytes (its key's included) hold `offset`; the root of the document before or around
    /// it where none does.
    pub fn innermost(&self, offset: usize) -> Option<NodeRef<'_>> {
        let after = self
            .roots
            .partition_point(|&root| self.node(root).span.start as usize <= offset);
        let mut here = NodeRef {
            tree: self,
            id: *self.roots.get(after.saturating_sub(1))?,
        };
        while let Some(child) = here.children().find(|child| {
            let span = child.member_span();
            span.contains(offset) || (span.is_empty() && span.start as usize == offset)
        }) {
            if child.tree.node(child.id).parent != here.id {
                break;
            }
            here = child;
        }
        Some(here)
    }

    /// Comments, in order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Whether a syntax error lost a part of the text: what is not there may have been.
    pub fn is_cut_short(&self) -> bool {
        self.problems().iter().any(|problem| problem.kind.breaks())
    }

    /// What was wrong, in order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The string of a file that holds this text; `None` for a file's own tree.
    pub fn carrier(&self) -> Option<&Carrier> {
        self.carrier.as_ref()
    }

    /// The bytes of the file where `span` of the text stands.
    pub fn file_span(&self, span: Span) -> Span {
        match &self.carrier {
            None => span,
            Some(carrier) => carrier.map.source(span),
        }
    }

    /// The values that aliases stand for, by their numbers: what is written there stands in several places.
    pub(crate) fn alias_targets(&self) -> FxHashSet<u32> {
        let aliases = self.nodes.iter().filter(|node| node.kind == Kind::Alias);
        aliases
            .map(|alias| alias.first_child)
            .filter(|target| *target != NONE)
            .collect()
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Bytes of memory it holds, roughly.
    pub fn weight(&self) -> usize {
        self.nodes.len() * size_of::<Node>()
            + self
                .decoded
                .iter()
                .chain(&self.decoded_keys)
                .map(|(_, decoded)| {
                    decoded.value.len()
                        + 64
                        + match &decoded.map {
                            Map::Segments(segments, _) => segments.len() * size_of::<Segment>(),
                            _ => 0,
                        }
                })
                .sum::<usize>()
    }

    pub(crate) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    pub(crate) fn decoded_value(&self, id: u32) -> Option<&Decoded> {
        find(&self.decoded, id)
    }

    pub(crate) fn decoded_key(&self, id: u32) -> Option<&Decoded> {
        find(&self.decoded_keys, id)
    }
}

fn find(list: &[(u32, Decoded)], id: u32) -> Option<&Decoded> {
    list.binary_search_by_key(&id, |(node, _)| *node)
        .ok()
        .map(|at| &list[at].1)
}
