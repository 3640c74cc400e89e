//! What a panel says of its values, in the words of every era: unit, range, decimals, thresholds, mappings.
//!
//! Before field configuration each panel had its own words. They are read as Grafana's migrations read them when it opens
//! an old dashboard: the graph's by flotToGraphOptions (Grafana 8, timeseries/migrations.ts), singlestat's by
//! migrateFromAngularSinglestat (Grafana 8, SingleStatBaseOptions.ts).

use std::borrow::Cow;

use super::panel::number;
use super::{Mapping, Panel, Thresholds};
use crate::syntax::{Kind, NodeRef};

/// Panels of Angular that keep these words beside their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Angular {
    /// `graph`: a unit and a range for each axis.
    Graph,
    /// `singlestat` and its kin: one value.
    Single,
}

impl<'t> Panel<'t> {
    fn angular(&self) -> Option<Angular> {
        if self.is_v2() {
            return None;
        }
        match self.kind().as_ref() {
            "graph" => Some(Angular::Graph),
            "singlestat" | "grafana-singlestat-panel" | "grafana-piechart-panel" => {
                Some(Angular::Single)
            }
            _ => None,
        }
    }

    /// The left and the right axis of a `graph`.
    pub fn y_axes(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let axes = match self.angular() {
            Some(Angular::Graph) => self.node.get("yaxes"),
            _ => None,
        };
        axes.into_iter().flat_map(NodeRef::items).take(2)
    }

    /// The rules of a `graph` for single series, which came before overrides.
    pub fn series_overrides(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let list = match self.angular() {
            Some(Angular::Graph) => self.node.get("seriesOverrides"),
            _ => None,
        };
        list.into_iter()
            .flat_map(NodeRef::items)
            .filter(|rule| rule.kind() == Kind::Object)
    }

    /// A field of the panel's values: by its name in field configuration, on a graph's left axis, and in singlestat.
    fn of_values(&self, name: &str, axis: &str, single: &[&str]) -> Option<NodeRef<'t>> {
        let older = match self.angular() {
            Some(Angular::Graph) => self.y_axes().next().and_then(|left| left.get(axis)),
            Some(Angular::Single) => self.node.path(single),
            None => None,
        };
        // The migrations put the older word over the newer one, unless there is none.
        older
            .filter(|node| !node.is_null())
            .or_else(|| self.field_config()?.default(&[name]))
    }

    /// Where the unit stands that its values have unless an override says otherwise.
    pub fn unit_node(&self) -> Option<NodeRef<'t>> {
        self.of_values("unit", "format", &["format"])
    }

    /// That unit; empty or missing is `None`.
    pub fn unit(&self) -> Option<Cow<'t, str>> {
        self.unit_node()?.as_str().filter(|unit| !unit.is_empty())
    }

    /// Where the smallest value it is made for stands.
    pub fn min_node(&self) -> Option<NodeRef<'t>> {
        self.of_values("min", "min", &["gauge", "minValue"])
            .filter(|_| self.shows_range())
    }

    /// Where the largest value it is made for stands.
    pub fn max_node(&self) -> Option<NodeRef<'t>> {
        self.of_values("max", "max", &["gauge", "maxValue"])
            .filter(|_| self.shows_range())
    }

    /// Singlestat's range counts only where it shows a gauge.
    fn shows_range(&self) -> bool {
        self.angular() != Some(Angular::Single)
            || self
                .node
                .path(&["gauge", "show"])
                .and_then(NodeRef::as_bool)
                == Some(true)
    }

    /// The smallest value it is made for.
    pub fn min(&self) -> Option<f64> {
        number(self.min_node()?)
    }

    /// The largest value it is made for.
    pub fn max(&self) -> Option<f64> {
        number(self.max_node()?)
    }

    /// Where the number of decimals stands.
    pub fn decimals_node(&self) -> Option<NodeRef<'t>> {
        self.of_values("decimals", "decimals", &["decimals"])
    }

    /// The thresholds of its values in any era, of overrides after those of the defaults.
    pub fn thresholds(&self) -> Vec<Thresholds<'t>> {
        let older = match self.angular() {
            Some(Angular::Graph) => self.node.get("thresholds").and_then(Thresholds::of_graph),
            Some(Angular::Single) => Thresholds::of_singlestat(self.node),
            None => None,
        };
        let newer = self
            .field_config()
            .map(|config| config.all_thresholds())
            .unwrap_or_default();
        older.into_iter().chain(newer).collect()
    }

    /// The value mappings of its values in any era, in order; those of overrides are not among them.
    pub fn mappings(&self) -> Vec<Mapping<'t>> {
        let older = match self.angular() {
            Some(Angular::Single) => self.singlestat_mappings(),
            _ => None,
        };
        let newer = self.field_config();
        let older = older.into_iter().flat_map(NodeRef::items);
        older
            .filter(|node| node.kind() == Kind::Object)
            .map(|node| Mapping { node })
            .chain(newer.into_iter().flat_map(|config| config.mappings()))
            .collect()
    }

    /// `valueMaps` or `rangeMaps`: as `mappingType` says, else the one that is not empty (convertOldAngularValueMapping).
    fn singlestat_mappings(&self) -> Option<NodeRef<'t>> {
        let filled = |key: &str| {
            self.node
                .get(key)
                .filter(|list| list.items().next().is_some())
        };
        match self.node.get("mappingType").and_then(NodeRef::as_i64) {
            Some(1) => filled("valueMaps"),
            Some(2) => filled("rangeMaps"),
            Some(0) | None => filled("valueMaps").or_else(|| filled("rangeMaps")),
            Some(_) => None,
        }
    }
}
