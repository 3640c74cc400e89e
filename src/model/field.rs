//! Field configuration: thresholds, mappings, overrides.

use std::borrow::Cow;

use super::panel::number;
use crate::syntax::{Kind, NodeRef};

/// `fieldConfig` of a panel.
#[derive(Debug, Clone, Copy)]
pub struct FieldConfig<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    defaults: Option<NodeRef<'t>>,
    overrides: Option<NodeRef<'t>>,
    thresholds: Option<NodeRef<'t>>,
    mappings: Option<NodeRef<'t>>,
}

impl<'t> FieldConfig<'t> {
    /// A view of its object. Grafana 6 had thresholds and mappings beside the defaults at first.
    pub(super) fn new(node: NodeRef<'t>) -> Self {
        let outer = node.pick(&["defaults", "overrides", "thresholds", "mappings"]);
        let defaults = node.picked(&outer, 0);
        let inner = defaults.map(|node| (node, node.pick(&["thresholds", "mappings"])));
        let inner = |index| inner.and_then(|(node, picked)| node.picked(&picked, index));
        FieldConfig {
            node,
            defaults,
            overrides: node.picked(&outer, 1),
            thresholds: inner(0).or_else(|| node.picked(&outer, 2)),
            mappings: inner(1).or_else(|| node.picked(&outer, 3)),
        }
    }

    /// `defaults`.
    pub fn defaults(&self) -> Option<NodeRef<'t>> {
        self.defaults
    }

    /// A field of `defaults`, by its path.
    pub fn default(&self, path: &[&str]) -> Option<NodeRef<'t>> {
        self.defaults()?.path(path)
    }

    /// The colour mode of the defaults; `None` where it is not set (Grafana takes the panel type's own).
    pub fn color_mode(&self) -> Option<Cow<'t, str>> {
        self.default(&["color", "mode"])?.as_str()
    }

    /// The thresholds of the defaults.
    pub fn thresholds(&self) -> Option<Thresholds<'t>> {
        self.thresholds.and_then(Thresholds::new)
    }

    /// The overrides, in order.
    pub fn overrides(&self) -> impl Iterator<Item = Override<'t>> + use<'t> {
        self.overrides
            .into_iter()
            .flat_map(NodeRef::items)
            .map(|node| Override { node })
    }

    /// Every thresholds object: of the defaults and of overrides.
    pub fn all_thresholds(&self) -> Vec<Thresholds<'t>> {
        let mut all: Vec<_> = self.thresholds().into_iter().collect();
        for rule in self.overrides() {
            all.extend(rule.properties("thresholds").filter_map(Thresholds::new));
        }
        all
    }

    /// The value mappings of the defaults, in order.
    pub fn mappings(&self) -> impl Iterator<Item = Mapping<'t>> + use<'t> {
        self.mappings
            .into_iter()
            .flat_map(NodeRef::items)
            .map(|node| Mapping { node })
    }
}

/// One override: a matcher and properties.
#[derive(Debug, Clone, Copy)]
pub struct Override<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> Override<'t> {
    /// Its matcher: how fields are chosen, `id` and `options`.
    pub fn matcher(&self) -> Option<NodeRef<'t>> {
        self.node.get("matcher")
    }

    /// Where the ids of its properties stand, in order.
    pub fn property_ids(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let properties = self.node.get("properties").into_iter();
        properties
            .flat_map(NodeRef::items)
            .filter_map(|property| property.get("id"))
    }

    /// The values set for property `id`, in order; the last one counts.
    pub fn properties(&self, id: &str) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let id = id.to_owned();
        self.node
            .get("properties")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter(move |property| super::string(*property, "id").is_some_and(|found| found == id))
            .filter_map(|property| property.get("value"))
    }
}

/// Whether steps are values or shares of the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdMode {
    /// Values.
    Absolute,
    /// Per cent of the way from min to max.
    Percentage,
}

/// How thresholds are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdForm {
    /// A list of steps, which Grafana takes in the order of the file.
    Steps,
    /// A `graph`'s list of lines and regions, each above or below a value, which Grafana sorts.
    Graph,
    /// `singlestat`'s values in one string, `"70,90"`, between the colours of a list.
    Singlestat,
}

/// A list of threshold steps.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// The array of steps; of singlestat the string of values.
    pub steps_node: NodeRef<'t>,
    /// How it is written down.
    pub form: ThresholdForm,
}

/// One step: a colour from a value on.
#[derive(Debug, Clone, Copy)]
pub struct ThresholdStep<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// Its value; `None` where it is null or missing. The first step's is replaced by minus infinity on load, except
    /// in a `graph`.
    pub value: Option<f64>,
    value_node: Option<NodeRef<'t>>,
    color_node: Option<NodeRef<'t>>,
    /// The colour, where its node says it in another word.
    color: Option<&'static str>,
}

impl<'t> ThresholdStep<'t> {
    fn new(node: NodeRef<'t>) -> Self {
        let picked = node.pick(&["value", "color"]);
        let value_node = node.picked(&picked, 0);
        ThresholdStep {
            node,
            value: value_node.and_then(NodeRef::as_f64),
            value_node,
            color_node: node.picked(&picked, 1),
            color: None,
        }
    }

    /// A line or region of a `graph`; its colour goes by a name unless it is a custom one (getThresholdColor, Grafana 8).
    fn of_graph(node: NodeRef<'t>) -> Self {
        let mode = node.get("colorMode");
        let (color_node, color) = match mode.and_then(NodeRef::as_str).as_deref() {
            Some("custom") => (node.get("fillColor").or(node.get("lineColor")), None),
            Some("warning") => (mode, Some("orange")),
            _ => (mode, Some("red")),
        };
        ThresholdStep {
            node,
            value: node.get("value").and_then(number),
            value_node: node.get("value"),
            color_node,
            color,
        }
    }

    /// Where the value stands; of singlestat the string with all of them.
    pub fn value_node(&self) -> Option<NodeRef<'t>> {
        self.value_node
    }

    /// Where the colour stands.
    pub fn color_node(&self) -> Option<NodeRef<'t>> {
        self.color_node
    }

    /// The colour.
    pub fn color(&self) -> Option<Cow<'t, str>> {
        match self.color {
            Some(color) => Some(Cow::Borrowed(color)),
            None => self.color_node?.as_str(),
        }
    }

    /// Its value comes from an expression (Grafana 13.2 and newer): the list is sorted again when it is resolved.
    pub fn has_expression(&self) -> bool {
        self.node
            .get("valueExpr")
            .is_some_and(|node| !node.is_null())
    }
}

impl<'t> Thresholds<'t> {
    /// A view of a thresholds object; `None` where it has no list of steps. In Grafana 6 the list stood for the object.
    pub fn new(node: NodeRef<'t>) -> Option<Self> {
        let steps_node = match node.kind() {
            Kind::Array => node,
            _ => node
                .get("steps")
                .filter(|steps| steps.kind() == Kind::Array)?,
        };
        Some(Thresholds {
            node,
            steps_node,
            form: ThresholdForm::Steps,
        })
    }

    /// The list in `thresholds` of a `graph`; `None` where it is empty.
    pub(super) fn of_graph(list: NodeRef<'t>) -> Option<Self> {
        list.items().next()?;
        Some(Thresholds {
            node: list,
            steps_node: list,
            form: ThresholdForm::Graph,
        })
    }

    /// What `thresholds` and `colors` of a `singlestat` say; `None` where no value is given.
    pub(super) fn of_singlestat(panel: NodeRef<'t>) -> Option<Self> {
        let values = panel.get("thresholds")?;
        let given = values.as_str().is_some_and(|text| !text.trim().is_empty());
        given.then_some(Thresholds {
            node: panel,
            steps_node: values,
            form: ThresholdForm::Singlestat,
        })
    }

    /// Absolute, unless it says percentage.
    pub fn mode(&self) -> ThresholdMode {
        match super::string(self.node, "mode").as_deref() {
            Some("percentage") if self.form == ThresholdForm::Steps => ThresholdMode::Percentage,
            _ => ThresholdMode::Absolute,
        }
    }

    /// The steps, in order of the file.
    pub fn steps(&self) -> Vec<ThresholdStep<'t>> {
        let objects = self
            .steps_node
            .items()
            .filter(|step| step.kind() == Kind::Object);
        match self.form {
            ThresholdForm::Steps => objects.map(ThresholdStep::new).collect(),
            ThresholdForm::Graph => objects.map(ThresholdStep::of_graph).collect(),
            ThresholdForm::Singlestat => self.singlestat_steps(),
        }
    }

    /// A step for each colour: the first for all below the first value (migrateFromAngularSinglestat, Grafana 8).
    fn singlestat_steps(&self) -> Vec<ThresholdStep<'t>> {
        let text = self.steps_node.as_str().unwrap_or_default();
        let values = text.split(',').map(|value| value.trim().parse().ok());
        let colors = self.node.get("colors").into_iter().flat_map(NodeRef::items);
        colors
            .zip(
                std::iter::once(None)
                    .chain(values)
                    .chain(std::iter::repeat(None)),
            )
            .map(|(color, value)| ThresholdStep {
                node: color,
                value,
                value_node: value.map(|_| self.steps_node),
                color_node: Some(color),
                color: None,
            })
            .collect()
    }
}

/// A value mapping.
#[derive(Debug, Clone, Copy)]
pub struct Mapping<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

/// What a mapping shows: the `result` objects of it, each with an optional text and colour.
impl<'t> Mapping<'t> {
    /// `value`, `range`, `regex` or `special`. The numbers 1 and 2 of Grafana 6 and 7 come as `value` and `range`, and so
    /// do singlestat's mappings, which have no type.
    pub fn kind(&self) -> Cow<'t, str> {
        match self.node.get("type") {
            Some(node) => match node.as_i64() {
                Some(1) => Cow::Borrowed("value"),
                Some(2) => Cow::Borrowed("range"),
                _ => node.as_str().unwrap_or_default(),
            },
            None if self.node.get("from").is_some() => Cow::Borrowed("range"),
            None if self.node.get("value").is_some() => Cow::Borrowed("value"),
            None => Cow::Borrowed(""),
        }
    }

    /// Its results, in order; an old mapping (before Grafana 8) is its own result, a text without a colour.
    pub fn results(&self) -> Vec<NodeRef<'t>> {
        let Some(options) = self.node.get("options") else {
            return self
                .node
                .get("text")
                .map(|_| self.node)
                .into_iter()
                .collect();
        };
        if self.kind() == "value" {
            return options
                .members()
                .filter(|result| result.kind() == Kind::Object)
                .collect();
        }
        options.get("result").into_iter().collect()
    }
}
