//! Which files there are.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::{WalkBuilder, WalkState};

use super::format;

/// Something that could not be walked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkError {
    /// Where, if known.
    pub path: Option<PathBuf>,
    /// What happened.
    pub message: String,
}

/// Whether a file of this name is looked at without being named itself.
pub fn is_candidate(path: &Path) -> bool {
    format::by_name(path).is_some() || format::is_dockerfile(path)
}

/// A set of globs for paths below `root`.
///
/// # Errors
/// The glob that cannot be read, and why.
pub fn globs<'g>(patterns: impl IntoIterator<Item = &'g str>) -> Result<GlobSet, String> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern)
            .map_err(|error| format!("`{pattern}` is no glob: {}", error.kind()))?;
        builder.add(glob);
    }
    builder.build().map_err(|error| error.to_string())
}

/// What a walk came by.
#[derive(Debug, Default)]
pub struct Walked {
    /// Candidate files, sorted.
    pub files: Vec<PathBuf>,
    /// Links, pipes, devices with the name of a candidate, sorted.
    pub passed: Vec<PathBuf>,
    /// Folders that could not be read, sorted.
    pub errors: Vec<WalkError>,
}

/// Every candidate file below `root`, in its folder alone if `shallow`, sorted: `.gitignore` and `.ignore` honoured, hidden files included, `.git`
/// itself not; symbolic links are not followed (a link out of the tree, or a loop, is thus never entered), and
/// anything that is no regular file (a pipe, a device) is passed over.
///
/// `keep` says of a path below `root` whether it is wanted.
pub fn walk(root: &Path, shallow: bool, keep: &(dyn Fn(&Path) -> bool + Sync)) -> Walked {
    let (send, receive) = std::sync::mpsc::channel();
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .follow_links(false)
        .max_depth(shallow.then_some(1))
        .filter_entry(|entry| entry.file_name() != ".git")
        .threads(2)
        .build_parallel();
    walker.run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    let kind = entry.file_type();
                    let folder = kind.is_none_or(|kind| kind.is_dir());
                    if !folder && is_candidate(entry.path()) && keep(entry.path()) {
                        let file = kind.is_some_and(|kind| kind.is_file());
                        let _ = send.send(Ok((file, entry.into_path())));
                    }
                }
                Err(error) => {
                    let path = error_path(&error);
                    let _ = send.send(Err(WalkError {
                        path,
                        message: error.to_string(),
                    }));
                }
            }
            WalkState::Continue
        })
    });
    drop(send);
    let mut walked = Walked::default();
    for found in receive {
        match found {
            Ok((true, path)) => walked.files.push(path),
            Ok((false, path)) => walked.passed.push(path),
            Err(error) => walked.errors.push(error),
        }
    }
    walked.files.sort_by_cached_key(|path| by_folders(path));
    walked.passed.sort_by_cached_key(|path| by_folders(path));
    walked.errors.sort();
    walked
}

/// The bytes that sort a path as its parts do, without taking it apart for every comparison: what separates the parts comes
/// before all that can stand in a name.
fn by_folders(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let lowest = |byte: &u8| match std::path::is_separator(char::from(*byte)) {
        true => 0,
        false => *byte,
    };
    bytes.iter().map(lowest).collect()
}

fn error_path(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            error_path(err)
        }
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        _ => None,
    }
}

/// `path` as reports show it: relative to `base`, with `/` between folders. A path that shares nothing but the root of
/// the file system with `base` stays absolute.
pub fn display_path(path: &Path, base: &Path) -> String {
    let shared = path
        .components()
        .zip(base.components())
        .take_while(|(a, b)| a == b)
        .count();
    // The root alone is no common ground.
    let relative = if shared < 2 {
        path.to_path_buf()
    } else {
        let up = base.components().skip(shared).map(|_| Component::ParentDir);
        up.chain(path.components().skip(shared)).collect()
    };
    // Two names that are no UTF-8 must not become the same one.
    let mut text = String::new();
    for chunk in relative.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    if std::path::MAIN_SEPARATOR == '/' {
        text
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::display_path;

    #[test]
    fn paths_are_shown_from_where_one_stands() {
        let shown = |path, base| display_path(Path::new(path), Path::new(base));
        assert_eq!(shown("/home/me/repo/a/b.json", "/home/me/repo"), "a/b.json");
        assert_eq!(
            shown("/home/me/other/b.json", "/home/me/repo"),
            "../other/b.json"
        );
        assert_eq!(shown("/tmp/b.json", "/home/me"), "/tmp/b.json");
    }
}
