//! What panels ask for, the queries of a dashboard, and which data source each of them goes to.

use std::borrow::Cow;

use super::query::language;
use super::{
    Dashboard, DataSourceRef, DataSourceTypes, Host, Language, Panel, Query, TypeEvidence,
    Variable, VariableKind,
};
use crate::syntax::NodeRef;

/// A query of a panel, before its language is known.
#[derive(Debug, Clone, Copy)]
pub struct Target<'t> {
    /// Holds `expr`, `legendFormat`, `instant` …
    pub query: NodeRef<'t>,
    /// Holds `refId` and `hide` (`hidden` in v2).
    pub outer: NodeRef<'t>,
    /// In v2 what holds both its kind and its own fields.
    group: Option<NodeRef<'t>>,
}

impl<'t> Target<'t> {
    pub(super) fn classic(node: NodeRef<'t>) -> Self {
        Target {
            query: node,
            outer: node,
            group: None,
        }
    }

    pub(super) fn v2(outer: NodeRef<'t>, inner: NodeRef<'t>) -> Self {
        Target {
            query: inner.get("spec").unwrap_or(inner),
            outer,
            group: Some(inner),
        }
    }

    /// The data source it names.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        match self.group {
            Some(group) => DataSourceRef::v2(group, self.outer),
            None => DataSourceRef::classic(self.outer.get("datasource")),
        }
    }

    /// Where its name stands.
    pub fn ref_id_node(&self) -> Option<NodeRef<'t>> {
        self.outer.get("refId").or_else(|| self.query.get("refId"))
    }

    /// Its name, by which results and expressions know it; empty where it has none.
    pub fn ref_id(&self) -> Cow<'t, str> {
        self.ref_id_node()
            .and_then(NodeRef::as_str)
            .unwrap_or_default()
    }

    /// Where the data source stands that it names itself: `datasource`, in v2 that of its query, in v2alpha1 beside it.
    pub fn data_source_node(&self) -> Option<NodeRef<'t>> {
        let of_query = match self.outer == self.query {
            true => None,
            false => self.outer.path(&["query", "datasource"]),
        };
        of_query.or_else(|| self.outer.get("datasource"))
    }

    /// It is switched off in the panel: `hide`, in v2 `hidden`.
    pub fn is_hidden(&self) -> bool {
        ["hide", "hidden"]
            .iter()
            .any(|key| self.outer.get(key).and_then(NodeRef::as_bool) == Some(true))
    }
}

impl<'t> Dashboard<'t> {
    /// Reads the queries of panels, annotations and variables.
    pub(super) fn collect_queries(&mut self, types: &dyn DataSourceTypes) {
        let mut queries = Vec::new();
        self.panel_queries(types, &mut queries);
        self.annotation_queries(types, &mut queries);
        self.variable_queries(types, &mut queries);
        self.queries = queries;
    }

    fn panel_queries(&self, types: &dyn DataSourceTypes, queries: &mut Vec<Query<'t>>) {
        for (index, panel) in self.panels.iter().enumerate() {
            for target in panel.targets() {
                // Anything but PromQL-shaped text has other keys; `expr` is Prometheus's and Loki's.
                let Some(text_node) = target.query.get("expr") else {
                    continue;
                };
                let Some(text) = text_node.as_text() else {
                    continue;
                };
                let evidence = self.data_source_type(panel, &target, types);
                let language = language(&evidence, &text.value);
                let query = Query::new(target.query, text_node, Host::Panel(index), language);
                queries.extend(query.map(|mut query| {
                    query.ref_id = target.ref_id().into_owned();
                    query.hidden |= target.is_hidden();
                    query
                }));
            }
        }
    }

    fn annotation_queries(&self, types: &dyn DataSourceTypes, queries: &mut Vec<Query<'t>>) {
        for (index, annotation) in self.annotations.iter().enumerate() {
            let holder = annotation.query();
            let Some(text_node) = holder.get("expr") else {
                continue;
            };
            let Some(text) = text_node
                .as_text()
                .filter(|text| !text.value.trim().is_empty())
            else {
                continue;
            };
            let evidence = self.resolve(&annotation.data_source(), types);
            let language = language(&evidence, &text.value);
            queries.extend(Query::new(
                holder,
                text_node,
                Host::Annotation(index),
                language,
            ));
        }
    }

    fn variable_queries(&self, types: &dyn DataSourceTypes, queries: &mut Vec<Query<'t>>) {
        for (index, variable) in self.variables.iter().enumerate() {
            if variable.kind != VariableKind::Query {
                continue;
            }
            let Some(text_node) = variable.query_node() else {
                continue;
            };
            let Some(text) = text_node.as_str() else {
                continue;
            };
            let evidence = self.resolve(&variable.data_source(), types);
            let language = match language(&evidence, &text) {
                Language::PromQl => Language::PromVariable,
                Language::ProbablyPromQl if crate::promql::variable_query::looks_like(&text) => {
                    Language::PromVariable
                }
                Language::ProbablyPromQl => Language::Other,
                other => other,
            };
            queries.extend(Query::new(
                variable.node,
                text_node,
                Host::Variable(index),
                language,
            ));
        }
    }

    /// The data source a target goes to: its own, else the panel's, else Grafana's default, which is what a target
    /// without one means in a mixed panel too (schema 36's migration, DashboardMigrator).
    pub fn data_source_of(&self, panel: &Panel<'t>, target: &Target<'t>) -> DataSourceRef<'t> {
        match (target.data_source(), panel.data_source()) {
            (DataSourceRef::Default | DataSourceRef::Mixed, DataSourceRef::Mixed) => {
                DataSourceRef::Default
            }
            (DataSourceRef::Default, of_panel) => of_panel,
            (own, _) => own,
        }
    }

    /// The plugin of the data source a target goes to, and how it is known.
    pub fn data_source_type(
        &self,
        panel: &Panel<'t>,
        target: &Target<'t>,
        types: &dyn DataSourceTypes,
    ) -> TypeEvidence {
        self.resolve(&self.data_source_of(panel, target), types)
    }

    /// The plugin of a data source this dashboard refers to: as its variables and inputs say, else the project.
    pub fn resolve(&self, source: &DataSourceRef<'t>, types: &dyn DataSourceTypes) -> TypeEvidence {
        let plugin_of = |name: &str| {
            let variable = self.variable(name);
            let variable = variable.filter(|found| found.kind == VariableKind::DataSource);
            if let Some(plugin) = variable.and_then(Variable::plugin) {
                return Some(plugin.into_owned());
            }
            let input = self.inputs.iter().find(|(input, _)| input == name);
            input.map(|(_, plugin)| plugin.clone())
        };
        source.resolve(&plugin_of, types)
    }
}
