//! Equal keys of one object.
//!
//! While an object is read, a hash of each key is compared with those before it, which costs nearly nothing and says
//! whether there *may* be a duplicate. Only then, or where there are many keys, are the keys themselves looked at.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::tree::{NONE, Node, Problem, ProblemKind};
use crate::span::Span;

/// Keys of one object that are compared one by one.
const FEW: usize = 48;

/// The hashes of the keys of all open objects.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    hashes: Vec<u32>,
}

impl Keys {
    /// Where the hashes of an object that begins now will start.
    pub(crate) fn mark(&self) -> u32 {
        self.hashes.len() as u32
    }

    /// Adds a key to the object that began at `mark`; whether one like it may have been there.
    #[inline]
    pub(crate) fn met(&mut self, mark: u32, key: &[u8]) -> bool {
        let own = &self.hashes[mark as usize..];
        if own.len() > FEW {
            return false;
        }
        let mut hasher = FxHasher::default();
        hasher.write(key);
        let hash = hasher.finish() as u32;
        let met = own.contains(&hash);
        self.hashes.push(hash);
        met
    }

    /// Whether the object that began at `mark` has so many keys that not all were compared.
    pub(crate) fn many(&self, mark: u32) -> bool {
        self.hashes.len() - mark as usize > FEW
    }

    /// Forgets the object that began at `mark`.
    pub(crate) fn reset(&mut self, mark: u32) {
        self.hashes.truncate(mark as usize);
    }
}

/// A byte by which most keys are told apart without a look at the text; never 0.
#[inline]
pub(crate) fn sketch(key: &[u8]) -> u8 {
    let byte = |at: usize| key.get(at).copied().unwrap_or(0);
    let len = key.len();
    let sum = (len as u8)
        .wrapping_mul(29)
        .wrapping_add(byte(0).wrapping_mul(7))
        .wrapping_add(byte(len / 2).wrapping_mul(3))
        .wrapping_add(byte(len.saturating_sub(1)));
    sum.max(1)
}

/// The members of object `node` that have a key, with the key's span.
pub(crate) fn members(nodes: &[Node], node: u32) -> impl Iterator<Item = (u32, Span)> + '_ {
    let mut next = nodes
        .get(node as usize)
        .map_or(NONE, |node| node.first_child);
    std::iter::from_fn(move || {
        let id = next;
        let node = nodes.get(id as usize)?;
        next = node.next;
        Some((id, node.key))
    })
    .filter(|(_, key)| !key.is_empty())
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

/// The start of a text, for a message.
pub(crate) fn clip(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}
