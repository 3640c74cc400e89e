//! Differences as `git apply` takes them.

use std::fmt::Write;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The unified difference between two texts of the file at `path` (relative, with `/`), as `git diff` writes it; empty
/// where they are equal.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut text = format!(
        "diff --git {} {}\n--- {}\n+++ {}\n",
        quoted("a/", path),
        quoted("b/", path),
        header("a/", path),
        header("b/", path),
    );
    for group in group_diff_ops(ops, CONTEXT) {
        hunk(&mut text, &group, &old, &new);
    }
    text
}

fn hunk(text: &mut String, group: &[DiffOp], old: &[&str], new: &[&str]) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let before = first.old_range().start..last.old_range().end;
    let after = first.new_range().start..last.new_range().end;
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
fn header(side: &str, path: &str) -> String {
    let mut name = quoted(side, path);
    if name.contains(' ') && !name.starts_with('"') {
        name.push('\t');
    }
    name
}

/// A name as git quotes it: in C's way where it has quotes, backslashes, control or non-ASCII characters.
fn quoted(side: &str, path: &str) -> String {
    let plain = path
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\');
    if plain {
        return format!("{side}{path}");
    }
    let mut text = format!("\"{side}");
    for byte in path.bytes() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\r' => text.push_str("\\r"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    text
}
