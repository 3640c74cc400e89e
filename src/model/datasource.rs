//! References to data sources, and what type of data source they lead to.

use std::borrow::Cow;

use super::reference::whole_reference;
use crate::syntax::{Kind, NodeRef};

/// What a field `datasource` says.
#[derive(Debug, Clone, PartialEq)]
pub enum DataSourceRef<'t> {
    /// Nothing: absent, null, `default` or an empty object. The panel's, else Grafana's default is meant.
    Default,
    /// `-- Mixed --`: each target says its own.
    Mixed,
    /// `-- Dashboard --`: another panel's result.
    Dashboard,
    /// `-- Grafana --`: built in.
    Grafana,
    /// `__expr__`: a server-side expression.
    Expression,
    /// A template variable (or an export's input) of this name stands for it.
    Variable {
        /// The variable's name.
        name: Cow<'t, str>,
        /// The `type` beside it, if given.
        kind: Option<Cow<'t, str>>,
    },
    /// A uid or a name, with the `type` beside it if given.
    Named {
        /// Uid or (in old dashboards) name.
        uid: Cow<'t, str>,
        /// Plugin id.
        kind: Option<Cow<'t, str>>,
    },
    /// A type without a uid: the default data source of that type.
    Typed(Cow<'t, str>),
}

impl<'t> DataSourceRef<'t> {
    /// Reads a classic `datasource` field (forms: dashboard_v1 facts, @grafana/schema 13.2.3).
    pub fn classic(node: Option<NodeRef<'t>>) -> Self {
        let Some(node) = node else {
            return DataSourceRef::Default;
        };
        match node.kind() {
            Kind::String => Self::from_parts(node.as_str(), None),
            Kind::Object => {
                let picked = node.pick(&["uid", "type"]);
                let string = |index| node.picked(&picked, index)?.as_str();
                Self::from_parts(string(0), string(1).filter(|kind| !kind.is_empty()))
            }
            _ => DataSourceRef::Default,
        }
    }

    /// Reads the `datasource.name` and `group` of a v2 query. In v2alpha1 the group is the query's `kind`, and the data
    /// source a classic reference beside the query, in `outer` (facts: dashboard_v2).
    pub fn v2(query: NodeRef<'t>, outer: NodeRef<'t>) -> Self {
        let filled =
            |node: NodeRef<'t>, key: &str| super::string(node, key).filter(|text| !text.is_empty());
        let source = query.get("datasource").or_else(|| outer.get("datasource"));
        let uid = source.and_then(|source| {
            super::string(source, "name").or_else(|| super::string(source, "uid"))
        });
        let kind = filled(query, "group")
            .or_else(|| source.and_then(|source| filled(source, "type")))
            .or_else(|| filled(query, "kind").filter(|kind| !is_envelope(kind)));
        Self::from_parts(uid, kind)
    }

    fn from_parts(uid: Option<Cow<'t, str>>, kind: Option<Cow<'t, str>>) -> Self {
        let uid = uid.filter(|uid| !uid.is_empty() && uid != "default");
        let Some(uid) = uid else {
            return match kind {
                Some(kind) if kind == "__expr__" => DataSourceRef::Expression,
                Some(kind) if kind == "mixed" => DataSourceRef::Mixed,
                Some(kind) if kind == "datasource" || kind == "grafana" => DataSourceRef::Grafana,
                Some(kind) => DataSourceRef::Typed(kind),
                None => DataSourceRef::Default,
            };
        };
        match uid.as_ref() {
            "-- Mixed --" => return DataSourceRef::Mixed,
            "-- Dashboard --" => return DataSourceRef::Dashboard,
            "-- Grafana --" | "grafana"
                if kind
                    .as_deref()
                    .is_none_or(|k| k == "datasource" || k == "grafana") =>
            {
                return DataSourceRef::Grafana;
            }
            "__expr__" | "-100" | "Expression" => return DataSourceRef::Expression,
            _ => {}
        }
        let name = whole_reference(&uid).map(|reference| reference.name.to_owned());
        match name {
            Some(name) => DataSourceRef::Variable {
                name: Cow::Owned(name),
                kind,
            },
            None => DataSourceRef::Named { uid, kind },
        }
    }
}

/// Kinds that say what an object is, and nothing of a data source.
fn is_envelope(kind: &str) -> bool {
    matches!(kind, "DataQuery" | "AdhocVariable" | "GroupByVariable")
}

/// What types data sources have, as far as the project tells.
pub trait DataSourceTypes {
    /// The plugin id of the data source with this uid or name.
    fn of(&self, uid_or_name: &str) -> Option<Cow<'_, str>>;
    /// The same, where the Grafana that reads the reference is certainly given that data source by a file. Grafana finds a data source by its
    /// uid, whatever type stands beside it (Grafana 12.1, public/app/features/plugins/datasource_srv.ts, `getInstanceSettings`).
    fn certainly(&self, _uid_or_name: &str) -> Option<Cow<'_, str>> {
        None
    }
    /// The plugin id of the default data source.
    fn default_type(&self) -> Option<Cow<'_, str>>;
}

/// Nothing is known of data sources.
#[derive(Debug, Clone, Copy)]
pub struct NoDataSources;

impl DataSourceTypes for NoDataSources {
    fn of(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn default_type(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// A data source's type, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeEvidence {
    /// It is written there, by the reference or the variable it names.
    Said(String),
    /// The project's provisioning says so.
    Provisioned(String),
    /// Nothing says it.
    Unknown,
    /// Each target says its own, or there is no query at all (`-- Mixed --`, `-- Dashboard --`).
    None,
}

impl DataSourceRef<'_> {
    /// The plugin id it leads to. `plugin_of` says it of a variable or an input of the dashboard, by its name.
    pub fn resolve(
        &self,
        plugin_of: &dyn Fn(&str) -> Option<String>,
        types: &dyn DataSourceTypes,
    ) -> TypeEvidence {
        let said = |kind: &Option<Cow<'_, str>>| match kind {
            Some(kind) if kind != "datasource" => TypeEvidence::Said(kind.to_string()),
            _ => TypeEvidence::Unknown,
        };
        match self {
            DataSourceRef::Default => match types.default_type() {
                Some(kind) => TypeEvidence::Provisioned(kind.into_owned()),
                None => TypeEvidence::Unknown,
            },
            DataSourceRef::Mixed | DataSourceRef::Dashboard => TypeEvidence::None,
            DataSourceRef::Grafana => TypeEvidence::Said("grafana".to_owned()),
            DataSourceRef::Expression => TypeEvidence::Said("__expr__".to_owned()),
            DataSourceRef::Typed(kind) => TypeEvidence::Said(kind.to_string()),
            DataSourceRef::Variable { name, kind } => match plugin_of(name) {
                Some(plugin) => TypeEvidence::Said(plugin),
                None => said(kind),
            },
            DataSourceRef::Named { uid, kind } => {
                let provisioned = |kind: Cow<'_, str>| TypeEvidence::Provisioned(kind.into_owned());
                match said(kind) {
                    TypeEvidence::Unknown => {
                        types.of(uid).map_or(TypeEvidence::Unknown, provisioned)
                    }
                    known => types.certainly(uid).map_or(known, provisioned),
                }
            }
        }
    }
}
