//! `dashlint config show`: what counts, and who said so.

use std::fmt::Write;
use std::sync::Arc;

use toml_edit::{Array, Document, Item, Value};

use super::parts::Parts;
use super::settings::Settings;
use crate::diagnostic::Group;
use crate::rules::OptionValue;

/// Keys whose values of several files count together; of every other key the strongest file's counts.
const ADDED_UP: [&str; 7] = [
    "exclude",
    "ignore",
    "include",
    "instance",
    "metadata",
    "per-file-severity",
    "series",
];

/// The effective configuration as TOML, each line with its origin in a comment.
pub fn show(settings: &Settings) -> String {
    let mut text = String::new();
    text.push_str("# Each line ends with who said so; `default`: nobody.\n");
    for parts in &settings.chain {
        let _ = writeln!(text, "# from {}", parts.source.path);
    }
    let rules = settings.policy_set().rules();
    for file in rules.chunk_by(|a, b| a.source.path == b.source.path) {
        if let Some(rule) = file.first() {
            let _ = writeln!(text, "# policy {}: {} rules", rule.source.path, file.len());
        }
    }
    for line in said(settings) {
        let _ = writeln!(text, "{}  # {}", line.text, line.origin);
    }
    for (name, version) in [
        ("grafana", settings.grafana),
        ("prometheus", settings.prometheus),
    ] {
        if version.is_none() {
            let _ = writeln!(text, "# {name}: the newest known  # default");
        }
    }
    text.push_str("\n[rules]\n");
    let levels = settings.for_file("");
    for (at, rule) in settings.catalogue.rules().iter().enumerate() {
        let level = levels.at(at).map_or("off", |severity| severity.name());
        let name = |origin: usize| &*settings.chain[origin].source.path;
        let mut origins = vec![settings.origins[at].map_or("default", name)];
        let mut options = Vec::new();
        for spec in rule.options {
            if let Some((value, origin)) = settings.options.get(&(at, spec.name)) {
                options.push(format!("{} = {}", spec.name, literal(value)));
                origins.push(name(*origin));
            }
        }
        origins.dedup();
        let origins = origins.join(", ");
        let _ = if options.is_empty() {
            writeln!(text, "{} = \"{level}\"  # {origins}", rule.id)
        } else {
            let options = options.join(", ");
            writeln!(
                text,
                "{} = {{ severity = \"{level}\", {options} }}  # {origins}",
                rule.id
            )
        };
    }
    policies(settings, &mut text);
    text
}

/// The rules of packs and of policy files, each with who set its severity, else with its file.
fn policies(settings: &Settings, text: &mut String) {
    let levels = settings.policy_levels("");
    for (rule, level) in settings.policy_set().rules().iter().zip(&*levels) {
        let level = level.map_or("off", |severity| severity.name());
        let says = |parts: &&Arc<Parts>| {
            let mut entries = parts.rules.iter().filter(|entry| entry.level.is_some());
            entries.any(|entry| entry.selector.matches(&rule.id, Group::Policy))
        };
        let said = settings.chain.iter().rev().find(says);
        let origin = said.map_or(&rule.source.path, |parts| &parts.source.path);
        let _ = writeln!(text, "\"{}\" = \"{level}\"  # {origin}", rule.id);
    }
}

/// A setting, and the file that has it.
struct Line<'s> {
    key: String,
    text: String,
    origin: &'s str,
}

/// What the files say besides the rules, as far as it counts.
fn said(settings: &Settings) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for parts in &settings.chain {
        // What cannot be read was told already.
        let Ok(document) = Document::parse(&*parts.source.text) else {
            continue;
        };
        for (key, item) in document.iter() {
            if matches!(key, "extends" | "preset" | "rules") {
                continue;
            }
            for (key, text) in settings_in(key, item) {
                if !ADDED_UP.contains(&key.as_str()) {
                    lines.retain(|line| line.key != key);
                }
                lines.push(Line {
                    key,
                    text,
                    origin: &parts.source.path,
                });
            }
        }
    }
    lines
}

/// The settings behind a key: one, those of a table with dotted keys, or how many tables there are.
fn settings_in(key: &str, item: &Item) -> Vec<(String, String)> {
    let one = |key: String, value: String| {
        let text = format!("{key} = {}", value.trim());
        (key, text)
    };
    if let Some(tables) = item.as_array_of_tables() {
        let text = format!("# [[{key}]]: {}", tables.len());
        return vec![(key.to_owned(), text)];
    }
    match item.as_table_like() {
        Some(_) if ADDED_UP.contains(&key) => {
            let names = item.as_table_like().map_or(0, |table| table.len());
            vec![(key.to_owned(), format!("# [{key}]: {names}"))]
        }
        Some(table) => table
            .iter()
            .map(|(inner, item)| one(format!("{key}.{inner}"), plain(item)))
            .collect(),
        None => vec![one(key.to_owned(), plain(item))],
    }
}

/// A value on one line, without the comments around it.
fn plain(item: &Item) -> String {
    let mut value = item.clone();
    value.make_value();
    match value.into_value() {
        Ok(Value::Array(array)) => {
            let mut plain: Array = array
                .iter()
                .map(|value| value.clone().decorated("", ""))
                .collect();
            plain.fmt();
            plain.to_string()
        }
        Ok(value) => value.decorated("", "").to_string(),
        Err(_) => String::new(),
    }
}

fn literal(value: &OptionValue) -> String {
    let value: toml_edit::Value = match value {
        OptionValue::Bool(value) => (*value).into(),
        OptionValue::Int(value) => (*value).into(),
        OptionValue::Float(value) => (*value).into(),
        OptionValue::Str(value) => value.as_str().into(),
        OptionValue::List(values) => values.iter().map(String::as_str).collect(),
    };
    value.to_string().trim().to_owned()
}
