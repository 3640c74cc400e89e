//! Template variables.

use std::borrow::Cow;

use super::DataSourceRef;
use crate::syntax::{Kind, NodeRef};

/// The types of template variables (facts: @grafana/scenes 9.2.2, @grafana/schema 13.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Grafana's own names.
pub enum VariableKind {
    Query,
    Custom,
    TextBox,
    Constant,
    DataSource,
    Interval,
    AdHoc,
    GroupBy,
    Switch,
    Snapshot,
    /// Filled by Grafana at run time (`system`, `scopes`).
    Runtime,
    /// A type that Grafana does not know.
    Unknown,
}

/// A template variable of a dashboard.
#[derive(Debug, Clone, Copy)]
pub struct Variable<'t> {
    /// The object that holds its fields: of a v2 variable its `spec`.
    pub node: NodeRef<'t>,
    /// The whole entry in the list.
    pub entry: NodeRef<'t>,
    /// Its type.
    pub kind: VariableKind,
    v2: bool,
}

impl<'t> Variable<'t> {
    /// A variable of a classic dashboard.
    pub fn classic(node: NodeRef<'t>) -> Self {
        let kind = match super::string(node, "type").as_deref() {
            Some("query") => VariableKind::Query,
            Some("custom") => VariableKind::Custom,
            Some("textbox") => VariableKind::TextBox,
            Some("constant") => VariableKind::Constant,
            Some("datasource") => VariableKind::DataSource,
            Some("interval") => VariableKind::Interval,
            Some("adhoc") => VariableKind::AdHoc,
            Some("groupby") => VariableKind::GroupBy,
            Some("switch") => VariableKind::Switch,
            Some("snapshot") => VariableKind::Snapshot,
            Some("system" | "scopes") => VariableKind::Runtime,
            _ => VariableKind::Unknown,
        };
        Variable {
            node,
            entry: node,
            kind,
            v2: false,
        }
    }

    /// A variable of a v2 dashboard; `None` where it has no `spec`.
    pub fn v2(entry: NodeRef<'t>) -> Option<Self> {
        let kind = match super::string(entry, "kind").as_deref() {
            Some("QueryVariable") => VariableKind::Query,
            Some("CustomVariable") => VariableKind::Custom,
            Some("TextVariable") => VariableKind::TextBox,
            Some("ConstantVariable") => VariableKind::Constant,
            Some("DatasourceVariable") => VariableKind::DataSource,
            Some("IntervalVariable") => VariableKind::Interval,
            Some("AdhocVariable") => VariableKind::AdHoc,
            Some("GroupByVariable") => VariableKind::GroupBy,
            Some("SwitchVariable") => VariableKind::Switch,
            _ => VariableKind::Unknown,
        };
        Some(Variable {
            node: entry.get("spec")?,
            entry,
            kind,
            v2: true,
        })
    }

    /// Its name; empty where it has none.
    pub fn name(&self) -> Cow<'t, str> {
        super::string(self.node, "name").unwrap_or_default()
    }

    /// Where its name stands.
    pub fn name_node(&self) -> NodeRef<'t> {
        self.node.get("name").unwrap_or(self.node)
    }

    /// Several values may be chosen.
    pub fn is_multi(&self) -> bool {
        self.flag("multi")
    }

    /// It offers All.
    pub fn has_all(&self) -> bool {
        self.flag("includeAll")
    }

    fn flag(&self, key: &str) -> bool {
        self.node
            .get(key)
            .and_then(NodeRef::as_bool)
            .unwrap_or(false)
    }

    /// What All stands for, where it is set and not empty.
    pub fn all_value(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "allValue").filter(|value| !value.is_empty())
    }

    /// The plugin id a data source variable offers.
    pub fn plugin(&self) -> Option<Cow<'t, str>> {
        if self.kind != VariableKind::DataSource {
            return None;
        }
        super::string(self.node, if self.v2 { "pluginId" } else { "query" })
            .filter(|plugin| !plugin.is_empty())
    }

    /// The data source its query goes to.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        match (self.v2, self.node.get("query")) {
            (true, Some(query)) => DataSourceRef::v2(query, self.node),
            _ => DataSourceRef::classic(self.node.get("datasource")),
        }
    }

    /// The string its query is written in: `query`, or the text inside an object form (`query.query` for Prometheus,
    /// `__legacyStringValue` in v2).
    pub fn query_node(&self) -> Option<NodeRef<'t>> {
        let mut query = self.node.get("query")?;
        if self.v2 && query.kind() == Kind::Object {
            query = query.get("spec").unwrap_or(query);
        }
        match query.kind() {
            Kind::String => Some(query),
            Kind::Object => ["query", "__legacyStringValue", "expr", "rawSql", "target"]
                .iter()
                .filter_map(|key| query.get(key))
                .find(|node| node.kind() == Kind::String),
            _ => None,
        }
    }
}
