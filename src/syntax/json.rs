//! JSON into the arena: jiter as a pull parser, driven with our own stack of containers.
//!
//! jiter stops at the first thing that is not JSON. Where that is a comment, a trailing comma or half a surrogate pair,
//! the bytes are blanked in a private copy of the same length ([`mend`]) and a new parser goes on from the step that
//! failed, never from the start. Anything else ends the reading; [`fault`] says what was wrong.

mod fault;
mod mend;
mod unescape;

pub(crate) use unescape::unescape;

use std::sync::Arc;

use jiter::{Jiter, JiterError, JiterErrorType, JiterResult, JsonErrorType, Peek};
use memchr::memchr;

use super::arena::{Arena, Kind, NONE, Node, Style};
use super::key_table::{ABSENT, UNNUMBERED};
use super::keys::{self, OpenKeys};
use super::tree::{Dialect, Problem, ProblemKind, Tree};
use crate::span::Span;

/// How many containers deep values are read. Deeper ones are checked, but not kept.
const MAX_DEPTH: usize = 10_000;
/// Bytes of text for which room for one node is made beforehand.
const BYTES_PER_NODE: usize = 20;

/// The byte order mark in UTF-8.
const BOM: &str = "\u{feff}";

pub(crate) fn parse(text: Arc<str>) -> Tree {
    let mut reader = Reader {
        text: &text,
        arena: Arena::with_capacity(text.len() / BYTES_PER_NODE + 4),
        stack: Vec::with_capacity(32),
        keys: OpenKeys::default(),
        next: Next::Value(Span::default()),
        problems: Vec::new(),
        too_deep: false,
        read_to: 0,
    };
    let mut from = 0;
    if text.starts_with(BOM) {
        from = BOM.len();
        let span = Span::new(0, from);
        reader.problems.push(Problem {
            kind: ProblemKind::ByteOrderMark,
            span,
            message: "the file starts with a byte order mark, which Go's JSON decoder refuses"
                .to_owned(),
            related: None,
            repair: Some((span, String::new())),
        });
    }
    let mut copy: Option<Vec<u8>> = None;
    loop {
        let data = copy.as_deref().unwrap_or(text.as_bytes());
        let Err(stop) = reader.pull(data, from) else {
            break;
        };
        match mend::mend(&mut reader.problems, &text, &mut copy, &stop) {
            Some(resume) => from = resume,
            None => {
                let data = copy.as_deref().unwrap_or(text.as_bytes());
                let problem = fault::describe(&reader, data, &stop);
                reader.problems.push(problem);
                reader.close_all(stop.at);
                break;
            }
        }
    }
    let Reader {
        mut arena,
        mut problems,
        ..
    } = reader;
    problems.sort_by_key(|problem| problem.span.start);
    arena.nodes.shrink_to_fit();
    let roots = match arena.nodes.is_empty() {
        true => vec![],
        false => vec![0],
    };
    let repeats = keys::may_repeat(&arena, &problems);
    Tree {
        text,
        dialect: Dialect::Json,
        arena,
        roots,
        decoded: Vec::new(),
        decoded_keys: Vec::new(),
        comments: Vec::new(),
        repeats,
        problems,
        carrier: None,
        merge: ABSENT,
        shared: Default::default(),
    }
}

/// What is to be read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value, under this key; the root where nothing is open.
    Value(Span),
    /// What follows an opening bracket: the first key or element, or the end.
    Open,
    /// What follows a value: a comma and the next key or element, or the end.
    Step,
    /// The end of the text.
    End,
}

/// A container that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Its node; `NONE` below the depth limit.
    node: u32,
    /// Its last child so far.
    last: u32,
    /// Where it was opened.
    open: u32,
    /// Children so far.
    count: u32,
    /// Where the numbers of its keys begin.
    keys: u32,
    object: bool,
    /// Its children are not kept.
    mute: bool,
}

/// Where and why jiter stopped.
struct Stop {
    why: JsonErrorType,
    /// The byte it stumbled over.
    at: usize,
    /// Where the failed step began.
    resume: usize,
}

struct Reader<'t> {
    text: &'t str,
    arena: Arena,
    stack: Vec<Frame>,
    keys: OpenKeys,
    next: Next,
    problems: Vec<Problem>,
    too_deep: bool,
    /// End of the last complete value or key.
    read_to: usize,
}

impl Reader<'_> {
    /// Reads from byte `base` of `data` on to the end or to the first fault. What was read is kept, and
    /// [`Reader::next`] tells the step that failed.
    fn pull(&mut self, data: &[u8], base: usize) -> Result<(), Stop> {
        let mut jiter = Jiter::new(&data[base..]);
        loop {
            let here = base + jiter.current_index();
            let stop = |error: JiterError| Stop {
                why: match error.error_type {
                    JiterErrorType::JsonError(why) => why,
                    JiterErrorType::WrongType { .. } => JsonErrorType::ExpectedSomeValue,
                },
                at: base + error.index,
                resume: here,
            };
            match self.next {
                Next::Value(key) => {
                    let peek = jiter.peek().map_err(stop)?;
                    self.value(&mut jiter, base, peek, key).map_err(stop)?;
                }
                Next::Open | Next::Step => {
                    let Some(frame) = self.stack.last() else {
                        self.next = Next::End;
                        continue;
                    };
                    if frame.object {
                        let key = match self.next {
                            Next::Open => jiter.next_object_bytes(),
                            _ => jiter.next_key_bytes(),
                        };
                        match key.map(|key| key.map(<[u8]>::len)).map_err(stop)? {
                            Some(len) => {
                                let key = key_span(data, base + jiter.current_index(), len);
                                self.read_to = key.end as usize;
                                self.next = Next::Value(key);
                            }
                            None => self.close(base + jiter.current_index()),
                        }
                    } else {
                        let peek = match self.next {
                            Next::Open => jiter.known_array(),
                            _ => jiter.array_step(),
                        };
                        match peek.map_err(stop)? {
                            Some(peek) => self
                                .value(&mut jiter, base, peek, Span::default())
                                .map_err(stop)?,
                            None => self.close(base + jiter.current_index()),
                        }
                    }
                }
                Next::End => return jiter.finish().map_err(stop),
            }
        }
    }

    /// Reads a scalar, or opens a container: the cursor is on the byte `peek`.
    #[inline]
    fn value(
        &mut self,
        jiter: &mut Jiter<'_>,
        base: usize,
        peek: Peek,
        key: Span,
    ) -> JiterResult<()> {
        let start = base + jiter.current_index();
        let (kind, style, mut coded) = match peek {
            Peek::String => {
                let len = jiter.known_bytes()?.len();
                // Asked of the text, not of the copy in which halves of surrogate pairs are blanked.
                let inside = self.text.as_bytes().get(start + 1..start + 1 + len);
                let coded = inside.is_some_and(|inside| memchr(b'\\', inside).is_some());
                (Kind::String, Style::Double, coded)
            }
            Peek::Object => (Kind::Object, Style::Flow, false),
            Peek::Array => (Kind::Array, Style::Flow, false),
            Peek::True | Peek::False => {
                jiter.known_bool(peek)?;
                (Kind::Bool, Style::Plain, false)
            }
            Peek::Null => {
                jiter.known_null()?;
                (Kind::Null, Style::Plain, false)
            }
            _ if peek == Peek::Minus || peek.into_inner().is_ascii_digit() => {
                jiter.known_number_bytes(peek)?;
                (Kind::Number, Style::Plain, false)
            }
            _ => {
                return Err(JiterError {
                    error_type: JiterErrorType::JsonError(JsonErrorType::ExpectedSomeValue),
                    index: jiter.current_index(),
                });
            }
        };
        let container = matches!(kind, Kind::Object | Kind::Array);
        let end = if container {
            start + 1
        } else {
            base + jiter.current_index()
        };
        coded &= !container;
        self.read_to = end;
        let node = self.add(kind, style, coded, Span::new(start, end), key);
        if container {
            self.open(kind, node, start);
        } else {
            self.next = if self.stack.is_empty() {
                Next::End
            } else {
                Next::Step
            };
        }
        Ok(())
    }

    /// Puts a value into the arena, unless it is below the depth limit.
    #[inline]
    fn add(&mut self, kind: Kind, style: Style, coded: bool, span: Span, key: Span) -> u32 {
        let id = self.arena.nodes.len() as u32;
        let mut node = Node::new(kind, style, coded, span);
        if let Some(frame) = self.stack.last_mut() {
            if frame.mute {
                return NONE;
            }
            node.parent = frame.node;
            if frame.object {
                node.key = key.start;
                let plain = |key: &[u8]| memchr(b'\\', key).is_none();
                let inside =
                    Span::new(key.start as usize + 1, (key.end as usize).saturating_sub(1));
                node.key_number = self.arena.number(self.text, key, inside, plain);
                self.keys.add(node.key_number);
            } else {
                node.key = frame.count;
            }
            if frame.last != NONE {
                self.arena.nodes[frame.last as usize].next = id;
            }
            frame.last = id;
            frame.count += 1;
        }
        self.arena.nodes.push(node);
        id
    }

    fn open(&mut self, kind: Kind, node: u32, start: usize) {
        let mute = node == NONE || self.stack.len() >= MAX_DEPTH;
        if mute && !self.too_deep {
            self.too_deep = true;
            self.problems.push(Problem {
                kind: ProblemKind::TooDeep,
                span: Span::new(start, start + 1),
                message: format!(
                    "nested more than {MAX_DEPTH} levels deep; what is inside was not read"
                ),
                related: None,
                repair: None,
            });
        }
        self.stack.push(Frame {
            node,
            last: NONE,
            open: start as u32,
            count: 0,
            keys: self.keys.mark(),
            object: kind == Kind::Object,
            mute,
        });
        self.next = Next::Open;
    }

    /// Ends the innermost container at `end`.
    #[inline]
    fn close(&mut self, end: usize) {
        self.read_to = end;
        if let Some(frame) = self.stack.pop() {
            if let Some(node) = self.arena.nodes.get_mut(frame.node as usize) {
                node.span.end = end as u32;
            }
            if self.keys.end(frame.keys) {
                let keys = self.arena.members(self.text, frame.node).map(|(id, span)| {
                    let inside = Span {
                        start: span.start + 1,
                        end: span.end - 1,
                    };
                    let key = match self.arena.node(id).key_number {
                        UNNUMBERED => unescape(self.text, inside).0.into(),
                        _ => self.text[inside.range()].into(),
                    };
                    (span, key)
                });
                keys::report_duplicates(keys, &mut self.problems);
            }
        }
        self.next = if self.stack.is_empty() {
            Next::End
        } else {
            Next::Step
        };
    }

    /// Ends everything that is open where the reading stopped.
    fn close_all(&mut self, end: usize) {
        while !self.stack.is_empty() {
            self.close(end.min(self.text.len()));
        }
    }
}

/// The span of a key of `len` bytes between its quotes; the cursor is past the colon.
fn key_span(data: &[u8], cursor: usize, len: usize) -> Span {
    let mut end = cursor - 1;
    while end > 0 && data[end - 1] != b'"' {
        end -= 1;
    }
    Span::new(end.saturating_sub(len + 2), end)
}
