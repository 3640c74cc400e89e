//! Which files there are.

use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::{WalkBuilder, WalkState};

/// A file to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// It was named on the command line, or lies under a folder that was: its findings are reported. Others are only
    /// indexed.
    pub target: bool,
    /// It was named itself.
    pub explicit: bool,
}

/// Something that could not be walked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkError {
    /// Where, if known.
    pub path: Option<PathBuf>,
    /// What happened.
    pub message: String,
}

/// The extensions that are looked at.
const EXTENSIONS: [&str; 4] = ["json", "yaml", "yml", "rules"];

/// Whether a file of this name is looked at without being named itself.
pub fn is_candidate(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            EXTENSIONS
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
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

/// Every candidate file below `root`, sorted: `.gitignore` and `.ignore` honoured, hidden files included, `.git`
/// itself not; symbolic links are not followed (a link out of the tree, or a loop, is thus never entered), and
/// anything that is no regular file (a pipe, a device) is passed over.
///
/// `keep` says of a path below `root` whether it is wanted.
pub fn walk(root: &Path, keep: &(dyn Fn(&Path) -> bool + Sync)) -> (Vec<PathBuf>, Vec<WalkError>) {
    let (send, receive) = std::sync::mpsc::channel();
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .follow_links(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .threads(2)
        .build_parallel();
    walker.run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    let file = entry.file_type().is_some_and(|kind| kind.is_file());
                    if file && is_candidate(entry.path()) && keep(entry.path()) {
                        let _ = send.send(Ok(entry.into_path()));
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
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for found in receive {
        match found {
            Ok(path) => files.push(path),
            Err(error) => errors.push(error),
        }
    }
    files.sort();
    errors.sort();
    (files, errors)
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
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
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
