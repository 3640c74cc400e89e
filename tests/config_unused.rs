//! Entries of the configuration that have no effect are told, and only those.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run;

fn dashlint(folder: &Path, args: &[&str]) -> (i32, String) {
    let all = ["--format", "concise", "--min-severity", "warning"];
    let (code, out, _) = run(folder, &[&all, args].concat());
    (code, out)
}

const DASHBOARD: &str = r#"{ "title": "D", "uid": "d", "schemaVersion": 39, "panels": [
  { "id": 1, "type": "timeseries", "title": "One", "targets": [
    { "refId": "A", "datasource": { "type": "prometheus", "uid": "prom" }, "expr": "rate(wait_total[5m])" } ] } ] }"#;

#[test]
fn what_has_no_effect_is_a_warning_and_keeps_nothing_from_being_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let config = "[per-file-severity]\n'gone/**' = { cost = 'off' }\n'*.json' = { style = 'off' }\n\
                  [[budget]]\ndashboards = ['gone']\nqueries = 3\n[[budget]]\nqueries = 30\n\
                  [units.metrics]\n'gone_*' = 'seconds'\n'wait_*' = 'seconds'\n";
    fs::write(root.join("dashlint.toml"), config).unwrap();
    let (code, out) = dashlint(root, &[]);
    assert_eq!(code, 1);
    let told: Vec<&str> = out
        .lines()
        .filter(|line| line.contains("[unused-config]"))
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "dashlint.toml:2:1",
            "dashlint.toml:4:1",
            "dashlint.toml:10:1"
        ],
        "{out}"
    );
    assert_eq!(out.matches(" warning[unused-config]").count(), 3, "{out}");
    assert!(!out.contains("invalid-config"), "{out}");
    // Of a part of the project nothing can be said.
    fs::create_dir(root.join("part")).unwrap();
    fs::write(
        root.join("part/e.json"),
        DASHBOARD.replace("\"d\"", "\"e\""),
    )
    .unwrap();
    assert!(!dashlint(root, &["part"]).1.contains("unused-config"));
    let (code, _) = dashlint(root, &["--fix"]);
    assert_ne!(code, 2, "--fix works");
}

/// Whoever reads that an entry silences nothing wants to know which part of it misses.
#[test]
fn an_entry_says_what_of_it_misses() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD.replace("[5m])", "[5m]")).unwrap();
    for (entry, why) in [
        (
            "files = 'gone/*'",
            "its `files` match no file that this configuration is for",
        ),
        (
            "at = 'panel:7'",
            "no finding of `invalid-promql` lies at its `at`",
        ),
        ("at = 'panel:1'", ""),
    ] {
        let config = format!("[[ignore]]\nrules = 'invalid-promql'\nreason = 'x'\n{entry}\n");
        fs::write(root.join("dashlint.toml"), config).unwrap();
        let (_, out) = dashlint(root, &[]);
        let unused = out.lines().find(|line| line.contains("[unused-ignore]"));
        match unused {
            Some(line) => assert!(!why.is_empty() && line.ends_with(why), "{line}"),
            None => assert!(why.is_empty(), "{entry}"),
        }
    }
}

#[test]
fn a_key_of_another_table_is_pointed_at() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    fs::write(
        root.join("dashlint.toml"),
        "prometheus = { retention = '15d' }\n",
    )
    .unwrap();
    let (_, out, _) = run(root, &[]);
    assert!(out.contains("did you mean `promql.retention`?"), "{out}");
}

#[test]
fn the_nearest_file_wins_and_only_extends_merges() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("team/sub")).unwrap();
    let broken = DASHBOARD.replace("[5m])", "[5m]");
    for (path, uid) in [
        ("a.json", "a"),
        ("team/b.json", "b"),
        ("team/sub/c.json", "c"),
    ] {
        fs::write(
            root.join(path),
            broken.replace("\"d\"", &format!("\"{uid}\"")),
        )
        .unwrap();
    }
    fs::write(
        root.join("dashlint.toml"),
        "[rules]\ninvalid-promql = 'off'\n",
    )
    .unwrap();
    let told = |args: &[&str]| {
        let out = dashlint(root, args).1;
        let lines = out.lines().filter(|line| line.contains("[invalid-promql]"));
        lines
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(told(&[]).is_empty());
    fs::write(root.join("team/dashlint.toml"), "").unwrap();
    assert_eq!(told(&[]), ["team/b.json", "team/sub/c.json"]);
    fs::write(
        root.join("team/dashlint.toml"),
        "extends = '../dashlint.toml'\n",
    )
    .unwrap();
    assert!(told(&[]).is_empty());
    fs::write(
        root.join("team/dashlint.toml"),
        "extends = '../dashlint.toml'\n[per-file-severity]\n'sub/**' = { invalid-promql = 'warning' }\n",
    )
    .unwrap();
    assert_eq!(told(&[]), ["team/sub/c.json"]);
    // And it says so.
    let (_, shown, _) = run(root, &["config", "show", "team"]);
    assert!(
        shown.contains("invalid-promql = \"off\"  # dashlint.toml"),
        "{shown}"
    );
    assert!(
        shown.contains("[per-file-severity]") && shown.contains("# team/dashlint.toml"),
        "{shown}"
    );
}
