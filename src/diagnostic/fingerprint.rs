//! The identity of a finding.

use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};

/// How much of a snippet counts.
const MOST: usize = 400;

/// A fingerprint over `parts`: 32 hexadecimal digits. Each part is delimited, so that moving text from one part to the next
/// changes it. Stable between versions: baselines are written with it.
pub fn fingerprint<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut text = String::with_capacity(32);
    let _ = write!(text, "{:032x}", hash(parts));
    text
}

/// FNV-1a of 128 bits (draft-eastlake-fnv): short, stable, and no secret depends on it.
fn hash<'p>(parts: impl IntoIterator<Item = &'p str>) -> u128 {
    // The prime is 2^88 + 0x13B.
    let times_prime = |hash: u128| (hash << 88).wrapping_add(hash.wrapping_mul(0x13B));
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = times_prime(hash ^ u128::from(byte));
        }
    }
    hash
}

/// Appends the same in 16 digits.
fn push_half<'p>(text: &mut String, parts: impl IntoIterator<Item = &'p str>) {
    let hash = hash(parts);
    let hash = (hash >> 64) as u64 ^ hash as u64;
    for place in (0..u64::BITS).step_by(4).rev() {
        text.extend(char::from_digit((hash >> place) as u32 & 15, 16));
    }
}

/// The half of a fingerprint that does not say whose the finding is: equal for the finding of a dashboard, a group or a file
/// that has got another name.
pub fn loosely(fingerprint: &str) -> &str {
    fingerprint.get(..16).unwrap_or(fingerprint)
}

/// The fingerprint in an [identity](super::Diagnostic::identity).
pub fn of_id(identity: &str) -> &str {
    identity.get(..32).unwrap_or(identity)
}

/// What of an identity does not depend on the number of a panel, where it stands in one.
pub fn of_title(identity: &str) -> Option<&str> {
    identity.get(32..).filter(|rest| !rest.is_empty())
}

/// What a finding is known by when its file is written anew: the rule, the panel's id, the query's letter, the alert's name, and
/// the words it is about. Neither lines nor the order of panels nor the row they stand in count, nor white space, quotes and
/// escapes.
#[derive(Debug, Default)]
pub struct Identity {
    /// What it stands in: the dashboard's uid, the group's name, the file's name where nothing else has one. Nothing for a
    /// finding that is the whole project's, and stands in one of several places that would do.
    pub whose: Vec<String>,
    /// The finding itself.
    pub what: Vec<String>,
}

impl Identity {
    /// Adds the words the finding is about, unless they are only the `name` of what it stands in.
    pub fn words(&mut self, snippet: &str, name: &str) {
        let words = plain(snippet);
        if words != plain(name) {
            self.what.push(words);
        }
    }

    /// All of it in one half.
    pub fn whole(&self) -> String {
        let mut whole = String::with_capacity(16);
        let parts = self.what.iter().chain(&self.whose);
        push_half(&mut whole, parts.map(String::as_str));
        whole
    }

    /// The fingerprint: the first half says what, the second half whose. `seen` counts equal ones of one file, which differ
    /// in the second half.
    pub fn fingerprint(&self, seen: &mut FxHashMap<String, usize>) -> String {
        let mut what = String::with_capacity(16);
        push_half(&mut what, self.what.iter().map(String::as_str));
        let mut whole = String::with_capacity(32);
        whole.push_str(&what);
        let whose = self.whose.iter().map(String::as_str);
        push_half(&mut whole, [what.as_str()].into_iter().chain(whose));
        let count = seen.entry(whole.clone()).or_insert(0);
        *count += 1;
        match *count {
            1 => whole,
            count => nth(&whole, count),
        }
    }
}

/// The fingerprint of one of several equal findings, by that of the first and its number from 2.
fn nth(first: &str, number: usize) -> String {
    let mut nth = loosely(first).to_owned();
    push_half(&mut nth, [first, &number.to_string()]);
    nth
}

/// Equal findings of a file at two times, by their numbers in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Those of now.
    pub now: Vec<usize>,
    /// Those of then.
    pub then: Vec<usize>,
}

/// Of the fingerprints of a file, now and then, those of which there are several that differ only by their numbers.
pub fn families(now: &[&str], then: &[&str]) -> Vec<Family> {
    let places = |all: &[&str]| -> FxHashMap<String, Vec<usize>> {
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, fingerprint) in all.iter().enumerate() {
            places
                .entry((*fingerprint).to_owned())
                .or_default()
                .push(at);
        }
        places
    };
    let (places_now, places_then) = (places(now), places(then));
    let mut alike: FxHashMap<&str, usize> = FxHashMap::default();
    for fingerprint in now.iter().chain(then) {
        *alike.entry(loosely(fingerprint)).or_default() += 1;
    }
    let mut families = Vec::new();
    let mut done: FxHashSet<String> = FxHashSet::default();
    for first in now {
        let most = alike.get(loosely(first)).copied().unwrap_or_default();
        if most < 2 || !done.insert((*first).to_owned()) {
            continue;
        }
        let mut family = Family {
            now: Vec::new(),
            then: Vec::new(),
        };
        for number in 1..=most {
            let one = match number {
                1 => (*first).to_owned(),
                number => nth(first, number),
            };
            let (here, there) = (places_now.get(&one), places_then.get(&one));
            if here.is_none() && there.is_none() {
                break;
            }
            family.now.extend(here.into_iter().flatten());
            family.then.extend(there.into_iter().flatten());
            done.insert(one);
        }
        if family.now.len() > 1 {
            families.push(family);
        }
    }
    families
}

/// How many equal findings of one owner are told apart by [`of_owner`].
const COUNTED: usize = 64;

/// The fingerprints that findings of `whose` may have that are `what` (see [`loosely`]): of the only one, and of several equal
/// ones.
pub fn of_owner(what: &str, whose: &str) -> impl Iterator<Item = String> {
    numbered(what, Some(whose))
}

/// Whether a fingerprint is that of a finding of the whole project, which is the same in whichever file it is told.
pub fn is_of_project(fingerprint: &str) -> bool {
    let fingerprint = of_id(fingerprint);
    numbered(loosely(fingerprint), None).any(|one| one == fingerprint)
}

/// The first, and those that differ only by their numbers.
fn numbered(what: &str, whose: Option<&str>) -> impl Iterator<Item = String> {
    let mut whole = what.to_owned();
    push_half(&mut whole, [what].into_iter().chain(whose));
    let others = whole.clone();
    let others = (2..=COUNTED).map(move |number| nth(&others, number));
    std::iter::once(whole).chain(others)
}

/// A text without what a reformatter changes: white space, quotes, escapes.
fn plain(snippet: &str) -> String {
    let mut plain = String::with_capacity(snippet.len().min(MOST + 1));
    // Nearly all are ASCII without escapes, and short.
    for byte in snippet.bytes() {
        if byte == b'\\' || !byte.is_ascii() {
            return plain_of_all(snippet);
        }
        if !matches!(byte, b'\t'..=b'\r' | b' ' | b'"' | b'\'') {
            plain.push(char::from(byte));
        }
        if plain.len() > MOST {
            break;
        }
    }
    plain
}

fn plain_of_all(snippet: &str) -> String {
    let mut plain = String::new();
    let mut chars = snippet.chars();
    while let Some(c) = chars.next() {
        if plain.len() > MOST {
            break;
        }
        let c = match c {
            '\\' => match chars.next() {
                Some('n' | 't' | 'r') | None => continue,
                Some('u') => {
                    let digits: String = chars.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    match code.and_then(char::from_u32) {
                        Some(c) => c,
                        None => continue,
                    }
                }
                Some(c) => c,
            },
            c => c,
        };
        // Beyond the basic plane JSON may write two escapes, of which neither is a character.
        if !c.is_whitespace() && !matches!(c, '"' | '\'' | '\u{10000}'..) {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reformatter_does_changes_nothing() {
        for same in [
            "{\"a\": \"1 < 2\"}",
            "{ \"a\" : \"1\\u0020\\u003c 2\" }",
            "{'a':'1 <\\n2'}",
        ] {
            assert_eq!(plain(same), "{a:1<2}");
        }
        assert_eq!(plain("a\\"), "a");
        assert_eq!(plain("\\ud83d\\udcca b"), plain("📊 b"));
    }

    #[test]
    fn equal_ones_are_one_family() {
        let mut seen = FxHashMap::default();
        let mut of = |what: &str| {
            let (whose, what) = (vec!["a".to_owned()], vec![what.to_owned()]);
            Identity { whose, what }.fingerprint(&mut seen)
        };
        let [one, other, two, three] = ["x", "y", "x", "x"].map(&mut of);
        let now = [one.as_str(), &other, &two, &three];
        assert_eq!(
            families(&now, &[&other, &two, &one]),
            [Family {
                now: vec![0, 2, 3],
                then: vec![2, 1]
            }]
        );
        assert_eq!(families(&[&one, &other], &[&one]), []);
    }

    #[test]
    fn the_first_half_does_not_say_whose_it_is() {
        let of = |whose: &str, what: &str, seen: &mut FxHashMap<String, usize>| {
            let (whose, what) = (vec![whose.to_owned()], vec![what.to_owned()]);
            Identity { whose, what }.fingerprint(seen)
        };
        let mut seen = FxHashMap::default();
        let one = of("a", "x", &mut seen);
        assert_eq!(one.len(), 32);
        for other in [of("b", "x", &mut seen), of("a", "x", &mut seen)] {
            assert_eq!(loosely(&one), loosely(&other));
            assert_ne!(one, other);
        }
        assert_ne!(loosely(&one), loosely(&of("a", "y", &mut seen)));
        let is_of =
            |one: &str, whose: &str| of_owner(loosely(one), whose).any(|other| other == one);
        assert!(is_of(&one, "a") && !is_of(&one, "b"));
        assert!(is_of(&of("a", "x", &mut seen), "a"));
        let of_project = Identity {
            whose: Vec::new(),
            what: vec!["x".to_owned()],
        };
        for _ in 0..2 {
            let fingerprint = of_project.fingerprint(&mut seen);
            assert!(is_of_project(&fingerprint) && !is_of(&fingerprint, "a"));
        }
        assert!(!is_of_project(&one));
    }
}
