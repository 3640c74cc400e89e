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

/// Whether a variable is shown above the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableHide {
    /// It is shown.
    No,
    /// Its values are shown without its name.
    Label,
    /// It is not shown.
    Variable,
    /// It is shown in the menu of controls.
    InControlsMenu,
}

/// When the values of a variable are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // Grafana's own names.
pub enum VariableRefresh {
    Never,
    OnDashboardLoad,
    OnTimeRangeChanged,
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
    /// A variable of a classic dashboard. `untyped` is what one without a type is.
    pub(super) fn classic(node: NodeRef<'t>, untyped: VariableKind) -> Self {
        let kind = match super::string(node, "type").as_deref() {
            None if node.get("type").is_none() => untyped,
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
    pub(super) fn v2(entry: NodeRef<'t>) -> Option<Self> {
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
            Some("SnapshotVariable") => VariableKind::Snapshot,
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

    /// What people read before its values, where it is not the name.
    pub fn label(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "label").filter(|label| !label.is_empty())
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

    /// Whether it is shown above the dashboard: a number, in v2 and in newer files a word, in the oldest two flags
    /// (facts: variable_types; schema 12's migration, DashboardMigrator).
    pub fn hide(&self) -> VariableHide {
        let word = self.node.get("hide");
        match word.and_then(NodeRef::as_i64) {
            Some(1) => return VariableHide::Label,
            Some(2) => return VariableHide::Variable,
            Some(3) => return VariableHide::InControlsMenu,
            _ => {}
        }
        match word.and_then(NodeRef::as_str).as_deref() {
            Some("hideLabel") => VariableHide::Label,
            Some("hideVariable") => VariableHide::Variable,
            Some("inControlsMenu") => VariableHide::InControlsMenu,
            None if self.flag("hideVariable") => VariableHide::Variable,
            None if self.flag("hideLabel") => VariableHide::Label,
            _ => VariableHide::No,
        }
    }

    /// When its values are read again, where that is said: a number, in v2 a word, in the oldest files a flag.
    pub fn refresh(&self) -> Option<VariableRefresh> {
        let node = self.node.get("refresh")?;
        let number = node.as_i64().or(node.as_bool().map(i64::from));
        match (number, node.as_str().as_deref()) {
            (Some(0), _) | (_, Some("never")) => Some(VariableRefresh::Never),
            (Some(1), _) | (_, Some("onDashboardLoad")) => Some(VariableRefresh::OnDashboardLoad),
            (Some(2), _) | (_, Some("onTimeRangeChanged")) => {
                Some(VariableRefresh::OnTimeRangeChanged)
            }
            _ => None,
        }
    }

    /// Where the regular expression stands that its values go through.
    pub fn regex_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("regex")
    }

    /// Where the chosen value stands: `current.value`; of a v2 switch `current` itself.
    pub fn current_node(&self) -> Option<NodeRef<'t>> {
        let current = self.node.get("current")?;
        match current.kind() {
            Kind::Object => current.get("value"),
            _ => Some(current),
        }
    }

    /// The values kept in the file; a v2 switch has its two in fields of their own.
    pub fn option_nodes(&self) -> Vec<NodeRef<'t>> {
        if self.v2 && self.kind == VariableKind::Switch {
            let keys = ["enabledValue", "disabledValue"];
            return keys.iter().filter_map(|key| self.node.get(key)).collect();
        }
        let options = self.node.get("options").into_iter();
        options
            .flat_map(NodeRef::items)
            .filter_map(|option| option.get("value"))
            .collect()
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

    /// The data source its query goes to, or whose queries its filters and groupings apply to.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        if !self.v2 {
            return DataSourceRef::classic(self.node.get("datasource"));
        }
        match self
            .node
            .get("query")
            .filter(|query| query.kind() == Kind::Object)
        {
            Some(query) => DataSourceRef::v2(query, self.node),
            // Filters and groupings have no query: beside their spec stand its group and data source.
            None if matches!(self.kind, VariableKind::AdHoc | VariableKind::GroupBy) => {
                DataSourceRef::v2(self.entry, self.node)
            }
            None => DataSourceRef::Default,
        }
    }

    /// Where that stands: in v2 in its query or, of filters and groupings, beside its spec; in v2alpha1 in its spec.
    pub fn data_source_node(&self) -> Option<NodeRef<'t>> {
        let newer = match self.v2 {
            true => self
                .node
                .path(&["query", "datasource"])
                .or_else(|| self.entry.get("datasource")),
            false => None,
        };
        newer.or_else(|| self.node.get("datasource"))
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
