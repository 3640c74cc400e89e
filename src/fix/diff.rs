//! Differences as `git apply` takes them.

use std::fmt::Write;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The unified difference between two texts of the file at `path` (relative, with `/`), as `git diff` writes it; empty
/// where they are equal.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    diff_hiding(path.as_bytes(), old, new, (&[], &[])).0
}

/// The same without the lines of the old and the new text whose numbers (from 0, sorted) are given: a change is shown with less
/// around it, and left out where even one line is too many. How many are left out. The path may be any bytes.
pub fn diff_hiding(
    path: &[u8],
    old: &str,
    new: &str,
    hidden: (&[usize], &[usize]),
) -> (String, usize) {
    if old == new {
        return (String::new(), 0);
    }
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let among = |lines: &[usize], range: Range<usize>| {
        let first = lines.partition_point(|line| *line < range.start);
        lines.get(first).is_some_and(|line| *line < range.end)
    };
    let is_hidden = |group: &[DiffOp]| {
        group
            .iter()
            .any(|op| among(hidden.0, op.old_range()) || among(hidden.1, op.new_range()))
    };
    let mut shown: Vec<Vec<DiffOp>> = Vec::new();
    let mut left_out = Vec::new();
    let mut open: Vec<(usize, Vec<DiffOp>)> = vec![(CONTEXT, ops)];
    while let Some((context, ops)) = open.pop() {
        for group in group_diff_ops(ops, context) {
            if !is_hidden(&group) {
                shown.push(group);
            } else if context > 1 {
                open.push((context - 1, group));
            } else {
                left_out.push(group);
            }
        }
    }
    if shown.is_empty() {
        return (String::new(), left_out.len());
    }
    shown.sort_by_key(|group| start(group));
    left_out.sort_by_key(|group: &Vec<DiffOp>| start(group));
    let path = path.strip_prefix(b"./").unwrap_or(path);
    let mut text = format!(
        "diff --git {} {}\n--- {}\n+++ {}\n",
        quoted("a/", path),
        quoted("b/", path),
        header("a/", path),
        header("b/", path),
    );
    // What the changes that are left out would have added, or taken away, before.
    let mut missing = 0;
    let mut others = left_out.iter().peekable();
    for group in &shown {
        while let Some(other) = others.next_if(|other| start(other) < start(group)) {
            missing += growth(other);
        }
        hunk(&mut text, group, &old, &new, missing);
    }
    (text, left_out.len())
}

/// The first line of a change and what is shown around it.
fn start(group: &[DiffOp]) -> usize {
    group.first().map_or(0, |op| op.old_range().start)
}

/// How many lines a change adds.
fn growth(group: &[DiffOp]) -> isize {
    let lines = |op: &DiffOp| op.new_range().len() as isize - op.old_range().len() as isize;
    group.iter().map(lines).sum()
}

fn hunk(text: &mut String, group: &[DiffOp], old: &[&str], new: &[&str], missing: isize) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let before = first.old_range().start..last.old_range().end;
    let moved = |line: usize| line.saturating_add_signed(-missing);
    let after = moved(first.new_range().start)..moved(last.new_range().end);
    let _ = writeln!(text, "@@ -{} +{} @@", lines(&before), lines(&after));
    for op in group {
        let mut all = |sign: char, lines: &[&str]| {
            for line in lines {
                text.push(sign);
                text.push_str(line);
                if !line.ends_with('\n') {
                    text.push_str("\n\\ No newline at end of file\n");
                }
            }
        };
        match op {
            DiffOp::Equal { .. } => all(' ', &old[op.old_range()]),
            _ => {
                all('-', &old[op.old_range()]);
                all('+', &new[op.new_range()]);
            }
        }
    }
}

/// `12,3`: from line 12 three lines. An empty range names the line before it.
fn lines(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    }
}

/// A name in `---` and `+++`: one with blanks is ended by a tab, as git does, for the sake of `patch`.
fn header(side: &str, path: &[u8]) -> String {
    let mut name = quoted(side, path);
    if name.contains(' ') && !name.starts_with('"') {
        name.push('\t');
    }
    name
}

/// A name as git quotes it: in C's way where it has quotes, backslashes, control or non-ASCII characters.
fn quoted(side: &str, path: &[u8]) -> String {
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'"' | b'\\');
    if let Ok(path) = str::from_utf8(path)
        && path.bytes().all(|byte| is_plain(&byte))
    {
        return format!("{side}{path}");
    }
    let mut text = format!("\"{side}");
    for byte in path {
        match *byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\r' => text.push_str("\\r"),
            byte @ b' '..=b'~' => text.push(char::from(byte)),
            byte => {
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    text
}
