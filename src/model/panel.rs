//! Panels and rows.

use std::borrow::Cow;

use super::{DataSourceRef, FieldConfig};
use crate::syntax::{Kind, NodeRef};

/// A row of either era, or a row or tab of a v2 layout.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> Row<'t> {
    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title")
    }

    /// The variable it is repeated over.
    pub fn repeat(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "repeat").filter(|name| !name.is_empty())
    }
}

/// A panel: of a classic dashboard, inside a row of either era, of a library, or an element of a v2 dashboard.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'t> {
    /// The object with its title, id and description: of a v2 panel its `spec`.
    pub node: NodeRef<'t>,
    /// The row it belongs to, where that is certain.
    pub row: Option<Row<'t>>,
    /// The object that holds `options` and `fieldConfig`: the panel itself, or a v2 panel's `vizConfig.spec`.
    viz: NodeRef<'t>,
    v2: bool,
}

impl<'t> Panel<'t> {
    /// A classic panel.
    pub fn classic(node: NodeRef<'t>, row: Option<Row<'t>>) -> Self {
        Panel {
            node,
            row,
            viz: node,
            v2: false,
        }
    }

    /// The panel of a v2 element, given its `spec`.
    pub fn v2(spec: NodeRef<'t>, row: Option<Row<'t>>) -> Self {
        Panel {
            node: spec,
            row,
            viz: spec.path(&["vizConfig", "spec"]).unwrap_or(spec),
            v2: true,
        }
    }

    /// Its title, as written; `None` where it has none or an empty one.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title").filter(|title| !title.is_empty())
    }

    /// Its id.
    pub fn id(&self) -> Option<i64> {
        self.node.get("id")?.as_i64()
    }

    /// The panel plugin: `timeseries`, `stat` …
    pub fn kind(&self) -> Cow<'t, str> {
        self.kind_node()
            .and_then(NodeRef::as_str)
            .unwrap_or_default()
    }

    /// Where the plugin stands: `type`; in v2 `vizConfig.group`, in v2alpha1 `vizConfig.kind`.
    pub fn kind_node(&self) -> Option<NodeRef<'t>> {
        if !self.v2 {
            return self.node.get("type");
        }
        let viz = self.node.get("vizConfig")?;
        viz.get("group").or_else(|| {
            viz.get("kind")
                .filter(|kind| kind.as_str().as_deref() != Some("VizConfig"))
        })
    }

    /// What its author says about it.
    pub fn description(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "description")
    }

    /// `options`.
    pub fn options(&self) -> Option<NodeRef<'t>> {
        self.viz.get("options")
    }

    /// A field of `options`, by its path.
    pub fn option(&self, path: &[&str]) -> Option<NodeRef<'t>> {
        self.options()?.path(path)
    }

    /// `fieldConfig`.
    pub fn field_config(&self) -> Option<FieldConfig<'t>> {
        self.viz
            .get("fieldConfig")
            .filter(|node| node.kind() == Kind::Object)
            .map(|node| FieldConfig { node })
    }

    /// Where the unit stands that its values have unless an override says otherwise.
    pub fn unit_node(&self) -> Option<NodeRef<'t>> {
        self.field_config()?.node.path(&["defaults", "unit"])
    }

    /// That unit; empty or missing is `None`.
    pub fn unit(&self) -> Option<Cow<'t, str>> {
        self.unit_node()?.as_str().filter(|unit| !unit.is_empty())
    }

    /// The variable it is repeated over.
    pub fn repeat(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "repeat").filter(|name| !name.is_empty())
    }

    /// Its own data source, which a target's overrides. A v2 panel has none.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        if self.v2 {
            DataSourceRef::Default
        } else {
            DataSourceRef::classic(self.node.get("datasource"))
        }
    }

    /// Its targets: for each the object with the query's own fields, the one with `refId` and `hide`, and the data
    /// source it names itself.
    pub fn targets(&self) -> Vec<Target<'t>> {
        if self.v2 {
            let queries = self.node.path(&["data", "spec", "queries"]);
            return queries
                .into_iter()
                .flat_map(NodeRef::items)
                .filter_map(|query| {
                    let outer = query.get("spec")?;
                    let inner = outer.get("query")?;
                    Some(Target {
                        query: inner.get("spec").unwrap_or(inner),
                        outer,
                        data_source: DataSourceRef::v2(inner, outer),
                    })
                })
                .collect();
        }
        self.node
            .get("targets")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter(|target| target.kind() == Kind::Object)
            .map(|target| Target {
                query: target,
                outer: target,
                data_source: DataSourceRef::classic(target.get("datasource")),
            })
            .collect()
    }

    /// Its transformations: (id, options) of each.
    pub fn transformations(&self) -> Option<NodeRef<'t>> {
        if self.v2 {
            self.node.path(&["data", "spec", "transformations"])
        } else {
            self.node.get("transformations")
        }
    }

    /// It is of the second schema.
    pub fn is_v2(&self) -> bool {
        self.v2
    }
}

/// A query of a panel, before its language is known.
#[derive(Debug, Clone)]
pub struct Target<'t> {
    /// Holds `expr`, `legendFormat`, `instant` …
    pub query: NodeRef<'t>,
    /// Holds `refId` and `hide` (`hidden` in v2).
    pub outer: NodeRef<'t>,
    /// The data source it names.
    pub data_source: DataSourceRef<'t>,
}
