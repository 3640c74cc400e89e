//! What the data sources of a document say, as Grafana reads it.

use std::borrow::Cow;

use super::{DATA_SOURCES, lists};
use crate::rules::Context;
use crate::syntax::NodeRef;

/// A data source with the keys of either format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    /// Its object.
    pub(crate) node: NodeRef<'t>,
}

impl<'t> Entry<'t> {
    /// The data sources of the running document.
    pub(crate) fn all(cx: &Context<'_, 't>) -> Vec<Entry<'t>> {
        lists(cx, DATA_SOURCES)
            .into_iter()
            .map(|node| Entry { node })
            .collect()
    }

    fn get(&self, new: &str, old: &str) -> Option<NodeRef<'t>> {
        self.node.get(new).or_else(|| self.node.get(old))
    }

    /// A text that is not empty, and where it stands.
    pub(crate) fn text(&self, key: &str) -> Option<(NodeRef<'t>, Cow<'t, str>)> {
        let node = self.node.get(key)?;
        let text = node.as_text()?.value;
        (!text.is_empty()).then_some((node, text))
    }

    /// Its organization; `None` where a variable or a name says it.
    pub(crate) fn organization(&self) -> Option<i64> {
        if self.get("orgName", "org_name").is_some_and(|name| !name.is_null()) {
            return None;
        }
        let Some(id) = self.get("orgId", "org_id").filter(|id| !id.is_null()) else {
            return Some(1);
        };
        let id: i64 = id.as_text()?.value.parse().ok()?;
        Some(if id == 0 { 1 } else { id })
    }

    /// Where it says that it is the default one.
    pub(crate) fn default(&self) -> Option<NodeRef<'t>> {
        let node = self.get("isDefault", "is_default")?;
        let text = node.as_text()?.value;
        matches!(text.as_ref(), "1" | "t" | "T" | "TRUE" | "true" | "True").then_some(node)
    }

    /// What it holds for the plugin, in plain text.
    pub(crate) fn json_data(&self) -> Option<NodeRef<'t>> {
        self.get("jsonData", "json_data")
    }
}
