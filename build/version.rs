//! What the build was made from: the commit and its day, so that a build of the same commit says the same.

use std::path::Path;
use std::process::Command;

/// Sets `DASHLINT_BUILD` to `commit day` as far as they are known, for release builds: others would be built anew for every
/// commit. A packager may set it.
pub(crate) fn tell() {
    println!("cargo::rerun-if-env-changed=DASHLINT_BUILD");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let build = match std::env::var("DASHLINT_BUILD") {
        Ok(told) => Some(told),
        Err(_) if release => from_git().or_else(from_package),
        Err(_) => None,
    };
    println!(
        "cargo::rustc-env=DASHLINT_BUILD={}",
        build.as_deref().unwrap_or_default()
    );
    println!(
        "cargo::rustc-env=DASHLINT_TARGET={}",
        std::env::var("TARGET").unwrap_or_default()
    );
}

/// Of a checkout; nothing where there is no git, or where the sources lie in somebody else's repository.
fn from_git() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&[
        "show",
        "--no-patch",
        "--format=%h %cs",
        "--abbrev=12",
        "HEAD",
    ])
}

/// What `cargo package` wrote down.
fn from_package() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    let plain = commit.len() >= 12 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| commit[..12].to_owned())
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.trim();
    (output.status.success() && !line.is_empty() && !line.contains('\n')).then(|| line.to_owned())
}
