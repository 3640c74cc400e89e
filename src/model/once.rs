//! Looking at everything once, however often aliases repeat it.

use rustc_hash::FxHashSet;

use crate::syntax::NodeRef;

/// The values met so far. A YAML alias repeats a value without repeating its text: a few lines can stand for millions of
/// rules, and each fault in them for millions of findings at the same bytes.
#[derive(Debug, Default)]
pub(super) struct Once {
    met: FxHashSet<u32>,
}

impl Once {
    /// Whether `node`, or what it is an alias of, is met for the first time.
    pub(super) fn first(&mut self, node: NodeRef<'_>) -> bool {
        self.met.insert(node.resolve().id())
    }
}
