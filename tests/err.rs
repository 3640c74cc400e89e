//! What is said of files that are written wrongly, and what `--fix` makes of files: the bytes of `testdata/err` and
//! `testdata/fix`. `UPDATE=1` writes the expectations of `testdata/err` anew; read them before they are committed.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use support::run::run;

/// The rules that the fixtures are about: a new rule does not change what is expected.
const RULES: &str = "syntax,invalid-promql,multi-value-with-equals,noop-matcher,unknown-unit,thresholds-out-of-order";

/// The files below `folder` but for the expectations, by their path in it.
fn inputs(folder: &str, expectation: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file() && path.extension().unwrap() != expectation)
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap().to_path_buf();
            (name, fs::read(&path).unwrap())
        })
        .collect()
}

fn write_all(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn dashlint(folder: &Path, args: &[&str]) -> (String, String) {
    let all = ["--isolated", "--format", "concise", "--select", RULES];
    let (code, out, err) = run(folder, &[&all, args].concat());
    assert_ne!(code, 2, "{err}");
    (out, err)
}

#[test]
fn what_is_said_of_broken_files() {
    let files = inputs("testdata/err", "out");
    assert!(files.len() > 30, "the fixtures are gone");
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path(), &files);
    let (out, _) = dashlint(folder.path(), &["-q"]);
    let mut faults = Vec::new();
    for name in files.keys() {
        let prefix = format!("{}:", name.to_str().unwrap());
        let said: String = out
            .lines()
            .filter(|line| line.starts_with(&prefix))
            .map(|line| format!("{line}\n"))
            .collect();
        let expectation = Path::new("testdata/err").join(format!("{}.out", name.display()));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expectation, &said).unwrap();
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        // Grafana reads an empty YAML file, and one of comments, as one that provisions nothing.
        let empty = name.starts_with("provisioning") && name.extension().unwrap() == "yaml";
        if said != expected || said.is_empty() != empty {
            faults.push(format!("{prefix}\nexpected\n{expected}said\n{said}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn check_fixes(args: &[&str], expectation: &str, other: &str) {
    let mut files = inputs("testdata/fix", expectation);
    files.retain(|name, _| name.extension().unwrap() != other);
    files.retain(|name, _| {
        Path::new("testdata/fix")
            .join(format!("{}.{expectation}", name.display()))
            .exists()
    });
    assert!(files.len() >= 3, "the fixtures are gone");
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path(), &files);
    let mut faults = Vec::new();
    for round in ["first", "second"] {
        let (_, err) = dashlint(folder.path(), args);
        for name in files.keys() {
            let expected = format!("testdata/fix/{}.{expectation}", name.display());
            let expected = fs::read_to_string(expected).unwrap();
            let fixed = fs::read_to_string(folder.path().join(name)).unwrap();
            if fixed != expected {
                let diff = dashlint::fix::diff(name.to_str().unwrap(), &expected, &fixed);
                faults.push(format!(
                    "{round} run, from what is expected:\n{diff}\n{err}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn safe_fixes_change_their_bytes_alone() {
    check_fixes(&["--fix"], "fixed", "unsafe");
}

#[test]
fn unsafe_fixes_change_their_bytes_alone() {
    check_fixes(&["--fix", "--unsafe-fixes"], "unsafe", "fixed");
}
