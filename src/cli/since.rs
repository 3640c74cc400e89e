//! `--since`: only what was not found at a revision.
//!
//! Both sides are linted whole, with the configuration of now, and compared by fingerprint: what only moved, or stands in a file
//! that was renamed, is not new. What a change took away that others still use shows as a new finding of those others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::CliError;
use super::collect::{ProjectInputs, input, looked_at};
use crate::config::Configs;
use crate::diagnostic::Diagnostic;
use crate::lint::{Input, lint_apart};
use crate::source::walk::is_candidate;

/// How often each finding, by its fingerprint, was there at a revision.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, usize>);

impl Known {
    /// Lints what `projects` were at `revision`.
    pub(super) fn at(
        revision: &str,
        projects: &[ProjectInputs],
        configs: &Configs,
    ) -> Result<Self, CliError> {
        let here = env::current_dir()?;
        let top = PathBuf::from(git(&here, &["rev-parse", "--show-toplevel"])?.trim_end());
        let commit = format!("{revision}^{{commit}}");
        let commit = git(
            &here,
            &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit],
        )
        .map_err(|_| {
            CliError::Usage(format!(
                "--since: git knows no revision `{revision}` here; a shallow clone has to fetch it first (with actions/checkout: \
                 `fetch-depth: 0`)"
            ))
        })?;
        let roots: BTreeSet<PathBuf> = projects
            .iter()
            .flat_map(|project| &project.inputs)
            .filter_map(|input| input.path.parent())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|folder| configs.project_root(folder))
            .collect();
        let listed = git(
            &top,
            &["ls-tree", "-r", "-z", "--full-tree", commit.trim_end()],
        )?;
        let mut files: Vec<(String, PathBuf, PathBuf)> = Vec::new();
        for entry in listed.split('\0') {
            let Some((blob, path)) = regular_file(entry) else {
                continue;
            };
            let path = top.join(path);
            if !is_candidate(&path) || !looked_at(&path, &here, configs) {
                continue;
            }
            let root = configs.project_root(path.parent().unwrap_or(&top));
            if roots.contains(&root) {
                files.push((blob.to_owned(), root, path));
            }
        }
        let blobs: Vec<&str> = files.iter().map(|(blob, ..)| blob.as_str()).collect();
        let texts = contents(&top, &blobs)?;
        let mut then: BTreeMap<PathBuf, Vec<Input>> = BTreeMap::new();
        for ((_, root, path), text) in files.into_iter().zip(texts) {
            then.entry(root).or_default().push(Input {
                // What is no UTF-8 is judged as it is now: git cannot say what it would have been called.
                text,
                ..input(path, &here, true)
            });
        }
        let mut known = Known::default();
        for inputs in then.values() {
            for finding in lint_apart(inputs, configs, &|| {}).diagnostics {
                if finding.suppressed.is_none() {
                    *known.0.entry(finding.fingerprint).or_default() += 1;
                }
            }
        }
        Ok(known)
    }

    /// Whether a finding of now was not there; each known one answers for one.
    pub(super) fn is_new(&mut self, finding: &Diagnostic) -> bool {
        if finding.suppressed.is_some() {
            return true;
        }
        match self.0.get_mut(&finding.fingerprint) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    }
}

/// The blob and the path of an entry of `git ls-tree`: `100644 blob 1a2b…<tab>path`.
fn regular_file(entry: &str) -> Option<(&str, &str)> {
    let (about, path) = entry.split_once('\t')?;
    let mut words = about.split(' ');
    let (mode, kind, blob) = (words.next()?, words.next()?, words.next()?);
    (mode.starts_with("100") && kind == "blob").then_some((blob, path))
}

/// Runs git and returns what it says; its complaint otherwise.
fn git(folder: &Path, args: &[&str]) -> Result<String, CliError> {
    let output = Command::new("git")
        // What a partial clone left out is not fetched now.
        .env("GIT_NO_LAZY_FETCH", "1")
        .arg("-C")
        .arg(folder)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| CliError::Usage(format!("--since needs the program git: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(CliError::Usage(format!("--since: {}", complaint.trim())))
}

/// The texts of blobs, in order; `None` for one that is no UTF-8.
fn contents(top: &Path, blobs: &[&str]) -> Result<Vec<Option<Arc<str>>>, CliError> {
    let failed = |error: io::Error| CliError::Usage(format!("--since: git cat-file: {error}"));
    let mut child = Command::new("git")
        // What a partial clone left out is not fetched now.
        .env("GIT_NO_LAZY_FETCH", "1")
        .arg("-C")
        .arg(top)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (Some(mut asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Vec::new());
    };
    let list: String = blobs.iter().map(|blob| format!("{blob}\n")).collect();
    // From a thread of its own: git answers while it is asked, and either pipe may be full.
    let asking = std::thread::spawn(move || asks.write_all(list.as_bytes()));
    let texts = answered(BufReader::new(answers), blobs.len()).map_err(failed);
    let _ = asking.join();
    child.wait().map_err(failed)?;
    texts
}

/// Reads `count` answers of `git cat-file --batch`: `1a2b… blob 12`, the bytes, a line break.
fn answered(mut answers: impl BufRead, count: usize) -> io::Result<Vec<Option<Arc<str>>>> {
    let mut texts = Vec::with_capacity(count);
    for _ in 0..count {
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size: Option<usize> = head
            .trim_end()
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse().ok());
        let size = size.ok_or_else(|| io::Error::other(head.trim_end().to_owned()))?;
        let mut bytes = Vec::new();
        answers.by_ref().take(size as u64).read_to_end(&mut bytes)?;
        answers.read_exact(&mut [0])?;
        texts.push(String::from_utf8(bytes).ok().map(Arc::from));
    }
    Ok(texts)
}
