//! Writing `[[ignore]]` entries.

use std::fmt::Write;

use toml_edit::Value;

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreEntry {
    /// The rules.
    pub rules: Vec<String>,
    /// The file, relative to the configuration's folder.
    pub file: String,
    /// The place in it.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// The text of a configuration with more entries at its end; what stands there is not touched, and lines end as its first does.
pub fn entries_toml(old: &str, entries: &[IgnoreEntry]) -> String {
    let mut text = old.to_owned();
    let first = old.split_inclusive('\n').next();
    let end = match first.is_some_and(|line| line.ends_with("\r\n")) {
        true => "\r\n",
        false => "\n",
    };
    for entry in entries {
        if !text.is_empty() {
            if !text.ends_with('\n') {
                text.push_str(end);
            }
            text.push_str(end);
        }
        let rules: Value = entry.rules.iter().map(String::as_str).collect();
        let files: Value = [format!("./{}", literal(&entry.file)).as_str()]
            .into_iter()
            .collect();
        let [at, reason] = [&entry.at, &entry.reason].map(|text| Value::from(text.as_str()));
        let _ = write!(
            text,
            "[[ignore]]{end}rules = {rules}{end}files = {files}{end}"
        );
        let _ = write!(text, "at = {at}{end}reason = {reason}{end}");
    }
    text
}

/// A path as a glob that matches it alone.
fn literal(path: &str) -> String {
    let mut glob = String::new();
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' | '\\' => {
                let _ = write!(glob, "[{c}]");
            }
            c => glob.push(c),
        }
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::files::globs;

    #[test]
    fn an_entry_is_for_its_file_alone() {
        for path in ["a.json", "x/[a] {b}*?.json", "größe/a b.json"] {
            let entry = IgnoreEntry {
                rules: vec!["missing-unit".to_owned()],
                file: path.to_owned(),
                at: "panel:\"A \\ 'b'\"".to_owned(),
                reason: "TODO".to_owned(),
            };
            let text = entries_toml("a = 1", std::slice::from_ref(&entry));
            let table: toml_edit::DocumentMut = text.parse().expect("it is TOML");
            let written = &table["ignore"][0];
            assert_eq!(written["at"].as_str(), Some(&*entry.at));
            let glob = written["files"][0].as_str().expect("a glob");
            let glob = globs([glob]);
            assert!(
                glob.is_match(path) && !glob.is_match(format!("y/{path}")),
                "{path}"
            );
            assert!(!glob.is_match("x/a b.json"));
        }
    }
}
