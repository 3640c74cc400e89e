//! The hash of a line as GitHub's upload of SARIF files computes it (github/codeql-action, `fingerprints`): where a report
//! brings another one, the upload complains once a finding.
//!
//! It is a rolling hash over the hundred UTF-16 units from the start of the line on, blanks left out, with a number behind it
//! that tells equal stretches of a file apart.

use std::collections::{BTreeSet, HashMap};

const WINDOW: usize = 100;
const FACTOR: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes of the lines (from 1) in `wanted`.
pub(super) fn line_hashes(text: &str, wanted: &BTreeSet<u32>) -> HashMap<u32, String> {
    let mut roll = Roll::new(wanted);
    let mut start_of_line = true;
    let mut line = 0;
    let mut after_return = false;
    let line_feed = u16::from(b'\n');
    for unit in text.encode_utf16().chain([END]) {
        let blank = unit == u16::from(b' ') || unit == u16::from(b'\t');
        if blank || (after_return && unit == line_feed) {
            after_return = false;
            continue;
        }
        after_return = unit == u16::from(b'\r');
        let unit = if after_return { line_feed } else { unit };
        roll.finish_line();
        if start_of_line {
            line += 1;
            roll.lines[roll.at] = Some(line);
        }
        start_of_line = unit == line_feed;
        roll.push(unit);
    }
    for _ in 0..WINDOW {
        roll.finish_line();
        roll.push(0);
    }
    roll.found
}

struct Roll<'w> {
    window: [u16; WINDOW],
    /// The line that starts at that place of the window.
    lines: [Option<u32>; WINDOW],
    at: usize,
    hash: u64,
    /// What the unit that leaves the window was multiplied by.
    first: u64,
    seen: HashMap<u64, u32>,
    wanted: &'w BTreeSet<u32>,
    found: HashMap<u32, String>,
}

impl<'w> Roll<'w> {
    fn new(wanted: &'w BTreeSet<u32>) -> Self {
        Roll {
            window: [0; WINDOW],
            lines: [None; WINDOW],
            at: 0,
            hash: 0,
            first: FACTOR.wrapping_pow(WINDOW as u32),
            seen: HashMap::new(),
            wanted,
            found: HashMap::new(),
        }
    }

    /// The window is full from the start of a line: that is its hash.
    fn finish_line(&mut self) {
        let Some(line) = self.lines[self.at].take() else {
            return;
        };
        let count = self.seen.entry(self.hash).or_default();
        *count += 1;
        if self.wanted.contains(&line) {
            self.found.insert(line, format!("{:x}:{count}", self.hash));
        }
    }

    fn push(&mut self, unit: u16) {
        let leaves = std::mem::replace(&mut self.window[self.at], unit);
        self.hash = self
            .hash
            .wrapping_mul(FACTOR)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.first.wrapping_mul(u64::from(leaves)));
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        let wanted: BTreeSet<u32> = (1..100).collect();
        let found = line_hashes(text, &wanted);
        (1..).map_while(|line| found.get(&line).cloned()).collect()
    }

    /// Values published with github/codeql-action.
    #[test]
    fn agrees_with_github() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes(" a\nb\n  \t\tc\n d"),
            [
                "271789c17abda88f:1",
                "54703d4cd895b18:1",
                "180aee12dab6264:1",
                "a23a3dc5e078b07b:1"
            ]
        );
        let ends = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n";
        assert_eq!(hashes(text), ends);
        assert_eq!(hashes(&text.replace('\n', "\r\n")), ends);
        assert_eq!(hashes(&text.replace('\n', "\r")), ends);
    }

    #[test]
    fn equal_lines_are_numbered() {
        let lines = hashes(&"x".repeat(200).replace('x', "same line, again and again, longer than the window so that nothing else comes into it at all\n"));
        assert!(
            lines[0].ends_with(":1") && lines[1].ends_with(":2"),
            "{lines:?}"
        );
    }
}
