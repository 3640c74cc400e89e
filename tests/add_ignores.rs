//! `--add-ignores`: what is found is silenced where it stands, and nothing else changes.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::corpus::{copied, projects};
use support::run::{git, run};

fn dashlint(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let all = [
        "--select",
        "all",
        "--format",
        "concise",
        "--fail-on",
        "info",
    ];
    run(folder, &[&all[..], args].concat())
}

const RULES: &str = "groups:\r\n- name: g\r\n  rules:\r\n  # Why.\r\n  - alert: A\r\n    expr: rate(x[5m]\r\n    annotations:\r\n      text: |+\r\n        a\r\n\r\n  - alert: B\r\n    expr: up == 0\r\n";
const DASHBOARD: &str = r#"{
  "title": "D", "uid": "d", "schemaVersion": 39,
  "templating": { "list": [ { "name": "unused", "type": "custom", "query": "a,b" } ] },
  "panels": [
    { "id": 1, "type": "timeseries", "title": "One", "description": "A \"word\"",
      "targets": [ { "refId": "A", "datasource": { "type": "prometheus", "uid": "${ds}" }, "expr": "sum(" } ] },
    { "id": 2, "type": "graph", "title": "Two", "targets": [] }
  ]
}
"#;

/// A JSON text without the comments in descriptions.
fn plain(value: &mut Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(text)) = object.get_mut("description") {
                    if let Some(at) = text.find("<!-- dashlint: ignore[") {
                        text.truncate(at);
                    }
                    *text = text.trim_end().to_owned();
                    if text.is_empty() {
                        object.remove("description");
                    }
                }
                open.extend(object.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
}

fn comment(line: &str) -> bool {
    line.trim_start().starts_with("# dashlint: ignore[")
}

#[test]
fn everything_is_silenced_and_nothing_else_changes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("dashlint.toml"), "# Ours.\ngrafana = \"12.1\"").unwrap();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    assert_eq!(dashlint(root, &[]).0, 1);
    let (code, out, err) = dashlint(root, &["--add-ignores"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("entries into dashlint.toml"), "{err}");
    let (code, out, _) = dashlint(root, &[]);
    assert_eq!((code, out.as_str()), (0, ""));
    let rules = fs::read_to_string(root.join("rules.yml")).unwrap();
    let kept: String = rules
        .split_inclusive('\n')
        .filter(|line| !comment(line))
        .collect();
    assert_eq!(kept, RULES);
    assert!(
        rules.contains("    # dashlint: ignore[invalid-promql] TODO: say why\r\n    expr: rate"),
        "{rules}"
    );
    let dashboard = fs::read_to_string(root.join("d.json")).unwrap();
    assert!(
        dashboard.contains("A \\\"word\\\" <!-- dashlint: ignore["),
        "{dashboard}"
    );
    let mut now = parsed(&dashboard);
    plain(&mut now);
    assert_eq!(now, parsed(DASHBOARD));
    let config = fs::read_to_string(root.join("dashlint.toml")).unwrap();
    assert!(
        config.starts_with("# Ours.\ngrafana = \"12.1\"\n"),
        "{config}"
    );
    assert!(
        config.contains("at = \"variable:unused\"") && config.contains("files = [\"./d.json\"]"),
        "{config}"
    );
    // What is new is told.
    fs::write(
        root.join("d.json"),
        dashboard.replace(
            "\"expr\": \"sum(\"",
            "\"expr\": \"sum(x) by\", \"hide\": false",
        ),
    )
    .unwrap();
    fs::write(root.join("rules.yml"), rules.replace("up == 0", "up ==")).unwrap();
    let (_, out, _) = dashlint(root, &["--min-severity", "error"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("rules.yml:"), "{out}");
}

#[test]
fn a_broken_configuration_silences_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for broken in ["exlude = ['x']\n", "[rules]\ncost = 'of'\n"] {
        fs::write(root.join("dashlint.toml"), broken).unwrap();
        fs::write(root.join("rules.yml"), RULES).unwrap();
        fs::write(root.join("d.json"), DASHBOARD).unwrap();
        let (code, _, err) = dashlint(root, &["--add-ignores"]);
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("the configuration has errors, so nothing is silenced"),
            "{err}"
        );
        for (file, text) in [
            ("dashlint.toml", broken),
            ("rules.yml", RULES),
            ("d.json", DASHBOARD),
        ] {
            assert_eq!(fs::read_to_string(root.join(file)).unwrap(), text);
        }
    }
}

/// Over a third of the projects of the corpus: clean after it, and what the files say is what they said.
#[test]
fn real_projects_are_clean_afterwards() {
    let Some(corpus) = copied() else { return };
    for project in projects(corpus.path()).into_iter().step_by(3) {
        let name = project.file_name().unwrap().to_string_lossy().into_owned();
        fs::write(project.join("dashlint.toml"), "").unwrap();
        let files = || {
            walkdir::WalkDir::new(&project)
                .into_iter()
                .filter_map(Result::ok)
        };
        let before: Vec<_> = files()
            .filter_map(|entry| {
                Some((
                    entry.path().to_path_buf(),
                    fs::read_to_string(entry.path()).ok()?,
                ))
            })
            .collect();
        let (code, out, err) = dashlint(&project, &["--add-ignores"]);
        assert_eq!(code, 0, "{name}: {out}{err}");
        let (code, out, err) = dashlint(&project, &[]);
        assert_eq!((code, out.as_str()), (0, ""), "{name}: {err}");
        for (path, old) in before {
            let new = fs::read_to_string(&path).unwrap();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if new == old || path.ends_with("dashlint.toml") {
                continue;
            }
            if extension == Some("json") {
                let (mut then, mut now) = (parsed(&old), parsed(&new));
                // A carrier's strings are compared by those who carry them.
                if then.get("data").is_none() {
                    plain(&mut then);
                    plain(&mut now);
                    assert!(now == then, "{}", path.display());
                }
                continue;
            }
            let kept: Vec<&str> = new
                .lines()
                .filter(|line| !line.contains("dashlint: ignore["))
                .collect();
            let then: Vec<&str> = old.lines().collect();
            let mut rest = then.iter();
            assert!(
                kept.iter()
                    .all(|line| rest.any(|old| old == line || format!("{old},") == **line)),
                "{}",
                path.display()
            );
        }
    }
}

/// A run without the policy would find names in the configuration that it does not know.
#[test]
fn what_only_the_command_line_brings_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let args = ["--policy", "pack:ownership", "--add-ignores"];
    let (code, _, err) = dashlint(root, &args);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("`extends`"), "{err}");
    assert_eq!(fs::read_to_string(root.join("d.json")).unwrap(), DASHBOARD);
    assert!(!root.join("dashlint.toml").exists());
    fs::write(
        root.join("dashlint.toml"),
        "extends = [\"pack:ownership\"]\n",
    )
    .unwrap();
    let (_, out, err) = dashlint(root, &args);
    assert!(err.contains("wrote "), "{err}");
    assert_eq!(dashlint(root, &[]).0, 0, "{out}");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_out_of_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("project");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(
        root.join("d.json"),
        r#"{"schemaVersion":39,"uid":"u","title":"D","panels":[],}"#,
    )
    .unwrap();
    std::os::unix::fs::symlink("../outside.toml", root.join("dashlint.toml")).unwrap();
    assert_eq!(run(&root, &["--add-ignores", "d.json"]).0, 2);
    assert!(!outer.path().join("outside.toml").exists());
}

/// A file with these alerts, whose queries are never closed.
fn broken(names: &[&str]) -> String {
    let alerts: String = names
        .iter()
        .map(|name| format!("  - {{ alert: {name}, expr: \"rate({name}[5m]\" }}\n"))
        .collect();
    format!("groups:\n- name: g\n  rules:\n{alerts}")
}

/// A dashboard in which this many lists end in a comma: none of them has a name.
fn commas(count: usize) -> String {
    let lists = vec!["[\"a\",]"; count].join(",\n");
    format!(
        "{{ \"title\": \"D\", \"uid\": \"d\", \"schemaVersion\": 39, \"lists\": [{lists}], \"panels\": [] }}\n"
    )
}

/// Of what is known, by whichever means, nothing is silenced; of what is not, all.
#[test]
fn what_is_not_shown_is_not_silenced() {
    for known in [["--since", "HEAD"], ["--baseline", "known.txt"]] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let shown = ["--min-severity", "error"];
        let run = |more: &[&str]| dashlint(root, &[&shown, more].concat());
        fs::write(root.join("rules.yml"), broken(&["Old"])).unwrap();
        fs::write(root.join("d.json"), commas(1)).unwrap();
        run(&["--baseline", "known.txt", "--update-baseline"]);
        git(root, &["init", "--quiet"]);
        git(root, &["add", "."]);
        git(root, &["commit", "--quiet", "-m", "x"]);
        fs::write(root.join("rules.yml"), broken(&["Old", "New", "Newer"])).unwrap();
        fs::write(root.join("d.json"), commas(2)).unwrap();
        let found = |out: &str| out.lines().filter(|line| line.contains(" error[")).count();
        assert_eq!(found(&run(&known).1), 3);
        let (_, out, err) = run(&[&known[..], &["--add-ignores"]].concat());
        assert_eq!(out, "", "{known:?}: {err}");
        assert!(
            err.contains("wrote 2 comments into 1 file") && err.contains("wrote 1 entry"),
            "{err}"
        );
        let config = fs::read_to_string(root.join("dashlint.toml")).unwrap();
        assert!(config.contains("at = \"finding:"), "{config}");
        let (_, out, _) = run(&[]);
        assert_eq!(found(&out), 2, "{known:?}: {out}");
        assert!(out.contains("alert \"Old\""), "{out}");
        // One more is new.
        fs::write(root.join("d.json"), commas(3)).unwrap();
        assert_eq!(found(&run(&known).1), 1);
    }
}

#[test]
fn what_is_less_severe_than_shown_stays() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let (_, out, _) = dashlint(root, &["--min-severity", "error", "--add-ignores"]);
    assert_eq!(out, "");
    let (_, out, _) = dashlint(root, &[]);
    assert!(
        !out.contains("error[") && out.contains("warning[") && out.contains("info["),
        "{out}"
    );
    assert!(!out.contains("[unused-suppression]"), "{out}");
}

#[test]
fn it_is_refused_where_it_would_silence_what_nobody_sees() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    for (other, why) in [
        (&["--max-findings", "1"][..], "--max-findings shows a part"),
        // An isolated run reads no entries.
        (&["--isolated"], "'--isolated' cannot be used with"),
    ] {
        let (code, out, err) = dashlint(root, &[other, &["--add-ignores"]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(why), "{err}");
        assert_eq!(fs::read_to_string(root.join("d.json")).unwrap(), DASHBOARD);
        assert!(!root.join("dashlint.toml").exists());
    }
}

#[test]
fn what_others_found_is_silenced_too() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("rules.yml"), RULES).unwrap();
    let report = |line: u32| {
        format!(
            r#"{{ "version": 1, "diagnostics": [
            {{ "rule": "opa/a", "severity": "error", "message": "whole", "file": "rules.yml" }},
            {{ "rule": "opa/b", "severity": "error", "message": "line", "file": "rules.yml",
               "range": {{ "start": {{ "line": {line}, "column": 5 }} }} }} ] }}"#
        )
    };
    fs::write(root.join("r.json"), report(12)).unwrap();
    let args = ["--import", "r.json", "--min-severity", "error", "rules.yml"];
    let (code, out, err) = dashlint(root, &[&args[..], &["--add-ignores"]].concat());
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    let rules = fs::read_to_string(root.join("rules.yml")).unwrap();
    assert!(
        rules.contains("# dashlint: ignore[opa/b] ") && !rules.contains("opa/a"),
        "{rules}"
    );
    // The other tool looks again.
    let line = rules
        .lines()
        .position(|line| line.contains("expr: up"))
        .unwrap();
    fs::write(root.join("r.json"), report(line as u32 + 1)).unwrap();
    let (_, out, _) = dashlint(root, &args);
    assert_eq!(out, "");
}

#[test]
fn a_named_configuration_takes_the_entries() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("own.toml"), "").unwrap();
    let args = [
        "--select",
        "duplicate-ref-id,missing-title,invalid-promql,syntax",
        "--config",
        "own.toml",
        "d.json",
    ];
    fs::write(root.join("d.json"), commas(2)).unwrap();
    dashlint(root, &[&args[..], &["--add-ignores"]].concat());
    assert!(!root.join("dashlint.toml").exists());
    assert!(
        fs::read_to_string(root.join("own.toml"))
            .unwrap()
            .contains("[[ignore]]")
    );
    let (code, out, err) = dashlint(root, &args);
    assert_eq!(code, 0, "{out}{err}");
}

#[cfg(unix)]
#[test]
fn an_entry_is_for_the_file_with_a_backslash_in_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in [r"a\b.json", r"\d.json"] {
        fs::write(root.join(name), commas(1)).unwrap();
        let args = ["--select", "trailing-comma", name];
        assert_eq!(dashlint(root, &args).0, 1);
        dashlint(root, &[&args[..], &["--add-ignores"]].concat());
        let (code, out, err) = dashlint(root, &args);
        assert_eq!((code, out.as_str()), (0, ""), "{name}: {err}");
    }
}

#[test]
fn entries_end_their_lines_as_the_configuration_does() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), commas(1)).unwrap();
    for old in [
        "",
        "[rules]\r\nmissing-unit = 'off'\r\n",
        "[rules]\r\nmissing-unit = 'off'",
    ] {
        fs::write(root.join("dashlint.toml"), old).unwrap();
        let (code, _, err) = dashlint(root, &["--add-ignores"]);
        assert_eq!(code, 0, "{err}");
        let new = fs::read_to_string(root.join("dashlint.toml")).unwrap();
        let lines = new.matches('\n').count();
        assert!(lines > 4 && new.starts_with(old), "{new:?}");
        let carriages = if old.is_empty() { 0 } else { lines };
        assert_eq!(new.matches("\r\n").count(), carriages, "{new:?}");
        let (code, out, err) = dashlint(root, &[]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
    }
}

#[test]
fn no_comment_goes_into_a_text_that_breaks_off() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let text = "{\"title\": \"D\", \"schemaVersion\": 39, \"panels\": [{\"id\": 1, \"type\": \"graph\", \"title\": \"P\", \"targets\": [{\"refId\": \"A\"}}]}\n";
    fs::write(root.join("d.json"), text).unwrap();
    fs::write(root.join("dashlint.toml"), "").unwrap();
    let (code, out, _) = dashlint(root, &["d.json"]);
    assert_eq!(code, 1, "{out}");
    dashlint(root, &["--add-ignores", "d.json"]);
    assert_eq!(fs::read_to_string(root.join("d.json")).unwrap(), text);
    let (code, out, err) = dashlint(root, &["d.json"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_suppression_that_silences_nothing_keeps_no_comment_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.yaml");
    let stale = "groups:\n- name: g\n  rules:\n  # dashlint: ignore[broken-dashboard-link] it was once\n  - alert: A\n    expr: rate(x[5m]\n";
    fs::write(&file, stale).unwrap();
    let (_, _, err) = run(folder.path(), &["--add-ignores"]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.lines()
            .any(|line| comment(line) && line.contains("invalid-promql")),
        "{text}{err}"
    );
    assert_eq!(run(folder.path(), &[]).0, 0);
}

#[test]
fn entries_for_what_a_string_carries_silence_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let carried = |expr: &str| {
        format!(
            r#"{{"title": "D", "schemaVersion": 39, "panels": [{{"id": 1, "type": "stat", "title": "One", "description": 5, "targets": [{{"refId": "A", "datasource": {{"type": "prometheus", "uid": "p"}}, "expr": "{expr}"}}]}}]}}"#
        )
    };
    let map = |a: &str, b: &str| {
        let (a, b) = (carried(a), carried(b));
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d\n  labels:\n    grafana_dashboard: \"1\"\ndata:\n  a.json: '{a}'\n  b.json: '{b}'\n"
        )
    };
    let file = folder.path().join("cm.yaml");
    fs::write(&file, map("up", "sum(up")).unwrap();
    assert_eq!(run(folder.path(), &[]).0, 1);
    run(folder.path(), &["--add-ignores"]);
    assert_eq!(run(folder.path(), &[]).0, 0);
    // The same panel of the dashboard beside it breaks.
    fs::write(&file, map("sum(up", "sum(up")).unwrap();
    assert_eq!(run(folder.path(), &[]).0, 1);
}

/// A comment in a description is none for a policy that wants one.
#[test]
fn a_policy_about_descriptions_keeps_no_comment_out() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let policy = "version: 1\nrules:\n  - id: t/described\n    message: no description\n    on: panel\n    require: { description: { exists: true } }\n";
    fs::write(root.join("p.yaml"), policy).unwrap();
    fs::write(root.join("dashlint.toml"), "extends = [\"./p.yaml\"]\n").unwrap();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let (code, out, err) = dashlint(root, &["--add-ignores", "d.json"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("wrote 2 comments into 1 file"), "{err}");
    let text = fs::read_to_string(root.join("d.json")).unwrap();
    assert!(text.contains("t/described"), "{text}");
    let (code, out, err) = dashlint(root, &["d.json"]);
    assert_eq!(code, 0, "{out}{err}");
}
