//! A field that is missing or of a type nobody expects costs that field and nothing else: no panic, the file is still
//! linted, every finding still stands inside the file. And files without a fault get no finding.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashlint::config::Configs;
use dashlint::diagnostic::{Diagnostic, Location};
use dashlint::lint::lint;
use dashlint::model::{Loaded, load};
use dashlint::source::Source;
use dashlint::source::walk::is_candidate;
use dashlint::span::Span;
use dashlint::syntax::{Kind, NodeRef};
use rayon::prelude::*;
use support::convert::{Target, convert};
use support::corpus::manifest;
use support::run::run;
use support::{everything, input};

/// Edits of each of our own files, and of each one of the corpus; `ODD_FIELDS=20 cargo test` makes twenty times as many.
const OWN_EDITS: usize = 150;
const CORPUS_EDITS: usize = 15;
const CORPUS_FILES: usize = 50;
/// Larger dashboards take seconds in a debug build and have no other fields.
const CORPUS_BYTES: usize = 60_000;
/// The same of each classic dashboard that is put into another form, of which there are eight.
const CONVERTED_EDITS: usize = 10;
const CONVERTED_BYTES: usize = 25_000;

/// Fields that say what a file is, wherever they stand: without them it is another file, which may be left alone.
const TELLING: &[&str] = &[
    "apiVersion",
    "kind",
    "spec",
    "items",
    "data",
    "stringData",
    "json",
    "dashboard",
    "model",
    "panels",
    "rows",
    "elements",
    "layout",
    "groups",
    "rules",
    "datasources",
    "providers",
    // What holds all that a ConfigMap or a chart's values carry.
    "nodes.json",
    "monitoring",
    "grafana",
];

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn new(seed: &str) -> Self {
        let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Dice(hash | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

/// A field: its key, its bytes with the key, the bytes of its value, and whether commas part it from the next one.
#[derive(Debug, Clone)]
struct Field {
    key: String,
    member: Span,
    value: Span,
    commas: bool,
}

fn collect(node: NodeRef<'_>, text: &str, fields: &mut Vec<Field>) {
    let commas = text[node.file_span().range()].starts_with('{');
    for child in node.children() {
        if let (Kind::Object, Some(key)) = (node.kind(), child.key()) {
            let tree = child.tree();
            let trimmed = |span: Span| {
                let raw = &text[span.range()];
                Span::new(
                    span.start as usize,
                    span.start as usize + raw.trim_end().len(),
                )
            };
            fields.push(Field {
                key: key.into_owned(),
                member: trimmed(tree.file_span(child.member_span())),
                value: trimmed(child.file_span()),
                commas,
            });
        }
        collect(child, text, fields);
    }
}

/// Every field of every document in the file, carried ones too.
fn fields(name: &str, text: &str) -> Vec<Field> {
    let Loaded::Parsed(file) = load(Arc::new(Source::new(name, None, text)), false) else {
        panic!("{name} is not linted before it is changed");
    };
    let mut fields = Vec::new();
    for tree in &file.trees {
        for root in tree.documents() {
            collect(root, text, &mut fields);
        }
    }
    fields
}

/// What stands in place of a value; `None` deletes the field.
fn replacements() -> Vec<Option<String>> {
    let lists = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let panels = format!("{}1{}", "{\"panels\":[".repeat(150), "]}".repeat(150));
    vec![
        None,
        Some("null".to_owned()),
        Some("\"\"".to_owned()),
        Some("0".to_owned()),
        Some("[]".to_owned()),
        Some("{}".to_owned()),
        Some(lists),
        Some(panels),
    ]
}

fn changed(text: &str, field: &Field, replacement: Option<&str>) -> String {
    let splice = |span: Span, new: &str| {
        let mut changed = text.to_owned();
        changed.replace_range(span.range(), new);
        changed
    };
    let Some(replacement) = replacement else {
        let (mut start, mut end) = (field.member.start as usize, field.member.end as usize);
        if field.commas {
            let after = &text[end..];
            let before = text[..start].trim_end();
            if let Some(rest) = after.trim_start().strip_prefix(',') {
                end = text.len() - rest.len();
            } else if let Some(rest) = before.strip_suffix(',') {
                start = rest.len();
            }
        }
        return splice(Span::new(start, end), "");
    };
    let before = &text[..field.value.start as usize];
    // `key:` with nothing after it: a missing value of YAML is empty and needs a space.
    let space = if before.ends_with(':') { " " } else { "" };
    splice(field.value, &format!("{space}{replacement}"))
}

/// What is wrong with the place a finding names.
fn fault_of_place(text: &str, location: &Location) -> Option<String> {
    let span = location.span();
    if span.start > span.end || text.get(span.range()).is_none() {
        return Some(format!(
            "{span:?} is no piece of the file of {} bytes",
            text.len()
        ));
    }
    let start = location.range.start;
    let before = &text[..span.start as usize];
    let line = before.matches('\n').count() + 1;
    if start.line as usize != line {
        return Some(format!("line {} is said, {line} is it", start.line));
    }
    if let Some(snippet) = &location.snippet
        && snippet.text.get(snippet.span.range()).is_none()
    {
        return Some(format!("{:?} is no piece of the query", snippet.span));
    }
    None
}

fn faults_of(text: &str, finding: &Diagnostic) -> Vec<String> {
    let mut faults: Vec<String> = fault_of_place(text, &finding.location)
        .into_iter()
        .collect();
    for related in &finding.related {
        faults.extend(fault_of_place(text, &related.location));
    }
    for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
        if text.get(edit.span.range()).is_none() {
            faults.push(format!("the fix edits {:?}", edit.span));
        }
    }
    faults
        .into_iter()
        .map(|fault| format!("{}: {fault}", finding.rule))
        .collect()
}

/// What goes wrong with `text`, given that one field of it was changed.
fn fault(name: &str, text: &str, field: &Field, configs: &Configs) -> Option<String> {
    let run = || lint(&[input(name, text)], configs, &|| {});
    let Ok(outcome) = catch_unwind(AssertUnwindSafe(run)) else {
        return Some("a panic".to_owned());
    };
    if outcome.linted.is_empty() && !TELLING.contains(&field.key.as_str()) {
        return Some(format!("the file is lost: {:?}", outcome.skipped));
    }
    let faults: Vec<String> = outcome
        .diagnostics
        .iter()
        .flat_map(|finding| faults_of(text, finding))
        .collect();
    (!faults.is_empty()).then(|| faults.join("; "))
}

/// Changes `edits` fields of the file, one at a time.
fn odd(path: &Path, edits: usize) -> Vec<String> {
    odd_text(
        &path.to_string_lossy(),
        &fs::read_to_string(path).unwrap(),
        edits,
    )
}

/// The same of a text under a name.
fn odd_text(name: &str, text: &str, edits: usize) -> Vec<String> {
    let fields = fields(name, text);
    let replacements = replacements();
    let configs = everything();
    let mut dice = Dice::new(name.rsplit('/').next().unwrap());
    let mut faults = Vec::new();
    let times = std::env::var("ODD_FIELDS").ok();
    let edits = edits * times.and_then(|times| times.parse().ok()).unwrap_or(1);
    for _ in 0..edits.min(fields.len() * replacements.len()) {
        let field = &fields[dice.below(fields.len())];
        let replacement = replacements[dice.below(replacements.len())].as_deref();
        let new = changed(text, field, replacement);
        if let Some(fault) = fault(name, &new, field, &configs) {
            let what = replacement.map_or("deleted".to_owned(), |new| {
                format!("set to {}", &new[..new.len().min(20)])
            });
            let line = text[..field.member.start as usize].matches('\n').count() + 1;
            faults.push(format!("{name}:{line}: `{}` {what}: {fault}", field.key));
        }
    }
    faults
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file() && is_candidate(path))
        .collect();
    files.sort();
    files
}

#[test]
fn an_odd_field_costs_itself_alone() {
    let mut files = files_below(Path::new("testdata/ok"));
    files.extend(files_below(Path::new("testdata/forms")));
    files.extend(files_below(Path::new("testdata/carriers")));
    assert!(files.len() >= 25, "{files:?}");
    let faults: Vec<String> = files
        .par_iter()
        .flat_map(|path| odd(path, OWN_EDITS))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The dashboards of the corpus of these kinds that are smaller than `most` bytes, as many as are looked at.
fn real_dashboards(kinds: &[&str], most: usize) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = manifest()
        .into_iter()
        .flatten()
        .filter(|file| kinds.contains(&file.kind.as_str()) && file.parses && file.bytes < most)
        .map(|file| file.path)
        .filter(|path| {
            let Ok(text) = fs::read_to_string(path) else {
                return false;
            };
            let source = Arc::new(Source::new(path.to_string_lossy(), None, text));
            matches!(load(source, false), Loaded::Parsed(_))
        })
        .collect();
    let mut dice = Dice::new("files");
    while files.len() > CORPUS_FILES {
        files.swap_remove(dice.below(files.len()));
    }
    files
}

#[test]
fn an_odd_field_costs_itself_alone_in_real_dashboards() {
    for kind in ["dashboard-v1", "dashboard-v2"] {
        let files = real_dashboards(&[kind], CORPUS_BYTES);
        let faults: Vec<String> = files
            .par_iter()
            .flat_map(|path| odd(path, CORPUS_EDITS))
            .collect();
        eprintln!(
            "{kind}: {} files, {CORPUS_EDITS} odd fields each",
            files.len()
        );
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// Real dashboards are mostly classic files; here they are put into the forms that are seldom met in repositories.
#[test]
fn an_odd_field_costs_itself_alone_in_every_form() {
    let files = real_dashboards(&["dashboard-v1"], CONVERTED_BYTES);
    for &target in Target::ALL {
        let faults: Vec<String> = files
            .par_iter()
            .flat_map(|path| {
                let text = fs::read_to_string(path).unwrap();
                let mut dashboard: serde_json::Value = match serde_json::from_str(&text) {
                    Ok(dashboard) => dashboard,
                    Err(_) => return Vec::new(),
                };
                if dashboard["dashboard"].is_object() {
                    dashboard = dashboard["dashboard"].take();
                }
                let converted = serde_json::to_string_pretty(&convert(&dashboard, target)).unwrap();
                let name = path.to_string_lossy();
                odd_text(&name, &converted, CONVERTED_EDITS)
            })
            .collect();
        eprintln!(
            "{target:?}: {} dashboards, {CONVERTED_EDITS} odd fields each",
            files.len()
        );
        assert!(faults.is_empty(), "{target:?}: {}", faults.join("\n"));
    }
}

/// Nothing is said of files without a fault; what is a matter of taste (`info`) may be.
#[test]
fn good_files_have_no_findings() {
    let args = [
        "--isolated",
        "--format",
        "concise",
        "--min-severity",
        "warning",
        "-v",
        ".",
    ];
    let (code, out, err) = run(Path::new("testdata/ok"), &args);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(!err.contains("skipped "), "{err}");
}
