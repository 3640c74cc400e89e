//! Which files are read, and what is said of odd ones.

use std::fs;

use crate::support::run::run;
use crate::{BROKEN, CLEAN};

#[test]
fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(
        root.join("package.json"),
        r#"{ "name": "x", "version": "1.0.0", }"#,
    )
    .unwrap();
    fs::write(
        root.join("tsconfig.json"),
        "{\n  // comments\n  \"compilerOptions\": {},\n}",
    )
    .unwrap();
    fs::write(root.join("compose.yaml"), "services:\n  a:\n    image: b\n").unwrap();
    fs::write(
        root.join("chart.yaml"),
        "{{- if .Values.x }}\ngroups:\n- rules: []\n{{- end }}\n",
    )
    .unwrap();
    let (code, out, err) = run(root, &["-v"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("package.json"), "{err}");
    assert!(err.contains("Helm"), "{err}");
}

#[test]
fn gitignore_is_honoured_unless_the_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join(".gitignore"), "build/\n").unwrap();
    fs::create_dir(root.join("build")).unwrap();
    fs::write(root.join("build/broken.json"), BROKEN).unwrap();
    assert_eq!(run(root, &[]).0, 0);
    assert_eq!(run(root, &["build/broken.json"]).0, 1);
    assert_eq!(run(root, &["build"]).0, 1);
}

#[test]
fn only_the_given_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join(".git")).unwrap();
    fs::write(root.join("a.json"), BROKEN).unwrap();
    fs::write(root.join("b.json"), BROKEN).unwrap();
    let (_, out, err) = run(root, &["a.json", "--format", "concise"]);
    assert!(out.contains("a.json") && !out.contains("b.json"), "{out}");
    assert!(err.contains("1 file"), "{err}");
}

#[test]
fn files_in_utf_16_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let dashboard = r#"{"title": "Über", "schemaVersion": 39, "panels": []}"#;
    let rules = "groups:\n- name: a\n  rules:\n  - {record: a, expr: up}\n";
    let wide = |text: &str, mark: &[u8]| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        mark.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    fs::create_dir_all(root.join("provisioning/datasources")).unwrap();
    fs::write(root.join("marked.json"), wide(dashboard, b"\xff\xfe")).unwrap();
    fs::write(root.join("plain.yml"), wide(rules, b"")).unwrap();
    fs::write(
        root.join("other.json"),
        wide(r#"{"name": "shop"}"#, b"\xff\xfe"),
    )
    .unwrap();
    let sources = wide("apiVersion: 1\n", b"\xff\xfe");
    fs::write(root.join("provisioning/datasources/a.yaml"), sources).unwrap();
    let (code, out, err) = run(root, &["--isolated", "--format", "concise", "-v"]);
    assert_eq!(code, 1, "{out}");
    let told = |name: &str| {
        out.contains(&format!(
            "{name}:1:1: error[unreadable-file] the file cannot be read: it is UTF-16; save it as UTF-8"
        ))
    };
    assert!(
        told("marked.json") && told("plain.yml") && told("provisioning/datasources/a.yaml"),
        "{out}"
    );
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(
        err.contains("skipped other.json: none of the telling keys"),
        "{err}"
    );
}

#[cfg(unix)]
#[test]
fn odd_files_of_a_file_system() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("a\nb.json"), BROKEN).unwrap();
    fs::write(root.join("\u{1b}[31m.json"), BROKEN).unwrap();
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"\xff.json")), BROKEN).unwrap();
    fs::write(root.join("empty.json"), "").unwrap();
    fs::write(
        root.join("latin1.json"),
        b"{\"title\":\"\xe9\",\"panels\":[],\"schemaVersion\":1}",
    )
    .unwrap();
    symlink(root, root.join("loop")).unwrap();
    symlink("itself.json", root.join("itself.json")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe.json"))
        .status();
    let (code, out, err) = run(root, &["--format", "concise"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(
        out.lines().count(),
        4,
        "three broken files and one that is no UTF-8:\n{out}"
    );
    assert!(!out.contains('\u{1b}'), "{out}");
    assert!(out.contains("latin1.json"), "{out}");
    if made.is_ok_and(|status| status.success()) {
        for args in [
            &["pipe.json"][..],
            &["inspect", "pipe.json"],
            &["cost", "pipe.json"],
        ] {
            let (code, out, err) = run(root, args);
            assert_eq!(code, 2, "{out}{err}");
            assert!(err.contains("no regular file"), "{err}");
        }
    }
}

#[test]
fn aliases_are_looked_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("groups:\n  - name: a\n    rules: &rules\n");
    for _ in 0..1_000 {
        text.push_str("      - {alert: A, expr: up(}\n");
    }
    for group in 0..1_000 {
        text.push_str(&format!("  - {{name: b{group}, rules: *rules}}\n"));
    }
    fs::write(folder.path().join("rules.yaml"), text).unwrap();
    let (code, out, _) = run(
        folder.path(),
        &[
            "--isolated",
            "--format",
            "concise",
            "--select",
            "invalid-promql",
        ],
    );
    assert_eq!(code, 1);
    assert_eq!(out.lines().count(), 1_000);
}

#[test]
fn text_in_another_encoding_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = b"{ \"schemaVersion\": 39, \"panels\": [],\n  \"title\": \"".to_vec();
    text.extend(b"caf\xe9\" }");
    fs::write(folder.path().join("latin.json"), text).unwrap();
    let (code, out, _) = run(folder.path(), &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(out.contains("latin.json:2:16"), "{out}");
}

/// What a syntax error cuts off may hold what would be missed.
#[test]
fn nothing_is_missed_in_what_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(
        root.join("d.json"),
        r#"{ "schemaVersion": 39, "panels": [ { "id": 1, "type": "timeseries" "title": "One" } ], "title": "API" }"#,
    )
    .unwrap();
    fs::write(
        root.join("r.yaml"),
        "groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n        annotations: { summary: \"a\n        for: 5m\n",
    )
    .unwrap();
    let args = [
        "--preset",
        "strict",
        "--min-severity",
        "info",
        "--format",
        "concise",
    ];
    let (code, out, _) = run(root, &args);
    assert_eq!(code, 1, "{out}");
    assert_eq!(out.matches("[invalid-syntax]").count(), 2, "{out}");
    assert!(!out.contains("[missing-"), "{out}");
}

#[test]
fn a_named_file_that_is_left_alone_is_told_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("other.json"), r#"{ "name": "x" }"#).unwrap();
    fs::write(root.join("clean.json"), CLEAN).unwrap();
    let (code, _, err) = run(root, &["other.json", "clean.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("skipped other.json: "), "{err}");
    assert!(!run(root, &["."]).2.contains("skipped other.json"));
    assert_eq!(run(root, &["-q", "other.json"]).2, "");
}

#[test]
fn a_lint_file_that_is_not_understood_is_told_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("clean.json"), CLEAN).unwrap();
    fs::write(root.join("more.json"), CLEAN.replace("API", "More")).unwrap();
    let told = |lint: &str| {
        fs::write(root.join(".lint"), lint).unwrap();
        let (_, out, _) = run(root, &["--format", "concise", "--select", "meta"]);
        let places = out.lines().map(|line| line.split(" [").next().unwrap());
        let places: Vec<String> = places
            .map(|line| line.split(": ").next().unwrap().to_owned())
            .collect();
        assert!(
            out.lines()
                .all(|line| line.contains("[invalid-suppression]")),
            "{out}"
        );
        places
    };
    assert_eq!(told("exclusions: [").len(), 1);
    assert_eq!(
        told(
            "exclusion: {}\nwarnings:\n  panel-unit-rule:\n  panel-units-rule:\n    entries:\n    - pannel: x\n"
        ),
        [".lint:1:1", ".lint:3:3", ".lint:6:7"]
    );
    let fine = "exclusions:\n  panel-units-rule:\n  missing-unit: { reason: x, entries: [ { panel: a, targetIdx: 1 } ] }\n";
    assert!(told(fine).is_empty());
}
