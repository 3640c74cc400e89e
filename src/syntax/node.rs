//! A value of a tree, with the questions rules and the model ask of it.

use std::borrow::Cow;
use std::fmt;

use super::json::unescape;
use super::keys;
use super::scalar;
use super::text::{Map, Text};
use super::tree::{Dialect, Kind, NONE, Node, Style, Tree};
use crate::span::Span;

/// How many aliases one look-up follows before it gives up.
const ALIAS_BUDGET: usize = 32;
/// How deep `<<` merges are followed.
const MERGE_DEPTH: usize = 8;
/// How many objects one look-up asks when merges lead on to others.
const MERGE_BUDGET: usize = 64;

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
    fn node(self) -> &'t Node {
        self.tree.node(self.id)
    }

    fn at(self, id: u32) -> Option<NodeRef<'t>> {
        (id != NONE).then_some(NodeRef {
            tree: self.tree,
            id,
        })
    }

    /// The value an alias stands for, through any number of aliases up to a bound; itself where it is none.
    pub fn resolve(self) -> NodeRef<'t> {
        let mut here = self;
        for _ in 0..ALIAS_BUDGET {
            if here.node().kind != Kind::Alias {
                break;
            }
            match here.at(here.node().first_child) {
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
        self.node().style
    }

    /// Its bytes in the tree's text; for a string with the quotes.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// Its key's bytes in the tree's text, quotes included.
    pub fn key_span(self) -> Option<Span> {
        let key = self.node().key;
        (!key.is_empty()).then_some(key)
    }

    /// The key and the value together, or the value alone where there is no key.
    pub fn member_span(self) -> Span {
        match self.key_span() {
            Some(key) => key.cover(self.span()),
            None => self.span(),
        }
    }

    /// Whether it is the value of an object's member whose key is not there, as YAML has it in `: value`.
    fn keyless(self) -> bool {
        self.node().key.is_empty()
            && self
                .parent()
                .is_some_and(|parent| parent.node().kind == Kind::Object)
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
        } else if self.node().key_sketch == 0 {
            return Some(Cow::Owned(unescape(&self.tree.text, inside(span)).0));
        }
        Some(Cow::Borrowed(self.slice_unquoted(span)))
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

    /// Whether its key is `<<`.
    fn is_merge(self) -> bool {
        self.key_is("<<", keys::sketch(b"<<"))
    }

    /// Whether its key is `wanted`, whose sketch is `sketch`.
    #[inline(always)]
    fn key_is(self, wanted: &str, sketch: u8) -> bool {
        let own = self.node().key_sketch;
        (own == sketch || own == 0) && self.key_reads(wanted)
    }

    /// The same by the key's text; most keys are told apart by their sketches.
    #[inline(never)]
    fn key_reads(self, wanted: &str) -> bool {
        let node = self.node();
        if self.tree.dialect == Dialect::Yaml || node.key_sketch == 0 {
            return self.key().is_some_and(|key| key == wanted);
        }
        // In quotes and without escapes.
        let bytes = self.tree.text.as_bytes();
        bytes.get(inside(node.key).range()) == Some(wanted.as_bytes())
    }

    fn slice_unquoted(self, span: Span) -> &'t str {
        let raw = self.tree.text.get(span.range()).unwrap_or("");
        let bytes = raw.as_bytes();
        match bytes {
            [b'"', .., b'"'] | [b'\'', .., b'\''] => &raw[1..raw.len() - 1],
            _ => raw,
        }
    }

    /// The object or array it stands in.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        self.at(self.node().parent)
    }

    /// Its place among its parent's children, from 0.
    pub fn index(self) -> usize {
        let parent = self.parent();
        if parent.is_some_and(|parent| parent.node().kind == Kind::Array) {
            return self.node().key.start as usize;
        }
        parent
            .and_then(|parent| parent.raw_children().position(|child| child.id == self.id))
            .unwrap_or(0)
    }

    fn raw_children(self) -> Children<'t> {
        let node = self.node();
        let first = match node.kind {
            Kind::Array | Kind::Object => node.first_child,
            _ => NONE,
        };
        Children {
            tree: self.tree,
            next: first,
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

    /// The value of `key` in an object: the last one where it stands twice, a merged one where it does not stand.
    /// `None` for a missing key and for anything that is no object. The value is not resolved if it is an alias; every
    /// question on it does so.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        if self.tree.dialect == Dialect::Json {
            return self.get_json(key);
        }
        self.get_merged(key, MERGE_DEPTH, &mut Vec::new())
    }

    /// The same in JSON, which has neither aliases nor merges: most of all questions are this one.
    fn get_json(self, key: &str) -> Option<NodeRef<'t>> {
        let object = self.node();
        if object.kind != Kind::Object {
            return None;
        }
        let sketch = keys::sketch(key.as_bytes());
        let mut found = NONE;
        for member in self.raw_children() {
            if member.key_is(key, sketch) {
                found = member.id;
            }
        }
        self.at(found)
    }

    /// The values of several keys, each as [`NodeRef::get`] has it, in one walk over the object.
    pub(crate) fn pick<const N: usize>(self, keys: &[&str; N]) -> Picked<N> {
        let mut ids = [NONE; N];
        if self.tree.dialect == Dialect::Yaml {
            self.pick_merged(keys, &mut ids, MERGE_DEPTH, &mut Vec::new());
        } else if self.node().kind == Kind::Object {
            let sketches = keys.map(|key| keys::sketch(key.as_bytes()));
            for member in self.raw_children() {
                let wanted = keys.iter().zip(sketches);
                for (id, (key, sketch)) in ids.iter_mut().zip(wanted) {
                    if member.key_is(key, sketch) {
                        *id = member.id;
                    }
                }
            }
        }
        Picked { ids }
    }

    /// Fills in what is missing in `ids`: an object's own keys first, then those of what it merges.
    fn pick_merged<const N: usize>(
        self,
        keys: &[&str; N],
        ids: &mut [u32; N],
        depth: usize,
        seen: &mut Vec<u32>,
    ) {
        let object = self.resolve();
        let index = self.tree.shared.get(&object.id);
        let mut own = [NONE; N];
        let mut merges = Vec::new();
        match index {
            Some(index) => {
                for (id, key) in own.iter_mut().zip(keys) {
                    *id = index.get(key).unwrap_or(NONE);
                }
                merges.extend(index.merges.iter().filter_map(|&id| self.at(id)));
            }
            None => {
                let sketches = keys.map(|key| keys::sketch(key.as_bytes()));
                for member in object.members() {
                    let wanted = keys.iter().zip(sketches);
                    for (id, (key, sketch)) in own.iter_mut().zip(wanted) {
                        if member.key_is(key, sketch) {
                            *id = member.id;
                        }
                    }
                    if member.is_merge() {
                        merges.push(member);
                    }
                }
            }
        }
        for (id, own) in ids.iter_mut().zip(own) {
            if *id == NONE {
                *id = own;
            }
        }
        if depth == 0 {
            return;
        }
        for merge in merges {
            for value in merge.merged() {
                if ids.iter().all(|id| *id != NONE) {
                    return;
                }
                if value.is_new(seen) {
                    value.pick_merged(keys, ids, depth - 1, seen);
                }
            }
        }
    }

    /// The objects that a `<<` member names: one, or several of which the first counts.
    fn merged(self) -> impl Iterator<Item = NodeRef<'t>> {
        let value = self.resolve();
        let one = (value.node().kind == Kind::Object).then_some(value);
        let list = (value.node().kind == Kind::Array).then(|| value.items());
        let list = list.into_iter().flatten().take(ALIAS_BUDGET);
        one.into_iter().chain(list.map(NodeRef::resolve))
    }

    /// Whether an object was not yet asked for a key; what was says the same again. There is an end to it.
    fn is_new(self, seen: &mut Vec<u32>) -> bool {
        let new = seen.len() < MERGE_BUDGET && !seen.contains(&self.id);
        if new {
            seen.push(self.id);
        }
        new
    }

    /// The value of the key at `index` of those that `picked` was made with, of any node of this tree.
    pub(crate) fn picked<const N: usize>(
        self,
        picked: &Picked<N>,
        index: usize,
    ) -> Option<NodeRef<'t>> {
        self.at(*picked.ids.get(index)?)
    }

    fn get_merged(self, key: &str, depth: usize, seen: &mut Vec<u32>) -> Option<NodeRef<'t>> {
        let object = self.resolve();
        let index = self.tree.shared.get(&object.id);
        let sketch = keys::sketch(key.as_bytes());
        let mut found = None;
        let mut merges = false;
        match index {
            Some(index) => {
                found = index.get(key).and_then(|id| self.at(id));
                merges = !index.merges.is_empty();
            }
            None => {
                for member in object.members() {
                    if member.key_is(key, sketch) {
                        found = Some(member);
                    }
                    merges |= member.is_merge();
                }
            }
        }
        if found.is_some() || !merges || depth == 0 {
            return found;
        }
        let mut ask = |merge: NodeRef<'t>| {
            merge.merged().find_map(|value| {
                value
                    .is_new(seen)
                    .then(|| value.get_merged(key, depth - 1, seen))?
            })
        };
        match index {
            Some(index) => index.merges.iter().find_map(|&id| ask(self.at(id)?)),
            None => object
                .members()
                .filter(|member| member.is_merge())
                .find_map(ask),
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
        match (node.kind, node.coded) {
            (Kind::String, false) => Some(Cow::Borrowed(here.plain_text())),
            (Kind::String, true) => Some(here.scalar_text().value),
            _ => None,
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
        if node.coded {
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
        let quoted = matches!(node.style, Style::Double | Style::Single);
        Text {
            value: Cow::Borrowed(self.plain_text()),
            map: Map::Shift(node.span.start + u32::from(quoted)),
        }
    }

    /// The text of a scalar that is written as it is.
    fn plain_text(self) -> &'t str {
        let node = self.node();
        match node.style {
            Style::Double | Style::Single => self.slice_unquoted(node.span),
            _ => self.tree.text.get(node.span.range()).unwrap_or(""),
        }
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
            Kind::String if here.node().style == Style::Plain => scalar::boolean(here.raw()),
            _ => None,
        }
    }

    /// A number.
    pub fn as_f64(self) -> Option<f64> {
        let here = self.resolve();
        if here.node().kind != Kind::Number {
            return None;
        }
        match here.node().style {
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

/// The values of some keys of an object, kept so that they need not be looked for again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Picked<const N: usize> {
    ids: [u32; N],
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
