//! Notification policies: a tree of which each alert takes the way that fits its labels.

use std::borrow::Cow;

use crate::model::once::Once;
use crate::model::string;
use crate::syntax::{Kind, NodeRef};

/// One policy of a tree.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// The number of the policy it stands below; `None` for those at the top.
    pub parent: Option<usize>,
    /// It is the root of a tree, and not a branch that is put into one elsewhere.
    pub root: bool,
}

impl<'t> Policy<'t> {
    /// Every policy of the trees under `tops`, each with whether it is a root.
    pub(super) fn trees(tops: impl Iterator<Item = (NodeRef<'t>, bool)>) -> Vec<Policy<'t>> {
        let mut once = Once::default();
        let mut policies: Vec<Policy<'t>> = tops
            .filter(|(node, _)| node.kind() == Kind::Object && once.first(*node))
            .map(|(node, root)| Policy {
                node,
                parent: None,
                root,
            })
            .collect();
        let mut next = 0;
        while let Some(policy) = policies.get(next).copied() {
            let below = policy.routes().filter(|route| once.first(*route));
            policies.extend(below.map(|node| Policy {
                node,
                parent: Some(next),
                root: false,
            }));
            next += 1;
        }
        policies
    }

    /// The policies below it.
    pub fn routes(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let list = self.node.get("routes").into_iter();
        list.flat_map(NodeRef::items)
            .filter(|route| route.kind() == Kind::Object)
    }

    /// The contact point it names.
    pub fn receiver(&self) -> Option<Cow<'t, str>> {
        string(self.node, "receiver")
    }

    /// Whether it lets alerts go on to the policies after it.
    pub fn continues(&self) -> bool {
        self.node.get("continue").and_then(NodeRef::as_bool) == Some(true)
    }

    /// Everything that chooses the alerts it takes: `matchers`, `object_matchers`, `match` and `match_re`, where there
    /// is anything in them.
    pub fn matching(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let keys = ["matchers", "object_matchers", "match", "match_re"];
        let node = self.node;
        keys.into_iter().filter_map(move |key| {
            let found = node.get(key)?;
            let empty = match found.kind() {
                Kind::Array | Kind::Object => found.children().next().is_none(),
                kind => kind == Kind::Null,
            };
            (!empty).then_some(found)
        })
    }
}
