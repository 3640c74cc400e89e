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

/// A file or folder of it.
pub fn within(path: &str) -> Option<PathBuf> {
    Some(corpus()?.join(path))
}

/// What its manifest says of a file.
pub struct Entry {
    /// The path in the corpus.
    pub name: String,
    pub path: PathBuf,
    pub kind: String,
    pub bytes: usize,
    pub panels: usize,
    /// How many queries in PromQL.
    pub targets: usize,
    /// Whether it can be read.
    pub parses: bool,
    pub note: String,
}

/// What the manifest says of each file.
pub fn manifest() -> Option<Vec<Entry>> {
    let corpus = corpus()?;
    let text = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let entry = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let count = |cell: usize| cells[cell].parse().unwrap();
        let name = format!("{}/{}", cells[0].replace('/', "__"), cells[3]);
        Entry {
            path: corpus.join(&name),
            name,
            kind: cells[4].to_owned(),
            bytes: count(5),
            panels: count(7),
            targets: count(8),
            parses: cells[9] == "yes",
            note: cells.get(10).copied().unwrap_or_default().to_owned(),
        }
    };
    Some(text.lines().skip(1).map(entry).collect())
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
