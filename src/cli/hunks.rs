//! The lines in which two texts differ.

use std::fs;
use std::io;

use super::git::git;

/// Lines that a change replaced: so many from this one on, before and after it. Where there are none, the line is that before
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) before: (u32, u32),
    pub(super) after: (u32, u32),
}

/// The lines in which two texts differ, as git sees it. How they end is no difference: a checkout may end them otherwise than
/// what was committed.
pub(super) fn hunks(before: &str, after: &str) -> io::Result<Vec<Hunk>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("before"), before)?;
    fs::write(folder.path().join("after"), after)?;
    let args = [
        "diff",
        "--no-index",
        "--unified=0",
        "--ignore-cr-at-eol",
        "--text",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--",
        "before",
        "after",
    ];
    let output = git(folder.path(), &args).output()?;
    // 1 says that they differ.
    if output.status.code().is_none_or(|code| code > 1) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(said.trim().to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(hunk).collect())
}

/// `@@ -3 +3,2 @@`
fn hunk(line: &str) -> Option<Hunk> {
    let mut words = line.strip_prefix("@@ ")?.split(' ');
    let mut side = |sign: char| {
        let range = words.next()?.strip_prefix(sign)?;
        let (start, count) = range.split_once(',').unwrap_or((range, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some(Hunk {
        before: side('-')?,
        after: side('+')?,
    })
}
