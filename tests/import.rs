//! `--import`: findings of other tools are shown, silenced and known like our own.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use serde_json::Value;
use support::run::{program, run as dashlint};

const RULES: &str = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: rate(x[5m]\n  - alert: B\n    expr: up == 0\n";

const DASHBOARD: &str = r#"{ "title": "D", "uid": "d", "schemaVersion": 39, "panels": [
  { "id": 1, "type": "timeseries", "title": "One", "targets": [
    { "refId": "A", "datasource": { "type": "prometheus", "uid": "prom" }, "expr": "sum(rate(x_total{a=~\"b|^c$d\"}[5m])) by (a)" } ] } ] }"#;

#[test]
fn a_report_of_ours_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let json = |args: &[&str]| -> Value {
        let all = ["--quiet", "--format", "json", "--select", "all"];
        let args: Vec<&str> = all.iter().chain(args).copied().collect();
        serde_json::from_str(&dashlint(root, &args).1).unwrap()
    };
    let report = json(&[]);
    assert!(report["diagnostics"].as_array().unwrap().len() > 2);
    fs::write(root.join("report.txt"), report.to_string()).unwrap();
    // What this run finds, too, is told once.
    let again = json(&["--import", "report.txt"]);
    assert_eq!(again["diagnostics"], report["diagnostics"]);
    assert_eq!(again["summary"], report["summary"]);
    // What only the report has is as it was.
    for name in ["rules.yml", "d.json"] {
        fs::remove_file(root.join(name)).unwrap();
    }
    let again = json(&["--import", "report.txt"]);
    assert_eq!(again["diagnostics"], report["diagnostics"]);
}

#[test]
fn a_file_is_known_however_a_report_writes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir(root.join("a")).unwrap();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    let all = ["--quiet", "--isolated", "--format", "json"];
    let own = dashlint(&root, &all).1;
    let of_another = report("rules.yml", &[("another's", 7, 5)]);
    let whole = root.join("rules.yml");
    for name in ["./rules.yml", "a/../rules.yml", whole.to_str().unwrap()] {
        let called = |text: &str| text.replace("\"rules.yml\"", &format!("\"{name}\""));
        assert_ne!(called(&own), own);
        fs::write(root.join("own.txt"), called(&own)).unwrap();
        let again = dashlint(&root, &[&all[..], &["--import", "own.txt"]].concat()).1;
        let findings =
            |text: &str| serde_json::from_str::<Value>(text).unwrap()["diagnostics"].take();
        assert_eq!(findings(&again), findings(&own), "{name}");
        // What stands in a file is silenced in it, and what is known of it stays known.
        fs::write(root.join("other.txt"), called(&of_another)).unwrap();
        let other = ["--select", "opa/x", "--import", "other.txt"];
        let known = [&other[..], &["--baseline", "known"]].concat();
        assert_eq!(dashlint(&root, &other).0, 1);
        if name.starts_with("./") {
            dashlint(&root, &[&known[..], &["--update-baseline"]].concat());
        }
        assert_eq!(dashlint(&root, &known).0, 0, "{name}");
        dashlint(&root, &[&other[..], &["--add-ignores"]].concat());
        let rules = fs::read_to_string(root.join("rules.yml")).unwrap();
        assert!(
            rules.contains("# dashlint: ignore[opa/x]"),
            "{name}: {rules}"
        );
        fs::write(root.join("rules.yml"), RULES).unwrap();
    }
}

#[test]
fn a_finding_of_ours_keeps_its_severity_unless_the_configuration_says_another() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), RULES.replace("x[5m]", "x[5m])")).unwrap();
    // An error and a warning, as their rules have them.
    let found = r#"{ "diagnostics": [
      { "rule": "invalid-promql", "severity": "info", "message": "a", "file": "rules.yml" },
      { "rule": "rate-on-gauge", "severity": "error", "message": "b", "file": "rules.yml" } ] }"#;
    fs::write(root.join("r.json"), found).unwrap();
    let severities = |config: &str| {
        fs::write(root.join("dashlint.toml"), config).unwrap();
        let args = ["--import", "r.json", "--format", "concise", "rules.yml"];
        let (_, out, err) = dashlint(root, &args);
        let word = |message: &str| {
            let line = out.lines().find(|line| line.ends_with(message));
            line.map(|line| line.split(['[', ' ']).nth(1).unwrap().to_owned())
        };
        assert!(out.lines().count() > 2, "{err}");
        (word("] a"), word("] b"))
    };
    let told = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
    assert_eq!(severities(""), told("info", "error"));
    assert_eq!(
        severities("[rules]\ninvalid-promql = 'warning'\nrate-on-gauge = 'on'\n"),
        told("warning", "error")
    );
    assert_eq!(
        severities("[rules]\npromql = 'error'\nrate-on-gauge = 'off'\n"),
        (Some("error".to_owned()), None)
    );
}

#[test]
fn a_list_of_findings_is_a_report_and_another_is_told_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), "groups: []\n").unwrap();
    let import = |text: &str| {
        fs::write(root.join("r.json"), text).unwrap();
        let args = ["--import", "r.json", "--format", "concise", "rules.yml"];
        dashlint(root, &args)
    };
    let found =
        r#"{ "rule": "opa/x", "severity": "error", "message": "one", "file": "rules.yml" }"#;
    let (code, out, err) = import(&format!(" [{found}]"));
    assert_eq!(
        (code, out.matches("error[opa/x] one").count()),
        (1, 1),
        "{out}{err}"
    );
    assert_eq!(import("[]").0, 0);
    for wrong in [
        r#"[{ "check_name": "x" }]"#,
        "{}",
        "3",
        &format!("{found}\n{found}\n"),
    ] {
        let (code, _, err) = import(wrong);
        assert_eq!(code, 2, "{wrong}");
        assert!(
            err.contains("expected is what `--format json` writes"),
            "{err}"
        );
        assert!(!err.contains("u32"), "{err}");
    }
}

#[test]
fn only_the_given_files_count() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["a", "b"] {
        fs::create_dir(root.join(name)).unwrap();
        fs::write(root.join(name).join("rules.yml"), "groups: []\n").unwrap();
    }
    let found = r#"{ "diagnostics": [
      { "rule": "opa/owner", "severity": "error", "message": "one", "file": "./a/rules.yml" },
      { "rule": "opa/owner", "severity": "error", "message": "two", "file": "a/main.jsonnet" } ] }"#;
    fs::write(root.join("opa.json"), found).unwrap();
    let run = |path: &str| {
        let args = ["--import", "opa.json", "--format", "concise", path];
        let (code, out, err) = dashlint(root, &args);
        (code, out.lines().count(), err)
    };
    let (code, told, err) = run("b");
    assert_eq!((code, told), (0, 0), "{err}");
    let note = "--import: 2 findings of 2 files outside the given paths left out";
    assert!(err.contains(note), "{err}");
    for (path, count) in [("a", 2), (".", 2), ("a/rules.yml", 1)] {
        let (code, told, err) = run(path);
        assert_eq!((code, told), (1, count), "{path}: {err}");
        assert_eq!(err.contains("left out"), count == 1, "{path}: {err}");
    }
}

#[test]
fn what_is_excluded_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("vendor")).unwrap();
    fs::write(root.join("vendor/rules.yml"), "groups: []\n").unwrap();
    fs::write(root.join("dashlint.toml"), "exclude = ['vendor/']\n").unwrap();
    let found = report("vendor/rules.yml", &[("one", 1, 1)]);
    fs::write(root.join("r.txt"), found).unwrap();
    let run = |more: &[&str]| {
        let args = ["--import", "r.txt", "--format", "concise"];
        let (code, out, err) = dashlint(root, &[&args, more].concat());
        assert_eq!(code, i32::from(!out.is_empty()), "{err}");
        let note = "--import: 1 finding of 1 file that the configuration excludes left out";
        assert_eq!(err.contains(note), out.is_empty(), "{err}");
        out.lines().count()
    };
    assert_eq!(run(&[]), 0);
    assert_eq!(run(&["vendor"]), 0);
    // Like our own of a file that is named.
    assert_eq!(run(&["vendor/rules.yml"]), 1);
    assert_eq!(run(&["vendor/rules.yml", "--force-exclude"]), 0);
    assert_eq!(run(&["--isolated"]), 1);
}

#[test]
fn rules_of_other_tools_are_names_to_select_and_configure() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    let found = r#"{ "diagnostics": [
      { "rule": "opa/owner", "severity": "error", "message": "m", "file": "rules.yml" },
      { "rule": "plain", "severity": "error", "message": "m", "file": "rules.yml" } ] }"#;
    fs::write(root.join("opa.json"), found).unwrap();
    let run = |more: &[&str]| {
        let all = ["--import", "opa.json", "--format", "concise"];
        let (code, out, err) = dashlint(root, &[&all, more].concat());
        let has = |rule: &str| out.contains(rule);
        (
            code,
            has("[opa/owner]"),
            has("[plain]"),
            has("[invalid-promql]"),
            err,
        )
    };
    for (args, told) in [
        (["--select", "opa/owner"], (true, false, false)),
        (["--select", "plain"], (false, true, false)),
        (["--ignore", "opa/owner"], (false, true, true)),
        (["--ignore", "plain"], (true, false, true)),
    ] {
        let (code, owner, plain, own, err) = run(&args);
        assert_eq!((code, (owner, plain, own)), (1, told), "{args:?}: {err}");
    }
    // What the other tool may have and did not find today fails no run.
    let (code, .., err) = run(&["--select", "opa/ownr"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("did you mean `opa/owner`?"), "{err}");
    let (code, .., err) = run(&["--select", "other/rule"]);
    assert_eq!(code, 0, "{err}");
    for (word, hint) in [
        ("plan", "did you mean `plain`?"),
        ("ownership/nothing", "pack:ownership"),
    ] {
        let (code, .., err) = run(&["--select", word]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(hint), "{err}");
    }
    // A baseline written of these alone stays as it is when it is written again.
    let update = [
        "--select",
        "opa/owner",
        "--baseline",
        "known.txt",
        "--update-baseline",
    ];
    run(&update);
    let before = fs::read_to_string(root.join("known.txt")).unwrap();
    run(&update);
    assert_eq!(fs::read_to_string(root.join("known.txt")).unwrap(), before);
}

#[test]
fn a_name_of_another_tool_is_no_fault_where_its_findings_are_not_imported() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), "groups: []\n").unwrap();
    let run = |name: &str| {
        let config = format!(
            "extends = ['./acme.yaml']\n[rules]\n'{name}' = 'error'\n[[ignore]]\nrules = ['{name}']\nreason = 'x'\n"
        );
        fs::write(root.join("dashlint.toml"), config).unwrap();
        let args = ["--format", "concise", "--min-severity", "info"];
        let (code, out, _) = dashlint(root, &args);
        (code, out)
    };
    let policy = "version: 1\nrules:\n  - id: acme/owner\n    on: dashboard\n    forbid: { title: x }\n    message: m\n";
    fs::write(root.join("acme.yaml"), policy).unwrap();
    let (code, out) = run("opa/team");
    assert_eq!(
        (code, out.matches(" info[unused-config]").count()),
        (0, 2),
        "{out}"
    );
    // Whose rules begin with the name of a pack or of a policy here, is not another tool.
    for name in ["acme/gone", "acme/ownr", "ownership/gone"] {
        let (code, out) = run(name);
        assert_eq!(
            (code, out.matches(" warning[unused-config]").count()),
            (1, 2),
            "{out}"
        );
    }
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

#[test]
fn standard_input_is_given_and_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("r.json"), report("d.json", &[("here", 1, 1)])).unwrap();
    let run = |args: &[&str]| {
        let output = program(root).args(args).write_stdin("{}").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let stdin = ["--format", "concise", "--stdin-filename", "d.json", "-"];
    let (code, out, err) = run(&[&["--import", "r.json"], &stdin[..]].concat());
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("error[opa/x] here"), "{out}");
    for args in [
        &["--import", "-", "-"][..],
        &["--import", "-", "--files-from", "-"],
    ] {
        let (code, _, err) = run(args);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains("can be read once"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_known_where_a_report_names_it_through_a_link() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("project");
    fs::create_dir_all(root.join("a")).unwrap();
    fs::write(root.join("a/rules.yml"), RULES).unwrap();
    let link = outer.path().join("link");
    std::os::unix::fs::symlink("project", &link).unwrap();
    let file = link.join("a/rules.yml");
    let found = report(file.to_str().unwrap(), &[("here", 7, 5)]);
    fs::write(root.join("r.txt"), found).unwrap();
    let args = [
        "--import", "r.txt", "--format", "concise", "--select", "opa/x",
    ];
    let (code, out, err) = dashlint(&root, &args);
    assert_eq!(code, 1, "{err}");
    assert!(
        out.starts_with("a/rules.yml:7:5: error[opa/x] here"),
        "{out}"
    );
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
