//! Dashboards: one face for the classic schema, the second one and every wrapper.

use std::borrow::Cow;

use super::once::Once;
use super::query::language;
use super::{
    DataSourceRef, DataSourceTypes, Host, Language, Panel, Query, Row, TypeEvidence, Variable,
    VariableKind,
};
use crate::syntax::{Kind, NodeRef};

/// Panels in panels in panels: how deep nesting is followed. Grafana itself knows one level (a row).
const NESTING: usize = 8;

/// Which schema a dashboard is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `panels` or `rows`.
    Classic,
    /// `elements` and `layout`.
    V2,
}

/// An annotation query.
#[derive(Debug, Clone, Copy)]
pub struct Annotation<'t> {
    /// The object with its fields: of a v2 annotation its `spec`.
    pub node: NodeRef<'t>,
}

impl<'t> Annotation<'t> {
    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }
}

/// A dashboard.
#[derive(Debug)]
pub struct Dashboard<'t> {
    /// The object with its title: the root, or what a wrapper holds.
    pub node: NodeRef<'t>,
    /// The document's root, which may be a wrapper.
    pub root: NodeRef<'t>,
    /// Its schema.
    pub form: Form,
    /// Every panel that is not a row, in the order of the file: nested ones after the row they stand in.
    pub panels: Vec<Panel<'t>>,
    /// Every row.
    pub rows: Vec<Row<'t>>,
    /// Every template variable.
    pub variables: Vec<Variable<'t>>,
    /// Every annotation query.
    pub annotations: Vec<Annotation<'t>>,
    /// Every query of panels, annotations and variables that has a text.
    pub queries: Vec<Query<'t>>,
    /// Inputs of an export for sharing: name and plugin id.
    pub inputs: Vec<(String, String)>,
}

impl<'t> Dashboard<'t> {
    /// A classic dashboard in `node`, of a document with root `root`.
    pub fn classic(node: NodeRef<'t>, root: NodeRef<'t>, types: &dyn DataSourceTypes) -> Self {
        let mut dashboard = Self::empty(node, root, Form::Classic);
        let mut once = Once::default();
        let mut current = None;
        for item in node.get("panels").into_iter().flat_map(NodeRef::items) {
            if item.kind() != Kind::Object || !once.first(item) {
                continue;
            }
            if super::string(item, "type").as_deref() == Some("row") {
                let row = Row { node: item };
                dashboard.rows.push(row);
                dashboard.nested(item, Some(row), NESTING, &mut once);
                let collapsed = item
                    .get("collapsed")
                    .and_then(NodeRef::as_bool)
                    .unwrap_or(false);
                current = (!collapsed).then_some(row);
            } else {
                dashboard.panels.push(Panel::classic(item, current));
                dashboard.nested(item, current, NESTING, &mut once);
            }
        }
        for item in node.get("rows").into_iter().flat_map(NodeRef::items) {
            let row = Row { node: item };
            dashboard.rows.push(row);
            dashboard.nested(item, Some(row), NESTING, &mut once);
        }
        let list = |key: &str| {
            node.path(&[key, "list"])
                .into_iter()
                .flat_map(NodeRef::items)
        };
        let object = |item: &NodeRef<'t>| item.kind() == Kind::Object;
        dashboard.variables = list("templating")
            .filter(object)
            .map(Variable::classic)
            .collect();
        dashboard.annotations = list("annotations")
            .filter(object)
            .map(|node| Annotation { node })
            .collect();
        dashboard.inputs = node
            .get("__inputs")
            .or_else(|| root.get("__inputs"))
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(|input| {
                let name = super::string(input, "name")?.into_owned();
                Some((
                    name,
                    super::string(input, "pluginId")
                        .unwrap_or_default()
                        .into_owned(),
                ))
            })
            .collect();
        dashboard.collect_queries(types);
        dashboard
    }

    /// A dashboard that is one panel: a library panel.
    pub fn library_panel(
        node: NodeRef<'t>,
        root: NodeRef<'t>,
        types: &dyn DataSourceTypes,
    ) -> Self {
        let mut dashboard = Self::empty(node, root, Form::Classic);
        dashboard.panels.push(Panel::classic(node, None));
        dashboard.collect_queries(types);
        dashboard
    }

    /// A dashboard of the second schema whose spec is `node`.
    pub fn v2(node: NodeRef<'t>, root: NodeRef<'t>, types: &dyn DataSourceTypes) -> Self {
        let mut dashboard = Self::empty(node, root, Form::V2);
        for element in node.get("elements").into_iter().flat_map(NodeRef::members) {
            if super::string(element, "kind").as_deref() != Some("Panel") {
                continue;
            }
            if let Some(spec) = element.get("spec") {
                dashboard.panels.push(Panel::v2(spec, None));
            }
        }
        dashboard.variables = node
            .get("variables")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(Variable::v2)
            .collect();
        dashboard.layout_variables();
        dashboard.annotations = node
            .get("annotations")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(|item| item.get("spec"))
            .map(|node| Annotation { node })
            .collect();
        dashboard.collect_queries(types);
        dashboard
    }

    fn empty(node: NodeRef<'t>, root: NodeRef<'t>, form: Form) -> Self {
        Dashboard {
            node,
            root,
            form,
            panels: Vec::new(),
            rows: Vec::new(),
            variables: Vec::new(),
            annotations: Vec::new(),
            queries: Vec::new(),
            inputs: Vec::new(),
        }
    }

    fn nested(&mut self, holder: NodeRef<'t>, row: Option<Row<'t>>, depth: usize, once: &mut Once) {
        if depth == 0 {
            return;
        }
        for item in holder.get("panels").into_iter().flat_map(NodeRef::items) {
            if item.kind() != Kind::Object || !once.first(item) {
                continue;
            }
            self.panels.push(Panel::classic(item, row));
            self.nested(item, row, depth - 1, once);
        }
    }

    /// Rows and tabs of a v2 layout may declare variables of their own.
    fn layout_variables(&mut self) {
        let mut open: Vec<(NodeRef<'t>, usize)> = self
            .node
            .get("layout")
            .map(|node| (node, 0))
            .into_iter()
            .collect();
        while let Some((layout, depth)) = open.pop() {
            if depth > 2 * NESTING {
                continue;
            }
            for key in ["rows", "tabs"] {
                for part in layout
                    .path(&["spec", key])
                    .into_iter()
                    .flat_map(NodeRef::items)
                {
                    let Some(spec) = part.get("spec") else {
                        continue;
                    };
                    self.rows.push(Row { node: spec });
                    let variables = spec.get("variables").into_iter().flat_map(NodeRef::items);
                    self.variables.extend(variables.filter_map(Variable::v2));
                    open.extend(spec.get("layout").map(|inner| (inner, depth + 1)));
                }
            }
        }
    }

    fn collect_queries(&mut self, types: &dyn DataSourceTypes) {
        let mut queries = Vec::new();
        for (index, panel) in self.panels.iter().enumerate() {
            let own = panel.data_source();
            for target in panel.targets() {
                // Anything but PromQL-shaped text has other keys; `expr` is Prometheus's and Loki's.
                let Some(text_node) = target.query.get("expr") else {
                    continue;
                };
                let evidence = self.evidence(&target.data_source, &own, types);
                let Some(text) = text_node.as_text() else {
                    continue;
                };
                let language = language(&evidence, &text.value);
                if let Some(mut query) =
                    Query::new(target.query, text_node, Host::Panel(index), language)
                {
                    if query.ref_id.is_empty() {
                        query.ref_id = super::string(target.outer, "refId")
                            .unwrap_or_default()
                            .into_owned();
                    }
                    query.hidden |=
                        target.outer.get("hidden").and_then(NodeRef::as_bool) == Some(true);
                    queries.push(query);
                }
            }
        }
        for (index, annotation) in self.annotations.iter().enumerate() {
            let inner = annotation
                .node
                .path(&["query", "spec"])
                .filter(|_| self.form == Form::V2);
            let holder = inner.unwrap_or(annotation.node);
            let Some(text_node) = holder.get("expr") else {
                continue;
            };
            let Some(text) = text_node
                .as_text()
                .filter(|text| !text.value.trim().is_empty())
            else {
                continue;
            };
            let source = match (self.form, annotation.node.get("query")) {
                (Form::V2, Some(query)) => DataSourceRef::v2(query, annotation.node),
                _ => DataSourceRef::classic(annotation.node.get("datasource")),
            };
            let evidence = source.resolve(&self.variables, &self.inputs, types);
            queries.extend(Query::new(
                holder,
                text_node,
                Host::Annotation(index),
                language(&evidence, &text.value),
            ));
        }
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
            let evidence = variable
                .data_source()
                .resolve(&self.variables, &self.inputs, types);
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
        self.queries = queries;
    }

    /// What type of data source a target goes to: its own, else the panel's, else Grafana's default.
    fn evidence(
        &self,
        target: &DataSourceRef<'t>,
        panel: &DataSourceRef<'t>,
        types: &dyn DataSourceTypes,
    ) -> TypeEvidence {
        let chosen = match (target, panel) {
            (DataSourceRef::Default, panel) => panel,
            (target, _) => target,
        };
        match (chosen.resolve(&self.variables, &self.inputs, types), panel) {
            // A target without a data source in a mixed panel: nothing says what it is.
            (TypeEvidence::None, DataSourceRef::Mixed) => TypeEvidence::Unknown,
            (evidence, _) => evidence,
        }
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title").filter(|title| !title.is_empty())
    }

    /// Its uid: the classic field, or the resource's name.
    pub fn uid(&self) -> Option<Cow<'t, str>> {
        let own = super::string(self.node, "uid").filter(|uid| !uid.is_empty());
        own.or_else(|| {
            let resource = self.root.get("apiVersion").is_some() && self.root != self.node;
            resource
                .then(|| {
                    self.root
                        .path(&["metadata", "name"])
                        .and_then(NodeRef::as_str)
                })
                .flatten()
        })
    }

    /// The variable called `name`.
    pub fn variable(&self, name: &str) -> Option<&Variable<'t>> {
        self.variables
            .iter()
            .find(|variable| variable.name() == name)
    }

    /// The panel that holds a query.
    pub fn panel_of(&self, query: &Query<'t>) -> Option<&Panel<'t>> {
        match query.host {
            Host::Panel(index) => self.panels.get(index),
            _ => None,
        }
    }

    /// Where its refresh interval stands.
    pub fn refresh_node(&self) -> Option<NodeRef<'t>> {
        match self.form {
            Form::Classic => self.node.get("refresh"),
            Form::V2 => self.node.path(&["timeSettings", "autoRefresh"]),
        }
    }
}
