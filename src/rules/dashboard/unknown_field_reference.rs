//! Overrides and transformations that name a query the panel does not have.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Group, Severity};
use crate::model::{DataSourceRef, Panel, Transformation};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-field-reference",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "override or transformation that names a query the panel does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/unknown-field-reference.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let mut named: Vec<Named<'t>> = Vec::new();
    for transformation in panel.each_transformation() {
        if !transformation.is_disabled() {
            by_transformation(transformation, &mut named);
        }
    }
    let transformed = panel.each_transformation().next().is_some();
    for rule in panel.overrides() {
        if let Some(matcher) = rule.matcher() {
            by_matcher(matcher, transformed, &mut named);
        }
    }
    if named.is_empty() {
        return;
    }
    let Some(known) = ref_ids(panel) else { return };
    let made = made(panel);
    for name in named {
        let ref_id = name.ref_id.strip_suffix("-compare").unwrap_or(&name.ref_id);
        let is_made = name.node.as_str().is_none_or(|text| made.contains(&text));
        if known.contains(ref_id) || is_made {
            continue;
        }
        let finding = cx
            .report(
                Place::value(name.node),
                format!(
                    "no query of the panel is called `{ref_id}`: {}",
                    name.consequence
                ),
            )
            .help("name one of the panel's queries, or take this out");
        if name.idle {
            let _ = finding.lower(Severity::Info);
        }
    }
}

/// A place that names a query, by itself or in the name of its column.
struct Named<'t> {
    node: NodeRef<'t>,
    ref_id: String,
    consequence: &'static str,
    /// Nothing is missing where it does nothing.
    idle: bool,
}

/// Tables of several queries call the column of values `Value #A` (Grafana 12.1, packages/grafana-prometheus/src/result_transformer.ts,
/// transformDFToTable).
fn column<'t>(node: Option<NodeRef<'t>>, consequence: &'static str) -> Option<Named<'t>> {
    let node = node?;
    let text = node.as_str()?;
    Named::new(node, text.strip_prefix("Value #")?, consequence)
}

impl<'t> Named<'t> {
    fn new(node: NodeRef<'t>, ref_id: &str, consequence: &'static str) -> Option<Self> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let plain = !ref_id.is_empty() && ref_id.chars().all(word);
        plain.then(|| Named {
            node,
            ref_id: ref_id.to_owned(),
            consequence,
            idle: false,
        })
    }
}

/// Transformations give frames names of their own, so that an override by query is certain only without any
/// (@grafana/data 13.2, `frame.refId === refId`).
fn by_matcher<'t>(matcher: NodeRef<'t>, transformed: bool, named: &mut Vec<Named<'t>>) {
    const NOTHING: &str = "the override changes nothing";
    let options = matcher.get("options");
    let found = match matcher.get("id").and_then(NodeRef::as_str).as_deref() {
        Some("byFrameRefID") if !transformed => options.and_then(|node| {
            let ref_id = node.as_str()?;
            Named::new(node, &ref_id, NOTHING)
        }),
        Some("byName") => column(options, NOTHING),
        _ => None,
    };
    named.extend(found.map(|name| Named { idle: true, ..name }));
}

/// The options of transformations that need the field they name (facts: transformations of the classic schema).
fn by_transformation<'t>(transformation: Transformation<'t>, named: &mut Vec<Named<'t>>) {
    let (Some(id), Some(options)) = (transformation.id(), transformation.options()) else {
        return;
    };
    let each = |key: &str, field: &'static str| {
        let list = options.get(key).into_iter().flat_map(NodeRef::items);
        list.filter_map(move |item| item.get(field))
    };
    match id.as_ref() {
        "calculateField" => {
            for side in ["left", "right"] {
                let operand = options.path(&["binary", side]);
                let node = match operand.map(NodeRef::kind) {
                    Some(Kind::Object) => {
                        operand.and_then(|node| node.path(&["matcher", "options"]))
                    }
                    _ => operand,
                };
                named.extend(column(node, "the field is not calculated"));
            }
            let included = options.path(&["reduce", "include"]);
            let included = included.into_iter().flat_map(NodeRef::items);
            named.extend(
                included.filter_map(|node| column(Some(node), "the calculation goes without it")),
            );
        }
        "sortBy" => {
            named.extend(
                each("sort", "field")
                    .filter_map(|node| column(Some(node), "the rows are not sorted")),
            );
        }
        "filterByValue" => named.extend(
            each("filters", "fieldName")
                .filter_map(|node| column(Some(node), "the filter takes nothing out")),
        ),
        "configFromData" => {
            let node = options.get("configRefId");
            named.extend(node.and_then(|node| {
                let ref_id = node.as_str()?;
                Named::new(node, &ref_id, "no field gets its configuration")
            }));
        }
        _ => {}
    }
}

/// What the panel's queries are called; nothing where that is not certain: of other panels' results, of queries that Grafana
/// names itself, of panels whose fields stand elsewhere.
fn ref_ids(panel: &Panel<'_>) -> Option<FxHashSet<String>> {
    if panel.library().is_some() || matches!(panel.data_source(), DataSourceRef::Dashboard) {
        return None;
    }
    let mut known = FxHashSet::default();
    for target in panel.targets() {
        let ref_id = target.ref_id();
        if ref_id.is_empty()
            || ref_id.contains(['$', '{', '['])
            || matches!(target.data_source(), DataSourceRef::Dashboard)
            // Only Prometheus and its kin are known to name their results so.
            || target.query.get("expr").is_none() && target.data_source() != DataSourceRef::Expression
        {
            return None;
        }
        known.insert(ref_id.into_owned());
    }
    (!known.is_empty()).then_some(known)
}

/// The names that transformations and overrides of the panel give to fields themselves.
fn made<'t>(panel: &Panel<'t>) -> FxHashSet<Cow<'t, str>> {
    let mut names = FxHashSet::default();
    for transformation in panel.each_transformation() {
        let Some(options) = transformation.options() else {
            continue;
        };
        let alias = options.get("alias");
        let renames = options.get("renameByName").into_iter();
        let renames = renames.flat_map(NodeRef::members);
        names.extend(alias.into_iter().chain(renames).filter_map(NodeRef::as_str));
    }
    for rule in panel.overrides() {
        names.extend(rule.properties("displayName").filter_map(NodeRef::as_str));
    }
    names
}
