//! What stands around the program: the action and its scripts, hooks, workflows, packages.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn workflows() -> Vec<(String, String)> {
    let mut files = vec!["action.yml".to_owned()];
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        files.push(format!(".github/workflows/{name}"));
    }
    files
        .into_iter()
        .map(|name| (name.clone(), read(&name)))
        .collect()
}

#[test]
fn versions_agree() {
    let hook = read("pyproject.toml");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        hook.contains(&format!("\nversion = \"{version}\"\n")),
        "{hook}"
    );
    assert!(hook.contains(&format!("\"dashlint=={version}\"")), "{hook}");
    let readme = read("README.md");
    assert!(readme.contains(&format!("rev: v{version}\n")));
    assert!(readme.contains(&format!("dashlint/dashlint@v{version}\n")));
}

/// A tag can be moved to other code, a commit cannot.
#[test]
fn actions_are_pinned() {
    for (name, text) in workflows() {
        for line in text.lines() {
            let Some((_, used)) = line.split_once("uses: ") else {
                continue;
            };
            let pinned = used.split_once('@').is_some_and(|(_, rest)| {
                let commit = rest.split(' ').next().unwrap_or_default();
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            assert!(pinned || used == "./", "{name}: {line}");
        }
    }
}

/// No expression stands in a script: what a pull request is called would be run.
#[test]
fn expressions_reach_scripts_through_the_environment() {
    for (name, text) in workflows() {
        let mut script = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            if script.is_some_and(|from| indent <= from && !line.trim().is_empty()) {
                script = None;
            }
            if line
                .trim_start()
                .trim_start_matches("- ")
                .starts_with("run:")
            {
                script = Some(indent);
            }
            assert!(script.is_none() || !line.contains("${{"), "{name}: {line}");
        }
    }
    for script in ["action/install.sh", "action/check.sh"] {
        assert!(!read(script).contains("${{"));
    }
}

#[test]
fn every_input_is_used() {
    let action = read("action.yml");
    let (inputs, steps) = action.split_once("\nruns:\n").unwrap();
    let (_, inputs) = inputs.split_once("\ninputs:\n").unwrap();
    let names: Vec<&str> = inputs
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|name| !name.starts_with(' '))
        .collect();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        assert!(
            steps.contains(&format!("${{{{ inputs.{name} }}}}")),
            "{name}"
        );
    }
}

/// Hooks see exactly the files that a run over the folder looks at.
#[test]
fn hooks_take_the_files_that_are_looked_at() {
    let hooks = read(".pre-commit-hooks.yaml");
    let patterns: Vec<&str> = hooks
        .lines()
        .filter_map(|line| line.trim().strip_prefix("files: "))
        .collect();
    assert_eq!(patterns.len(), 2);
    for pattern in patterns {
        let pattern = regex::Regex::new(pattern).unwrap();
        for name in [
            "a.json",
            "a.yml",
            "a/b.YAML",
            "a.rules",
            "a.rule",
            "a.jsonnet",
            "json",
        ] {
            let looked_at = dashlint::source::walk::is_candidate(Path::new(name));
            assert_eq!(pattern.is_match(name), looked_at, "{name}");
        }
    }
    assert_eq!(hooks.matches("require_serial: true").count(), 2);
}

#[cfg(unix)]
mod action {
    use super::*;

    const ARCHIVE: &str = "dashlint-v9.8.7-x86_64-unknown-linux-musl.tar.gz";

    fn bash(runner: &Path, script: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .current_dir(runner)
            .arg(root().join("action").join(script))
            .env("DASHLINT_ACTION", root())
            .env(
                "DASHLINT_RELEASES",
                format!("file://{}/releases", runner.display()),
            )
            .env("DASHLINT_VERSION", "v9.8.7")
            .env("RUNNER_TEMP", runner)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_STEP_SUMMARY", runner.join("summary.md"))
            .env("DASHLINT_PATHS", ".")
            .env("DASHLINT_PRESET", "")
            .env("DASHLINT_FAIL_ON", "warning")
            .env("DASHLINT_SINCE", "")
            .env("DASHLINT_SARIF", "")
            .env("DASHLINT_SUMMARY", "true")
            .env("DASHLINT_ARGS", "");
        command
    }

    /// A release with the program as it was built for this test.
    fn release() -> tempfile::TempDir {
        let runner = tempfile::tempdir().unwrap();
        let folder = runner.path().join("releases/v9.8.7");
        fs::create_dir_all(&folder).unwrap();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_dashlint"));
        let pack = format!(
            "tar -czf {ARCHIVE} -C \"$0\" dashlint && (sha256sum {ARCHIVE} || shasum -a 256 {ARCHIVE}) > SHA256SUMS"
        );
        Command::new("bash")
            .current_dir(&folder)
            .args(["-c", &pack])
            .arg(program.parent().unwrap())
            .assert()
            .success();
        runner
    }

    #[test]
    fn it_installs_a_release_and_checks() {
        let runner = release();
        let runner = runner.path();
        bash(runner, "install.sh").assert().success();
        // Names that a shell would take for something else.
        let odd = runner.join("$(touch sprung); `x` 'y' \"z\"");
        fs::create_dir(&odd).unwrap();
        fs::write(
            odd.join("a.json"),
            r#"{ "title": "A", "schemaVersion": 39, "panels": [ }"#,
        )
        .unwrap();
        let output = bash(runner, "check.sh")
            .env("DASHLINT_PATHS", "\n.\n")
            .env("DASHLINT_SARIF", "out/dashlint.sarif")
            .env("DASHLINT_ARGS", "--isolated\n--quiet")
            .output()
            .unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{err}");
        assert!(
            shown.starts_with("::error file=$(touch sprung); `x` 'y' \"z\"/a.json,line=1,"),
            "{shown}"
        );
        assert!(!runner.join("sprung").exists());
        let summary = fs::read_to_string(runner.join("summary.md")).unwrap();
        assert!(summary.contains("### dashlint: 1 error"), "{summary}");
        let sarif = fs::read_to_string(runner.join("out/dashlint.sarif")).unwrap();
        assert!(sarif.contains("\"version\": \"2.1.0\""), "{sarif:.200}");
        bash(runner, "check.sh")
            .env("DASHLINT_FAIL_ON", "never")
            .env("DASHLINT_PRESET", "strict")
            .env("DASHLINT_SUMMARY", "false")
            .assert()
            .success();
        let output = bash(runner, "check.sh")
            .env("DASHLINT_SINCE", "HEAD")
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(
            err.contains("not a git repository"),
            "the revision arrives: {err}"
        );
        bash(runner, "check.sh")
            .env("DASHLINT_FAIL_ON", "$(touch sprung)")
            .assert()
            .code(2);
        assert!(!runner.join("sprung").exists());
    }

    #[test]
    fn it_takes_nothing_that_is_not_what_it_should_be() {
        let runner = release();
        let runner = runner.path();
        let refuses = |command: &mut Command, why: &str| {
            let output = command.output().unwrap();
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{err}");
            assert!(err.contains(why), "{err}");
        };
        refuses(
            bash(runner, "install.sh").env("DASHLINT_VERSION", "../x"),
            "is no version",
        );
        refuses(
            bash(runner, "install.sh").env("DASHLINT_VERSION", "9.9.9"),
            "no binary of version 9.9.9",
        );
        refuses(
            bash(runner, "install.sh").env("RUNNER_OS", "Plan9"),
            "for Plan9 on X64",
        );
        // A server that does not answer is not one that has no binary.
        refuses(
            bash(runner, "install.sh").env("DASHLINT_RELEASES", "https://127.0.0.1:1"),
            "cannot fetch",
        );
        let archive = runner.join("releases/v9.8.7").join(ARCHIVE);
        let mut bytes = fs::read(&archive).unwrap();
        bytes.push(0);
        fs::write(&archive, bytes).unwrap();
        refuses(
            &mut bash(runner, "install.sh"),
            "is not what its checksum says",
        );
        fs::remove_file(runner.join("releases/v9.8.7/SHA256SUMS")).unwrap();
        refuses(&mut bash(runner, "install.sh"), "no checksums");
        assert!(!runner.join("dashlint/bin/dashlint").exists());
    }
}
