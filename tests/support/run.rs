//! Runs of the program, and of git.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The program in `folder`, with nothing of the surrounding environment that changes its output.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("dashlint").unwrap();
    command.current_dir(folder);
    for name in [
        "NO_COLOR",
        "FORCE_COLOR",
        "CI",
        "COLUMNS",
        "GITHUB_ACTIONS",
        "LC_ALL",
        "LANG",
    ] {
        command.env_remove(name);
    }
    command
}

/// The exit code of a run, and what it says on standard output and on standard error.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = program(folder).args(args).output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// The report of a run as JSON.
pub fn report(folder: &Path, args: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[&["--quiet", "--format", "json"], args].concat());
    assert!(code < 2, "exit code {code}: {err}");
    serde_json::from_str(&out).unwrap()
}

/// Runs git, as somebody.
pub fn git(folder: &Path, args: &[&str]) {
    Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
        .args(args)
        .assert()
        .success();
}
