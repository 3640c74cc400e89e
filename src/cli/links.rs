//! Where paths lead through links that are not on the disk.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More links than this after each other are a circle, as Linux has it.
const MOST_LINKS: usize = 40;

/// Where a path leads through links, each with what it says; none if they go in a circle.
pub(super) fn followed(path: &Path, links: &BTreeMap<&Path, Arc<str>>) -> Option<PathBuf> {
    let steps = |path: &Path| -> Vec<OsString> {
        let parts = path.components().rev();
        parts.map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut real = PathBuf::new();
    let mut ahead = steps(path);
    let mut count = 0;
    while let Some(step) = ahead.pop() {
        match step.to_str() {
            Some(".") => continue,
            Some("..") => {
                real.pop();
                continue;
            }
            _ => real.push(step),
        }
        if let Some(target) = links.get(real.as_path()) {
            count += 1;
            if count > MOST_LINKS {
                return None;
            }
            real.pop();
            ahead.extend(steps(Path::new(&**target)));
        }
    }
    Some(real)
}
