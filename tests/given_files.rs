//! Files that the command line names: what is no file is refused, not waited for.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::time::Duration;

use assert_cmd::Command;
use support::run::program;

const DASHBOARD: &str = r#"{ "title": "D", "uid": "d", "schemaVersion": 39, "panels": [] }"#;
const REPORT: &str = r#"{ "version": 1, "diagnostics": [
    { "rule": "opa/x", "severity": "error", "message": "no owner", "file": "d.json" } ] }"#;

fn dashlint(folder: &std::path::Path) -> Command {
    let mut command = program(folder);
    command
        .timeout(Duration::from_secs(60))
        .args(["--format", "concise"]);
    command
}

#[test]
fn a_pipe_that_nobody_writes_to_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("d.json"), DASHBOARD).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe"))
        .status();
    assert!(made.unwrap().success());
    for flag in ["--baseline", "--config", "--import", "--policy"] {
        let output = dashlint(root)
            .args([flag, "pipe", "d.json"])
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag}: {err}");
        assert!(err.contains("no regular file"), "{flag}: {err}");
    }
}

#[test]
fn a_report_may_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.json"), DASHBOARD).unwrap();
    for name in ["-", "/dev/stdin"] {
        let assert = dashlint(folder.path())
            .args(["--isolated", "--import", name, "d.json"])
            .write_stdin(REPORT)
            .assert()
            .code(1);
        let out = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert!(out.contains("error[opa/x] no owner"), "{name}: {out}");
    }
}

/// A name that is no UTF-8, one that is none of ASCII, and one that needs quotes: `git apply` finds them all.
#[cfg(target_os = "linux")]
#[test]
fn a_patch_names_files_as_they_are() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(root).args(args).assert().success();
    };
    git(&["init", "--quiet"]);
    let names: [&[u8]; 4] = [
        b"caf\xe9.json",
        "größe.json".as_bytes(),
        b"a \"b\".json",
        b"-c.json",
    ];
    for (number, name) in names.iter().enumerate() {
        let text = format!(
            "{{ \"title\": \"D\", \"uid\": \"u{number}\", \"schemaVersion\": 39,\r\n\"panels\": [],\r\n}}"
        );
        fs::write(root.join(std::ffi::OsStr::from_bytes(name)), text).unwrap();
    }
    let diff = || {
        let args = ["--select", "trailing-comma", "--diff"];
        dashlint(root).args(args).output().unwrap()
    };
    let output = diff();
    assert_eq!(output.status.code(), Some(1));
    fs::write(root.join("x.patch"), output.stdout).unwrap();
    git(&["apply", "--whitespace=nowarn", "x.patch"]);
    assert_eq!(diff().status.code(), Some(0));
}
