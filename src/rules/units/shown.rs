//! The unit a panel shows the result of a query in, where that is certain.

use std::sync::Arc;

use super::overrides::Overrides;
use crate::model::{Dashboard, Host, Panel, Query};
use crate::rules::Context;
use crate::syntax::NodeRef;
use crate::units::{Inference, Value};

/// Panels that show the numbers of a query in the unit of their fields.
const PLAIN: &[&str] = &[
    "timeseries",
    "stat",
    "gauge",
    "bargauge",
    "barchart",
    "piechart",
    "table",
];

/// Transformations that leave numbers as they are.
const HARMLESS: &[&str] = &[
    "filterByRefId",
    "filterFieldsByName",
    "joinByField",
    "limit",
    "merge",
    "seriesToColumns",
    "sortBy",
];

/// Reducers whose result has no unit, or another one (Grafana 13.2, @grafana/data: transformations/fieldReducer.ts).
const UNITLESS: &[&str] = &[
    "allIsNull",
    "allIsZero",
    "changeCount",
    "count",
    "diffperc",
    "distinctCount",
    "variance",
];

/// A query of a panel and how its result is shown.
pub(super) struct Shown<'s, 't> {
    /// The panel.
    pub(super) panel: &'s Panel<'t>,
    /// The query.
    pub(super) query: &'s Query<'t>,
    /// Where the unit stands, if there is one.
    pub(super) unit: Option<NodeRef<'t>>,
    /// What is known of the query.
    pub(super) inference: Arc<Inference>,
}

impl Shown<'_, '_> {
    /// The unit's id; empty for none.
    pub(super) fn id(&self) -> String {
        let id = self.unit.and_then(NodeRef::as_str);
        id.unwrap_or_default().into_owned()
    }

    /// What the query is, where that is certain and nothing in the query contradicts itself.
    pub(super) fn certain(&self) -> Option<Value> {
        self.inference
            .root()
            .filter(|value| value.is_strong() && self.inference.contradictions.is_empty())
    }
}

/// The queries of a dashboard's panels whose unit is certain, or certainly not there; those of a panel stand together.
pub(super) fn shown_queries<'s, 't>(
    dashboard: &'s Dashboard<'t>,
    cx: &Context<'_, 't>,
) -> Vec<Shown<'s, 't>> {
    let mut found = Vec::new();
    let of_panel = |query: &&'s Query<'t>| match query.host {
        Host::Panel(index) => dashboard.panels.get(index),
        _ => None,
    };
    let same = |a: &Query<'t>, b: &Query<'t>| a.host == b.host;
    for queries in dashboard.queries.chunk_by(same) {
        let mut promql = queries
            .iter()
            .filter(|query| query.language.is_promql() && query.parsed().is_valid())
            .peekable();
        let Some(panel) = promql.peek().and_then(of_panel) else {
            continue;
        };
        let Some(units) = PanelUnits::of(panel) else {
            continue;
        };
        found.extend(promql.filter_map(|query| {
            Some(Shown {
                panel,
                query,
                unit: units.unit_of(query)?,
                inference: cx.project.units().of(query.parsed()),
            })
        }));
    }
    found
}

/// The units of a panel's fields, as far as they are certain.
pub(crate) struct PanelUnits<'t> {
    /// That of all fields, where nothing else is said.
    unit: Option<NodeRef<'t>>,
    overrides: Overrides<'t>,
}

impl<'t> PanelUnits<'t> {
    /// Nothing where it is not certain for any query of the panel.
    pub(crate) fn of(panel: &Panel<'t>) -> Option<Self> {
        let kind = panel.kind();
        let (unit, overrides) = match kind.as_ref() {
            "graph" => (graph(panel)?, Overrides::default()),
            "singlestat" => (singlestat(panel)?, Overrides::default()),
            kind if PLAIN.contains(&kind) && keeps_numbers(panel, kind == "table") => {
                (panel.unit_node(), Overrides::of(panel)?)
            }
            _ => return None,
        };
        Some(PanelUnits { unit, overrides })
    }

    /// Where the unit stands that the result of `query` is shown in, or that there is none; nothing if that is not certain.
    pub(crate) fn unit_of(&self, query: &Query<'t>) -> Option<Option<NodeRef<'t>>> {
        let format = query.node.get("format").and_then(NodeRef::as_str);
        if query.hidden || format.as_deref() == Some("heatmap") {
            return None;
        }
        match self.overrides.last_for(query)? {
            Some(unit) => Some(Some(unit)),
            None => Some(self.unit),
        }
    }
}

/// `yaxes[0].format`, where no series is on the other axis.
fn graph<'t>(panel: &Panel<'t>) -> Option<Option<NodeRef<'t>>> {
    let right = |series: NodeRef<'t>| series.get("yaxis").and_then(NodeRef::as_f64) == Some(2.0);
    let overrides = panel.node.get("seriesOverrides");
    if overrides.into_iter().flat_map(NodeRef::items).any(right) {
        return None;
    }
    let axes = panel.node.get("yaxes");
    Some(axes.and_then(|axes| axes.items().next()?.get("format")))
}

fn singlestat<'t>(panel: &Panel<'t>) -> Option<Option<NodeRef<'t>>> {
    let reducer = panel.node.get("valueName").and_then(NodeRef::as_str);
    let text = matches!(
        reducer.as_deref(),
        Some("name" | "last_time" | "delta" | "diff")
    );
    (!text).then(|| panel.node.get("format"))
}

/// Whether neither a transformation nor a reducer of the panel makes other numbers of those of its queries.
fn keeps_numbers(panel: &Panel<'_>, table: bool) -> bool {
    let kept = |transformation: NodeRef<'_>| {
        let id = transformation
            .get("id")
            .or_else(|| transformation.get("kind"))
            .and_then(NodeRef::as_str);
        id.is_some_and(|id| HARMLESS.contains(&id.as_ref()) || !table && id == "organize")
    };
    let transformations = panel.transformations();
    let calcs = panel.option(&["reduceOptions", "calcs"]);
    transformations
        .into_iter()
        .flat_map(NodeRef::items)
        .all(kept)
        && !calcs
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(NodeRef::as_str)
            .any(|calc| UNITLESS.contains(&calc.as_ref()))
}
