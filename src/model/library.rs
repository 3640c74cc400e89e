//! Library panels: the panel a library holds, and what a dashboard says to have it shown.

use std::borrow::Cow;

use crate::syntax::{Kind, NodeRef};

/// A library panel's identity, beside its model or in the panel that shows it.
#[derive(Debug, Clone)]
pub struct LibraryPanel<'t> {
    /// The object that says so.
    pub node: NodeRef<'t>,
    /// Its uid, by which Grafana finds it; of a resource `metadata.name`.
    pub uid: Option<Cow<'t, str>>,
    /// Its name, for people.
    pub name: Option<Cow<'t, str>>,
}

impl<'t> LibraryPanel<'t> {
    /// What `libraryPanel` of a panel refers to, in every schema.
    pub(super) fn reference(library_panel: Option<NodeRef<'t>>) -> Option<Self> {
        let node = library_panel.filter(|node| node.kind() == Kind::Object)?;
        Some(Self::plain(node))
    }

    /// The library panel in a document with this root: the API's form, its answer, or a resource.
    pub(super) fn document(root: NodeRef<'t>) -> Self {
        if root.get("apiVersion").is_some() {
            return LibraryPanel {
                node: root,
                uid: root.path(&["metadata", "name"]).and_then(NodeRef::as_str),
                name: root.path(&["spec", "title"]).and_then(NodeRef::as_str),
            };
        }
        Self::plain(root.get("result").unwrap_or(root))
    }

    fn plain(node: NodeRef<'t>) -> Self {
        let filled = |key: &str| super::string(node, key).filter(|text| !text.is_empty());
        LibraryPanel {
            node,
            uid: filled("uid"),
            name: filled("name"),
        }
    }
}

/// The models in `__elements` of an export for sharing (facts: dashboard_v1, Grafana's dashboard exporter).
pub(super) fn exported_models(dashboard: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    dashboard
        .get("__elements")
        .into_iter()
        .flat_map(NodeRef::members)
        .filter_map(|element| element.get("model"))
        .filter(|model| model.kind() == Kind::Object)
}
