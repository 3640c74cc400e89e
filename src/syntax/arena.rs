//! The arena: one flat vector of nodes for JSON and YAML alike, in the order in which they begin.

use super::key_table::{ABSENT, KeyTable, UNNUMBERED, Wanted};
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

/// How a value was written, and whether its text is another than its bytes, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form(u8);

impl Form {
    const CODED: u8 = 1 << 7;

    #[inline(always)]
    pub(crate) fn new(style: Style, coded: bool) -> Self {
        Form(style as u8 | if coded { Form::CODED } else { 0 })
    }

    #[inline(always)]
    pub(crate) fn style(self) -> Style {
        match self.0 & !Form::CODED {
            0 => Style::Flow,
            1 => Style::Block,
            2 => Style::Plain,
            3 => Style::Single,
            4 => Style::Double,
            5 => Style::Literal,
            _ => Style::Folded,
        }
    }

    /// The string has escapes (JSON) or a decoded form in `Tree::decoded` (YAML).
    #[inline(always)]
    pub(crate) fn coded(self) -> bool {
        self.0 & Form::CODED != 0
    }
}

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// One value. The first child of a collection is the node behind it, if that has it as its parent; the others are linked by
/// `next`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) form: Form,
    /// The number of its key in [`Arena::keys`].
    pub(crate) key_number: u16,
    /// The value's bytes: quotes included; of a block scalar the content without its header; of a YAML block
    /// collection from the first key or dash to the end of the last value.
    pub(crate) span: Span,
    /// Where its key begins, quotes included. Of an element its index, of a root 0.
    pub(crate) key: u32,
    pub(crate) parent: u32,
    pub(crate) next: u32,
}

impl Node {
    /// A value that stands nowhere yet.
    #[inline(always)]
    pub(crate) fn new(kind: Kind, style: Style, coded: bool, span: Span) -> Self {
        Node {
            kind,
            form: Form::new(style, coded),
            key_number: UNNUMBERED,
            span,
            key: 0,
            parent: NONE,
            next: NONE,
        }
    }
}

/// All values of a text.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pub(crate) nodes: Vec<Node>,
    pub(crate) keys: KeyTable,
    /// Where the keys without a number end, by their values, in order.
    unnumbered: Vec<(u32, u32)>,
    /// What aliases stand for, by their numbers, in order.
    aliases: Vec<(u32, u32)>,
}

impl Arena {
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        Arena {
            nodes: Vec::with_capacity(nodes),
            ..Arena::default()
        }
    }

    #[inline(always)]
    pub(crate) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    /// The first child of a collection; [`NONE`] where it is empty, and of anything else.
    #[inline(always)]
    pub(crate) fn first_child(&self, id: u32) -> u32 {
        match self.nodes.get(id as usize + 1) {
            Some(node) if node.parent == id => id + 1,
            _ => NONE,
        }
    }

    /// The number of the key of the value that comes next. `key` are its bytes, `inside` those without the quotes, and `plain` says of
    /// these whether they are what the key reads as.
    #[inline(always)]
    pub(crate) fn number(
        &mut self,
        text: &str,
        key: Span,
        inside: Span,
        plain: impl FnOnce(&[u8]) -> bool,
    ) -> u16 {
        let number = self.keys.intern(text.as_bytes(), inside, plain);
        match number {
            UNNUMBERED => self.no_number(key),
            number => number,
        }
    }

    /// Says that the value that comes next has the key `key`, which gets no number.
    #[cold]
    pub(crate) fn no_number(&mut self, key: Span) -> u16 {
        self.unnumbered.push((self.nodes.len() as u32, key.end));
        UNNUMBERED
    }

    /// Whether some key has no number.
    #[inline(always)]
    pub(crate) fn has_unnumbered(&self) -> bool {
        !self.unnumbered.is_empty()
    }

    /// The number that members with this key have; [`UNNUMBERED`] where those that have none may have it; [`ABSENT`] where no member
    /// has it.
    #[inline(always)]
    pub(crate) fn look_up(&self, text: &str, wanted: Wanted<'_>) -> u16 {
        match self.keys.find(text, wanted) {
            Some(number) => number,
            None if self.has_unnumbered() => UNNUMBERED,
            None => ABSENT,
        }
    }

    /// Says what the alias `id` stands for.
    pub(crate) fn add_alias(&mut self, id: u32, target: u32) {
        self.aliases.push((id, target));
    }

    /// What an alias stands for; [`NONE`] where that is not known.
    pub(crate) fn target(&self, alias: u32) -> u32 {
        find(&self.aliases, alias).copied().unwrap_or(NONE)
    }

    /// All that aliases stand for.
    pub(crate) fn targets(&self) -> impl Iterator<Item = u32> + '_ {
        self.aliases.iter().map(|(_, target)| *target)
    }

    /// The bytes of the key of `id` in `text`, quotes included; `None` where it has none, or one without a byte.
    pub(crate) fn key_span(&self, text: &str, id: u32) -> Option<Span> {
        let node = self.node(id);
        let start = node.key as usize;
        if node.key_number == UNNUMBERED {
            let end = *find(&self.unnumbered, id)?;
            return (end > node.key).then(|| Span::new(start, end as usize));
        }
        // A key with a number that begins with a quote has stood between two of them.
        let quotes = match text.as_bytes().get(start) {
            Some(b'"' | b'\'') => 2,
            _ => 0,
        };
        let len = self.keys.len_of(node.key_number) + quotes;
        (len > 0).then(|| Span::new(start, start + len))
    }

    /// The members of object `id` that have a key, with the key's bytes.
    pub(crate) fn members<'a>(
        &'a self,
        text: &'a str,
        id: u32,
    ) -> impl Iterator<Item = (u32, Span)> + 'a {
        let mut next = match id {
            NONE => NONE,
            id => self.first_child(id),
        };
        std::iter::from_fn(move || {
            let id = next;
            next = self.nodes.get(id as usize)?.next;
            Some(id)
        })
        .filter_map(move |id| Some((id, self.key_span(text, id)?)))
    }
}

/// What a list in order of its numbers has for one of them.
pub(super) fn find<T>(list: &[(u32, T)], id: u32) -> Option<&T> {
    let at = list.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    Some(&list[at].1)
}

/// The bytes of a key between its quotes, if it has any.
pub(super) fn unquoted(text: &str, key: Span) -> Span {
    match text.as_bytes().get(key.range()).unwrap_or_default() {
        [b'"', .., b'"'] | [b'\'', .., b'\''] => {
            Span::new(key.start as usize + 1, key.end as usize - 1)
        }
        _ => key,
    }
}
