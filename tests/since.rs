//! `--since`: only what is new, whatever moved.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn git(folder: &Path, args: &[&str]) {
    Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
        .args(args)
        .assert()
        .success();
}

fn dashlint(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir(folder)
        .args(["--format", "concise"])
        .args(args)
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
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
