//! Field configuration: thresholds, mappings, overrides.

use std::borrow::Cow;

use crate::syntax::{Kind, NodeRef};

/// `fieldConfig` of a panel.
#[derive(Debug, Clone, Copy)]
pub struct FieldConfig<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> FieldConfig<'t> {
    /// `defaults`.
    pub fn defaults(&self) -> Option<NodeRef<'t>> {
        self.node.get("defaults")
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
        self.default(&["thresholds"]).and_then(Thresholds::new)
    }

    /// The overrides, in order.
    pub fn overrides(&self) -> impl Iterator<Item = Override<'t>> + 't {
        self.node
            .get("overrides")
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
    pub fn mappings(&self) -> impl Iterator<Item = Mapping<'t>> + 't {
        self.default(&["mappings"])
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
    /// The values set for property `id`, in order; the last one counts.
    pub fn properties(&self, id: &str) -> impl Iterator<Item = NodeRef<'t>> + 't {
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

/// A list of threshold steps.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// The array of steps.
    pub steps_node: NodeRef<'t>,
}

/// One step: a colour from a value on.
#[derive(Debug, Clone, Copy)]
pub struct ThresholdStep<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// Its value; `None` where it is null or missing. The first step's is replaced by minus infinity on load.
    pub value: Option<f64>,
}

impl<'t> ThresholdStep<'t> {
    /// Where the value stands.
    pub fn value_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("value")
    }

    /// Where the colour stands.
    pub fn color_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("color")
    }

    /// The colour.
    pub fn color(&self) -> Option<Cow<'t, str>> {
        self.color_node()?.as_str()
    }

    /// Its value comes from an expression (Grafana 13.2 and newer): the list is sorted again when it is resolved.
    pub fn has_expression(&self) -> bool {
        self.node
            .get("valueExpr")
            .is_some_and(|node| !node.is_null())
    }
}

impl<'t> Thresholds<'t> {
    /// A view of a thresholds object; `None` where it has no list of steps.
    pub fn new(node: NodeRef<'t>) -> Option<Self> {
        let steps_node = node
            .get("steps")
            .filter(|steps| steps.kind() == Kind::Array)?;
        Some(Thresholds { node, steps_node })
    }

    /// Absolute, unless it says percentage.
    pub fn mode(&self) -> ThresholdMode {
        match super::string(self.node, "mode").as_deref() {
            Some("percentage") => ThresholdMode::Percentage,
            _ => ThresholdMode::Absolute,
        }
    }

    /// The steps, in order of the file.
    pub fn steps(&self) -> Vec<ThresholdStep<'t>> {
        self.steps_node
            .items()
            .filter(|step| step.kind() == Kind::Object)
            .map(|node| ThresholdStep {
                node,
                value: node.get("value").and_then(NodeRef::as_f64),
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
    /// `value`, `range`, `regex` or `special`; classic numbers (1, 2) come as `value` and `range`.
    pub fn kind(&self) -> Cow<'t, str> {
        match self.node.get("type") {
            Some(node) => match node.as_i64() {
                Some(1) => Cow::Borrowed("value"),
                Some(2) => Cow::Borrowed("range"),
                _ => node.as_str().unwrap_or_default(),
            },
            None => Cow::Borrowed(""),
        }
    }

    /// Its results, in order.
    pub fn results(&self) -> Vec<NodeRef<'t>> {
        let Some(options) = self.node.get("options") else {
            return Vec::new();
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
