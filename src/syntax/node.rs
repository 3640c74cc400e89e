//! A value of a tree, with the questions rules and the model ask of it.

use std::borrow::Cow;
use std::fmt;

use super::arena::{Kind, NONE, Node, Style, unquoted};
use super::json::unescape;
use super::key_table::UNNUMBERED;
use super::scalar;
use super::text::{Map, Text};
use super::tree::{Dialect, Tree};
use crate::span::Span;

/// How many aliases one look-up follows before it gives up.
pub(super) const ALIAS_BUDGET: usize = 32;

/// One value: a tree and a place in it. Copying it copies two words.
///
/// Every question is answered for what it stands on and nothing else: an odd field costs that field.
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) id: u32,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for NodeRef<'_> {}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}", self.node().kind, self.node().span)
    }
}

impl<'t> NodeRef<'t> {
    #[inline(always)]
    pub(super) fn node(self) -> &'t Node {
        self.tree.node(self.id)
    }

    #[inline(always)]
    pub(super) fn at(self, id: u32) -> Option<NodeRef<'t>> {
        (id != NONE).then_some(NodeRef {
            tree: self.tree,
            id,
        })
    }

    /// The value an alias stands for, through any number of aliases up to a bound; itself where it is none.
    #[inline(always)]
    pub fn resolve(self) -> NodeRef<'t> {
        match self.node().kind {
            Kind::Alias => self.follow(),
            _ => self,
        }
    }

    #[cold]
    fn follow(self) -> NodeRef<'t> {
        let mut here = self;
        for _ in 0..ALIAS_BUDGET {
            if here.node().kind != Kind::Alias {
                break;
            }
            match here.at(self.tree.arena.target(here.id)) {
                Some(target) => here = target,
                None => break,
            }
        }
        here
    }

    /// Whether an alias stands here: what it stands for stands elsewhere too.
    pub fn is_alias(self) -> bool {
        self.node().kind == Kind::Alias
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// A number that tells this value from the others of its tree.
    pub fn id(self) -> u32 {
        self.id
    }

    /// What it is. An alias whose target cannot be found is null.
    pub fn kind(self) -> Kind {
        match self.resolve().node().kind {
            Kind::Alias => Kind::Null,
            kind => kind,
        }
    }

    /// How it was written.
    pub fn style(self) -> Style {
        self.node().form.style()
    }

    /// Its bytes in the tree's text; for a string with the quotes.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// Its key's bytes in the tree's text, quotes included.
    pub fn key_span(self) -> Option<Span> {
        self.tree.arena.key_span(&self.tree.text, self.id)
    }

    /// The key and the value together, or the value alone where there is no key.
    pub fn member_span(self) -> Span {
        match self.key_span() {
            Some(key) => key.cover(self.span()),
            None => self.span(),
        }
    }

    /// Of a value without a key's bytes: whether it is that of an object's member all the same, as YAML has it in `: value`.
    fn keyless(self) -> bool {
        let parent = self.parent();
        parent.is_some_and(|parent| parent.node().kind == Kind::Object)
    }

    /// Its key, decoded; empty where YAML has a value without one.
    pub fn key(self) -> Option<Cow<'t, str>> {
        let Some(span) = self.key_span() else {
            return self.keyless().then_some(Cow::Borrowed(""));
        };
        if self.tree.dialect == Dialect::Yaml {
            if let Some(decoded) = self.tree.decoded_key(self.id) {
                return Some(Cow::Borrowed(&decoded.value));
            }
        } else if self.node().key_number == UNNUMBERED {
            return Some(Cow::Owned(unescape(&self.tree.text, inside(span)).0));
        }
        let inside = unquoted(&self.tree.text, span);
        Some(Cow::Borrowed(
            self.tree.text.get(inside.range()).unwrap_or(""),
        ))
    }

    /// Its key's text and the way back to its bytes.
    pub fn key_text(self) -> Option<Text<'t>> {
        let span = self.key_span()?;
        let Cow::Borrowed(raw) = self.key()? else {
            let (value, map) = unescape(&self.tree.text, inside(span));
            return Some(Text {
                value: Cow::Owned(value),
                map,
            });
        };
        let map = match self.tree.decoded_key(self.id) {
            Some(decoded) => borrow(&decoded.map),
            None => Map::Shift(span.start + u32::from(raw.len() + 2 == span.len())),
        };
        Some(Text {
            value: Cow::Borrowed(raw),
            map,
        })
    }

    /// The object or array it stands in.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        self.at(self.node().parent)
    }

    /// Its place among its parent's children, from 0.
    pub fn index(self) -> usize {
        let parent = self.parent();
        if parent.is_some_and(|parent| parent.node().kind == Kind::Array) {
            return self.node().key as usize;
        }
        parent
            .and_then(|parent| parent.raw_children().position(|child| child.id == self.id))
            .unwrap_or(0)
    }

    #[inline(always)]
    pub(super) fn raw_children(self) -> Children<'t> {
        Children {
            tree: self.tree,
            next: self.tree.arena.first_child(self.id),
        }
    }

    /// The elements of an array or the values of an object as they stand (merges not followed); nothing for others.
    pub fn children(self) -> Children<'t> {
        self.resolve().raw_children()
    }

    /// The elements of an array; nothing for anything else.
    pub fn items(self) -> Children<'t> {
        let here = self.resolve();
        match here.node().kind {
            Kind::Array => here.raw_children(),
            _ => Children {
                tree: self.tree,
                next: NONE,
            },
        }
    }

    /// The values of an object, each knowing its key; nothing for anything else. YAML `<<` members come as they stand.
    pub fn members(self) -> Children<'t> {
        let here = self.resolve();
        match here.node().kind {
            Kind::Object => here.raw_children(),
            _ => Children {
                tree: self.tree,
                next: NONE,
            },
        }
    }

    /// [`NodeRef::get`] along several keys.
    pub fn path(self, keys: &[&str]) -> Option<NodeRef<'t>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether it is null, or an alias to nothing.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// A string's text and the way back to its bytes; `None` for anything but a string.
    pub fn text(self) -> Option<Text<'t>> {
        let here = self.resolve();
        (here.node().kind == Kind::String).then(|| here.scalar_text())
    }

    /// A string's value; `None` for anything but a string.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        let here = self.resolve();
        let node = here.node();
        match (node.kind, node.form.coded()) {
            (Kind::String, false) => Some(Cow::Borrowed(here.plain_text())),
            (Kind::String, true) => Some(here.scalar_text().value),
            _ => None,
        }
    }

    /// Whether [`NodeRef::as_text`] is this text.
    pub(crate) fn is_text(self, wanted: &str) -> bool {
        let here = self.resolve();
        let node = here.node();
        match node.kind {
            Kind::String | Kind::Number | Kind::Bool if !node.form.coded() => {
                here.plain_text() == wanted
            }
            Kind::String | Kind::Number | Kind::Bool => here.scalar_text().value == wanted,
            _ => false,
        }
    }

    /// The text of any scalar, as Go decodes one into a string field: a number or boolean is what was written, null
    /// is `None`.
    pub fn as_text(self) -> Option<Text<'t>> {
        let here = self.resolve();
        match here.node().kind {
            Kind::String | Kind::Number | Kind::Bool => Some(here.scalar_text()),
            _ => None,
        }
    }

    fn scalar_text(self) -> Text<'t> {
        let node = self.node();
        if node.form.coded() {
            if let Some(decoded) = self.tree.decoded_value(self.id) {
                return Text {
                    value: Cow::Borrowed(&decoded.value),
                    map: borrow(&decoded.map),
                };
            }
            let (value, map) = unescape(&self.tree.text, inside(node.span));
            return Text {
                value: Cow::Owned(value),
                map,
            };
        }
        let quoted = matches!(node.form.style(), Style::Double | Style::Single);
        Text {
            value: Cow::Borrowed(self.plain_text()),
            map: Map::Shift(node.span.start + u32::from(quoted)),
        }
    }

    /// The text of a scalar that is written as it is.
    fn plain_text(self) -> &'t str {
        let node = self.node();
        let span = match node.form.style() {
            Style::Double | Style::Single => inside(node.span),
            _ => node.span,
        };
        self.tree.text.get(span.range()).unwrap_or("")
    }

    /// The scalar's bytes as written, without decoding.
    pub fn raw(self) -> &'t str {
        self.tree
            .text
            .get(self.resolve().node().span.range())
            .unwrap_or("")
    }

    /// A boolean: JSON's, or in YAML anything go-yaml reads into a bool field (`yes`, `off` …).
    pub fn as_bool(self) -> Option<bool> {
        let here = self.resolve();
        match here.node().kind {
            Kind::Bool => scalar::boolean(&here.scalar_text().value),
            Kind::String if here.node().form.style() == Style::Plain => scalar::boolean(here.raw()),
            _ => None,
        }
    }

    /// A number.
    pub fn as_f64(self) -> Option<f64> {
        let here = self.resolve();
        if here.node().kind != Kind::Number {
            return None;
        }
        match here.node().form.style() {
            Style::Plain => scalar::number(here.raw(), self.tree.dialect),
            // A tag can make a number of a quoted text.
            _ => scalar::number(&here.scalar_text().value, self.tree.dialect),
        }
    }

    /// A whole number.
    pub fn as_i64(self) -> Option<i64> {
        let value = self.as_f64()?;
        (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
    }

    /// Its JSON pointer (RFC 6901) from the root of its document.
    pub fn pointer(self) -> String {
        let mut way = Vec::with_capacity(16);
        let mut here = self;
        while let Some(parent) = here.parent() {
            way.push(here);
            here = parent;
        }
        let mut pointer = String::with_capacity(way.len() * 12);
        for step in way.into_iter().rev() {
            pointer.push('/');
            match step.key() {
                Some(key) if key.contains(['~', '/']) => {
                    pointer += &key.replace('~', "~0").replace('/', "~1");
                }
                Some(key) => pointer += &key,
                None => pointer += &step.index().to_string(),
            }
        }
        pointer
    }

    /// The number of the document it belongs to, from 0.
    pub fn document(self) -> u32 {
        if self.tree.roots.len() < 2 {
            return 0;
        }
        let mut root = self;
        while let Some(parent) = root.parent() {
            root = parent;
        }
        // Values are numbered as they are read.
        self.tree.roots.binary_search(&root.id).unwrap_or(0) as u32
    }

    /// The value a JSON pointer leads to.
    pub fn find(self, pointer: &str) -> Option<NodeRef<'t>> {
        let mut here = self;
        if pointer.is_empty() {
            return Some(here);
        }
        for step in pointer.strip_prefix('/')?.split('/') {
            let step = step.replace("~1", "/").replace("~0", "~");
            here = match here.kind() {
                Kind::Object => here.get(&step)?,
                Kind::Array => here.items().nth(step.parse().ok()?)?,
                _ => return None,
            };
        }
        Some(here)
    }

    /// The bytes of the file where it stands.
    pub fn file_span(self) -> Span {
        self.tree.file_span(self.span())
    }
}

fn inside(span: Span) -> Span {
    Span::new(
        span.start as usize + 1,
        (span.end as usize).saturating_sub(1),
    )
}

fn borrow<'t>(map: &'t Map<'static>) -> Map<'t> {
    match map {
        Map::Shift(by) => Map::Shift(*by),
        Map::Whole(span) => Map::Whole(*span),
        Map::Segments(segments, len) => Map::Segments(Cow::Borrowed(segments), *len),
    }
}

/// Values in order.
#[derive(Clone)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = NodeRef<'t>;

    fn next(&mut self) -> Option<NodeRef<'t>> {
        if self.next == NONE {
            return None;
        }
        let id = self.next;
        self.next = self.tree.node(id).next;
        Some(NodeRef {
            tree: self.tree,
            id,
        })
    }
}
