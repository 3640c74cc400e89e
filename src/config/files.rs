//! Paths and globs of a configuration.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// The globs that `pattern` stands for: without `/` it matches at any depth, and a folder stands for all in it.
pub(crate) fn glob(pattern: &str) -> Result<Vec<Glob>, String> {
    let trimmed = pattern
        .strip_prefix("./")
        .or_else(|| pattern.strip_prefix('/'))
        .unwrap_or(pattern);
    let folder = trimmed.strip_suffix('/');
    let core = folder.unwrap_or(trimmed);
    if core.is_empty() {
        return Err("an empty glob matches nothing".to_owned());
    }
    let anywhere = if core.contains('/') || trimmed.len() != pattern.len() {
        ""
    } else {
        "**/"
    };
    let build = |text: String| {
        GlobBuilder::new(&text)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{pattern}` is no glob: {}", error.kind()))
    };
    let mut globs = vec![build(format!("{anywhere}{core}/**"))?];
    if folder.is_none() {
        globs.push(build(format!("{anywhere}{core}"))?);
    }
    Ok(globs)
}

/// A set of [`glob`]s; those that cannot be read are left out (the checker has reported them).
pub(crate) fn globs<'g>(patterns: impl IntoIterator<Item = &'g str>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in patterns
        .into_iter()
        .filter_map(|pattern| glob(pattern).ok())
    {
        for one in glob {
            builder.add(one);
        }
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

/// `path` without `.` and `..` steps, made absolute against `cwd`. The disk is not asked.
pub(crate) fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in cwd.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// `path` with `/` between its folders.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// The folder against which a configuration's globs are matched, as seen from the working directory.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    root: PathBuf,
    cwd: PathBuf,
    same: bool,
}

impl Base {
    pub(crate) fn new(root: &Path, cwd: &Path) -> Self {
        Base {
            root: root.to_path_buf(),
            cwd: cwd.to_path_buf(),
            same: root == cwd,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file as reports show it, as an absolute path.
    pub(crate) fn absolute(&self, file: &str) -> PathBuf {
        absolute(Path::new(file), &self.cwd)
    }

    /// A file as reports show it (relative to the working directory, or absolute), as globs see it. A file outside
    /// the folder is matched as it is shown.
    pub(crate) fn relative<'f>(&self, file: &'f str) -> Cow<'f, str> {
        let plain = !file.starts_with(['/', '.']) && !file.contains("/.") && !file.contains('\\');
        if self.same && plain {
            return Cow::Borrowed(file);
        }
        let path = absolute(Path::new(file), &self.cwd);
        match path.strip_prefix(&self.root) {
            Ok(relative) => Cow::Owned(slashed(relative)),
            Err(_) => Cow::Borrowed(file),
        }
    }
}
