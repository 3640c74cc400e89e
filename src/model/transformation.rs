//! What a panel makes of its data.

use std::borrow::Cow;

use crate::syntax::NodeRef;

/// A transformation of a panel's data.
#[derive(Debug, Clone, Copy)]
pub struct Transformation<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    pub(super) v2: bool,
}

impl<'t> Transformation<'t> {
    /// Where the id of the transformer stands: `id`; in v2 `group`, in v2alpha1 and v2beta1 `kind`.
    pub fn id_node(&self) -> Option<NodeRef<'t>> {
        if !self.v2 {
            return self.node.get("id");
        }
        self.node.get("group").or_else(|| {
            self.node
                .get("kind")
                .filter(|kind| kind.as_str().as_deref() != Some("Transformation"))
        })
    }

    /// The transformer: `reduce`, `merge` …
    pub fn id(&self) -> Option<Cow<'t, str>> {
        self.id_node()?.as_str()
    }

    fn field(&self, key: &str) -> Option<NodeRef<'t>> {
        match self.v2 {
            true => self.node.path(&["spec", key]),
            false => self.node.get(key),
        }
    }

    /// Its options.
    pub fn options(&self) -> Option<NodeRef<'t>> {
        self.field("options")
    }

    /// It is switched off.
    pub fn is_disabled(&self) -> bool {
        self.field("disabled").and_then(NodeRef::as_bool) == Some(true)
    }

    /// Where it says which frames it takes.
    pub fn filter(&self) -> Option<NodeRef<'t>> {
        self.field("filter")
    }
}
