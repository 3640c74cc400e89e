//! The unit a panel shows the result of a query in, where that is certain.

use crate::model::{Override, Panel, Query};
use crate::syntax::NodeRef;
use crate::units::metrics::matches;

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

/// Where the unit stands that the result of `query` is shown in; nothing if that is not certain.
pub(super) fn unit_node<'t>(panel: &Panel<'t>, query: &Query<'t>) -> Option<NodeRef<'t>> {
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
fn graph<'t>(panel: &Panel<'t>) -> Option<NodeRef<'t>> {
    let right = |series: NodeRef<'t>| series.get("yaxis").and_then(NodeRef::as_f64) == Some(2.0);
    let overrides = panel.node.get("seriesOverrides");
    if overrides.into_iter().flat_map(NodeRef::items).any(right) {
        return None;
    }
    panel.node.get("yaxes")?.items().next()?.get("format")
}

fn singlestat<'t>(panel: &Panel<'t>) -> Option<NodeRef<'t>> {
    let reducer = panel.node.get("valueName").and_then(NodeRef::as_str);
    let text = matches!(
        reducer.as_deref(),
        Some("name" | "last_time" | "delta" | "diff")
    );
    if text { None } else { panel.node.get("format") }
}

fn field<'t>(panel: &Panel<'t>, query: &Query<'t>, table: bool) -> Option<NodeRef<'t>> {
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
    for rule in panel.field_config()?.overrides() {
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
    unit
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
