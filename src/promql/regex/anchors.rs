//! Anchors that change nothing in a pattern that is anchored anyway.

use std::borrow::Cow;

use crate::span::Span;

/// The pattern without each `^` and `$` at an end of one of its alternatives, which change nothing: Prometheus puts
/// `^(?s:…)$` around it (model/labels/regexp.go), so whichever alternative is taken begins and ends with the value.
/// An alternative that has nothing else is left as it is: `^$|a` says better than `|a` what it means. `holes` are the
/// variables in it, in bytes of the pattern and in order; what they are is not known.
pub fn without_anchors<'p>(pattern: &'p str, holes: &[Span]) -> Cow<'p, str> {
    match superfluous(pattern, holes) {
        Some(spans) if !spans.is_empty() => {
            let mut rest = String::with_capacity(pattern.len());
            let mut at = 0;
            for span in spans {
                rest.push_str(pattern.get(at..span.start as usize).unwrap_or(""));
                at = span.end as usize;
            }
            rest.push_str(pattern.get(at..).unwrap_or(""));
            Cow::Owned(rest)
        }
        _ => Cow::Borrowed(pattern),
    }
}

/// An alternative while it is read.
struct Alternative {
    start: usize,
    /// Where its first anchors end.
    lead: usize,
    /// Where its last anchors begin, if it ends with some so far.
    tail: Option<usize>,
}

impl Alternative {
    fn at(start: usize, bytes: &[u8]) -> Self {
        let after = bytes.get(start..).unwrap_or_default();
        let count = after.iter().take_while(|byte| **byte == b'^').count();
        // In `^*` the last one is repeated.
        let repeated = matches!(after.get(count), Some(b'*' | b'+' | b'?' | b'{'));
        Alternative {
            start,
            lead: start + count.saturating_sub(usize::from(repeated)),
            tail: None,
        }
    }

    /// Its anchors, if it ends here.
    fn anchors(&self, end: usize) -> impl Iterator<Item = Span> {
        let tail = self.tail.unwrap_or(end).max(self.lead);
        let both = [(self.start, self.lead), (tail, end)];
        let has_more = self.lead < tail;
        both.into_iter()
            .filter(move |(start, end)| has_more && start < end)
            .map(|(start, end)| Span::new(start, end))
    }
}

/// The anchors to leave out, in order; none of a pattern that is not closed.
fn superfluous(pattern: &str, holes: &[Span]) -> Option<Vec<Span>> {
    let bytes = pattern.as_bytes();
    let mut holes = holes.iter().peekable();
    let mut found = Vec::new();
    let mut here = Alternative::at(0, bytes);
    let (mut at, mut depth) = (0, 0_usize);
    let mut alternatives = 1;
    while let Some(byte) = bytes.get(at) {
        while holes.next_if(|hole| (hole.start as usize) < at).is_some() {}
        let start = at;
        at += 1;
        if let Some(hole) = holes.next_if(|hole| hole.start as usize == start) {
            at = (hole.end as usize).max(at);
        } else {
            match byte {
                b'\\' => at = escaped(pattern, at),
                b'[' => at = class(pattern, at)?,
                b'(' => depth += 1,
                b')' => depth = depth.checked_sub(1)?,
                b'|' if depth == 0 => {
                    found.extend(here.anchors(start));
                    here = Alternative::at(at, bytes);
                    alternatives += 1;
                    continue;
                }
                b'$' if depth == 0 => {
                    here.tail.get_or_insert(start);
                    continue;
                }
                _ => {}
            }
        }
        here.tail = None;
    }
    // A pattern of anchors alone is that of the empty value.
    if alternatives == 1 && here.tail.unwrap_or(bytes.len()) <= here.lead {
        return (depth == 0).then(|| vec![Span::new(0, bytes.len())]);
    }
    found.extend(here.anchors(bytes.len()));
    (depth == 0).then_some(found)
}

/// Where what begins with a backslash before `at` ends: `\$`, or `\Q…\E`.
fn escaped(pattern: &str, at: usize) -> usize {
    let rest = pattern.get(at..).unwrap_or("");
    match rest.strip_prefix('Q') {
        Some(quoted) => quoted
            .find("\\E")
            .map_or(pattern.len(), |end| at + 1 + end + 2),
        None => at + rest.chars().next().map_or(0, char::len_utf8),
    }
}

/// Where the class ends whose `[` stands before `at`.
fn class(pattern: &str, mut at: usize) -> Option<usize> {
    let bytes = pattern.as_bytes();
    at += usize::from(bytes.get(at) == Some(&b'^'));
    // The first one is a character.
    at += usize::from(bytes.get(at) == Some(&b']'));
    loop {
        match bytes.get(at)? {
            b']' => return Some(at + 1),
            b'\\' => at += 2,
            b'[' if bytes.get(at + 1) == Some(&b':') => {
                // `[:alpha:]`, or a `[` and a `:`.
                let name = pattern.get(at + 2..)?;
                let letters = name.bytes().take_while(u8::is_ascii_lowercase).count();
                let is_named = name
                    .get(letters..)
                    .is_some_and(|rest| rest.starts_with(":]"));
                at += if is_named { letters + 4 } else { 1 };
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_at_the_ends_of_alternatives_go() {
        for (pattern, rest) in [
            ("^a$", "a"),
            ("^$", ""),
            ("^", ""),
            ("a", "a"),
            ("^tap.*|^vnet.*|veth.*$|^^x$$", "tap.*|vnet.*|veth.*|x"),
            ("^$|^a$", "^$|a"),
            ("^|a", "^|a"),
            ("|^a", "|a"),
            ("(^a|b$)|^c", "(^a|b$)|c"),
            ("^(a|b)$", "(a|b)"),
            (r"a\$", r"a\$"),
            (r"a\\$", r"a\\"),
            (r"^\Qa|^b$", r"\Qa|^b$"),
            (r"\Qa|^b$\E$|^c", r"\Qa|^b$\E|c"),
            ("[|^]a|^b", "[|^]a|b"),
            ("[]|^$]|^b", "[]|^$]|b"),
            ("[^]|^]|^b", "[^]|^]|b"),
            ("[[:alpha:]|^]|^b", "[[:alpha:]|^]|b"),
            (r"[\]|^]|^b", r"[\]|^]|b"),
            ("a^b$c", "a^b$c"),
            ("^*a|^b", "^*a|b"),
            ("a$*", "a$*"),
            ("^größe$|^\\é$", "größe|\\é"),
            // Not closed: it is no pattern.
            ("^a|[$", "^a|[$"),
            ("^(a", "^(a"),
            ("^a)", "^a)"),
        ] {
            assert_eq!(without_anchors(pattern, &[]), rest, "{pattern}");
        }
    }

    #[test]
    fn variables_are_no_anchors() {
        let hole = |start: usize, end: usize| Span::new(start, end);
        assert_eq!(
            without_anchors("^$a$|$b", &[hole(1, 3), hole(5, 7)]),
            "$a|$b"
        );
        assert_eq!(without_anchors("^[[a]]$|^b", &[hole(1, 6)]), "[[a]]|b");
        assert_eq!(
            without_anchors("${a:x|^y}|^b", &[hole(0, 9)]),
            "${a:x|^y}|b"
        );
    }

    /// What is left matches the same values.
    #[test]
    fn the_meaning_stays() {
        let values = [
            "", "a", "b", "ab", "ba", "^a", "a$", "a\n", "aa", "|", "^", "$",
        ];
        let atoms = ["^", "$", "a", "|", "b*", "(^a|b$)", "[|^]", "."];
        for first in atoms {
            for second in atoms {
                for third in atoms {
                    let pattern = [first, second, third].concat();
                    let left = without_anchors(&pattern, &[]);
                    let whole = |text: &str| regex::Regex::new(&format!("^(?s:{text})$"));
                    let (Ok(before), Ok(after)) = (whole(&pattern), whole(&left)) else {
                        panic!("{pattern} {left}");
                    };
                    for value in values {
                        let same = before.is_match(value) == after.is_match(value);
                        assert!(same, "{pattern} {left} {value:?}");
                    }
                }
            }
        }
    }
}
