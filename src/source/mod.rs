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

/// Opens a file to read it. Pipes, devices and what is far too long are refused: nobody would see the end.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(refused("it is no regular file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(refused(TOO_LONG));
    }
    File::open(path)
}

/// The text of a file that [`open_regular`] opens.
pub(crate) fn read_regular(path: &Path) -> io::Result<String> {
    read_text(open_regular(path)?)
}

/// The same of what the command line names, which may be `-` or a stream that is open already: `/dev/stdin`, or the `/dev/fd/63`
/// that a shell makes of `<(…)`.
pub(crate) fn read_given(path: &Path) -> io::Result<String> {
    if path.as_os_str() == "-" {
        return read_text(io::stdin());
    }
    let is_open = path == Path::new("/dev/stdin")
        || path.parent() == Some(Path::new("/dev/fd"))
        || path.parent() == Some(Path::new("/proc/self/fd"));
    if is_open {
        return read_text(File::open(path)?);
    }
    read_regular(path)
}

const TOO_LONG: &str = "it is too long";

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.to_owned())
}

fn read_text(from: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    let read = from.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if read as u64 > MAX_FILE_BYTES {
        return Err(refused(TOO_LONG));
    }
    String::from_utf8(bytes).map_err(|_| refused("it is no UTF-8"))
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

/// Bytes behind a known position that are counted from there.
const NEAR: u32 = 1024;

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

    /// The same of an offset that is mostly not far behind a known position of the text.
    pub fn position_behind(&self, before: Position, offset: u32) -> Position {
        let near = match offset.checked_sub(before.offset) {
            Some(0..=NEAR) => self.text.get(before.offset as usize..offset as usize),
            _ => None,
        };
        match near.filter(|_| before.offset > 0) {
            Some(near) => before.behind(near),
            None => self.position(offset),
        }
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
