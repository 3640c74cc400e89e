//! Equal keys of one object.
//!
//! Keys have numbers, so that an object with two equal ones is known when it ends. Only there, and where a key has no number,
//! are the keys themselves looked at.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::arena::Arena;
use super::key_table::UNNUMBERED;
use super::tree::{Problem, ProblemKind};
use crate::span::Span;

/// The numbers of the keys of all open objects.
#[derive(Debug, Default)]
pub(crate) struct OpenKeys {
    numbers: Vec<u16>,
    /// By its number, the object in which each key was met last.
    met_in: Vec<u32>,
    objects: u32,
}

impl OpenKeys {
    /// Where the numbers of an object that begins now will start.
    pub(crate) fn mark(&self) -> u32 {
        self.numbers.len() as u32
    }

    /// Adds a key to the innermost object.
    #[inline(always)]
    pub(crate) fn add(&mut self, number: u16) {
        self.numbers.push(number);
    }

    /// Forgets the object that began at `mark`; whether two of its keys may be equal.
    #[inline]
    pub(crate) fn end(&mut self, mark: u32) -> bool {
        self.objects += 1;
        let mut again = false;
        for number in self.numbers.drain(mark as usize..) {
            let number = usize::from(number);
            if number >= self.met_in.len() {
                self.met_in.resize(number + 64, 0);
            }
            again |= number == usize::from(UNNUMBERED) || self.met_in[number] == self.objects;
            self.met_in[number] = self.objects;
        }
        again
    }
}

/// Reports every key that was there before.
pub(crate) fn report_duplicates<'t>(
    keys: impl Iterator<Item = (Span, Cow<'t, str>)>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: HashMap<Cow<'t, str>, Span> = HashMap::new();
    for (span, key) in keys {
        match seen.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(span);
            }
            Entry::Occupied(entry) => problems.push(Problem {
                kind: ProblemKind::DuplicateKey,
                span,
                message: format!("the key `{}` is already in this object", clip(entry.key())),
                related: Some((*entry.get(), "first here".to_owned())),
                repair: None,
            }),
        }
    }
}

/// Whether some object may have the same key twice: one was reported, or not all keys have numbers.
pub(crate) fn may_repeat(arena: &Arena, problems: &[Problem]) -> bool {
    let is_repeat = |problem: &Problem| problem.kind == ProblemKind::DuplicateKey;
    arena.has_unnumbered() || problems.iter().any(is_repeat)
}

/// The start of a text, for a message.
pub(crate) fn clip(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}
