//! Writing a file so that nobody ever sees half of it.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is not there any more, or cannot be looked at.
    #[error("{}: cannot be read again: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is a folder, a pipe, a device.
    #[error("{}: is no regular file and is not written to", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// It is, or lies behind, a symbolic link that leads elsewhere.
    #[error(
        "{}: leads to {}, outside the given paths; name that file itself to fix it",
        path.display(), target.display()
    )]
    Outside {
        /// The file as it was named.
        path: PathBuf,
        /// Where it really is.
        target: PathBuf,
    },
    /// It may not be written.
    #[error("{}: is read-only; make it writable to fix it", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else wrote it in the meantime.
    #[error("{}: changed since it was read and was left alone; run again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The new text could not be written beside it.
    #[error("{}: cannot be written: {error}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Replaces the text of the file at `path`, which was `old` when it was read, by `new`.
///
/// The new text is written to a temporary file in the same folder, with the same permissions and, where possible, the
/// same owner, and then takes the file's name. A symbolic link is followed, but only to a file inside `roots`, the
/// paths given by the user. (A hard link keeps the old text.)
///
/// # Errors
/// Whatever keeps the file from being written. It then has its old text.
pub fn write_atomically(
    path: &Path,
    old: &str,
    new: &str,
    roots: &[PathBuf],
) -> Result<(), WriteError> {
    let unreadable = |error| WriteError::Unreadable {
        path: path.to_path_buf(),
        error,
    };
    let failed = |error| WriteError::Failed {
        path: path.to_path_buf(),
        error,
    };
    let target = fs::canonicalize(path).map_err(unreadable)?;
    if !roots.iter().any(|root| holds(root, &target)) {
        return Err(WriteError::Outside {
            path: path.to_path_buf(),
            target,
        });
    }
    let metadata = fs::metadata(&target).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(WriteError::NotAFile {
            path: path.to_path_buf(),
        });
    }
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly {
            path: path.to_path_buf(),
        });
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut temporary = tempfile::Builder::new()
        .prefix(".dashlint-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(failed)?;
    temporary.write_all(new.as_bytes()).map_err(failed)?;
    take_after(temporary.path(), &metadata).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    // As late as can be.
    let now = fs::read(&target).map_err(unreadable)?;
    if now != old.as_bytes() {
        return Err(WriteError::Changed {
            path: path.to_path_buf(),
        });
    }
    temporary
        .persist(&target)
        .map_err(|error| failed(error.error))?;
    Ok(())
}

/// [`write_atomically`], which also makes the file, and its folder within `root`, where nothing has its name (`old` is `None`).
/// A link that leads nowhere is something.
///
/// # Errors
/// Whatever keeps the file from being written.
pub fn write_or_create(
    path: &Path,
    old: Option<&str>,
    new: &str,
    root: &Path,
) -> Result<(), WriteError> {
    let failed = |error| WriteError::Failed {
        path: path.to_path_buf(),
        error,
    };
    let roots = [root.to_path_buf()];
    let is_there = fs::symlink_metadata(path).is_ok();
    if is_there || old.is_some() {
        return write_atomically(path, old.unwrap_or_default(), new, &roots);
    }
    let folder = path.parent().unwrap_or(root);
    // A folder that is still to be made lies where the last one above it does that is there.
    let above = folder
        .ancestors()
        .find(|above| fs::symlink_metadata(above).is_ok());
    let target = fs::canonicalize(above.unwrap_or(folder)).map_err(failed)?;
    let above_root = fs::canonicalize(root).is_ok_and(|root| root.starts_with(&target));
    if !above_root && !holds(root, &target) {
        return Err(WriteError::Outside {
            path: path.to_path_buf(),
            target,
        });
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = File::create_new(path).map_err(failed)?;
    file.write_all(new.as_bytes()).map_err(failed)
}

/// Whether `target`, a path without links, lies in `root` or is it. Where the root is itself a link to a file, it
/// stands for the place of the link.
fn holds(root: &Path, target: &Path) -> bool {
    let linked_file = fs::symlink_metadata(root).is_ok_and(|metadata| metadata.is_symlink())
        && fs::metadata(root).is_ok_and(|metadata| !metadata.is_dir());
    let real = if linked_file {
        let folder = match root.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        fs::canonicalize(folder)
            .ok()
            .zip(root.file_name())
            .map(|(folder, name)| folder.join(name))
    } else {
        fs::canonicalize(root).ok()
    };
    real.is_some_and(|real| target.starts_with(real))
}

/// Gives the new file the old one's owner, where that may be, and its permissions.
fn take_after(path: &Path, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let new = fs::metadata(path)?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid())
            && chown(path, Some(old.uid()), Some(old.gid())).is_err()
        {
            // Only root may give a file away; the group can be kept by any of its members.
            let _ = chown(path, None, Some(old.gid()));
        }
    }
    fs::set_permissions(path, old.permissions())
}
