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

/// The text of a configuration with more entries at its end; what stands there is not touched.
pub fn entries_toml(old: &str, entries: &[IgnoreEntry]) -> String {
    let mut text = old.to_owned();
    for entry in entries {
        if !text.is_empty() {
            text.push_str(match text.ends_with('\n') {
                true => "\n",
                false => "\n\n",
            });
        }
        let rules: Value = entry.rules.iter().map(String::as_str).collect();
        let files: Value = [format!("./{}", literal(&entry.file)).as_str()]
            .into_iter()
            .collect();
        let _ = writeln!(text, "[[ignore]]");
        let _ = writeln!(text, "rules = {rules}");
        let _ = writeln!(text, "files = {files}");
        let _ = writeln!(text, "at = {}", Value::from(entry.at.as_str()));
        let _ = writeln!(text, "reason = {}", Value::from(entry.reason.as_str()));
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
