//! The keys of a text, each once: two members have the same key where they have the same number.
//!
//! A dashboard has tens of thousands of members and some two hundred different keys. Whoever asks an object for a key learns
//! from this table, without a look at the object, that the text has no such key, or the number to look for.

use crate::span::Span;

/// Stands for the number of a key that has none (it has escapes, is too long, or came after too many others), and where there is no
/// key.
pub(crate) const UNNUMBERED: u16 = 0;
/// The number of a key that no member has.
pub(crate) const ABSENT: u16 = u16::MAX;
/// Homes that a table begins with; a power of two.
const FIRST_HOMES: usize = 64;
/// How many places are tried for one key: keys made to meet at one place cost no more than this.
const MOST_TRIES: usize = 32;
/// Keys of up to this length are known by their first and last eight bytes.
const KNOWN_BY_ENDS: usize = 16;
/// Longer keys have no number.
const LONGEST: usize = u16::MAX as usize;

/// The keys of one text.
#[derive(Debug, Default)]
pub(crate) struct KeyTable {
    /// As many homes as a power of two, and behind them room for what is not at home; nothing at all at first.
    slots: Vec<Slot>,
    /// The length of each key, by its number less one.
    lengths: Vec<u16>,
}

/// One key: where it stands first.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    ends: Ends,
    start: u32,
    len: u16,
    /// [`UNNUMBERED`] where the slot is free.
    number: u16,
}

/// The first and the last eight bytes of a key, or fewer: up to sixteen bytes they are the whole key, given its length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
}

/// A key that is looked for, with its ends and its hash: for a literal, the compiler knows them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'k> {
    pub(crate) key: &'k str,
    ends: Ends,
    hash: u32,
}

impl Slot {
    fn hash(&self) -> u32 {
        self.ends.hash(usize::from(self.len))
    }
}

impl<'k> Wanted<'k> {
    #[inline(always)]
    pub(crate) fn new(key: &'k str) -> Self {
        let ends = Ends::of(key.as_bytes());
        Wanted {
            key,
            ends,
            hash: ends.hash(key.len()),
        }
    }
}

impl KeyTable {
    /// The number of the key that stands at `inside` of `text`, without quotes. [`UNNUMBERED`] where it gets none. `plain` is asked of a
    /// key that is met for the first time, and says whether its bytes are what it reads as.
    #[inline(always)]
    pub(crate) fn intern(
        &mut self,
        text: &[u8],
        inside: Span,
        plain: impl FnOnce(&[u8]) -> bool,
    ) -> u16 {
        let key = text.get(inside.range()).unwrap_or_default();
        let ends = Ends::of(key);
        match self.find_bytes(text, key, ends, ends.hash(key.len())) {
            Some(number) => number,
            None => self.add(inside.start, key, ends, plain),
        }
    }

    /// The number of a key that was met before.
    #[inline(always)]
    pub(crate) fn find(&self, text: &str, wanted: Wanted<'_>) -> Option<u16> {
        let Wanted { key, ends, hash } = wanted;
        self.find_bytes(text.as_bytes(), key.as_bytes(), ends, hash)
    }

    #[inline(always)]
    fn find_bytes(&self, text: &[u8], key: &[u8], ends: Ends, hash: u32) -> Option<u16> {
        for slot in self.slots.get(home(&self.slots, hash))? {
            if slot.number == UNNUMBERED {
                return None;
            }
            if slot.ends == ends && usize::from(slot.len) == key.len() {
                let start = slot.start as usize;
                if key.len() <= KNOWN_BY_ENDS || text.get(start..start + key.len()) == Some(key) {
                    return Some(slot.number);
                }
            }
        }
        None
    }

    #[cold]
    #[inline(never)]
    fn add(
        &mut self,
        start: u32,
        key: &[u8],
        ends: Ends,
        plain: impl FnOnce(&[u8]) -> bool,
    ) -> u16 {
        let number = (self.lengths.len() + 1) as u16;
        let slot = Slot {
            ends,
            start,
            len: key.len() as u16,
            number,
        };
        let room = key.len() <= LONGEST && self.lengths.len() + 1 < usize::from(ABSENT);
        if !room || !plain(key) {
            return UNNUMBERED;
        }
        if self.lengths.len() * 2 >= self.slots.len().saturating_sub(MOST_TRIES) {
            self.grow();
        }
        if !place(&mut self.slots, slot) {
            return UNNUMBERED;
        }
        self.lengths.push(slot.len);
        number
    }

    /// Twice the room. Each key finds a place in it: keys that lay near their homes in the old table do so in the new one when they
    /// are placed in the order of their homes, because no stretch of homes has got more keys than before.
    fn grow(&mut self) {
        let homes = ((self.slots.len().saturating_sub(MOST_TRIES)) * 2).max(FIRST_HOMES);
        let room = vec![Slot::default(); homes + MOST_TRIES];
        let mut before = std::mem::replace(&mut self.slots, room);
        before.retain(|slot| slot.number != UNNUMBERED);
        before.sort_unstable_by_key(Slot::hash);
        for slot in before {
            place(&mut self.slots, slot);
        }
    }

    /// The length in bytes of the key with this number.
    #[inline]
    pub(crate) fn len_of(&self, number: u16) -> usize {
        let at = usize::from(number).wrapping_sub(1);
        self.lengths.get(at).copied().unwrap_or_default().into()
    }
}

/// Where a key of this hash may lie.
#[inline(always)]
fn home(slots: &[Slot], hash: u32) -> std::ops::Range<usize> {
    // The upper bits of a product are the ones that all of its factors decide.
    let homes = slots.len().saturating_sub(MOST_TRIES) as u64;
    let first = ((u64::from(hash) * homes) >> 32) as usize;
    first..first + MOST_TRIES
}

/// Puts a key into the first free slot near its home; whether there is one.
fn place(slots: &mut [Slot], slot: Slot) -> bool {
    let near = home(slots, slot.hash());
    let mut free = slots.get_mut(near).unwrap_or_default().iter_mut();
    match free.find(|slot| slot.number == UNNUMBERED) {
        Some(free) => {
            *free = slot;
            true
        }
        None => false,
    }
}

impl Ends {
    #[inline(always)]
    fn of(key: &[u8]) -> Self {
        let (first, last) = match key {
            [] => (0, 0),
            _ if key.len() >= 8 => (eight(key), eight(&key[key.len() - 8..])),
            _ if key.len() >= 4 => (four(key), four(&key[key.len() - 4..])),
            _ => (
                u64::from(key[0]) | u64::from(key[key.len() / 2]) << 8,
                u64::from(key[key.len() - 1]),
            ),
        };
        Ends { first, last }
    }

    /// A hash of a key with these ends.
    #[inline(always)]
    fn hash(self, len: usize) -> u32 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.first ^ (len as u64) << 56).wrapping_mul(ODD);
        let mixed = (mixed.rotate_left(32) ^ self.last).wrapping_mul(ODD);
        (mixed >> 32) as u32
    }
}

#[inline(always)]
fn eight(bytes: &[u8]) -> u64 {
    bytes
        .first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[inline(always)]
fn four(bytes: &[u8]) -> u64 {
    let four = bytes
        .first_chunk()
        .map_or(0, |bytes| u32::from_le_bytes(*bytes));
    u64::from(four)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of these keys, as a text with one after the other has them, and the text.
    fn table_of(keys: &[String]) -> (KeyTable, String, Vec<u16>) {
        let text = keys.concat();
        let mut table = KeyTable::default();
        let mut start = 0;
        let mut numbers = Vec::new();
        for key in keys {
            let inside = Span::new(start, start + key.len());
            numbers.push(table.intern(text.as_bytes(), inside, |_| true));
            start = inside.end as usize;
        }
        (table, text, numbers)
    }

    #[test]
    fn a_key_keeps_its_number() {
        let keys: Vec<String> = (0..20_000).map(|at| format!("key-{at}")).collect();
        let (table, text, numbers) = table_of(&keys);
        let numbered = numbers.iter().filter(|number| **number != UNNUMBERED);
        assert!(numbered.count() > 19_900, "chance keeps few from a number");
        for (key, number) in keys.iter().zip(&numbers) {
            let known = Some(*number).filter(|number| *number != UNNUMBERED);
            assert_eq!(table.find(&text, Wanted::new(key)), known);
        }
        let again: Vec<String> = keys.iter().chain(&keys).cloned().collect();
        let (_, _, twice) = table_of(&again);
        assert_eq!(twice[..keys.len()], twice[keys.len()..]);
    }

    #[test]
    fn keys_made_to_meet_are_told_apart() {
        // Equal in length, in the first eight and in the last eight bytes.
        let keys: Vec<String> = (0..5_000)
            .map(|at| format!("instance{at:08}instance"))
            .collect();
        let (table, text, numbers) = table_of(&keys);
        let numbered = numbers
            .iter()
            .filter(|number| **number != UNNUMBERED)
            .count();
        assert_eq!(numbered, MOST_TRIES);
        for (key, number) in keys.iter().zip(&numbers) {
            let known = Some(*number).filter(|number| *number != UNNUMBERED);
            assert_eq!(table.find(&text, Wanted::new(key)), known);
        }
    }

    #[test]
    fn up_to_sixteen_bytes_the_ends_are_the_key() {
        for len in 0..=KNOWN_BY_ENDS {
            let key = b"abcdefghijklmnop"[..len].to_vec();
            for at in 0..len {
                let mut other = key.clone();
                other[at] = b'#';
                assert_ne!(Ends::of(&key), Ends::of(&other), "{len} bytes, byte {at}");
            }
        }
    }

    #[test]
    fn what_is_not_there_is_absent() {
        let keys = ["title", "panels", ""].map(str::to_owned);
        let (table, text, numbers) = table_of(&keys);
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(table.find(&text, Wanted::new("tilte")), None);
        assert_eq!(table.find(&text, Wanted::new("")), Some(3));
        assert_eq!(table.len_of(2), 6);
        assert_eq!(KeyTable::default().find("", Wanted::new("title")), None);
    }
}
