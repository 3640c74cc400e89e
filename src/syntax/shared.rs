//! Large YAML objects that aliases stand for, with an index of their keys.
//!
//! A file may name one large object many times (`<<: *base`, `[*base, *base]`), and each time it may be asked for many
//! keys. Without an index every question walks the object again.

use rustc_hash::FxHashMap;

use super::arena::{Kind, Node};
use super::node::NodeRef;
use super::tree::Tree;

/// Objects with no more members than this are walked.
const FEW: usize = 16;

/// The members of one object by their keys.
#[derive(Debug, Default)]
pub(crate) struct KeyIndex {
    last: FxHashMap<Box<str>, u32>,
    /// Its `<<` members, in order.
    pub(crate) merges: Vec<u32>,
}

impl KeyIndex {
    /// The last member with that key.
    pub(crate) fn get(&self, key: &str) -> Option<u32> {
        self.last.get(key).copied()
    }
}

/// The indexes of all large objects of `tree` that aliases stand for.
pub(crate) fn index(tree: &Tree) -> FxHashMap<u32, KeyIndex> {
    let mut indexes = FxHashMap::default();
    for id in tree.arena.targets() {
        let is_object = |node: &Node| node.kind == Kind::Object;
        let target = tree.arena.nodes.get(id as usize);
        if !target.is_some_and(is_object) || indexes.contains_key(&id) {
            continue;
        }
        let members = NodeRef { tree, id }.members();
        if members.clone().nth(FEW).is_none() {
            continue;
        }
        let mut index = KeyIndex::default();
        for member in members {
            let Some(key) = member.key() else { continue };
            if key == "<<" {
                index.merges.push(member.id);
            }
            index.last.insert(key.into(), member.id);
        }
        indexes.insert(id, index);
    }
    indexes
}
