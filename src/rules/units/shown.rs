//! The unit a panel shows the result of a query in, where that is certain.

use std::sync::Arc;

use crate::model::{Dashboard, FieldConfig, Host, Override, Panel, Query};
use crate::rules::Context;
use crate::syntax::NodeRef;
use crate::units::metrics::matches;
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

/// The queries of a dashboard's panels whose unit is certain, or certainly not there.
pub(super) fn shown_queries<'s, 't>(
    dashboard: &'s Dashboard<'t>,
    cx: &Context<'_, 't>,
) -> Vec<Shown<'s, 't>> {
    let shown = |query: &'s Query<'t>| {
        let Host::Panel(index) = query.host else {
            return None;
        };
        let panel = dashboard.panels.get(index)?;
        if !query.language.is_promql() || !query.parsed().is_valid() {
            return None;
        }
        Some(Shown {
            panel,
            query,
            unit: unit_of(panel, query)?,
            inference: cx.project.units().of(query.parsed()),
        })
    };
    dashboard.queries.iter().filter_map(shown).collect()
}

/// Where the unit stands that the result of `query` is shown in, or that there is none; nothing if that is not certain.
fn unit_of<'t>(panel: &Panel<'t>, query: &Query<'t>) -> Option<Option<NodeRef<'t>>> {
    if query.hidden
        || query
            .node
            .get("format")
            .and_then(NodeRef::as_str)
            .as_deref()
            == Some("heatmap")
    {
        return None;
    }
    let kind = panel.kind();
    match kind.as_ref() {
        "graph" => graph(panel),
        "singlestat" => singlestat(panel),
        kind if PLAIN.contains(&kind) => field(panel, query, kind == "table"),
        _ => None,
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

fn field<'t>(panel: &Panel<'t>, query: &Query<'t>, table: bool) -> Option<Option<NodeRef<'t>>> {
    let kept = |transformation: NodeRef<'t>| {
        let id = transformation
            .get("id")
            .or_else(|| transformation.get("kind"))
            .and_then(NodeRef::as_str);
        id.is_some_and(|id| HARMLESS.contains(&id.as_ref()) || !table && id == "organize")
    };
    let transformations = panel.transformations();
    if !transformations
        .into_iter()
        .flat_map(NodeRef::items)
        .all(kept)
    {
        return None;
    }
    let calcs = panel.option(&["reduceOptions", "calcs"]);
    if calcs
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(NodeRef::as_str)
        .any(|calc| UNITLESS.contains(&calc.as_ref()))
    {
        return None;
    }
    let mut unit = panel.unit_node();
    let overrides = panel.field_config();
    for rule in overrides.iter().flat_map(FieldConfig::overrides) {
        let of_unit = rule.properties("unit").last();
        let moved = rule.properties("custom.axisPlacement").next().is_some();
        if of_unit.is_none() && !moved {
            continue;
        }
        match applies(&rule, query)? {
            false => {}
            true => unit = Some(of_unit?),
        }
    }
    Some(unit)
}

/// Whether an override applies to all of the result; nothing if that cannot be told.
fn applies(rule: &Override<'_>, query: &Query<'_>) -> Option<bool> {
    let matcher = rule.node.get("matcher")?;
    let options = || matcher.get("options").and_then(NodeRef::as_str);
    match matcher.get("id").and_then(NodeRef::as_str)?.as_ref() {
        "byFrameRefID" => Some(options()? == query.ref_id),
        "byType" => match options()?.as_ref() {
            "number" => Some(true),
            _ => Some(false),
        },
        "byName" => by_name(&options()?, query),
        _ => None,
    }
}

fn by_name(name: &str, query: &Query<'_>) -> Option<bool> {
    if name == "Time" {
        return Some(false);
    }
    if let Some(ref_id) = name.strip_prefix("Value #") {
        return Some(ref_id == query.ref_id);
    }
    let legend = query.node.get("legendFormat").and_then(NodeRef::as_str)?;
    if legend.is_empty() || legend == "__auto" {
        return None;
    }
    let pattern = pattern(&legend);
    match (matches(&pattern, name), pattern.contains('*')) {
        (false, _) => Some(false),
        (true, false) => Some(true),
        (true, true) => None,
    }
}

/// A legend with `*` for what stands for a label or a variable.
fn pattern(legend: &str) -> String {
    let mut out = String::new();
    let mut rest = legend;
    while let Some(at) = rest.find(['{', '$', '[']) {
        out.push_str(&rest[..at]);
        out.push('*');
        let inner = &rest[at..];
        let skip = if inner.starts_with("{{") {
            inner.find("}}").map(|end| end + 2)
        } else if inner.starts_with("${") {
            inner.find('}').map(|end| end + 1)
        } else if inner.starts_with("[[") {
            inner.find("]]").map(|end| end + 2)
        } else {
            let word = |c: char| c == '_' || c.is_ascii_alphanumeric();
            Some(
                inner[1..]
                    .find(|c| !word(c))
                    .map_or(inner.len(), |end| end + 1),
            )
        };
        rest = skip.and_then(|skip| inner.get(skip..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
