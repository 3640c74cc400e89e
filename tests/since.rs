//! `--since`: only what is new, whatever moved.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use dashlint::report::cost::cost_change_schema;
use support::run::{git, program, run};

fn dashlint(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(folder, &[&["--format", "concise"], args].concat())
}

fn dashboard(uid: &str, query: &str) -> String {
    format!(
        r#"{{ "title": "A {uid}", "uid": "{uid}", "schemaVersion": 39, "panels": [
  {{ "id": 1, "type": "timeseries", "title": "One", "targets": [
    {{ "refId": "A", "datasource": {{ "type": "prometheus", "uid": "${{ds}}" }}, "expr": "{query}" }} ] }} ] }}"#
    )
}

/// A repository with a broken query in `größe/a.json`.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("größe")).unwrap();
    fs::write(root.join("größe/a.json"), dashboard("a", "rate(x[5m]")).unwrap();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "one"]);
    folder
}

#[test]
fn what_was_there_is_not_told_wherever_it_went() {
    let folder = repository();
    let root = folder.path();
    assert_eq!(dashlint(root, &[]).0, 1);
    let (code, out, err) = dashlint(root, &["--since", "HEAD"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    // Renamed and written anew on other lines.
    fs::rename(root.join("größe/a.json"), root.join("b.json")).unwrap();
    let text = fs::read_to_string(root.join("b.json")).unwrap();
    fs::write(root.join("b.json"), text.replace(", ", ",\n\n")).unwrap();
    let (code, out, err) = dashlint(root, &["--since", "HEAD"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let (code, out, _) = dashlint(&root.join("größe"), &["--since", "HEAD", "../b.json"]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn what_is_new_is_told_alone() {
    let folder = repository();
    let root = folder.path();
    fs::write(root.join("c.json"), dashboard("c", "sum(")).unwrap();
    let (code, out, _) = dashlint(root, &["--since", "HEAD", "--select", "promql"]);
    assert_eq!(code, 1);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("c.json:"), "{out}");
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "two"]);
    assert_eq!(dashlint(root, &["--since", "HEAD"]).0, 0);
    assert_eq!(dashlint(root, &["--since", "HEAD~1"]).0, 1);
}

#[test]
fn it_says_why_it_cannot() {
    let folder = repository();
    let root = folder.path();
    let (code, _, err) = dashlint(root, &["--since", "nowhere"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("no revision `nowhere`") && err.contains("fetch-depth: 0"),
        "{err}"
    );
    let (code, _, err) = dashlint(root, &["--since=--output=x"]);
    assert_eq!(code, 2, "{err}");
    let outside = tempfile::tempdir().unwrap();
    let (code, _, err) = dashlint(outside.path(), &["--since", "HEAD"]);
    assert_eq!(code, 2);
    assert!(err.contains("not a git repository"), "{err}");
    let (code, _, err) = dashlint(root, &["--since", "HEAD", "--fix"]);
    assert_eq!(code, 2);
    assert!(err.contains("--fix"), "{err}");
}

fn commit(root: &Path) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "-m", "more"]);
}

#[test]
fn names_may_change_and_one_more_place_is_new() {
    let folder = repository();
    let root = folder.path();
    let rules = |group: &str, alerts: &[&str]| {
        let alerts: String = alerts
            .iter()
            .map(|name| format!("  - {{ alert: {name}, expr: up == 0 }}\n"))
            .collect();
        format!("groups:\n- name: {group}\n  rules:\n{alerts}")
    };
    fs::write(root.join("rules.yml"), rules("one", &["A", "B"])).unwrap();
    commit(root);
    fs::write(root.join("rules.yml"), rules("two", &["B", "A"])).unwrap();
    let text = fs::read_to_string(root.join("größe/a.json")).unwrap();
    let renamed = text.replace("\"uid\": \"a\"", "\"uid\": \"z\"");
    fs::write(root.join("größe/a.json"), renamed).unwrap();
    let (code, out, err) = dashlint(root, &["--since", "HEAD"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    // A fault that stands in many places is told once, at the place that is new.
    fs::write(root.join("rules.yml"), rules("two", &["B", "A", "C", "D"])).unwrap();
    let (_, out, _) = dashlint(root, &["--since", "HEAD", "--select", "missing-for"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(
        out.starts_with("rules.yml:6:") && out.contains("(and 1 more here)"),
        "{out}"
    );
}

#[test]
fn what_a_change_removes_and_others_use_is_an_error() {
    let folder = repository();
    let root = folder.path();
    let rules =
        "groups:\n- name: r\n  rules:\n  - record: job:up:sum\n    expr: sum by (job) (up)\n";
    let alerts =
        "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: job:up:sum == 0\n    for: 5m\n";
    let sources = "apiVersion: 1\ndatasources:\n- name: Main\n  uid: main\n  type: prometheus\n  url: http://x\n";
    let points = "apiVersion: 1\ncontactPoints:\n- name: team\n  receivers:\n  - uid: t\n    type: email\n    settings: { addresses: a@example.org }\n";
    let policies = "apiVersion: 1\npolicies:\n- receiver: team\n";
    let user = dashboard("user", "rate(x[5m])").replace("${ds}", "main").replace(
        "\"schemaVersion\"",
        "\"links\": [ { \"type\": \"link\", \"title\": \"A\", \"url\": \"/d/a/x\" } ], \"schemaVersion\"",
    );
    for (name, text) in [
        ("rules.yml", rules),
        ("alerts.yml", alerts),
        ("sources.yaml", sources),
        ("points.yaml", points),
        ("policies.yaml", policies),
        ("user.json", user.as_str()),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    commit(root);
    let since = || dashlint(root, &["--since", "HEAD"]);
    assert_eq!(since().1, "");
    // Elsewhere it is still there.
    fs::rename(root.join("rules.yml"), root.join("other.yml")).unwrap();
    assert_eq!(since().1, "");
    for name in ["other.yml", "sources.yaml", "points.yaml", "größe/a.json"] {
        fs::remove_file(root.join(name)).unwrap();
    }
    let (code, out, _) = since();
    assert_eq!(code, 1);
    let found: Vec<&str> = out
        .lines()
        .filter(|line| line.contains(" error["))
        .collect();
    assert!(
        found.iter().all(|line| line.contains("[removed-in-use]")),
        "{out}"
    );
    for (file, what) in [
        (
            "alerts.yml:5:",
            "records `job:up:sum`: this alert finds nothing by that name any more",
        ),
        ("policies.yaml:3:", "contact point \"team\""),
        ("user.json:3:", "data source \"main\""),
        ("user.json:1:", "dashboard \"a\""),
    ] {
        let told = |line: &&&str| line.starts_with(file) && line.contains(what);
        assert_eq!(found.iter().filter(told).count(), 1, "{file} {what}: {out}");
    }
    assert!(!out.contains("unknown-contact-point"), "{out}");
    // Without a revision there is nothing to compare with.
    assert!(!dashlint(root, &[]).1.contains("removed-in-use"));
}

#[cfg(target_os = "linux")]
#[test]
fn files_with_any_name_are_compared() {
    use std::os::unix::ffi::OsStrExt;
    let folder = repository();
    let root = folder.path();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    fs::write(root.join(name), dashboard("c", "sum(")).unwrap();
    commit(root);
    let (code, out, err) = dashlint(root, &["--since", "HEAD"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn what_a_clone_lacks_is_named() {
    let folder = repository();
    let root = folder.path();
    let output = Command::new("git")
        .current_dir(root)
        .args(["rev-parse", "HEAD:größe/a.json"])
        .output()
        .unwrap();
    let id = String::from_utf8(output.stdout).unwrap();
    let (head, rest) = id.trim().split_at(2);
    let object = root.join(".git/objects").join(head).join(rest);
    fs::remove_file(object).unwrap();
    let (code, _, err) = dashlint(root, &["--since", "HEAD"]);
    assert_eq!(code, 2);
    assert!(err.contains("a.json"), "{err}");
}

#[test]
fn costs_are_compared() {
    let folder = repository();
    let root = folder.path();
    fs::write(
        root.join("b.json"),
        dashboard("b", "sum(rate(http_requests_total[5m]))"),
    )
    .unwrap();
    commit(root);
    fs::write(
        root.join("b.json"),
        dashboard(
            "b",
            "sum by (pod) (rate(http_request_duration_seconds_bucket[1h]))",
        ),
    )
    .unwrap();
    fs::write(
        root.join("dashlint.toml"),
        "[[budget]]\ndashboards = ['b']\nwork = 900_000\n",
    )
    .unwrap();
    let cost = |args: &[&str]| {
        let (code, out, err) = run(root, &[&["cost", "--since", "HEAD"], args].concat());
        assert_eq!(code, 0, "{err}");
        out
    };
    let text = cost(&[]);
    assert!(
        text.contains("A b (b.json:1), over its budget") && text.contains('+'),
        "{text}"
    );
    assert!(
        cost(&["--format", "markdown"]).contains("| A b, over its budget"),
        "{text}"
    );
    let json: serde_json::Value = serde_json::from_str(&cost(&["--format", "json"])).unwrap();
    let changed = json["dashboards"].as_array().unwrap();
    assert_eq!(changed.len(), 1);
    assert!(changed[0]["now"]["work"].as_f64() > changed[0]["before"]["work"].as_f64());
    let validator = jsonschema::validator_for(&cost_change_schema()).unwrap();
    assert!(validator.is_valid(&json), "{json}");
    assert!(!validator.is_valid(&serde_json::json!({ "version": 1 })));
    // The check tells the budget that is not kept.
    let (code, out, err) = dashlint(root, &["--since", "HEAD", "--select", "over-budget"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("[over-budget]"), "{out}");
    // What was over it before is told again where it grew, and not where it is what it was.
    commit(root);
    let heavier = |queries: usize| {
        let query = "sum by (pod) (rate(http_request_duration_seconds_bucket[1h]))";
        let text = dashboard("b", &vec![query; queries].join(" + "));
        fs::write(root.join("b.json"), text).unwrap();
        let (_, out, _) = dashlint(root, &["--since", "HEAD", "--select", "over-budget"]);
        out
    };
    assert_eq!(heavier(1), "");
    let out = heavier(2);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains("(before the change it was "), "{out}");
}

#[test]
fn what_a_dashboard_uses_in_many_places_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let sources = |uids: &[&str]| {
        let entries: String = uids
            .iter()
            .map(|uid| format!("  - {{ name: {uid}, uid: {uid}, type: prometheus }}\n"))
            .collect();
        format!("apiVersion: 1\ndatasources:\n{entries}")
    };
    let source = r#""datasource": { "type": "prometheus", "uid": "main" }"#;
    let panels: Vec<String> = (1..=4)
        .map(|id| {
            format!(
                r#"{{ "id": {id}, "type": "timeseries", "title": "P{id}", {source}, "targets": [ {{ "refId": "A", {source}, "expr": "up" }} ] }}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{ "title": "D", "uid": "d", "schemaVersion": 39, "panels": [ {} ] }}"#,
        panels.join(",\n")
    );
    fs::write(root.join("d.json"), text).unwrap();
    fs::write(root.join("sources.yaml"), sources(&["main", "other"])).unwrap();
    git(root, &["init", "--quiet"]);
    commit(root);
    fs::write(root.join("sources.yaml"), sources(&["other"])).unwrap();
    let (code, out, err) = dashlint(root, &["--since", "HEAD", "--min-severity", "error"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains("\"main\"") && out.contains("3 more"), "{out}");
}

/// A dashboard with a comma too many in the panels of these numbers.
fn commas(panels: &[(u32, bool)]) -> String {
    let panels: Vec<String> = panels
        .iter()
        .map(|(id, extra)| {
            let comma = if *extra { "," } else { "" };
            format!("  {{ \"id\": {id}, \"type\": \"text\", \"title\": \"P\"{comma} }}")
        })
        .collect();
    format!(
        "{{ \"title\": \"D\", \"uid\": \"d\", \"schemaVersion\": 39, \"panels\": [\n{}\n] }}\n",
        panels.join(",\n")
    )
}

#[test]
fn of_equal_findings_the_one_in_changed_lines_is_new() {
    let folder = repository();
    let root = folder.path();
    let write = |panels: &[(u32, bool)]| fs::write(root.join("d.json"), commas(panels)).unwrap();
    let told = || {
        let (_, out, err) = dashlint(root, &["--since", "HEAD"]);
        let lines: Vec<String> = out
            .lines()
            .map(|line| line.split(':').nth(1).unwrap().to_owned())
            .collect();
        assert!(!err.contains("git"), "{err}");
        lines.join(" ")
    };
    write(&[(1, false), (2, true), (3, false)]);
    commit(root);
    write(&[(1, true), (2, true), (3, false)]);
    assert_eq!(told(), "2");
    write(&[(1, false), (2, true), (3, true)]);
    assert_eq!(told(), "4");
    // The old one has moved on.
    write(&[(7, true), (8, false), (1, false), (2, true), (3, true)]);
    assert_eq!(told(), "2 6");
    // The old one is gone.
    write(&[(1, false), (2, false), (3, true), (4, true)]);
    assert_eq!(told().split(' ').count(), 1);
}

#[test]
fn every_repository_is_asked_for_itself() {
    let outer = tempfile::tempdir().unwrap();
    let old = commas(&[(1, true)]);
    let two = commas(&[(1, true), (2, true)]);
    let [main, other, module] = ["main", "other", "module"].map(|name| {
        let root = outer.path().join(name);
        fs::create_dir(&root).unwrap();
        git(&root, &["init", "--quiet"]);
        fs::write(root.join("d.json"), &old).unwrap();
        commit(&root);
        root
    });
    let count = |args: &[&str]| {
        let (code, out, err) = dashlint(&main, args);
        assert_eq!(code, i32::from(!out.is_empty()), "{err}");
        out.lines().count()
    };
    let since =
        |path: &'static str| count(&["--since", "HEAD", "--select", "trailing-comma", path]);
    // Another repository.
    assert_eq!(since("../other"), 0);
    fs::write(other.join("d.json"), &two).unwrap();
    assert_eq!(since("../other"), 1);
    // A submodule was what the repository around it says it was.
    let source = module.to_str().unwrap();
    git(
        &main,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            source,
            "sub",
        ],
    );
    assert_eq!(since("."), 1, "it is new");
    commit(&main);
    assert_eq!(since("."), 0);
    fs::write(main.join("sub/d.json"), &two).unwrap();
    assert_eq!(since("."), 1);
    assert_eq!(since("sub/d.json"), 1);
    commit(&main.join("sub"));
    assert_eq!(since("."), 1, "only the submodule has the commit");
    commit(&main);
    assert_eq!(since("."), 0);
    // In a hook the environment speaks of another repository.
    let hook = program(&main)
        .env("GIT_DIR", other.join(".git"))
        .args(["--since", "HEAD", "--select", "trailing-comma", "."])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(hook.stdout).unwrap(), "");
    // A repository that is none of its submodules, and lacks the revision.
    let clone = main.join("clone");
    fs::create_dir(&clone).unwrap();
    git(&clone, &["init", "--quiet"]);
    fs::write(clone.join("d.json"), &old).unwrap();
    commit(&clone);
    assert_eq!(since("."), 0);
    let (code, _, err) = dashlint(&main, &["--since", "HEAD~1"]);
    assert_eq!(code, 2);
    assert!(err.contains("clone"), "{err}");
    assert_eq!(count(&["--since", "HEAD~1", "d.json"]), 0);
}

#[test]
fn what_others_found_counts_where_the_change_is() {
    let folder = repository();
    let root = folder.path();
    let rules = |first: &str, second: &str| {
        format!(
            "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: {first}\n  - alert: B\n    expr: {second}\n"
        )
    };
    let report = r#"{ "version": 1, "diagnostics": [
        { "rule": "opa/a", "severity": "error", "message": "file", "file": "rules.yml" },
        { "rule": "opa/a", "severity": "error", "message": "first", "file": "rules.yml", "pointer": "/groups/0/rules/0" },
        { "rule": "opa/a", "severity": "error", "message": "second", "file": "rules.yml",
          "range": { "start": { "line": 7, "column": 5 } } } ] }"#;
    fs::write(root.join("rules.yml"), rules("up == 0", "up == 0")).unwrap();
    commit(root);
    fs::write(root.join("r.json"), report).unwrap();
    let told = || {
        let (_, out, _) = dashlint(
            root,
            &[
                "--since",
                "HEAD",
                "--import",
                "r.json",
                "--min-severity",
                "error",
            ],
        );
        out.lines()
            .map(|line| line.rsplit(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(told(), "");
    fs::write(root.join("rules.yml"), rules("up == 1", "up == 0")).unwrap();
    assert_eq!(told(), "file first");
    fs::write(root.join("rules.yml"), rules("up == 0", "up == 1")).unwrap();
    assert_eq!(told(), "file second");
    fs::remove_file(root.join("rules.yml")).unwrap();
    commit(root);
    fs::write(root.join("rules.yml"), rules("up == 0", "up == 1")).unwrap();
    assert_eq!(told(), "file first second", "it was not there");
}

#[test]
fn what_was_silenced_or_of_no_use_before_is_not_new() {
    let folder = repository();
    let root = folder.path();
    let ignores = |at: &[&str]| {
        at.iter()
            .map(|file| {
                format!(
                    "[[ignore]]\nrules = ['invalid-promql']\nfiles = ['{file}']\nreason = 'known'\n"
                )
            })
            .collect::<String>()
    };
    fs::write(
        root.join("dashlint.toml"),
        ignores(&["größe/a.json", "gone.json"]),
    )
    .unwrap();
    commit(root);
    let since = |more: &[&str]| dashlint(root, &[&["--since", "HEAD"], more].concat());
    assert_eq!(since(&[]).1, "");
    assert_eq!(since(&["--no-ignores"]).1, "");
    // What is silenced is mended: since then the entry is of no use.
    fs::write(root.join("größe/a.json"), dashboard("a", "rate(x[5m])")).unwrap();
    let (_, out, _) = since(&["--min-severity", "warning"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(
        out.starts_with("dashlint.toml:1:") && out.contains("[unused-ignore]"),
        "{out}"
    );
}

#[test]
fn the_repository_is_that_of_the_given_paths() {
    let folder = repository();
    let root = folder.path();
    let outside = tempfile::tempdir().unwrap();
    let since = |path: &Path| {
        let args = ["--since", "HEAD", path.to_str().unwrap()];
        dashlint(outside.path(), &args)
    };
    for path in [root, &root.join("größe"), &root.join("größe/a.json")] {
        let (code, out, err) = since(path);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
    }
    // Also of what is named alone.
    let stdin = ["--since", "HEAD", "--format", "concise", "--stdin-filename"];
    let text = fs::read(root.join("größe/a.json")).unwrap();
    let output = program(outside.path())
        .args(stdin)
        .arg(root.join("größe/a.json"))
        .arg("-")
        .write_stdin(text)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    fs::write(root.join("c.json"), dashboard("c", "sum(")).unwrap();
    let (code, out, err) = since(root);
    assert_eq!(code, 1, "{err}");
    assert!(out.lines().all(|line| line.contains("c.json:")), "{out}");
    let (code, out, err) = run(
        outside.path(),
        &["cost", "--since", "HEAD", root.to_str().unwrap()],
    );
    assert_eq!(code, 0, "{out}{err}");
    // A file beside it lies in none.
    let lone = outside.path().join("d.json");
    fs::write(&lone, dashboard("d", "sum(")).unwrap();
    let (code, _, err) = since(&lone);
    assert_eq!(code, 2);
    assert!(err.contains("git repository"), "{err}");
    // A submodule was what the repository around it says it was, also from here.
    let module = repository();
    add_submodule(root, module.path(), "sub");
    commit(root);
    fs::write(root.join("sub/e.json"), dashboard("e", "sum(")).unwrap();
    commit(&root.join("sub"));
    let (code, out, err) = since(root);
    assert_eq!(code, 1, "{err}");
    assert!(
        out.lines().all(|line| line.contains("sub/e.json:")),
        "{out}"
    );
}

fn add_submodule(root: &Path, source: &Path, name: &str) {
    let allowed = ["-c", "protocol.file.allow=always"];
    let add = [
        "submodule",
        "--quiet",
        "add",
        source.to_str().unwrap(),
        name,
    ];
    git(root, &[&allowed[..], &add].concat());
}

#[cfg(unix)]
#[test]
fn what_links_lead_to_was_there_too() {
    use std::os::unix::fs::symlink;
    let folder = repository();
    let root = folder.path();
    symlink("größe", root.join("folder")).unwrap();
    fs::create_dir(root.join("links")).unwrap();
    symlink("../folder/a.json", root.join("links/a.json")).unwrap();
    symlink("links/a.json", root.join("again.json")).unwrap();
    symlink("loop.json", root.join("loop.json")).unwrap();
    commit(root);
    let paths = ["folder", "folder/a.json", "links/a.json", "again.json"];
    let since = |path: &str| dashlint(root, &["--since", "HEAD", path]);
    for path in paths {
        assert_eq!(dashlint(root, &[path]).0, 1);
        let (code, out, err) = since(path);
        assert_eq!((code, out.as_str()), (0, ""), "{path}: {err}");
    }
    // What is new is told through them.
    let text = dashboard("a", "rate(x[5m]").replace("] }", "], }");
    fs::write(root.join("größe/a.json"), text).unwrap();
    for path in paths {
        let (code, out, err) = since(path);
        assert_eq!(code, 1, "{path}: {out}{err}");
    }
    // A link that was not there.
    git(root, &["checkout", "--quiet", "."]);
    symlink("größe/a.json", root.join("new.json")).unwrap();
    assert_eq!(since("new.json").0, 1);
}

#[test]
fn a_submodule_may_move() {
    let folder = repository();
    let root = folder.path();
    let module = repository();
    add_submodule(root, module.path(), "sub");
    commit(root);
    fs::create_dir(root.join("vendor")).unwrap();
    git(root, &["mv", "sub", "vendor/sub two"]);
    let since = || dashlint(root, &["--since", "HEAD"]);
    let (code, out, err) = since();
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    fs::write(root.join("vendor/sub two/e.json"), dashboard("e", "sum(")).unwrap();
    let (_, out, _) = since();
    let told = |line: &str| line.starts_with("vendor/sub two/e.json:");
    assert!(!out.is_empty() && out.lines().all(told), "{out}");
}

#[test]
fn how_lines_end_is_no_change() {
    let folder = repository();
    let root = folder.path();
    let rules = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n  - alert: B\n    expr: up == 0\n";
    fs::write(root.join("rules.yml"), rules).unwrap();
    commit(root);
    let report = r#"{ "version": 1, "diagnostics": [
        { "rule": "opa/a", "severity": "error", "message": "file", "file": "rules.yml" },
        { "rule": "opa/a", "severity": "error", "message": "first", "file": "rules.yml", "pointer": "/groups/0/rules/0" },
        { "rule": "opa/a", "severity": "error", "message": "second", "file": "rules.yml", "pointer": "/groups/0/rules/1" } ] }"#;
    fs::write(root.join("r.txt"), report).unwrap();
    let told = |text: &str| {
        fs::write(root.join("rules.yml"), text.replace('\n', "\r\n")).unwrap();
        let args = ["--select", "opa/a", "--import", "r.txt", "--since", "HEAD"];
        let (_, out, _) = dashlint(root, &args);
        let words = out.lines().map(|line| line.rsplit(' ').next().unwrap());
        words.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(rules), "");
    assert_eq!(
        told(&rules.replace("B\n    expr: up", "B\n    expr: down")),
        "file second"
    );
}

#[test]
fn a_file_that_is_named_was_there_whatever_it_is_called() {
    let folder = repository();
    let root = folder.path();
    fs::write(root.join("dashlint.toml"), "exclude = ['größe/']\n").unwrap();
    fs::copy(root.join("größe/a.json"), root.join("dashboard.txt")).unwrap();
    commit(root);
    for name in ["größe/a.json", "dashboard.txt"] {
        assert_eq!(dashlint(root, &[name]).0, 1);
        let (code, out, err) = dashlint(root, &["--since", "HEAD", name]);
        assert_eq!((code, out.as_str()), (0, ""), "{name}: {err}");
    }
}
