//! Whether a configuration file says what can be said: every fault, each with its place.

mod rules;

use std::ops::Range;

use jiff::civil::Date;
use toml_edit::{Item, TableLike, Value};

use super::at::At;
use super::discover::ENDINGS;
use super::files::glob;
use super::ignore;
use super::keys::{IGNORE, Key, PRESETS, ROOT, Shape};
use super::names::{Catalogue, nearest};
use super::parts::whole_table;
use super::runbooks::RunbookPattern;
use super::values::{self, Version};
use crate::diagnostic::meta::{
    EXPIRED_IGNORE, IGNORE_WITHOUT_REASON, INVALID_CONFIG, UNUSED_CONFIG,
};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::policy::pack;
use crate::promql;
use crate::source::Source;
use crate::span::Span;

/// Collects the faults of one file.
pub(crate) struct Checker<'c> {
    pub(crate) source: &'c Source,
    pub(crate) catalogue: &'c Catalogue,
    pub(crate) today: Date,
    pub(crate) problems: Vec<Diagnostic>,
}

pub(crate) fn span_of(range: Option<Range<usize>>) -> Option<Span> {
    range.map(|range| Span::new(range.start, range.end))
}

/// The bytes of an item, or those of its key where it has none of its own.
pub(crate) fn item_span(item: &Item, key: Span) -> Span {
    span_of(item.span()).unwrap_or(key)
}

pub(crate) fn key_span(table: &dyn TableLike, name: &str) -> Span {
    table
        .key(name)
        .and_then(|key| span_of(key.span()))
        .unwrap_or_default()
}

fn string(value: &Value) -> Option<(&str, Span)> {
    let Value::String(text) = value else {
        return None;
    };
    Some((text.value(), span_of(text.span()).unwrap_or_default()))
}

/// The strings of a string or an array, with their bytes; anything else in it is passed over.
pub(crate) fn strings(item: &Item) -> Vec<(&str, Span)> {
    match item.as_value() {
        Some(Value::Array(array)) => array.iter().filter_map(string).collect(),
        Some(value) => string(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The tables of `[[name]]`, or of an array of inline tables.
pub(crate) fn tables(item: &Item) -> Vec<(&dyn TableLike, Option<Span>)> {
    match item {
        Item::ArrayOfTables(tables) => tables
            .iter()
            .map(|table| (table as &dyn TableLike, span_of(table.span())))
            .collect(),
        Item::Value(Value::Array(array)) => array
            .iter()
            .filter_map(Value::as_inline_table)
            .map(|table| (table as &dyn TableLike, span_of(table.span())))
            .collect(),
        _ => Vec::new(),
    }
}

impl Checker<'_> {
    pub(crate) fn fault(&mut self, span: Span, message: String) -> &mut Diagnostic {
        self.problems
            .push(INVALID_CONFIG.at(self.source, span, message));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    fn unknown(&mut self, span: Span, message: String, near: Option<&str>) {
        let help = near.map(|near| format!("did you mean `{near}`?"));
        self.fault(span, message).help = help;
    }

    fn wrong(&mut self, item: &Item, key: Span, path: &str, wanted: &str) {
        let found = item.type_name();
        self.fault(
            item_span(item, key),
            format!("`{path}` is {wanted}, not {}", article(found)),
        );
    }

    /// Checks a table against its keys. `path` is how it is called in messages; empty for the file.
    pub(crate) fn table(&mut self, table: &dyn TableLike, keys: &[Key], path: &str) {
        for (name, item) in table.iter() {
            let at = key_span(table, name);
            let path = join(path, name);
            match keys.iter().find(|key| key.name == name) {
                Some(key) => self.value(item, at, &key.shape, &path),
                None => {
                    let near = nearest(name, keys.iter().map(|key| key.name));
                    let elsewhere = elsewhere(name).filter(|_| near.is_none());
                    let near = near.map(str::to_owned).or(elsewhere);
                    self.unknown(at, format!("unknown key `{path}`"), near.as_deref());
                }
            }
        }
    }

    fn value(&mut self, item: &Item, key: Span, shape: &Shape, path: &str) {
        match shape {
            Shape::Bool if item.is_bool() => {}
            Shape::Bool => self.wrong(item, key, path, "true or false"),
            Shape::Str if item.is_str() => {}
            Shape::Str => self.wrong(item, key, path, "a string"),
            Shape::RunbookPattern => {
                self.each(item, key, path, "a string", false, |this, text, span| {
                    if let Err(message) = text.parse::<RunbookPattern>() {
                        this.fault(span, format!("`{path}`: {message}"));
                    }
                });
            }
            Shape::Positive => {
                let is_number = item.is_integer() || item.is_float();
                if is_number && values::positive(item).is_none() {
                    let number = item.to_string();
                    let message = format!("`{path}` is a number above zero, not {}", number.trim());
                    self.fault(item_span(item, key), message);
                } else if !is_number {
                    self.wrong(item, key, path, "a number above zero");
                }
            }
            Shape::Word(words) => {
                self.each(item, key, path, "a string", false, |this, text, span| {
                    this.word(text, span, words, path);
                });
            }
            Shape::Words(words) => {
                self.each(item, key, path, "a list of strings", true, |this, text, span| {
                    this.word(text, span, words, path);
                });
            }
            Shape::Strings => self.each(item, key, path, "a list of strings", true, |_, _, _| {}),
            Shape::Globs => {
                self.each(item, key, path, "a list of globs", true, |this, text, span| {
                    this.glob(text, span);
                });
            }
            Shape::Extends => {
                self.each(item, key, path, "a list of strings", true, Self::extends);
            }
            Shape::Version => self.version(item, key, path),
            Shape::Duration => self.duration(item, key, path),
            Shape::VersionOr(keys) => match item.as_table_like() {
                Some(table) => self.table(table, keys, path),
                None => self.version(item, key, path),
            },
            Shape::Date => self.date(item, key, path),
            Shape::Selectors => {
                self.each(item, key, path, "a list of rules", true, Self::selector);
            }
            Shape::At => self.each(item, key, path, "a string", false, |this, text, span| {
                if let Err(message) = text.parse::<At>() {
                    this.fault(span, format!("`{path}`: {message}")).help = Some(
                        "one of panel:12, panel:\"Title\", query:12/A, variable:job, alert:Name, /json/pointer, finding:FINGERPRINT"
                            .to_owned(),
                    );
                }
            }),
            Shape::Map => match item.as_table_like() {
                Some(table) => {
                    for (name, item) in table.iter().filter(|(_, item)| !item.is_str()) {
                        let at = key_span(table, name);
                        self.wrong(item, at, &join(path, name), "a string");
                    }
                }
                None => self.wrong(item, key, path, "a table of strings"),
            },
            Shape::Table(keys) => match item.as_table_like() {
                Some(table) => self.table(table, keys, path),
                None => self.wrong(item, key, path, "a table"),
            },
            Shape::Tables(keys) => self.array_of_tables(item, key, keys, path),
            Shape::Rules => self.rules(item, key, path),
            Shape::PerFile => self.per_file(item, key, path),
        }
    }

    fn each(
        &mut self,
        item: &Item,
        key: Span,
        path: &str,
        wanted: &str,
        list: bool,
        mut check: impl FnMut(&mut Self, &str, Span),
    ) {
        let array = item.as_array().filter(|_| list);
        if !item.is_str() && array.is_none() {
            return self.wrong(item, key, path, wanted);
        }
        for value in array.into_iter().flatten().filter(|value| !value.is_str()) {
            let span = span_of(value.span()).unwrap_or(key);
            let found = article(value.type_name());
            self.fault(span, format!("`{path}` holds strings, not {found}"));
        }
        for (text, span) in strings(item) {
            check(self, text, span);
        }
    }

    fn word(&mut self, text: &str, span: Span, words: &[&str], path: &str) {
        if !words.contains(&text) {
            let message = format!("`{path}` is one of {}, not `{text}`", words.join(", "));
            self.unknown(span, message, nearest(text, words.iter().copied()));
        }
    }

    fn glob(&mut self, text: &str, span: Span) {
        if let Err(message) = glob(text) {
            self.fault(span, message);
        }
    }

    fn extends(&mut self, text: &str, span: Span) {
        if let Some(name) = text.strip_prefix("preset:") {
            if !PRESETS.contains(&name) {
                let message = format!("there is no preset `{name}`");
                self.unknown(span, message, nearest(name, PRESETS));
            }
        } else if let Some(name) = text.strip_prefix("pack:") {
            if pack::find(name).is_none() {
                let message = format!("there is no pack `{name}`");
                let packs = pack::PACKS.iter().map(|pack| pack.name);
                self.unknown(span, message, nearest(name, packs));
            }
        } else if PRESETS.contains(&text) {
            self.fault(span, format!("a preset is written `preset:{text}`"));
        } else if !ENDINGS.iter().any(|end| text.ends_with(end)) {
            self.fault(
                span,
                format!("`{text}` is neither a preset, a pack nor a .toml or .yaml file"),
            );
        }
    }

    fn version(&mut self, item: &Item, key: Span, path: &str) {
        let span = item_span(item, key);
        match item.as_str() {
            Some(text) => {
                if text.parse::<Version>().is_err() {
                    self.fault(span, format!("`{text}` is no version")).help =
                        Some("major and minor number: \"12.1\"".to_owned());
                }
            }
            None if item.is_float() || item.is_integer() => {
                let raw = self.source.text.get(span.range()).unwrap_or("").to_owned();
                self.fault(span, format!("`{path}` is a string, not a number"))
                    .help = Some(format!("write \"{raw}\""));
            }
            None => self.wrong(item, key, path, "a version as a string"),
        }
    }

    fn duration(&mut self, item: &Item, key: Span, path: &str) {
        match item.as_str() {
            Some(text) if promql::duration(text).is_some_and(|seconds| seconds > 0.0) => {}
            Some(text) => {
                self.fault(item_span(item, key), format!("`{text}` is no duration"))
                    .help =
                    Some("as Prometheus writes them: \"30s\", \"1h30m\", \"15d\"".to_owned());
            }
            None => self.wrong(item, key, path, "a duration as a string"),
        }
    }

    fn date(&mut self, item: &Item, key: Span, path: &str) {
        let span = item_span(item, key);
        match values::date(item) {
            Some(date) if date < self.today => {
                let message = format!("this entry ended on {date} and no longer silences anything");
                self.problems.push(
                    EXPIRED_IGNORE
                        .at(self.source, span, message)
                        .with_help("delete the entry, or give it a later date"),
                );
            }
            Some(_) => {}
            None => {
                self.fault(span, format!("`{path}` is no date")).help =
                    Some("write it as 2027-03-31".to_owned());
            }
        }
    }

    fn selector(&mut self, text: &str, span: Span) {
        if let Err(unknown) = self.catalogue.selector(text) {
            self.unknown(
                span,
                format!("there is no rule or group `{text}`"),
                unknown.near.as_deref(),
            );
        }
    }

    fn array_of_tables(&mut self, item: &Item, key: Span, keys: &[Key], path: &str) {
        let found = tables(item);
        let whole = match item {
            Item::ArrayOfTables(_) => true,
            Item::Value(Value::Array(array)) => array.len() == found.len(),
            _ => false,
        };
        if !whole {
            return self.wrong(item, key, path, &format!("a list of tables: [[{path}]]"));
        }
        for (table, span) in found {
            let first = self.problems.len();
            self.table(table, keys, path);
            if std::ptr::eq(keys, IGNORE) {
                let span = span.unwrap_or(key);
                self.ignore(table, span);
                let whole = whole_table(table, span);
                for problem in &mut self.problems[first..] {
                    problem.fix = repair(self.source, problem, whole);
                }
            }
        }
    }

    /// What an `[[ignore]]` must have.
    fn ignore(&mut self, table: &dyn TableLike, span: Span) {
        let head = head(self.source, span);
        match table.get("rules") {
            None => {
                self.fault(head, "this entry names no rules".to_owned())
                    .help = Some("rules = [\"…\"]".to_owned());
            }
            Some(item) if item.as_array().is_some_and(toml_edit::Array::is_empty) => {
                self.fault(
                    item_span(item, head),
                    "this entry names no rules".to_owned(),
                );
            }
            Some(_) => {}
        }
        let reason = table.get("reason");
        let given = reason
            .and_then(Item::as_str)
            .is_some_and(|reason| !reason.trim().is_empty());
        if !given && reason.is_none_or(Item::is_str) {
            let at = reason.map_or(head, |reason| item_span(reason, head));
            let message = "this entry does not say why".to_owned();
            self.problems.push(
                IGNORE_WITHOUT_REASON
                    .at(self.source, at, message)
                    .with_help("reason = \"…\""),
            );
        }
    }
}

/// The key of this name in another table.
fn elsewhere(name: &str) -> Option<String> {
    ROOT.iter().find_map(|key| match key.shape {
        Shape::Table(keys) | Shape::VersionOr(keys) => {
            let found = keys.iter().any(|inner| inner.name == name);
            found.then(|| format!("{}.{name}", key.name))
        }
        _ => None,
    })
}

/// What repairs an `[[ignore]]` that is past its day, or does not say why.
fn repair(source: &Source, problem: &Diagnostic, entry: Span) -> Option<Fix> {
    if problem.rule == EXPIRED_IGNORE.id {
        return Some(ignore::delete(source, entry));
    }
    let lines = source.text.get(entry.range())?.starts_with("[[");
    let missing = problem.location.span() == head(source, entry);
    (lines && missing && problem.rule == IGNORE_WITHOUT_REASON.id).then(|| Fix {
        title: "write the reason".to_owned(),
        safety: Safety::Display,
        edits: vec![Edit {
            file: source.path.clone(),
            span: Span::at(entry.end as usize),
            replacement: "\nreason = \"TODO: say why\"".to_owned(),
        }],
    })
}

/// The first line of a span: enough to point at a table.
pub(crate) fn head(source: &Source, span: Span) -> Span {
    let text = source.text.get(span.range()).unwrap_or("");
    let line = text.lines().next().unwrap_or("");
    Span::new(span.start as usize, span.start as usize + line.len())
}

/// An entry of the configuration that had no effect in a run.
pub(crate) fn without_effect(source: &Source, span: Span, message: String) -> Diagnostic {
    UNUSED_CONFIG.at(source, span, message)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
