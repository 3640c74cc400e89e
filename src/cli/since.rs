//! `--since`: only what was not found at a revision.
//!
//! Both sides are linted whole, with the configuration of now, and compared by fingerprint: what only moved, or stands in a file
//! that was renamed, is not new. What a change took away that others still use shows as a new finding of those others.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::CliError;
use super::collect::{ProjectInputs, input, looked_at};
use super::owners::Owners;
use crate::config::Configs;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::known::{Known, Seen};
use crate::lint::{Input, MAX_FILE_BYTES, lint_apart};
use crate::project::Project;
use crate::source::walk::is_candidate;
use crate::span::Span;

/// The rule that finds what the change removed and others use.
const REMOVED: &str = "removed-in-use";
/// The rules that find the same without knowing that it was there.
const REFERENCES: [&str; 4] = [
    "broken-link-to-dashboard",
    "unknown-contact-point",
    "unknown-data-source",
    "unrecorded-metric",
];

/// What was there at a revision.
#[derive(Debug, Default)]
pub(super) struct Then {
    known: Known,
    /// What each project knew, by its root.
    projects: BTreeMap<PathBuf, Arc<Project>>,
}

impl Then {
    /// Lints what `projects` were at `revision`.
    pub(super) fn at(
        revision: &str,
        projects: &[ProjectInputs],
        configs: &Configs,
    ) -> Result<Self, CliError> {
        let mut then = Then::default();
        for (root, inputs) in inputs_at(revision, projects, configs)? {
            for input in &inputs {
                then.known.add_file(&input.display);
            }
            let outcome = lint_apart(&inputs, configs, None, &|| {});
            for finding in outcome.diagnostics {
                if finding.suppressed.is_none() {
                    then.known
                        .add(&finding.location.file, &finding.fingerprint, 1);
                }
            }
            then.projects.insert(root, Arc::new(outcome.project));
        }
        Ok(then)
    }

    /// What a project was.
    pub(super) fn project(&self, now: &ProjectInputs, configs: &Configs) -> Option<Arc<Project>> {
        let folder = now.inputs.first()?.path.parent()?;
        self.projects.get(&configs.project_root(folder)).cloned()
    }

    /// Leaves of the findings of now what was not there; what is silenced stays. `files` are all files of now.
    pub(super) fn retain_new(&self, findings: &mut Vec<Diagnostic>, files: &FxHashSet<Arc<str>>) {
        let seen: Vec<_> = findings
            .iter()
            .filter(|finding| finding.suppressed.is_none())
            .map(|finding| (&*finding.location.file, finding.fingerprint.as_str()))
            .collect();
        let owners = Owners::default();
        let has_owner = |(file, fingerprint): Seen<'_>| owners.has(Path::new(file), fingerprint);
        let mut known = self
            .known
            .among(&seen, &|file| !files.contains(file), &has_owner)
            .into_iter();
        findings.retain(|finding| finding.suppressed.is_some() || !known.next().unwrap_or(false));
        // What is told as removed need not be told as unknown.
        let removed: FxHashSet<(Arc<str>, Span)> = findings
            .iter()
            .filter(|finding| finding.rule == REMOVED)
            .map(|finding| (finding.location.file.clone(), finding.location.span()))
            .collect();
        findings.retain(|finding| {
            let place = (finding.location.file.clone(), finding.location.span());
            !REFERENCES.contains(&&*finding.rule) || !removed.contains(&place)
        });
    }
}

/// The files of each project, by its root, as they were at `revision`.
pub(super) fn inputs_at(
    revision: &str,
    projects: &[ProjectInputs],
    configs: &Configs,
) -> Result<BTreeMap<PathBuf, Vec<Input>>, CliError> {
    let here = env::current_dir()?;
    let top = git(&here, &["rev-parse", "--show-toplevel"])?;
    let top = path_of(top.trim_ascii_end());
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
    let commit = String::from_utf8_lossy(commit.trim_ascii_end()).into_owned();
    let roots: BTreeSet<PathBuf> = projects
        .iter()
        .flat_map(|project| &project.inputs)
        .filter_map(|input| input.path.parent())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|folder| configs.project_root(folder))
        .collect();
    let listed = git(&top, &["ls-tree", "-r", "-l", "-z", "--full-tree", &commit])?;
    let mut files: Vec<(Blob, PathBuf)> = Vec::new();
    for entry in listed.split(|byte| *byte == 0) {
        let Some(blob) = regular_file(entry, &top) else {
            continue;
        };
        if !is_candidate(&blob.path) || !looked_at(&blob.path, &here, configs) {
            continue;
        }
        let root = configs.project_root(blob.path.parent().unwrap_or(&top));
        if roots.contains(&root) {
            files.push((blob, root));
        }
    }
    let blobs: Vec<&Blob> = files.iter().map(|(blob, _)| blob).collect();
    let texts = contents(&top, &blobs)?;
    let mut then: BTreeMap<PathBuf, Vec<Input>> = BTreeMap::new();
    for ((blob, root), text) in files.into_iter().zip(texts) {
        then.entry(root).or_default().push(Input {
            // What is no UTF-8 is judged as it is now: git cannot say what it would have been called.
            text,
            ..input(blob.path, &here, true)
        });
    }
    Ok(then)
}

/// A file of a revision.
struct Blob {
    id: String,
    path: PathBuf,
}

/// The file of an entry of `git ls-tree -l`: `100644 blob 1a2b…    12<tab>path`. One too large to be read is none.
fn regular_file(entry: &[u8], top: &Path) -> Option<Blob> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let about = str::from_utf8(entry.get(..tab)?).ok()?;
    let mut words = about.split_ascii_whitespace();
    let (mode, kind, id, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let regular = mode.starts_with("100") && kind == "blob";
    // Of one that is not in this clone the size is not known.
    let large = size.parse::<u64>().is_ok_and(|size| size > MAX_FILE_BYTES);
    (regular && !large).then(|| Blob {
        id: id.to_owned(),
        path: top.join(path_of(entry.get(tab + 1..).unwrap_or_default())),
    })
}

/// A path as git writes it: on Unix any bytes.
fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// Runs git and returns what it says; its complaint otherwise.
fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, CliError> {
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
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(CliError::Usage(format!("--since: {}", complaint.trim())))
}

/// The texts of blobs, in order; `None` for one that is no UTF-8.
fn contents(top: &Path, blobs: &[&Blob]) -> Result<Vec<Option<Arc<str>>>, CliError> {
    let failed = |error: io::Error| CliError::Usage(format!("--since: git cat-file: {error}"));
    let mut child = Command::new("git")
        // What a partial clone left out is not fetched now.
        .env("GIT_NO_LAZY_FETCH", "1")
        .arg("-C")
        .arg(top)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let (Some(mut asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Vec::new());
    };
    let list: String = blobs.iter().map(|blob| format!("{}\n", blob.id)).collect();
    // From a thread of its own: git answers while it is asked, and either pipe may be full.
    let asking = std::thread::spawn(move || asks.write_all(list.as_bytes()));
    let mut answers = BufReader::new(answers);
    let texts = blobs
        .iter()
        .map(|blob| answered(&mut answers).map_err(|error| failed(about(error, blob))))
        .collect();
    drop(answers);
    let _ = asking.join();
    let _ = child.wait();
    texts
}

/// What an error says, with the file it is about.
fn about(error: io::Error, blob: &Blob) -> io::Error {
    let path = blob.path.display();
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(format!(
            "what {path} was at that revision is not in this clone; fetch it first"
        )),
        _ => io::Error::other(format!("{path}: {error}")),
    }
}

/// Reads an answer of `git cat-file --batch`: `1a2b… blob 12`, the bytes, a line break; or `1a2b… missing`.
fn answered(answers: &mut impl BufRead) -> io::Result<Option<Arc<str>>> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let last = head.trim_end().rsplit(' ').next().unwrap_or_default();
    if last == "missing" {
        return Err(io::ErrorKind::NotFound.into());
    }
    let size: u64 = last
        .parse()
        .map_err(|_| io::Error::other(format!("git answers `{}`", head.trim_end())))?;
    let mut bytes = Vec::new();
    answers.by_ref().take(size).read_to_end(&mut bytes)?;
    answers.read_exact(&mut [0])?;
    Ok(String::from_utf8(bytes).ok().map(Arc::from))
}
