//! The keys of `dashlint.toml`, for people: `rules/configuration.md`.

use std::fmt::Write;

use super::keys::{Key, LEVELS, PRESETS, ROOT, Shape};

/// The page: every key with what it takes and what it does, as the schema has them.
pub fn config_reference() -> String {
    let mut page = String::from(
        "# dashlint.toml\n\n\
         <!-- Written by `UPDATE=1 cargo test --lib` from the same table as schemas/config.schema.json. -->\n\n\
         The nearest `dashlint.toml` (or `.dashlint.toml`) above a file counts; only `extends` merges. `dashlint config show` says what is in\n\
         force and which file says so. The options of a rule stand on its page (`dashlint explain RULE`).\n",
    );
    section(&mut page, "Keys of the file", ROOT);
    for key in ROOT {
        match &key.shape {
            Shape::Table(keys) | Shape::VersionOr(keys) => {
                section(&mut page, &format!("`[{}]`", key.name), keys);
            }
            Shape::Tables(keys) => section(&mut page, &format!("`[[{}]]`", key.name), keys),
            _ => {}
        }
    }
    page
}

fn section(page: &mut String, title: &str, keys: &[Key]) {
    let _ = write!(page, "\n## {title}\n\n| key | takes | |\n|---|---|---|\n");
    for key in keys {
        let doc = key.doc.replace('|', "\\|");
        let _ = writeln!(page, "| `{}` | {} | {doc} |", key.name, takes(&key.shape));
    }
}

fn takes(shape: &Shape) -> String {
    let quoted = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        words.join(", ")
    };
    match shape {
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Str | Shape::At | Shape::RunbookPattern => "a string".to_owned(),
        Shape::Positive => "a number above zero".to_owned(),
        Shape::Word(words) => format!("one of {}", quoted(words)),
        Shape::Words(words) => format!("any of {}", quoted(words)),
        Shape::Strings | Shape::Globs | Shape::Selectors => "a string or a list of them".to_owned(),
        Shape::Extends => format!(
            "names: {}, `\"pack:…\"`, a file",
            quoted(
                &PRESETS
                    .map(|name| ["preset:", name].concat())
                    .each_ref()
                    .map(String::as_str)
            )
        ),
        Shape::Version => "a version, as `\"12.1\"`".to_owned(),
        Shape::VersionOr(_) => "a version, as `\"3.5\"`, or a table".to_owned(),
        Shape::Duration => "a time, as `\"30s\"`".to_owned(),
        Shape::Date => "a date, as `2027-03-31`".to_owned(),
        Shape::Map => "a table of strings".to_owned(),
        Shape::Table(_) => "a table".to_owned(),
        Shape::Tables(_) => "tables".to_owned(),
        Shape::Rules => format!("rules and groups to {}, or to options", quoted(&LEVELS)),
        Shape::PerFile => "globs to rules and groups to severities".to_owned(),
    }
}
