//! A parsed text: its values, and what else it has.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::arena::{Arena, NONE, Node, Style, find};
use super::node::NodeRef;
use super::shared::KeyIndex;
use super::text::{Map, Segment};
use crate::span::Span;

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
    pub(crate) arena: Arena,
    pub(crate) roots: Vec<u32>,
    /// Decoded scalars and keys, by node, in order of the node; a key before its value.
    pub(crate) decoded: Vec<(u32, Decoded)>,
    pub(crate) decoded_keys: Vec<(u32, Decoded)>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) carrier: Option<Carrier>,
    /// Some object may have the same key twice.
    pub(crate) repeats: bool,
    /// The number of the key `<<` of YAML.
    pub(crate) merge: u16,
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
        let targets = self.arena.targets();
        targets.filter(|target| *target != NONE).collect()
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.arena.nodes.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.arena.nodes.is_empty()
    }

    /// Bytes of memory it holds, roughly.
    pub fn weight(&self) -> usize {
        self.arena.nodes.len() * size_of::<Node>()
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

    #[inline(always)]
    pub(crate) fn node(&self, id: u32) -> &Node {
        self.arena.node(id)
    }

    pub(crate) fn decoded_value(&self, id: u32) -> Option<&Decoded> {
        find(&self.decoded, id)
    }

    pub(crate) fn decoded_key(&self, id: u32) -> Option<&Decoded> {
        find(&self.decoded_keys, id)
    }
}
