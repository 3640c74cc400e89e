//! YAML into the arena: granit-parser's events, and nothing of it outside this module.
//!
//! granit gives the bytes and the value of every scalar; the way back from the value to the bytes is found here, by
//! decoding the bytes once more and comparing ([`scalar`], [`block`]). Where the two should ever differ, granit's value
//! stands and maps to the scalar as a whole.

mod block;
mod build;
mod fault;
mod mend;
mod scalar;

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, Span as Range, StructureStyle, Tag,
};
use rustc_hash::FxHashMap;

use super::arena::{Arena, Kind, NONE, Style};
use super::key_table::Wanted;
use super::keys::{self, OpenKeys};
use super::lookup::MERGE;
use super::scalar::plain_kind;
use super::shared;
use super::text::Map;
use super::tree::{Comment, Decoded, Dialect, Problem, ProblemKind, Tree};
use crate::span::Span;

/// How many collections deep values are read.
const MAX_DEPTH: usize = 1_000;
/// Bytes of text for which room for one node is made beforehand.
const BYTES_PER_NODE: usize = 32;
/// How many scalars are mended; each costs another reading of the text.
const MOST_MENDS: usize = 32;
/// Longer values of an alias used as a key are not copied.
const LONGEST_ALIAS_KEY: usize = 1_024;

pub(crate) fn parse(text: Arc<str>) -> Tree {
    let mut options = Options::default();
    options.emit_unresolved_aliases = true;
    options.max_buffered_comment_events = usize::MAX;
    options.simple_key_max_lookahead = usize::MAX;
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    let mut builder = Builder::new(&text, Vec::new());
    if let Some(mut place) = builder.run(&text, &options) {
        // Rare: from here on a copy is read, each time from the start, so not too often.
        let mut copy = text.to_string();
        for left in (0..MOST_MENDS).rev() {
            let mut mended = std::mem::take(&mut builder.mended);
            copy = mend::blank_line_breaks(copy, place);
            mended.push(place);
            builder = Builder::new(&text, mended);
            builder.mend = left > 0;
            match builder.run(&copy, &options) {
                Some(next) => place = next,
                None => break,
            }
        }
    }
    builder.problems.sort_by_key(|problem| problem.span.start);
    builder.comments.sort_by_key(|comment| comment.span.start);
    let Builder {
        mut arena,
        roots,
        decoded,
        decoded_keys,
        comments,
        problems,
        ..
    } = builder;
    arena.nodes.shrink_to_fit();
    let merge = arena.look_up(&text, Wanted::new(MERGE));
    let repeats = keys::may_repeat(&arena, &problems);
    let mut tree = Tree {
        text,
        dialect: Dialect::Yaml,
        arena,
        roots,
        decoded,
        decoded_keys,
        comments,
        repeats,
        problems,
        carrier: None,
        merge,
        shared: Default::default(),
    };
    tree.shared = shared::index(&tree);
    tree
}

/// A collection that has not ended yet.
struct Frame {
    node: u32,
    /// Its last child so far.
    last: u32,
    /// Children so far.
    count: u32,
    /// Where the numbers of its keys begin.
    keys: u32,
    object: bool,
    block: bool,
    /// The key whose value comes next.
    key: Option<Key>,
}

/// A key that waits for its value.
struct Key {
    span: Span,
    decoded: Option<Decoded>,
}

struct Builder<'t> {
    text: &'t str,
    arena: Arena,
    roots: Vec<u32>,
    decoded: Vec<(u32, Decoded)>,
    decoded_keys: Vec<(u32, Decoded)>,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
    stack: Vec<Frame>,
    keys: OpenKeys,
    /// Values by the number of their anchor.
    anchors: FxHashMap<usize, u32>,
    /// A collection that is a key, and how deep we are in it: its values are not kept.
    skipped: Option<(usize, u32)>,
    /// End of the last token that was read.
    read_to: usize,
    /// Whether a document is open, and whether it has its value.
    document: Option<bool>,
    /// Quoted scalars that granit read without their line breaks.
    mended: Vec<Span>,
    /// Whether more of them may be mended.
    mend: bool,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, mended: Vec<Span>) -> Self {
        Builder {
            text,
            arena: Arena::with_capacity(text.len() / BYTES_PER_NODE + 4),
            roots: Vec::new(),
            decoded: Vec::new(),
            decoded_keys: Vec::new(),
            comments: Vec::new(),
            problems: Vec::new(),
            stack: Vec::new(),
            keys: OpenKeys::default(),
            anchors: FxHashMap::default(),
            skipped: None,
            read_to: 0,
            document: None,
            mended,
            mend: true,
        }
    }

    /// Reads `copy`, which is the text but for blanked bytes. Where granit stops at a quoted scalar that Go accepts, its
    /// place is returned, and all has to be read again. After any other fault it
    /// goes on with the next document.
    fn run(&mut self, copy: &str, options: &Options) -> Option<Span> {
        let mut parser = Parser::new_from_str_with_options(copy, options.clone());
        loop {
            match parser.next_event() {
                None | Some(Ok((Event::StreamEnd, _))) => return None,
                Some(Ok((event, range))) => self.event(event, &range),
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or(self.read_to);
                    let at = at.min(copy.len());
                    if self.mend {
                        let place = mend::lenient(copy.as_bytes(), self.read_to, at, error.kind());
                        if place.is_some() {
                            return place;
                        }
                    }
                    let quote = mend::open_quote(copy.as_bytes(), self.read_to, at);
                    let mut problem = fault::describe(self.text, at, error.kind(), quote);
                    if !matches!(error.kind(), ErrorKind::UnclosedFlowCollection { .. }) {
                        problem.related = self.open_bracket();
                    }
                    self.problems.push(problem);
                    self.abandon();
                    if !parser.proceed_next_document().unwrap_or(false) {
                        return None;
                    }
                }
            }
        }
    }

    /// The bracket that is open where the reading stopped, for a second place.
    fn open_bracket(&self) -> Option<(Span, String)> {
        let frame = self.stack.last().filter(|frame| !frame.block)?;
        let start = self.arena.nodes.get(frame.node as usize)?.span.start as usize;
        let bracket = self.text.get(start..start + 1)?;
        matches!(bracket, "[" | "{").then(|| {
            let span = Span::new(start, start + 1);
            (span, format!("the `{bracket}` opened here"))
        })
    }

    /// Ends everything that is open: the document cannot be read on.
    fn abandon(&mut self) {
        self.skipped = None;
        while !self.stack.is_empty() {
            self.end(self.read_to);
        }
        if self.document != Some(true) {
            // Documents are known by their number, so a lost one keeps its place.
            self.document = Some(false);
            self.add(Kind::Null, Style::Plain, Span::at(self.read_to), None);
        }
        self.document = None;
    }

    fn event(&mut self, event: Event<'_>, range: &Range) {
        let start = range.start.byte_offset().unwrap_or(self.read_to);
        let end = range.end.byte_offset().unwrap_or(start);
        if let Event::Comment(..) = event {
            self.comment(Span::new(start, end));
            return;
        }
        if self.skip(&event, end) {
            self.read_to = self.read_to.max(end);
            return;
        }
        // The start of a document without `---` has the span of its first token.
        let mut read = !matches!(event, Event::DocumentStart(false, _));
        match event {
            Event::DocumentStart(..) => self.document = Some(false),
            Event::DocumentEnd => self.document = None,
            Event::Alias(anchor) => self.alias(Span::new(start, end), Some(anchor)),
            Event::UnresolvedAlias(name) => {
                self.problems.push(Problem {
                    kind: ProblemKind::UnknownAlias,
                    span: Span::new(start, end),
                    message: format!("no anchor `&{}` before this alias", keys::clip(&name)),
                    related: None,
                    repair: None,
                });
                self.alias(Span::new(start, end), None);
            }
            Event::Scalar(value, style, anchor, tag) => {
                // That of a block scalar reaches to the token after it.
                read = !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                self.scalar(value, style, anchor, tag.as_deref(), Span::new(start, end));
            }
            Event::SequenceStart(style, anchor, _) => {
                let block = style == StructureStyle::Block;
                let value = self.stack.last().is_some_and(|frame| frame.key.is_some());
                let start = if block && value {
                    self.dash(start)
                } else {
                    start
                };
                self.open(Kind::Array, block, anchor, Span::new(start, end));
            }
            Event::MappingStart(style, anchor, _) => {
                let block = style == StructureStyle::Block;
                self.open(Kind::Object, block, anchor, Span::new(start, end));
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            _ => {}
        }
        if read && end > start {
            self.read_to = self.read_to.max(end);
        }
    }

    fn comment(&mut self, span: Span) {
        let before = &self.text.as_bytes()[..span.start as usize];
        let own_line = before
            .iter()
            .rev()
            .find(|byte| !matches!(byte, b' ' | b'\t'))
            .is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
            || before == "\u{feff}".as_bytes();
        let mut end = span.end as usize;
        if self.text.as_bytes().get(end.wrapping_sub(1)) == Some(&b'\r') {
            end -= 1;
        }
        self.comments.push(Comment {
            span: Span::new(span.start as usize, end),
            own_line,
        });
    }

    /// Whether the event belongs to a collection that is a key.
    fn skip(&mut self, event: &Event<'_>, end: usize) -> bool {
        let Some((depth, start)) = &mut self.skipped else {
            return false;
        };
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => *depth += 1,
            Event::SequenceEnd | Event::MappingEnd => *depth -= 1,
            _ => {}
        }
        if *depth == 0 {
            let start = *start as usize;
            // A block collection ends where the next token starts; its own last token ended before.
            let last = end.min(self.read_to.max(start));
            let last = if self
                .text
                .as_bytes()
                .get(start)
                .is_some_and(|byte| matches!(byte, b'[' | b'{'))
            {
                end
            } else {
                last
            };
            self.skipped = None;
            self.set_key(Span::new(start, last), None);
        }
        true
    }

    /// Whether a key comes next.
    fn at_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|frame| frame.object && frame.key.is_none())
    }

    fn set_key(&mut self, span: Span, decoded: Option<Decoded>) {
        if let Some(frame) = self.stack.last_mut() {
            if frame.block && frame.count == 0 {
                // An anchor or a tag of the first key is not part of the mapping.
                let node = &mut self.arena.nodes[frame.node as usize];
                let first = self.text.as_bytes().get(node.span.start as usize);
                if matches!(first, Some(b'&' | b'!')) {
                    let rest = &self.text.as_bytes()[span.start as usize..];
                    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
                    let start = span.start + blanks.count() as u32;
                    node.span.start = start.max(node.span.start);
                }
            }
            frame.key = Some(Key { span, decoded });
        }
    }

    fn alias(&mut self, span: Span, anchor: Option<usize>) {
        let target = anchor.and_then(|anchor| self.anchors.get(&anchor).copied());
        if !self.at_key() {
            let id = self.add(Kind::Alias, Style::Plain, span, None);
            self.arena.add_alias(id, target.unwrap_or(NONE));
            return;
        }
        let value = target.and_then(|id| {
            let node = self.arena.nodes.get(id as usize)?;
            if node.span.len() > LONGEST_ALIAS_KEY
                || matches!(node.kind, Kind::Array | Kind::Object)
            {
                return None;
            }
            if let Ok(at) = self.decoded.binary_search_by_key(&id, |(id, _)| *id) {
                return Some(self.decoded[at].1.value.clone());
            }
            let raw = self.text.get(node.span.range())?;
            let quoted = matches!(node.form.style(), Style::Single | Style::Double);
            Some(if quoted { &raw[1..raw.len() - 1] } else { raw }.into())
        });
        let decoded = value.map(|value| Decoded {
            value,
            map: Map::Whole(span),
        });
        self.set_key(span, decoded);
    }

    fn scalar(
        &mut self,
        value: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Span,
    ) {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        let mut span = range;
        let mut decoded = None;
        match style {
            Style::Literal | Style::Folded => {
                let (place, text) = block::decode(self.text, self.read_to, range, value, style);
                span = place;
                decoded = Some(text);
                self.read_to = self.read_to.max(span.end as usize);
            }
            Style::Plain if span.is_empty() => {
                span = Span::at(self.after_colon(span.start as usize));
            }
            _ => {
                // granit did not see the line breaks; our own reading counts.
                let mended = self.mended.contains(&range);
                decoded = scalar::decode(self.text, range, value, style, mended);
            }
        }
        if self.at_key() {
            self.set_key(span, decoded);
            return;
        }
        let kind = self.kind(style, tag, span, decoded.as_ref());
        let id = self.add(kind, style, span, decoded);
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    /// What a scalar is, as go-yaml resolves it.
    fn kind(&self, style: Style, tag: Option<&Tag>, span: Span, decoded: Option<&Decoded>) -> Kind {
        let tag = match tag {
            None if style == Style::Plain => None,
            // The tag `!` alone, or quotes.
            None => return Kind::String,
            Some(tag) => match tag.core_suffix() {
                Some(tag) => Some(tag),
                None => return Kind::String,
            },
        };
        let raw = match decoded {
            Some(decoded) => &*decoded.value,
            None => {
                let raw = self.text.get(span.range()).unwrap_or("");
                match style {
                    Style::Single | Style::Double => &raw[1..raw.len() - 1],
                    _ => raw,
                }
            }
        };
        let kind = plain_kind(raw);
        match (tag, kind) {
            (None, kind) => kind,
            (Some("int" | "float"), Kind::Number)
            | (Some("bool"), Kind::Bool)
            | (Some("null"), Kind::Null) => kind,
            _ => Kind::String,
        }
    }

    /// The place after the colon for a value that is not there; granit puts it before the colon.
    fn after_colon(&self, at: usize) -> usize {
        if self.stack.last().is_none_or(|frame| frame.key.is_none()) {
            return at;
        }
        let rest = &self.text.as_bytes()[at.min(self.text.len())..];
        let blanks = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        match rest.get(blanks) {
            Some(b':') => at + blanks + 1,
            _ => at,
        }
    }

    /// The dash of the first element of a block sequence; granit starts one that is not indented after the dash.
    fn dash(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let key = self.stack.last().and_then(|frame| frame.key.as_ref());
        let mut at = self.read_to.max(key.map_or(0, |key| key.span.end as usize));
        while at < start {
            match bytes[at] {
                b'-' => return at,
                b'#' => at = line_end(bytes, at),
                b'&' | b'!' => at = word_end(bytes, at),
                _ => at += 1,
            }
        }
        start
    }
}

/// The end of the line that `at` is on, before its line break.
fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |len| at + len)
}

/// The end of the run of bytes at `at` that are no white space.
fn word_end(bytes: &[u8], at: usize) -> usize {
    let len = bytes[at..]
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    at + len.max(1)
}
