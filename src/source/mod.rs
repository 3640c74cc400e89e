//! Files: reading them, finding them, and turning byte offsets into lines and columns.

pub mod format;
pub mod kind;
mod line_index;
pub mod walk;

pub use line_index::{LineIndex, Position};

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Longer files are no input, nor anything else that is read.
pub(crate) const MAX_FILE_BYTES: u64 = 128 << 20;

/// The text of a file. Pipes, devices and what is far too long are not read: nobody would see the end.
pub(crate) fn read_regular(path: &Path) -> io::Result<String> {
    let refuse = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, why.to_owned()));
    if !fs::metadata(path)?.is_file() {
        return refuse("it is no regular file");
    }
    let mut text = String::new();
    let read = File::open(path)?
        .take(MAX_FILE_BYTES + 1)
        .read_to_string(&mut text)?;
    if read as u64 > MAX_FILE_BYTES {
        return refuse("it is too long");
    }
    Ok(text)
}

/// One input file, read whole.
#[derive(Debug)]
pub struct Source {
    /// The path as reports show it: relative to the working directory where possible, with `/`.
    pub path: Arc<str>,
    /// Where it was read from; `None` for standard input.
    pub location: Option<PathBuf>,
    /// The text, a leading byte order mark included, so that offsets are offsets of the file.
    pub text: Arc<str>,
    index: OnceLock<LineIndex>,
    /// How many positions were counted from the start of the text.
    counted: AtomicUsize,
}

/// So many positions of a text are counted from its start before an index of its lines is made: of most files nobody asks
/// for more.
const COUNTED: usize = 6;

impl Source {
    /// A source from its parts.
    pub fn new(
        path: impl Into<Arc<str>>,
        location: Option<PathBuf>,
        text: impl Into<Arc<str>>,
    ) -> Self {
        Source {
            path: path.into(),
            location,
            text: text.into(),
            index: OnceLock::new(),
            counted: AtomicUsize::new(0),
        }
    }

    /// The byte offset at which `line` (from 1) starts.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.index
            .get_or_init(|| LineIndex::new(&self.text))
            .line_start(&self.text, line)
    }

    /// The line and column (both from 1, columns in Unicode characters) of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        if self.index.get().is_none() && self.counted.fetch_add(1, Ordering::Relaxed) < COUNTED {
            return line_index::counted(&self.text, offset);
        }
        self.index
            .get_or_init(|| LineIndex::new(&self.text))
            .position(&self.text, offset)
    }
}
