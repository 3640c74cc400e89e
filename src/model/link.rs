//! Links: of dashboards, of panels and of values.

use std::borrow::Cow;

use crate::syntax::{Kind, NodeRef};

/// A link. Those of dashboards, panels and values have the same fields.
#[derive(Debug, Clone, Copy)]
pub struct Link<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> Link<'t> {
    /// The links in a list.
    pub(super) fn list(list: Option<NodeRef<'t>>) -> impl Iterator<Item = Link<'t>> {
        list.into_iter()
            .flat_map(NodeRef::items)
            .filter(|node| node.kind() == Kind::Object)
            .map(|node| Link { node })
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title")
    }

    /// Where its address stands: `url`, or `dashUri`, from which schema 18 and older make one.
    pub fn url_node(&self) -> Option<NodeRef<'t>> {
        let filled = |key: &str| {
            self.node
                .get(key)
                .filter(|node| node.as_str().is_some_and(|text| !text.is_empty()))
        };
        filled("url").or_else(|| filled("dashUri"))
    }

    /// Where it leads; `dashUri` as Grafana makes an address of it (schema 19's migration, DashboardMigrator).
    pub fn url(&self) -> Option<Cow<'t, str>> {
        let node = self.url_node()?;
        let text = node.as_str()?;
        if node.key().as_deref() == Some("dashUri") {
            return Some(Cow::Owned(format!("dashboard/{text}")));
        }
        Some(text)
    }

    /// It is a list of the dashboards that have its tags.
    pub fn by_tags(&self) -> bool {
        super::string(self.node, "type").is_some_and(|kind| kind == "dashboards")
    }

    /// It carries the values of all variables along.
    pub fn includes_variables(&self) -> bool {
        self.node.get("includeVars").and_then(NodeRef::as_bool) == Some(true)
    }
}
