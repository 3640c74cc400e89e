//! The parts of the documentation that come from the tables: `rules/policies.md` and `rules/packs.md` hold them.

use std::fmt::Write;

use super::fields::{self, Field, Table};
use super::keys::RULE_KEYS;
use super::kind::Kind;
use super::ops::OPERATORS;
use super::pack;

/// The keys of a rule, as a table.
pub fn keys() -> String {
    let rows = RULE_KEYS
        .iter()
        .map(|key| [format!("`{}`", key.name), key.doc.to_owned()]);
    table(["key", ""], rows)
}

/// The operators, as a table.
pub fn operators() -> String {
    let rows = OPERATORS
        .iter()
        .map(|one| [format!("`{}`", one.name), one.doc.to_owned()]);
    table(["operator", "it holds where"], rows)
}

/// What `on:` chooses, as a table.
pub fn kinds() -> String {
    let rows = Kind::CHOSEN.iter().map(|kind| {
        let tables = fields::tables(*kind);
        let titles: Vec<&str> = tables.iter().map(|table| table.title).collect();
        [
            format!("`{}`", kind.name()),
            kind.doc().to_owned(),
            titles.join(", "),
        ]
    });
    table(["on", "what it is", "fields of"], rows)
}

/// The fields, a table for each thing they are about.
pub fn all_fields() -> String {
    let mut text = String::new();
    let mut seen: Vec<*const Table> = Vec::new();
    for kind in Kind::CHOSEN.into_iter().chain(Kind::ITEMS) {
        for one in fields::tables(kind) {
            if seen.contains(&std::ptr::from_ref(one)) {
                continue;
            }
            seen.push(one);
            let _ = writeln!(text, "### Fields of {}\n", one.title);
            let row = |field: &Field| {
                [
                    format!("`{}`", field.name),
                    field.ty.name(),
                    field.doc.to_owned(),
                ]
            };
            text.push_str(&table(["field", "value", ""], one.fields.iter().map(row)));
            text.push('\n');
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// The packs and their rules.
pub fn packs() -> String {
    let mut text = String::new();
    for pack in pack::PACKS {
        let _ = writeln!(text, "## pack:{}\n", pack.name);
        let file = pack.file();
        let _ = writeln!(
            text,
            "{}\n",
            file.description.unwrap_or_default().trim_end()
        );
        let rows = file.rules.iter().map(|rule| {
            let fix = rule.fix().map_or("", |safety| safety.name());
            [
                format!("`{}`", rule.id),
                rule.severity.name().to_owned(),
                rule.summary.clone(),
                fix.to_owned(),
            ]
        });
        text.push_str(&table(["rule", "severity", "what it finds", "fix"], rows));
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let cells = row.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}
