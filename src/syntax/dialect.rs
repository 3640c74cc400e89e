//! Whether a text is JSON or YAML.

use super::{Dialect, NodeRef};

/// The endings of files that hold YAML.
const YAML_ENDINGS: [&str; 3] = ["yaml", "yml", "rules"];

fn ends_in(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        endings
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

impl Dialect {
    /// What a file of this name with this text is read as: by its ending, else by its first letter.
    pub fn of_file(name: &str, text: &[u8]) -> Self {
        if ends_in(name, &["json"]) {
            return Dialect::Json;
        }
        if ends_in(name, &YAML_ENDINGS) {
            return Dialect::Yaml;
        }
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Dialect::Json,
            _ => Dialect::Yaml,
        }
    }

    /// What the text in a string is read as, where it is one at all: JSON by its first letter, YAML by the string's key, the
    /// name of a file (`rules.yaml: |`).
    pub fn of_embedded(node: NodeRef<'_>, text: &str) -> Option<Self> {
        if text.trim_start().starts_with('{') {
            return Some(Dialect::Json);
        }
        let name = node.key()?;
        ends_in(&name, &YAML_ENDINGS).then_some(Dialect::Yaml)
    }
}
