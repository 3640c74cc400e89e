//! The files of a revision, and what git says is in them.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::CliError;

/// A file of a revision.
#[derive(Debug)]
pub(super) struct Blob {
    /// What git calls its bytes.
    pub(super) id: String,
    /// Where it was.
    pub(super) path: PathBuf,
}

/// The texts of files, in order, from `git cat-file --batch`; `None` for one that is no UTF-8.
pub(super) fn read(
    mut command: Command,
    blobs: &[&Blob],
) -> Result<Vec<Option<Arc<str>>>, CliError> {
    let failed = |error: io::Error| CliError::Usage(format!("--since: git cat-file: {error}"));
    let mut child = command
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
