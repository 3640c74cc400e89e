//! `--import`: findings of other tools are shown, silenced and known like our own.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::Value;
use support::run::{program, run as dashlint};

const RULES: &str = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: rate(x[5m]\n  - alert: B\n    expr: up == 0\n";

#[test]
fn a_report_of_ours_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    let json = |args: &[&str]| -> Value {
        let all = ["--isolated", "--quiet", "--format", "json"];
        let args: Vec<&str> = all.iter().chain(args).copied().collect();
        serde_json::from_str(&dashlint(root, &args).1).unwrap()
    };
    let report = json(&["--select", "all", "rules.yml"]);
    assert!(report["diagnostics"].as_array().unwrap().len() > 2);
    fs::write(root.join("report.json"), report.to_string()).unwrap();
    fs::create_dir(root.join("empty")).unwrap();
    let again = json(&["--select", "all", "--import", "report.json", "empty"]);
    assert_eq!(again["diagnostics"], report["diagnostics"]);
}

#[test]
fn what_others_find_is_silenced_and_known_like_our_own() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 5m\n  - alert: B # dashlint: ignore[opa/owner] nobody's\n    expr: up == 0\n    for: 5m\n").unwrap();
    let found = r#"{ "diagnostics": [
      { "rule": "opa/owner", "severity": "error", "message": "no owner", "file": "rules.yml", "pointer": "/groups/0/rules/0/alert" },
      { "rule": "opa/owner", "severity": "error", "message": "no owner", "file": "rules.yml", "range": { "start": { "line": 7, "column": 5 } } },
      { "rule": "opa/team", "severity": "error", "message": "no team", "file": "rules.yml" } ] }"#;
    fs::write(root.join("opa.json"), found).unwrap();
    let import = ["--import", "opa.json", "--format", "concise", "rules.yml"];
    let run = |more: &[&str]| {
        let args: Vec<&str> = import.iter().chain(more).copied().collect();
        dashlint(root, &args)
    };
    let errors = |out: &str| -> Vec<String> {
        out.lines()
            .filter(|line| line.contains(" error["))
            .map(str::to_owned)
            .collect()
    };
    let (code, out, err) = run(&[]);
    assert_eq!(code, 1, "{err}");
    let told = errors(&out);
    assert_eq!(told.len(), 2, "{out}");
    assert!(
        told[0].starts_with("rules.yml:1:1: error[opa/team]"),
        "{out}"
    );
    assert!(
        told[1].starts_with("rules.yml:4:12: error[opa/owner] no owner"),
        "{out}"
    );
    assert!(
        !out.contains("[unused-suppression]") && !out.contains("[invalid-suppression]"),
        "{out}"
    );
    fs::write(
        root.join("dashlint.toml"),
        "[rules]\n'opa/team' = 'info'\n[[ignore]]\nrules = ['opa/owner']\nfiles = ['rules.yml']\nreason = 'x'\n",
    )
    .unwrap();
    let (code, out, _) = run(&[]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("info[opa/team]"), "{out}");
    fs::remove_file(root.join("dashlint.toml")).unwrap();
    assert_eq!(run(&["--baseline", "known.txt", "--update-baseline"]).0, 0);
    let (code, out, _) = run(&["--baseline", "known.txt"]);
    assert_eq!((code, errors(&out)), (0, Vec::new()));
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (text, why) in [
        ("{}", "diagnostics"),
        ("{\"version\": 9, \"diagnostics\": []}", "version 9"),
    ] {
        fs::write(root.join("x.json"), text).unwrap();
        let (code, _, err) = dashlint(root, &["--import", "x.json"]);
        assert_eq!(code, 2);
        assert!(
            err.contains("--import x.json") && err.contains(why),
            "{err}"
        );
    }
}

#[cfg(unix)]
#[test]
fn files_that_the_run_has_no_business_with_are_not_read() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("project");
    fs::create_dir(&root).unwrap();
    fs::write(outer.path().join("outside"), "root:LINE\n").unwrap();
    std::os::unix::fs::symlink("../outside", root.join("link.yml")).unwrap();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    for file in ["../outside", "link.yml"] {
        let report = format!(
            r#"{{"version":1,"diagnostics":[{{"rule":"o/x","severity":"error","message":"m","file":"{file}"}}]}}"#
        );
        fs::write(root.join("r.json"), report).unwrap();
        let args = ["--isolated", "--import", "r.json", "rules.yml"];
        let (code, out, err) = dashlint(&root, &args);
        assert_eq!(code, 2, "{out}{err}");
        assert!(!out.contains("LINE") && !out.contains("o/x"), "{out}");
        assert!(err.contains("lies outside the project"), "{err}");
    }
}

/// A report of `others` about a file.
fn report(file: &str, others: &[(&str, u32, u32)]) -> String {
    let found: Vec<String> = others
        .iter()
        .map(|(message, line, column)| {
            format!(
                r#"{{ "rule": "opa/x", "severity": "error", "message": "{message}", "file": "{file}",
                "range": {{ "start": {{ "line": {line}, "column": {column} }} }} }}"#
            )
        })
        .collect();
    format!(
        r#"{{ "version": 1, "diagnostics": [{}] }}"#,
        found.join(",")
    )
}

#[test]
fn what_others_find_outlives_the_fixes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let text = r#"{ "title": "D", "uid": "d", "schemaVersion": 39, "panels": [
  { "id": 1, "type": "text", "title": "A", }, { "id": 2, "type": "text", "title": "B" } ],
}
"#;
    let found = report(
        "d.json",
        &[("whole", 1, 1), ("comma", 2, 42), ("second", 2, 47)],
    );
    fs::write(root.join("r.json"), found).unwrap();
    let args = |more: &[&'static str]| {
        let all = ["--isolated", "--import", "r.json", "--format", "concise"];
        [&all, more].concat()
    };
    fs::write(root.join("d.json"), text).unwrap();
    let (code, out, err) = dashlint(root, &args(&["--fix", "d.json"]));
    let fixed = fs::read_to_string(root.join("d.json")).unwrap();
    assert_ne!(fixed, text);
    assert_eq!(code, 1, "{out}{err}");
    let second = 1 + fixed.lines().nth(1).unwrap().find("{ \"id\": 2").unwrap();
    let second = format!("d.json:2:{second}: error[opa/x] second");
    for told in [
        "d.json:1:1: error[opa/x] whole",
        "error[opa/x] comma",
        &second,
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    assert!(
        err.contains("1 imported finding may no longer hold"),
        "{err}"
    );
    // Through standard input as well.
    let output = program(root)
        .args(args(&["--fix", "--stdin-filename", "d.json", "-"]))
        .write_stdin(text)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), fixed);
    assert!(err.contains(&second), "{err}");
}
