//! Annotation queries.

use std::borrow::Cow;

use super::DataSourceRef;
use crate::syntax::NodeRef;

/// An annotation query.
#[derive(Debug, Clone, Copy)]
pub struct Annotation<'t> {
    /// The object with its fields: of a v2 annotation its `spec`.
    pub node: NodeRef<'t>,
    v2: bool,
}

impl<'t> Annotation<'t> {
    /// An annotation of a classic dashboard.
    pub(super) fn classic(node: NodeRef<'t>) -> Self {
        Annotation { node, v2: false }
    }

    /// An annotation of a v2 dashboard, given its `spec`.
    pub(super) fn v2(spec: NodeRef<'t>) -> Self {
        Annotation {
            node: spec,
            v2: true,
        }
    }

    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.node.get(key)?.as_bool()
    }

    /// It is on when the dashboard opens.
    pub fn is_enabled(&self) -> bool {
        self.flag("enable").unwrap_or(true)
    }

    /// Its switch is not shown.
    pub fn is_hidden(&self) -> bool {
        self.flag("hide").unwrap_or(false)
    }

    /// It is Grafana's own: `builtIn` is 1, in v2 true.
    pub fn is_built_in(&self) -> bool {
        let node = self.node.get("builtIn");
        node.is_some_and(|node| node.as_bool() == Some(true) || node.as_i64() == Some(1))
    }

    /// Where its colour stands.
    pub fn color_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("iconColor")
    }

    /// The data source it asks.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        match (self.v2, self.node.get("query")) {
            (true, Some(query)) => DataSourceRef::v2(query, self.node),
            _ => DataSourceRef::classic(self.node.get("datasource")),
        }
    }

    /// Where that stands: in v2 in the query, in v2alpha1 beside it.
    pub fn data_source_node(&self) -> Option<NodeRef<'t>> {
        let of_query = match self.v2 {
            true => self.node.path(&["query", "datasource"]),
            false => None,
        };
        of_query.or_else(|| self.node.get("datasource"))
    }

    /// The object with the query's own fields.
    ///
    /// Prometheus takes `target.expr`, and `expr` beside it where that is empty (@grafana/prometheus 13.2.3,
    /// prepareAnnotation); a v2 dashboard keeps the latter in `legacyOptions`.
    pub fn query(&self) -> NodeRef<'t> {
        let (target, older) = if self.v2 {
            (
                self.node.path(&["query", "spec"]),
                self.node.get("legacyOptions"),
            )
        } else {
            (self.node.get("target"), None)
        };
        let has_text = |holder: &NodeRef<'t>| {
            let text = holder.get("expr").and_then(NodeRef::as_text);
            text.is_some_and(|text| !text.value.trim().is_empty())
        };
        target
            .filter(has_text)
            .or(older.filter(has_text))
            .unwrap_or(self.node)
    }
}
