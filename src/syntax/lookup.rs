//! Asking an object for its keys, as JSON has them and as YAML does, with aliases and `<<`.

use super::arena::{Kind, NONE};
use super::key_table::{ABSENT, UNNUMBERED, Wanted};
use super::node::{ALIAS_BUDGET, NodeRef};
use super::tree::{Dialect, Tree};

/// How deep `<<` merges are followed.
const MERGE_DEPTH: usize = 8;
/// How many objects one look-up asks when merges lead on to others.
const MERGE_BUDGET: usize = 64;
/// The key of a merge.
pub(super) const MERGE: &str = "<<";

/// The values of some keys of an object, kept so that they need not be looked for again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Picked<const N: usize> {
    ids: [u32; N],
}

/// A key as the members of one tree have it.
#[derive(Clone, Copy)]
struct Key<'k> {
    text: &'k str,
    /// Its number; [`UNNUMBERED`] where only the text tells.
    number: u16,
}

/// Some keys as one tree has them, for objects that are asked for all of them.
pub(crate) struct KeySet<'k> {
    keys: Vec<&'k str>,
    /// The numbers of those that the tree has, and which keys they are.
    numbers: Vec<(u16, usize)>,
}

impl Tree {
    /// These keys as this tree has them.
    pub(crate) fn key_set<'k>(&self, keys: impl Iterator<Item = &'k str>) -> KeySet<'k> {
        let keys: Vec<&str> = keys.collect();
        let numbers = keys.iter().enumerate().filter_map(|(at, key)| {
            let key = self.key(Wanted::new(key))?;
            Some((key.number, at))
        });
        KeySet {
            numbers: numbers.collect(),
            keys,
        }
    }

    /// The key as members of this tree have it; `None` where none has it.
    #[inline(always)]
    fn key<'k>(&self, wanted: Wanted<'k>) -> Option<Key<'k>> {
        let number = self.arena.look_up(&self.text, wanted);
        (number != ABSENT).then_some(Key {
            text: wanted.key,
            number,
        })
    }

    /// Whether an object may have more keys than its own, or an index of them.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.merge == ABSENT && self.shared.is_empty()
    }
}

impl<'t> NodeRef<'t> {
    /// The value of `key` in an object: the last one where it stands twice, a merged one where it does not stand.
    /// `None` for a missing key and for anything that is no object. The value is not resolved if it is an alias; every
    /// question on it does so.
    #[inline(always)]
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.get_wanted(Wanted::new(key))
    }

    #[inline(never)]
    fn get_wanted(self, wanted: Wanted<'_>) -> Option<NodeRef<'t>> {
        let key = self.tree.key(wanted)?;
        if self.tree.dialect == Dialect::Json {
            return self.at(self.own(key));
        }
        if self.tree.is_plain() {
            return self.at(self.resolve().own(key));
        }
        self.get_merged(key, MERGE_DEPTH, &mut Vec::new())
    }

    /// Whether a member of an object has this key.
    #[inline(always)]
    fn is_under(self, key: Key<'_>) -> bool {
        match self.node().key_number {
            UNNUMBERED => self.key_reads(key.text),
            number => number == key.number,
        }
    }

    /// Whether a key without a number reads so.
    #[cold]
    #[inline(never)]
    fn key_reads(self, wanted: &str) -> bool {
        if self.differs(wanted) {
            return false;
        }
        match self.tree.decoded_key(self.id) {
            Some(decoded) => &*decoded.value == wanted,
            None => self.key().is_some_and(|key| key == wanted),
        }
    }

    /// Whether a key's bytes tell that it reads otherwise: they do where they differ first, unless something stands there that may
    /// mean something else than itself.
    fn differs(self, wanted: &str) -> bool {
        let special = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\' | b'*') || byte <= b' ';
        if wanted.bytes().any(special) {
            return false;
        }
        let from = self.tree.text.as_bytes().get(self.node().key as usize..);
        let key = match from.unwrap_or_default() {
            [b'"' | b'\'', key @ ..] => key,
            key => key,
        };
        let mut pairs = key.iter().zip(wanted.as_bytes());
        pairs
            .find(|(own, byte)| own != byte)
            .is_some_and(|(own, _)| !special(*own))
    }

    /// Whether its key is `<<`.
    fn is_merge(self) -> bool {
        self.tree.merge != ABSENT
            && self.is_under(Key {
                text: MERGE,
                number: self.tree.merge,
            })
    }

    /// The member of an object with this key, as it stands; the last one of several.
    #[inline(always)]
    fn own(self, key: Key<'_>) -> u32 {
        if self.node().kind != Kind::Object {
            return NONE;
        }
        let mut found = NONE;
        for member in self.raw_children() {
            if member.is_under(key) {
                found = member.id;
                if !self.tree.repeats {
                    break;
                }
            }
        }
        found
    }

    /// Shows `see` the values of all keys of a set of this tree, each as [`NodeRef::get`] has it, with the key's place in the set; in no
    /// particular order.
    pub(crate) fn get_all(self, set: &KeySet<'_>, mut see: impl FnMut(usize, NodeRef<'t>)) {
        let tree = self.tree;
        if !tree.is_plain() || tree.repeats || tree.arena.has_unnumbered() {
            for (at, key) in set.keys.iter().enumerate() {
                if let Some(value) = self.get(key) {
                    see(at, value);
                }
            }
            return;
        }
        for member in self.members() {
            let number = member.node().key_number;
            if let Some((_, at)) = set.numbers.iter().find(|(wanted, _)| *wanted == number) {
                see(*at, member);
            }
        }
    }

    /// The values of several keys, each as [`NodeRef::get`] has it, in one walk over the object.
    #[inline(always)]
    pub(crate) fn pick<const N: usize>(self, keys: &[&str; N]) -> Picked<N> {
        self.pick_wanted(&keys.map(Wanted::new))
    }

    #[inline(never)]
    fn pick_wanted<const N: usize>(self, wanted: &[Wanted<'_>; N]) -> Picked<N> {
        let keys = wanted.map(|wanted| self.tree.key(wanted));
        let mut ids = [NONE; N];
        if keys.iter().all(Option::is_none) {
            return Picked { ids };
        }
        if self.tree.is_plain() {
            self.resolve().pick_own(&keys, &mut ids);
        } else {
            self.pick_merged(&keys, &mut ids, MERGE_DEPTH, &mut Vec::new());
        }
        Picked { ids }
    }

    /// The members of an object with these keys, as they stand.
    #[inline(always)]
    fn pick_own<const N: usize>(self, keys: &[Option<Key<'_>>; N], ids: &mut [u32; N]) {
        if self.node().kind != Kind::Object {
            return;
        }
        let numbers = keys.map(|key| key.map_or(ABSENT, |key| key.number));
        for member in self.raw_children() {
            match member.node().key_number {
                UNNUMBERED => {
                    for (id, key) in ids.iter_mut().zip(keys) {
                        if key.is_some_and(|key| member.key_reads(key.text)) {
                            *id = member.id;
                        }
                    }
                }
                own => {
                    for (id, number) in ids.iter_mut().zip(numbers) {
                        if number == own {
                            *id = member.id;
                        }
                    }
                }
            }
        }
    }

    /// Fills in what is missing in `ids`: an object's own keys first, then those of what it merges.
    fn pick_merged<const N: usize>(
        self,
        keys: &[Option<Key<'_>>; N],
        ids: &mut [u32; N],
        depth: usize,
        seen: &mut Vec<u32>,
    ) {
        let object = self.resolve();
        let mut own = [NONE; N];
        let mut merges = Vec::new();
        match self.tree.shared.get(&object.id) {
            Some(index) => {
                for (id, key) in own.iter_mut().zip(keys) {
                    *id = key.and_then(|key| index.get(key.text)).unwrap_or(NONE);
                }
                merges.extend(index.merges.iter().filter_map(|&id| self.at(id)));
            }
            None => {
                object.pick_own(keys, &mut own);
                merges.extend(object.members().filter(|member| member.is_merge()));
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

    /// The objects that a `<<` member numbers: one, or several of which the first counts.
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

    fn get_merged(self, key: Key<'_>, depth: usize, seen: &mut Vec<u32>) -> Option<NodeRef<'t>> {
        let object = self.resolve();
        let index = self.tree.shared.get(&object.id);
        let found = match index {
            Some(index) => index.get(key.text).and_then(|id| self.at(id)),
            None => self.at(object.own(key)),
        };
        if found.is_some() || depth == 0 || self.tree.merge == ABSENT {
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
}
