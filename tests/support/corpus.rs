//! Real files, where they are there: `../shared/corpus`.
#![allow(clippy::print_stderr)] // a test that is skipped says so

use std::path::{Path, PathBuf};
use std::process::Command;

/// The corpus, or a word that it is not there.
pub fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let path = if path.is_dir() {
        path
    } else {
        // From a work tree beside it.
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus")
    };
    if path.is_dir() {
        return Some(path.canonicalize().unwrap());
    }
    eprintln!("skipped: ../shared/corpus is not here");
    None
}

/// A copy of it that may be written to.
pub fn copied() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let from = corpus()?.join(".");
    let done = |program: &str, args: &[&Path]| {
        let status = Command::new(program).args(args).status().unwrap();
        assert!(status.success());
    };
    done("cp", &[Path::new("-r"), &from, folder.path()]);
    done("chmod", &[Path::new("-R"), Path::new("u+w"), folder.path()]);
    Some(folder)
}

/// Each folder is a project of its own.
pub fn projects(corpus: &Path) -> Vec<PathBuf> {
    let mut projects: Vec<PathBuf> = std::fs::read_dir(corpus)
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    projects.sort();
    projects
}
