//! What a glance at a text tells about a regular expression: that it cannot match.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// What every text has in which an expression matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    /// So many bytes, or more.
    least: usize,
    /// A byte beyond ASCII.
    beyond_ascii: bool,
    /// One of these first bytes; nothing where it may begin with any.
    first: Option<Bytes>,
}

impl Glance {
    pub(super) fn new(hir: &Hir) -> Self {
        let properties = hir.properties();
        let at_start = properties.look_set_prefix().contains(Look::Start);
        let first = First::of(hir);
        Glance {
            // An expression that matches nothing at all has no least length.
            least: properties.minimum_len().unwrap_or_default(),
            beyond_ascii: is_beyond_ascii(hir),
            first: (at_start && !first.empty).then_some(first.bytes),
        }
    }

    /// Whether a text has all that.
    pub(super) fn allows(&self, text: &str) -> bool {
        let may_begin = |bytes: &Bytes| text.bytes().next().is_some_and(|byte| bytes.has(byte));
        text.len() >= self.least
            && self.first.as_ref().is_none_or(may_begin)
            && !(self.beyond_ascii && text.is_ascii())
    }
}

/// A set of bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Bytes([u64; 4]);

impl Bytes {
    fn add(&mut self, first: u8, last: u8) {
        for byte in first..=last {
            self.0[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
    }

    fn join(&mut self, other: Bytes) {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, other)| *own |= other);
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] & 1 << (byte % 64) != 0
    }
}

/// What a match may begin with.
#[derive(Default)]
struct First {
    bytes: Bytes,
    /// It may be empty.
    empty: bool,
}

impl First {
    /// How deep it is asked is bounded: `regex_syntax` refuses deep nesting.
    fn of(hir: &Hir) -> First {
        let mut first = First::default();
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => first.empty = true,
            HirKind::Literal(literal) => match literal.0.first() {
                Some(byte) => first.bytes.add(*byte, *byte),
                None => first.empty = true,
            },
            HirKind::Class(Class::Unicode(class)) => {
                for range in class.ranges() {
                    first.bytes.add(lead(range.start()), lead(range.end()));
                }
            }
            HirKind::Class(Class::Bytes(class)) => {
                for range in class.ranges() {
                    first.bytes.add(range.start(), range.end());
                }
            }
            HirKind::Repetition(repetition) => {
                first = First::of(&repetition.sub);
                first.empty |= repetition.min == 0;
            }
            HirKind::Capture(capture) => return First::of(&capture.sub),
            HirKind::Concat(parts) => {
                first.empty = true;
                for part in parts {
                    let next = First::of(part);
                    first.bytes.join(next.bytes);
                    if !next.empty {
                        first.empty = false;
                        break;
                    }
                }
            }
            HirKind::Alternation(all) => {
                for one in all {
                    let one = First::of(one);
                    first.bytes.join(one.bytes);
                    first.empty |= one.empty;
                }
            }
        }
        first
    }
}

/// The first byte of a character in UTF-8.
fn lead(character: char) -> u8 {
    let mut bytes = [0; 4];
    character.encode_utf8(&mut bytes);
    bytes[0]
}

/// Whether every match has a byte beyond ASCII.
fn is_beyond_ascii(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => !literal.0.is_ascii(),
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().all(|range| !range.start().is_ascii())
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().all(|range| !range.start().is_ascii())
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && is_beyond_ascii(&repetition.sub),
        HirKind::Capture(capture) => is_beyond_ascii(&capture.sub),
        HirKind::Concat(parts) => parts.iter().any(is_beyond_ascii),
        HirKind::Alternation(all) => all.iter().all(is_beyond_ascii),
    }
}
