//! Receivers: what a contact point sends to.

use std::borrow::Cow;

use crate::model::string;
use crate::syntax::{Kind, NodeRef};

/// One receiver of a contact point.
#[derive(Debug, Clone, Copy)]
pub struct Receiver<'t> {
    /// Its object: `uid`, `type`, `settings`.
    pub node: NodeRef<'t>,
    /// The contact point it belongs to.
    pub contact_point: NodeRef<'t>,
}

impl<'t> Receiver<'t> {
    /// The receivers of a contact point: its list, or itself where it is one.
    pub(super) fn of(contact_point: NodeRef<'t>) -> impl Iterator<Item = Receiver<'t>> + 't {
        let list = contact_point.get("receivers");
        let own = list.is_none().then_some(contact_point);
        let listed = list.into_iter().flat_map(NodeRef::items);
        listed
            .chain(own)
            .filter(|node| node.kind() == Kind::Object)
            .map(move |node| Receiver {
                node,
                contact_point,
            })
    }

    /// The name of its contact point.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        string(self.contact_point, "name")
    }

    /// Where its type stands.
    pub fn type_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("type")
    }

    /// Its settings.
    pub fn settings(&self) -> Option<NodeRef<'t>> {
        self.node.get("settings")
    }

    /// The settings that the operator fills in from elsewhere, as paths such as `url` or `sigv4.secret_key`.
    pub fn filled_in(&self) -> impl Iterator<Item = Cow<'t, str>> + 't {
        let list = self.node.get("valuesFrom").into_iter();
        list.flat_map(NodeRef::items)
            .filter_map(|entry| string(entry, "targetPath"))
    }
}
