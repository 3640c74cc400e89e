//! Dashboards: one face for the classic schema, the second one and every wrapper.

use std::borrow::Cow;
use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::annotation::Annotation;
use super::layout::Layout;
use super::library::{LibraryPanel, exported_models};
use super::once::Once;
use super::row::Row;
use super::{DataSourceTypes, Host, Panel, Query, Variable, VariableKind};
use crate::syntax::{Kind, NodeRef};

/// Panels in panels in panels: how deep nesting is followed. Grafana itself knows one level (a row).
const NESTING: usize = 8;
/// Variables without a type are queries in files older than this (schema 6's migration, DashboardMigrator).
const TYPED_VARIABLES: i64 = 6;
/// So many variables are looked through faster than an index of them is made.
const FEW_VARIABLES: usize = 16;

/// Which schema a dashboard is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `panels` or `rows`.
    Classic,
    /// `elements` and `layout`.
    V2,
    /// A library panel: one panel, and no dashboard around it.
    LibraryPanel,
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
    /// Every panel that is not a row, in the order it is shown: nested ones after the row they stand in, those that a
    /// v2 layout leaves out after all others, and the models of library panels that an export brings along at the end.
    pub panels: Vec<Panel<'t>>,
    /// Every row and tab.
    pub rows: Vec<Row<'t>>,
    /// Every template variable; those of v2 rows and tabs after those of the dashboard.
    pub variables: Vec<Variable<'t>>,
    /// Every annotation query.
    pub annotations: Vec<Annotation<'t>>,
    /// Every query of panels, annotations and variables that has a text.
    pub queries: Vec<Query<'t>>,
    /// Inputs of an export for sharing: name and plugin id.
    pub inputs: Vec<(String, String)>,
    /// Where a v2 layout names an element that there is none of.
    pub missing_elements: Vec<NodeRef<'t>>,
    /// The places of the variables by their names, where there are many.
    names: OnceCell<FxHashMap<Box<str>, usize>>,
}

impl<'t> Dashboard<'t> {
    /// A classic dashboard in `node`, of a document with root `root`.
    pub fn classic(node: NodeRef<'t>, root: NodeRef<'t>, types: &dyn DataSourceTypes) -> Self {
        let mut dashboard = Self::empty(node, root, Form::Classic);
        dashboard.classic_panels();
        let list = |key: &str| {
            node.path(&[key, "list"])
                .into_iter()
                .flat_map(NodeRef::items)
        };
        let object = |item: &NodeRef<'t>| item.kind() == Kind::Object;
        let untyped = match dashboard.schema_version() {
            Some(version) if version < TYPED_VARIABLES => VariableKind::Query,
            _ => VariableKind::Unknown,
        };
        dashboard.variables = list("templating")
            .filter(object)
            .map(|node| Variable::classic(node, untyped))
            .collect();
        dashboard.annotations = list("annotations")
            .filter(object)
            .map(Annotation::classic)
            .collect();
        dashboard.inputs = dashboard.read_inputs();
        dashboard.collect_queries(types);
        dashboard
    }

    /// A dashboard that is one panel: a library panel.
    pub fn library_panel(
        node: NodeRef<'t>,
        root: NodeRef<'t>,
        types: &dyn DataSourceTypes,
    ) -> Self {
        let mut dashboard = Self::empty(node, root, Form::LibraryPanel);
        dashboard.panels.push(Panel::model(node));
        dashboard.collect_queries(types);
        dashboard
    }

    /// A dashboard of the second schema whose spec is `node`.
    pub fn v2(node: NodeRef<'t>, root: NodeRef<'t>, types: &dyn DataSourceTypes) -> Self {
        let mut dashboard = Self::empty(node, root, Form::V2);
        let layout = Layout::new(node);
        dashboard.elements(&layout);
        let variables = |holder: NodeRef<'t>| {
            let list = holder.get("variables").into_iter();
            list.flat_map(NodeRef::items).filter_map(Variable::v2)
        };
        dashboard.variables = variables(node).collect();
        let inner = layout.rows.iter().flat_map(|row| variables(row.node));
        dashboard.variables.extend(inner);
        dashboard.rows = layout.rows;
        dashboard.annotations = node
            .get("annotations")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(|item| item.get("spec"))
            .map(Annotation::v2)
            .collect();
        dashboard.inputs = dashboard.read_inputs();
        dashboard.collect_queries(types);
        dashboard
    }

    /// A dashboard of which nothing was read yet.
    pub(super) fn empty(node: NodeRef<'t>, root: NodeRef<'t>, form: Form) -> Self {
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
            missing_elements: Vec::new(),
            names: OnceCell::new(),
        }
    }

    /// Rows and panels of both eras of the classic schema, and the library panels of an export.
    fn classic_panels(&mut self) {
        let mut once = Once::default();
        let mut current = None;
        let node = self.node;
        for item in node.get("panels").into_iter().flat_map(NodeRef::items) {
            if item.kind() != Kind::Object || !once.first(item) {
                continue;
            }
            if super::string(item, "type").as_deref() == Some("row") {
                let row = Row::classic(item);
                self.rows.push(row);
                self.nested(item, Some(row), NESTING, &mut once);
                let collapsed = item
                    .get("collapsed")
                    .and_then(NodeRef::as_bool)
                    .unwrap_or(false);
                current = (!collapsed).then_some(row);
            } else {
                self.panels.push(Panel::classic(item, current));
                self.nested(item, current, NESTING, &mut once);
            }
        }
        for item in node.get("rows").into_iter().flat_map(NodeRef::items) {
            let row = Row::classic(item);
            self.rows.push(row);
            self.nested(item, Some(row), NESTING, &mut once);
        }
        let models = exported_models(node).filter(|model| once.first(*model));
        self.panels.extend(models.map(Panel::exported));
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

    /// The elements in the order of the layout, then those it leaves out.
    fn elements(&mut self, layout: &Layout<'t>) {
        let elements: Vec<NodeRef<'t>> = self
            .node
            .get("elements")
            .into_iter()
            .flat_map(NodeRef::members)
            .collect();
        let by_name: FxHashMap<Cow<'t, str>, usize> = elements
            .iter()
            .enumerate()
            .filter_map(|(at, element)| Some((element.key()?, at)))
            .collect();
        let mut shown = vec![false; elements.len()];
        let mut once = Once::default();
        for item in &layout.items {
            let Some(&at) = by_name.get(&item.element) else {
                let name = item.spec.path(&["element", "name"]);
                self.missing_elements.extend(name);
                continue;
            };
            shown[at] = true;
            let spec = elements[at].get("spec");
            let spec = spec.filter(|spec| once.first(*spec));
            self.panels
                .extend(spec.map(|spec| Panel::v2(spec, Some(item))));
        }
        for (element, shown) in elements.iter().zip(shown) {
            if shown {
                continue;
            }
            let spec = element.get("spec").filter(|spec| once.first(*spec));
            self.panels.extend(spec.map(|spec| Panel::v2(spec, None)));
        }
    }

    fn read_inputs(&self) -> Vec<(String, String)> {
        let inputs = self.export_part("__inputs").into_iter();
        inputs
            .flat_map(NodeRef::items)
            .filter_map(|input| {
                let name = super::string(input, "name")?.into_owned();
                let plugin = super::string(input, "pluginId").unwrap_or_default();
                Some((name, plugin.into_owned()))
            })
            .collect()
    }

    /// `__inputs`, `__requires` or `__elements` of an export for sharing.
    fn export_part(&self, key: &str) -> Option<NodeRef<'t>> {
        self.node.get(key).or_else(|| self.root.get(key))
    }

    /// What an export for sharing asks to be given when it is imported: data sources and constants.
    pub fn inputs_node(&self) -> Option<NodeRef<'t>> {
        self.export_part("__inputs")
    }

    /// The Grafana and the plugins an export for sharing was made with.
    pub fn requires_node(&self) -> Option<NodeRef<'t>> {
        self.export_part("__requires")
    }

    /// The library panel, where the document is one.
    pub fn library(&self) -> Option<LibraryPanel<'t>> {
        (self.form == Form::LibraryPanel).then(|| LibraryPanel::document(self.root))
    }

    /// The variable called `name`.
    pub fn variable(&self, name: &str) -> Option<&Variable<'t>> {
        if self.variables.len() <= FEW_VARIABLES {
            return self
                .variables
                .iter()
                .find(|variable| variable.name() == name);
        }
        let names = self.names.get_or_init(|| {
            // The first of those that share a name is meant.
            let variables = self.variables.iter().enumerate().rev();
            variables
                .map(|(at, variable)| (Box::from(variable.name()), at))
                .collect()
        });
        self.variables.get(*names.get(name)?)
    }

    /// The ids of its panels and rows, without a look at the rest of them: a head knows them too.
    pub(crate) fn panel_ids(&self) -> Vec<i64> {
        if self.form == Form::V2 {
            let elements = self.node.get("elements").into_iter();
            return elements
                .flat_map(NodeRef::members)
                .filter_map(|element| element.path(&["spec", "id"])?.as_i64())
                .collect();
        }
        let mut ids = Vec::new();
        let mut open = vec![(self.node, 0)];
        while let Some((node, depth)) = open.pop() {
            let lists = [node.get("panels"), node.get("rows")].into_iter().flatten();
            for panel in lists.flat_map(NodeRef::items) {
                ids.extend(panel.get("id").and_then(NodeRef::as_i64));
                if depth < NESTING {
                    open.push((panel, depth + 1));
                }
            }
        }
        ids
    }

    /// The panel that holds a query.
    pub fn panel_of(&self, query: &Query<'t>) -> Option<&Panel<'t>> {
        match query.host {
            Host::Panel(index) => self.panels.get(index),
            _ => None,
        }
    }
}
