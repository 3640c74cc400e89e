//! Where variables are put in besides queries: titles, links, legends, overrides, transformations, repeats.

use crate::diagnostic::TrailStep;
use crate::model::{Dashboard, DataSourceRef, Panel, VariableKind};
use crate::rules::Context;
use crate::syntax::{Kind, NodeRef};

/// What a text is for, and so how a reference in it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// A title of a panel or row.
    Title,
    /// The description of a panel.
    Description,
    /// The address or title of a link.
    Link,
    /// `legendFormat`.
    Legend,
    /// A field's name or an override's matcher.
    Override,
    /// An option of a transformation.
    Transformation,
    /// `interval`, `timeFrom`, `timeShift`.
    Option,
    /// `repeat`: the bare name.
    Repeat,
    /// The `regex` or the values of another variable.
    Variable,
    /// The uid or name of a data source.
    DataSource,
}

/// A text in which Grafana puts variables.
pub(super) struct Text<'t> {
    pub(super) node: NodeRef<'t>,
    pub(super) spot: Spot,
    owner: Owner,
}

#[derive(Clone, Copy)]
enum Owner {
    Dashboard,
    Panel(usize),
    Row(usize),
    Annotation(usize),
    Variable(usize),
}

impl Text<'_> {
    /// The way to it below the dashboard.
    pub(super) fn steps(&self, dashboard: &Dashboard<'_>) -> Vec<TrailStep> {
        match self.owner {
            Owner::Dashboard => Vec::new(),
            Owner::Panel(at) => dashboard
                .panels
                .get(at)
                .map(Context::panel_steps)
                .unwrap_or_default(),
            Owner::Row(at) => dashboard
                .rows
                .get(at)
                .map(|row| Context::row_steps(*row))
                .unwrap_or_default(),
            Owner::Annotation(at) => dashboard
                .annotations
                .get(at)
                .map(|annotation| {
                    let name = annotation.name().unwrap_or_default();
                    vec![Context::annotation_step(&name)]
                })
                .unwrap_or_default(),
            Owner::Variable(at) => dashboard
                .variables
                .get(at)
                .map(Context::variable_steps)
                .unwrap_or_default(),
        }
    }
}

/// Every text of the dashboard, but for its queries, in which Grafana puts variables (facts: usage scan of the classic
/// schema, @grafana/scenes 9.2.2).
pub(super) fn texts<'t>(dashboard: &Dashboard<'t>) -> Vec<Text<'t>> {
    let mut found = Found { texts: Vec::new() };
    for (at, panel) in dashboard.panels.iter().enumerate() {
        found.panel(panel, at);
    }
    for (at, row) in dashboard.rows.iter().enumerate() {
        let owner = Owner::Row(at);
        found.add(row.node.get("title"), Spot::Title, owner);
        found.add(row.repeat_node(), Spot::Repeat, owner);
    }
    for link in dashboard
        .node
        .get("links")
        .into_iter()
        .flat_map(NodeRef::items)
    {
        found.link(link, Owner::Dashboard);
    }
    for (at, variable) in dashboard.variables.iter().enumerate() {
        let owner = Owner::Variable(at);
        found.add(variable.node.get("regex"), Spot::Variable, owner);
        if variable.kind == VariableKind::Custom {
            found.add(variable.query_node(), Spot::Variable, owner);
        }
        found.data_source(variable.data_source_node(), owner);
    }
    for (at, annotation) in dashboard.annotations.iter().enumerate() {
        if annotation.is_enabled() {
            found.data_source(annotation.data_source_node(), Owner::Annotation(at));
        }
    }
    found.texts
}

struct Found<'t> {
    texts: Vec<Text<'t>>,
}

impl<'t> Found<'t> {
    fn add(&mut self, node: Option<NodeRef<'t>>, spot: Spot, owner: Owner) {
        if let Some(node) = node.filter(|node| node.kind() == Kind::String) {
            self.texts.push(Text { node, spot, owner });
        }
    }

    fn link(&mut self, link: NodeRef<'t>, owner: Owner) {
        self.add(link.get("url"), Spot::Link, owner);
        self.add(link.get("title"), Spot::Link, owner);
    }

    fn data_source(&mut self, node: Option<NodeRef<'t>>, owner: Owner) {
        let named = node.and_then(|node| match node.kind() {
            Kind::String => Some(node),
            _ => node.get("uid").or_else(|| node.get("name")),
        });
        self.add(named, Spot::DataSource, owner);
    }

    fn panel(&mut self, panel: &Panel<'t>, at: usize) {
        let owner = Owner::Panel(at);
        let node = panel.node;
        self.add(node.get("title"), Spot::Title, owner);
        self.add(node.get("description"), Spot::Description, owner);
        self.add(panel.repeat_node(), Spot::Repeat, owner);
        for key in ["interval", "timeFrom", "timeShift"] {
            self.add(panel.query_option(key), Spot::Option, owner);
        }
        for link in panel.links().chain(panel.data_links()) {
            self.add(link.url_node(), Spot::Link, owner);
            self.add(link.node.get("title"), Spot::Link, owner);
        }
        let targets = panel.targets();
        // Every target of a panel gets the panel's data source, unless that is mixed (Grafana 12, PanelQueryRunner).
        let own = matches!(
            panel.data_source(),
            DataSourceRef::Named { .. } | DataSourceRef::Variable { .. }
        );
        if own && !targets.is_empty() {
            self.data_source(panel.data_source_node(), owner);
        }
        for target in targets {
            if !own {
                self.data_source(target.data_source_node(), owner);
            }
            // Other data sources have aliases with a `$` of their own, under other keys.
            if target.query.get("expr").is_some() {
                self.add(target.query.get("legendFormat"), Spot::Legend, owner);
            }
        }
        if let Some(config) = panel.field_config() {
            self.field_config(config.node, owner);
        }
        for transformation in panel.each_transformation() {
            self.strings(transformation.options(), Spot::Transformation, owner);
        }
    }

    fn field_config(&mut self, config: NodeRef<'t>, owner: Owner) {
        if let Some(defaults) = config.get("defaults") {
            self.add(defaults.get("displayName"), Spot::Override, owner);
        }
        for rule in config.get("overrides").into_iter().flat_map(NodeRef::items) {
            self.add(rule.path(&["matcher", "options"]), Spot::Override, owner);
            for property in rule.get("properties").into_iter().flat_map(NodeRef::items) {
                let value = property.get("value");
                if crate::model::string(property, "id").as_deref() == Some("displayName") {
                    self.add(value, Spot::Override, owner);
                }
            }
        }
    }

    /// Every string below `node`.
    fn strings(&mut self, node: Option<NodeRef<'t>>, spot: Spot, owner: Owner) {
        let mut open: Vec<NodeRef<'t>> = node.into_iter().collect();
        while let Some(node) = open.pop() {
            // What an alias stands for is looked at where it stands.
            if node.is_alias() {
                continue;
            }
            match node.kind() {
                Kind::String => self.add(Some(node), spot, owner),
                Kind::Object => open.extend(node.members()),
                Kind::Array => open.extend(node.items()),
                _ => {}
            }
        }
    }
}
