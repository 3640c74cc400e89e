//! The whole over real files, where they are there: `../shared/corpus`.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::corpus::{copied, corpus};
use support::run;

fn report(path: &Path, args: &[&str]) -> Value {
    run::report(path, &[&["--isolated", "--select", "all"], args].concat())
}

#[test]
fn no_file_is_lost_and_the_report_fits_its_schema() {
    let Some(corpus) = corpus() else { return };
    let report = report(&corpus, &[]);
    let files = walkdir::WalkDir::new(&corpus)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| {
            entry.file_type().is_file() && dashlint::source::walk::is_candidate(entry.path())
        })
        .count();
    let count = |key: &str| report["summary"][key].as_u64().unwrap() as usize;
    assert_eq!(count("files") + count("skipped"), files);
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("schemas/report.schema.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    if let Err(error) = validator.validate(&report) {
        panic!("{error} at {}", error.instance_path());
    };
}

#[test]
fn threads_do_not_matter() {
    let Some(corpus) = corpus() else { return };
    assert_eq!(report(&corpus, &["-j", "1"]), report(&corpus, &["-j", "5"]));
}

/// Lines and columns counted anew, pointers followed by serde_json, bytes compared with what the finding speaks of.
#[test]
fn every_position_is_exact() {
    let Some(corpus) = corpus() else { return };
    let report = report(&corpus, &[]);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut checked = 0;
    let mut inside = 0;
    for finding in report["diagnostics"].as_array().unwrap() {
        let file = finding["file"].as_str().unwrap().to_owned();
        let text = texts
            .entry(file.clone())
            .or_insert_with(|| fs::read_to_string(corpus.join(&file)).unwrap_or_default());
        if text.is_empty() {
            continue;
        }
        for end in ["start", "end"] {
            let position = &finding["range"][end];
            let offset = position["offset"].as_u64().unwrap() as usize;
            let before = text
                .get(..offset)
                .unwrap_or_else(|| panic!("{file}: {offset} splits a character"));
            let line = before.matches('\n').count() as u64 + 1;
            let column = before
                .rsplit('\n')
                .next()
                .unwrap()
                .trim_start_matches('\u{feff}')
                .chars()
                .count() as u64
                + 1;
            assert_eq!(
                position["line"].as_u64(),
                Some(line),
                "{file}:{line}:{column}"
            );
            assert_eq!(
                position["column"].as_u64(),
                Some(column),
                "{file}:{line}:{column}"
            );
        }
        let start = finding["range"]["start"]["offset"].as_u64().unwrap() as usize;
        let end = finding["range"]["end"]["offset"].as_u64().unwrap() as usize;
        let slice = &text[start..end];
        checked += 1;
        if finding["group"] == "syntax" {
            continue;
        }
        assert!(
            !slice.is_empty(),
            "{file}: an empty range for {}",
            finding["message"]
        );
        let Ok(root) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        let Some(value) = root.pointer(finding["pointer"].as_str().unwrap()) else {
            panic!("{file}: no value at {}", finding["pointer"]);
        };
        inside += 1;
        let key = finding["pointer"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .replace("~1", "/")
            .replace("~0", "~");
        let whole = serde_json::from_str::<Value>(slice).ok();
        let part = serde_json::from_str::<String>(&format!("\"{slice}\"")).ok();
        let says = whole.as_ref() == Some(value)
            || whole.as_ref().and_then(Value::as_str) == Some(key.as_str())
            || part
                .zip(value.as_str())
                .is_some_and(|(part, value)| value.contains(&part))
            || (value.is_object() && slice == "{")
            || (value.is_array() && slice == "[");
        assert!(
            says,
            "{file}: `{slice}` is not what stands at {}: {value}",
            finding["pointer"]
        );
    }
    eprintln!("{checked} positions, {inside} of them in JSON files against serde_json");
    assert!(checked >= 100, "only {checked} findings to look at");
}

#[test]
fn fixing_a_copy_is_safe_and_settles() {
    let (Some(corpus), Some(copy)) = (corpus(), copied()) else {
        return;
    };
    let copy = copy.path();
    let fix = |args: &[&str]| {
        report(copy, &[&["--fix"], args].concat());
    };
    for (round, args) in [(0, &[][..]), (1, &["--unsafe-fixes"][..])] {
        fix(args);
        let first = texts(copy);
        fix(args);
        assert!(
            first == texts(copy),
            "a second run changes something in round {round}"
        );
        let mut changed = 0;
        for (path, text) in &first {
            let before = fs::read(corpus.join(path)).unwrap();
            if before == *text {
                continue;
            }
            changed += 1;
            let (before, after) = (
                String::from_utf8(before).unwrap(),
                String::from_utf8(text.clone()).unwrap(),
            );
            assert_eq!(
                before.contains("\r\n"),
                after.contains("\r\n"),
                "{path:?}: line ends changed"
            );
            assert_eq!(
                before.ends_with('\n'),
                after.ends_with('\n'),
                "{path:?}: the final newline changed"
            );
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                assert!(
                    serde_json::from_str::<Value>(&after).is_ok(),
                    "{path:?} is broken by a fix"
                );
            }
        }
        eprintln!("round {round}: {changed} files changed");
    }
}

fn texts(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            (
                entry.path().strip_prefix(root).unwrap().to_path_buf(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}
