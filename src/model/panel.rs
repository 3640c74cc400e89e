//! Panels.

use std::borrow::Cow;

use super::layout::{GridPosition, Item};
use super::library::LibraryPanel;
use super::link::Link;
use super::row::Row;
use super::targets::Target;
use super::transformation::Transformation;
use super::{DataSourceRef, FieldConfig, Override};
use crate::syntax::{Kind, NodeRef, Picked};

/// Where a panel's fields stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A panel of a classic dashboard.
    Classic,
    /// The model of a library panel, in a document of its own.
    Model,
    /// The model of a library panel in an export.
    Exported,
    /// An element of a v2 dashboard.
    V2,
}

/// The fields of a panel that most rules ask for; those of a v2 panel stand in different objects.
#[derive(Debug, Clone, Copy)]
enum Field {
    Title,
    Description,
    Id,
    Type,
    Options,
    Values,
    Targets,
    DataSource,
    Transformations,
    Links,
    GridPosition,
    Repeat,
    LibraryPanel,
}

impl Field {
    /// Their keys, in the same order.
    const KEYS: [&str; 13] = [
        "title",
        "description",
        "id",
        "type",
        "options",
        "fieldConfig",
        "targets",
        "datasource",
        "transformations",
        "links",
        "gridPos",
        "repeat",
        "libraryPanel",
    ];
}

/// A panel: of a classic dashboard, inside a row of either era, of a library, or an element of a v2 dashboard.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'t> {
    /// The object with its title, id and description: of a v2 panel its `spec`.
    pub node: NodeRef<'t>,
    /// The row it belongs to, where that is certain; in v2 the innermost row or tab.
    pub row: Option<Row<'t>>,
    /// The object that holds `options` and `fieldConfig`: the panel itself, or a v2 panel's `vizConfig.spec`.
    viz: NodeRef<'t>,
    /// The object that says where it is shown and what it is repeated over: the panel itself, or the `spec` of the
    /// layout item that shows a v2 panel.
    place: Option<NodeRef<'t>>,
    form: Form,
    /// Of `node`.
    fields: Picked<{ Field::KEYS.len() }>,
    options: Option<NodeRef<'t>>,
    field_config: Option<FieldConfig<'t>>,
}

impl<'t> Panel<'t> {
    /// A classic panel.
    pub(super) fn classic(node: NodeRef<'t>, row: Option<Row<'t>>) -> Self {
        let fields = node.pick(&Field::KEYS);
        Panel {
            node,
            row,
            viz: node,
            place: Some(node),
            form: Form::Classic,
            fields,
            options: node.picked(&fields, Field::Options as usize),
            field_config: field_config(
                node.picked(&fields, Field::Values as usize),
                node.picked(&fields, Field::Options as usize),
            ),
        }
    }

    /// The model of a library panel in a document of its own.
    pub(super) fn model(node: NodeRef<'t>) -> Self {
        Panel {
            form: Form::Model,
            ..Self::classic(node, None)
        }
    }

    /// The model of a library panel that an export for sharing brings along.
    pub(super) fn exported(model: NodeRef<'t>) -> Self {
        Panel {
            place: None,
            form: Form::Exported,
            ..Self::classic(model, None)
        }
    }

    /// The panel of a v2 element, given its `spec` and the item of the layout that shows it.
    pub(super) fn v2(spec: NodeRef<'t>, item: Option<&Item<'t>>) -> Self {
        let viz = spec.path(&["vizConfig", "spec"]).unwrap_or(spec);
        Panel {
            node: spec,
            row: item.and_then(|item| item.row),
            viz,
            place: item.map(|item| item.spec),
            form: Form::V2,
            fields: spec.pick(&Field::KEYS),
            options: viz.get("options"),
            field_config: field_config(viz.get("fieldConfig"), None),
        }
    }

    /// One of its own fields.
    fn field(&self, field: Field) -> Option<NodeRef<'t>> {
        self.node.picked(&self.fields, field as usize)
    }

    fn string(&self, field: Field) -> Option<Cow<'t, str>> {
        self.field(field)?.as_str()
    }

    /// It is of the second schema.
    pub fn is_v2(&self) -> bool {
        self.form == Form::V2
    }

    /// Its title, as written, or the name of the library panel it shows; `None` where it has none or an empty one.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        self.string(Field::Title)
            .filter(|title| !title.is_empty())
            .or_else(|| self.library()?.name)
    }

    /// Its id. That of a library panel's model in an export means nothing.
    pub fn id(&self) -> Option<i64> {
        self.id_node()?.as_i64()
    }

    /// Where its id stands.
    pub fn id_node(&self) -> Option<NodeRef<'t>> {
        self.field(Field::Id)
            .filter(|_| self.form != Form::Exported)
    }

    /// The panel plugin: `timeseries`, `stat` …; empty where nothing says so, as in v2 for library panels.
    pub fn kind(&self) -> Cow<'t, str> {
        self.kind_node()
            .and_then(NodeRef::as_str)
            .unwrap_or_default()
    }

    /// Where the plugin stands: `type`; in v2 `vizConfig.group`, in v2alpha1 `vizConfig.kind`.
    pub fn kind_node(&self) -> Option<NodeRef<'t>> {
        if !self.is_v2() {
            return self.field(Field::Type);
        }
        let viz = self.node.get("vizConfig")?;
        viz.get("group").or_else(|| {
            viz.get("kind")
                .filter(|kind| kind.as_str().as_deref() != Some("VizConfig"))
        })
    }

    /// The version of the plugin that saved it: `pluginVersion`, in v2 `vizConfig.version`.
    pub fn plugin_version(&self) -> Option<Cow<'t, str>> {
        let newer = match self.is_v2() {
            true => self.node.path(&["vizConfig", "version"]),
            false => None,
        };
        newer.or_else(|| self.viz.get("pluginVersion"))?.as_str()
    }

    /// What its author says about it.
    pub fn description(&self) -> Option<Cow<'t, str>> {
        self.string(Field::Description)
    }

    /// It has no background of its own.
    pub fn is_transparent(&self) -> bool {
        self.node.get("transparent").and_then(NodeRef::as_bool) == Some(true)
    }

    /// `options`.
    pub fn options(&self) -> Option<NodeRef<'t>> {
        self.options
    }

    /// A field of `options`, by its path.
    pub fn option(&self, path: &[&str]) -> Option<NodeRef<'t>> {
        self.options()?.path(path)
    }

    /// `fieldConfig`; before Grafana 7 gauges and stats kept the same in `options.fieldOptions`
    /// (sharedSingleStatMigrationHandler, Grafana 8).
    pub fn field_config(&self) -> Option<FieldConfig<'t>> {
        self.field_config
    }

    /// The overrides of its field configuration, in order.
    pub fn overrides(&self) -> impl Iterator<Item = Override<'t>> + use<'t> {
        self.field_config()
            .into_iter()
            .flat_map(|config| config.overrides())
    }

    /// Its own data source, which a target's overrides. A v2 panel has none.
    pub fn data_source(&self) -> DataSourceRef<'t> {
        DataSourceRef::classic(self.data_source_node())
    }

    /// Where that stands.
    pub fn data_source_node(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => None,
            false => self.field(Field::DataSource),
        }
    }

    /// Where its targets stand, in a list.
    pub fn targets_node(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => self.node.path(&["data", "spec", "queries"]),
            false => self.field(Field::Targets),
        }
    }

    /// Its targets: for each the object with the query's own fields, the one with `refId` and `hide`, and the data
    /// source it names itself.
    pub fn targets(&self) -> Vec<Target<'t>> {
        self.each_target().collect()
    }

    /// The same, one after the other.
    pub fn each_target(&self) -> impl Iterator<Item = Target<'t>> + use<'t> {
        let panel = *self;
        let list = self.targets_node().into_iter().flat_map(NodeRef::items);
        list.filter_map(move |item| panel.target(item))
    }

    /// The target whose own fields stand in `query`.
    pub fn target_of(&self, query: NodeRef<'t>) -> Option<Target<'t>> {
        let list = self.targets_node()?;
        let mut around = std::iter::successors(Some(query), |node| node.parent());
        let item = around.find(|node| node.parent().is_none_or(|parent| parent == list))?;
        self.target(item).filter(|target| target.query == query)
    }

    fn target(&self, item: NodeRef<'t>) -> Option<Target<'t>> {
        if self.is_v2() {
            let outer = item.get("spec")?;
            return Some(Target::v2(outer, outer.get("query")?));
        }
        (item.kind() == Kind::Object).then(|| Target::classic(item))
    }

    /// Where an option of all its queries stands, by its name in either schema: `interval`, `maxDataPoints`, `timeFrom`,
    /// `timeShift`, `hideTimeOverride`, `cacheTimeout`, `queryCachingTTL`, `timeCompare`.
    pub fn query_option(&self, name: &str) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => self.node.path(&["data", "spec", "queryOptions", name]),
            false => self.node.get(name),
        }
    }

    /// The shortest step its queries may have.
    pub fn min_interval(&self) -> Option<Cow<'t, str>> {
        self.query_option("interval")?
            .as_str()
            .filter(|interval| !interval.is_empty())
    }

    /// The most points a series may have; a number, in old files sometimes in a string.
    pub fn max_data_points(&self) -> Option<f64> {
        number(self.query_option("maxDataPoints")?)
    }

    /// Where its transformations stand, in a list.
    pub fn transformations(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => self.node.path(&["data", "spec", "transformations"]),
            false => self.field(Field::Transformations),
        }
    }

    /// Its transformations, in order.
    pub fn each_transformation(&self) -> impl Iterator<Item = Transformation<'t>> + use<'t> {
        let v2 = self.is_v2();
        self.transformations()
            .into_iter()
            .flat_map(NodeRef::items)
            .filter(|node| node.kind() == Kind::Object)
            .map(move |node| Transformation { node, v2 })
    }

    /// Its links.
    pub fn links(&self) -> impl Iterator<Item = Link<'t>> + use<'t> {
        Link::list(self.field(Field::Links))
    }

    /// The links of its values: of the defaults and of overrides.
    pub fn data_links(&self) -> impl Iterator<Item = Link<'t>> + use<'t> {
        let config = self.field_config();
        let defaults = config.and_then(|config| config.default(&["links"]));
        let overrides = config
            .into_iter()
            .flat_map(|config| config.overrides())
            .flat_map(|rule| rule.properties("links"));
        defaults
            .into_iter()
            .chain(overrides)
            .flat_map(|list| Link::list(Some(list)))
    }

    /// Where the name of the variable stands that it is repeated over.
    pub fn repeat_node(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => repeat_over(self.place?),
            // An exported model is placed nowhere.
            false => self
                .place
                .and(self.field(Field::Repeat))
                .and_then(repeat_value),
        }
    }

    /// The variable it is repeated over.
    pub fn repeat(&self) -> Option<Cow<'t, str>> {
        self.repeat_node()?.as_str().filter(|name| !name.is_empty())
    }

    /// Where the direction of its copies stands, `h` or `v`.
    pub fn repeat_direction_node(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => self.place?.path(&["repeat", "direction"]),
            false => self.node.get("repeatDirection"),
        }
    }

    /// Where it says how many copies stand side by side.
    pub fn max_per_row_node(&self) -> Option<NodeRef<'t>> {
        match self.is_v2() {
            true => self.place?.path(&["repeat", "maxPerRow"]),
            false => self.node.get("maxPerRow"),
        }
    }

    /// Where it stands on the grid. Panels of the rows era and of an auto grid are placed by Grafana.
    pub fn grid_position(&self) -> Option<GridPosition<'t>> {
        if self.is_v2() {
            let node = self.place?;
            let placed = ["x", "y", "width", "height"]
                .iter()
                .any(|key| node.get(key).is_some());
            return placed.then_some(GridPosition { node, v2: true });
        }
        let node = self
            .field(Field::GridPosition)
            .filter(|node| node.kind() == Kind::Object)?;
        Some(GridPosition { node, v2: false })
    }

    /// The width of a panel of the rows era, in twelfths.
    pub fn span_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("span").filter(|_| !self.is_v2())
    }

    /// When a v2 panel of an auto grid is shown at all.
    pub fn conditional_rendering(&self) -> Option<NodeRef<'t>> {
        self.place?
            .get("conditionalRendering")
            .filter(|_| self.is_v2())
    }

    /// No item of the layout names it, so that a v2 dashboard does not show it.
    pub fn is_left_out(&self) -> bool {
        self.is_v2() && self.place.is_none()
    }

    /// The library panel it shows in place of its own fields, which are at best a copy of that panel's.
    pub fn library(&self) -> Option<LibraryPanel<'t>> {
        match self.form {
            Form::Classic | Form::V2 => LibraryPanel::reference(self.field(Field::LibraryPanel)),
            // It is one itself, and says so in the same words.
            Form::Model | Form::Exported => None,
        }
    }

    /// It is the model of a library panel that an export brings along in `__elements`: shown where panels refer to it.
    pub fn is_exported_model(&self) -> bool {
        self.form == Form::Exported
    }

    /// Its legacy alert, which Grafana 11 removed.
    pub fn legacy_alert(&self) -> Option<NodeRef<'t>> {
        self.node
            .get("alert")
            .filter(|node| node.kind() == Kind::Object && !self.is_v2())
    }
}

/// Where the name of the variable stands that a panel, an item, a row or a tab is repeated over: `repeat`, or in v2
/// `repeat.value`.
pub(super) fn repeat_over(holder: NodeRef<'_>) -> Option<NodeRef<'_>> {
    repeat_value(holder.get("repeat")?)
}

fn repeat_value(repeat: NodeRef<'_>) -> Option<NodeRef<'_>> {
    match repeat.kind() {
        Kind::Object => repeat.get("value"),
        _ => Some(repeat),
    }
}

/// A number, or a text that is one: Angular's panels and old files have both (validNumber, Grafana 8).
pub(super) fn number(node: NodeRef<'_>) -> Option<f64> {
    node.as_f64().or_else(|| {
        let text = node.as_str()?;
        let number: f64 = text.trim().parse().ok()?;
        number.is_finite().then_some(number)
    })
}

/// `fieldConfig`, or what a `gauge` or `stat` had in its `options` before Grafana 7.
fn field_config<'t>(
    config: Option<NodeRef<'t>>,
    options: Option<NodeRef<'t>>,
) -> Option<FieldConfig<'t>> {
    let object = |node: &NodeRef<'t>| node.kind() == Kind::Object;
    config
        .filter(object)
        .or_else(|| options?.get("fieldOptions").filter(object))
        .map(FieldConfig::new)
}
