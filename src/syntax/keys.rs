//! Equal keys of one object.
//!
//! While an object is read, the number of each key is compared with those before it, which costs nearly nothing. Only where one
//! is met again, where a key has no number, or where there are many keys, are the keys themselves looked at.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::names::UNNAMED;
use super::tree::{Problem, ProblemKind};
use crate::span::Span;

/// Keys of one object that are compared one by one.
const FEW: usize = 48;

/// The numbers of the keys of all open objects.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    names: Vec<u16>,
}

impl Keys {
    /// Where the numbers of an object that begins now will start.
    pub(crate) fn mark(&self) -> u32 {
        self.names.len() as u32
    }

    /// Adds a key to the object that began at `mark`; whether one like it may have been there.
    #[inline]
    pub(crate) fn met(&mut self, mark: u32, name: u16) -> bool {
        let own = &self.names[mark as usize..];
        if own.len() > FEW {
            return false;
        }
        let met = name == UNNAMED || own.contains(&name);
        self.names.push(name);
        met
    }

    /// Whether the object that began at `mark` has so many keys that not all were compared.
    pub(crate) fn many(&self, mark: u32) -> bool {
        self.names.len() - mark as usize > FEW
    }

    /// Forgets the object that began at `mark`.
    pub(crate) fn reset(&mut self, mark: u32) {
        self.names.truncate(mark as usize);
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

/// Whether some object has the same key twice, by what was reported.
pub(crate) fn repeat(problems: &[Problem]) -> bool {
    let is_repeat = |problem: &Problem| problem.kind == ProblemKind::DuplicateKey;
    problems.iter().any(is_repeat)
}

/// The start of a text, for a message.
pub(crate) fn clip(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}
