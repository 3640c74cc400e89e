//! Expressions that Grafana cannot read or run.

use rustc_hash::{FxHashMap, FxHashSet};

use super::pipeline::{Entry, Pipeline};
use super::{
    classic, condition_not_reduced, duplicate_alert_ref_id, evaluator, expression_cycle,
    reversed_threshold, undefined_condition, undefined_expression_input,
};
use crate::diagnostic::{Group, Safety, Severity};
use crate::expression::{self, KINDS, REDUCE_MODES, REDUCERS, UPSAMPLERS};
use crate::model::ExpressionKind;
use crate::rules::context::{Finding, Focus};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::spelling::misspelt;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-expression",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "expression of an alert rule that Grafana cannot read or run",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-expression.md"),
    check: Check::Document(check),
};

/// What is said first of each fault.
const EFFECT: &str = "the rule cannot be evaluated";

/// What is known of a list of queries, which several rules may share.
struct Known<'t> {
    pipeline: Pipeline<'t>,
    /// See [`condition_not_reduced::series`].
    series: Vec<Option<usize>>,
}

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut lists: FxHashMap<u32, Known<'_>> = FxHashMap::default();
    let mut entries = FxHashSet::default();
    for (index, rule) in alerting.rules.iter().enumerate() {
        let Some(data) = rule.data_node() else {
            continue;
        };
        cx.focus = Focus::Alert(index);
        let known = lists
            .entry(data.resolve().id())
            .or_insert_with(|| look_at(data, &mut entries, cx));
        undefined_condition::check(rule, &known.pipeline, cx);
        condition_not_reduced::check(rule, &known.pipeline, &known.series, cx);
    }
}

/// Everything that can be said of a list of queries by itself; `met` are the entries that were looked at before.
fn look_at<'t>(data: NodeRef<'t>, met: &mut FxHashSet<u32>, cx: &mut Context<'_, 't>) -> Known<'t> {
    let pipeline = Pipeline::new(data);
    let (order, stuck) = pipeline.order();
    for entry in &pipeline.entries {
        if met.insert(entry.query.node.resolve().id()) {
            expression(&pipeline, entry, cx);
            reversed_threshold::check(entry, cx);
        }
    }
    duplicate_alert_ref_id::check(&pipeline, cx);
    undefined_expression_input::check(&pipeline, cx);
    if !stuck.is_empty() {
        expression_cycle::check(&pipeline, &stuck, cx);
    }
    let series = condition_not_reduced::series(&pipeline, &order, cx);
    Known { pipeline, series }
}

fn expression<'t>(pipeline: &Pipeline<'t>, entry: &Entry<'t>, cx: &mut Context<'_, 't>) {
    let Some(model) = entry.query.model() else {
        return;
    };
    if !entry.query.is_expression() || model.kind() != Kind::Object {
        return;
    }
    let Some(kind) = entry.kind else {
        one_of(model, "type", KINDS, cx);
        return;
    };
    match kind {
        ExpressionKind::Math => math(pipeline, model, cx),
        ExpressionKind::Reduce => reduce(model, cx),
        ExpressionKind::Resample => resample(model, cx),
        ExpressionKind::Threshold => evaluator::threshold(model, cx),
        ExpressionKind::Classic => classic::conditions(pipeline, entry, model, cx),
        ExpressionKind::Sql => sql(model, cx),
        ExpressionKind::Unknown => one_of(model, "type", KINDS, cx),
    }
    if kind != ExpressionKind::Classic {
        classic::as_input(pipeline, entry, cx);
    }
}

/// Reports something missing in `object`.
pub(super) fn lacks<'t>(object: NodeRef<'t>, what: &str, cx: &mut Context<'_, 't>) {
    let _ = cx.report_as(
        &RULE,
        Place::head(object),
        format!("{EFFECT}: this expression has no {what}"),
    );
}

/// Reports a fault of an expression.
pub(super) fn fault<'c, 'p, 't: 'p>(
    place: impl Into<Place<'p, 't>>,
    what: &str,
    cx: &'c mut Context<'_, 't>,
) -> Finding<'c, 't> {
    cx.report_as(&RULE, place, format!("{EFFECT}: {what}"))
}

/// The string at `key`; reports where there is none.
pub(super) fn written<'t>(
    object: NodeRef<'t>,
    key: &str,
    cx: &mut Context<'_, 't>,
) -> Option<NodeRef<'t>> {
    let found = object.get(key).filter(|node| !node.is_null());
    let Some(node) = found else {
        lacks(object, &format!("`{key}`"), cx);
        return None;
    };
    match node.as_str() {
        Some(text) if !text.trim().is_empty() => Some(node),
        Some(_) => {
            let _ = fault(node, &format!("`{key}` is empty"), cx);
            None
        }
        None => {
            let _ = fault(node, &format!("`{key}` is no text"), cx);
            None
        }
    }
}

/// Reports a string at `key` that is missing or none of `ids`.
pub(super) fn one_of<'t>(
    object: NodeRef<'t>,
    key: &str,
    ids: &'static [&'static str],
    cx: &mut Context<'_, 't>,
) {
    let Some(node) = written(object, key, cx) else {
        return;
    };
    let Some(text) = node.as_str().filter(|text| !ids.contains(&text.as_ref())) else {
        return;
    };
    let finding = fault(node, &format!("there is no {key} `{text}`"), cx);
    let _ = match misspelt(&text, ids.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("write one of {}", ids.join(", "))),
    };
}

fn math<'t>(pipeline: &Pipeline<'t>, model: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = written(model, "expression", cx) else {
        return;
    };
    let Some(text) = node.as_str() else { return };
    let Some(found) = expression::parse(&text).fault else {
        return;
    };
    let finding = fault(Place::text(node, found.span), &found.message, cx);
    let Some(instead) = found.instead else {
        return;
    };
    // A word is a query only where there is one of that name.
    if instead
        .strip_prefix('$')
        .is_some_and(|name| pipeline.find(name).is_none())
    {
        let _ = finding.help("write a query as `$A`, and a function with a value in parentheses");
        return;
    }
    let edit = node.encode_str(found.span, &instead).map(|edit| vec![edit]);
    let _ = finding.help(format!("write `{instead}`")).fix(
        format!("write `{instead}`"),
        Safety::Safe,
        edit,
    );
}

fn sql<'t>(model: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = written(model, "expression", cx) else {
        return;
    };
    let Some(text) = node.as_str() else { return };
    if let Some(found) = expression::tables(&text).fault {
        let _ = fault(Place::text(node, found.span), &found.message, cx)
            .help("write a `SELECT` whose tables are other queries of the rule, such as `SELECT * FROM A`");
    }
}

fn reduce<'t>(model: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    written(model, "expression", cx);
    one_of(model, "reducer", REDUCERS, cx);
    let Some(settings) = model.get("settings").filter(|node| !node.is_null()) else {
        return;
    };
    let Some(mode) = settings.get("mode") else {
        return;
    };
    let Some(name) = mode.as_str() else { return };
    if !REDUCE_MODES.contains(&name.as_ref()) {
        one_of(settings, "mode", REDUCE_MODES, cx);
    } else if name == "replaceNN" {
        let value = settings.get("replaceWithValue");
        if value.and_then(NodeRef::as_f64).is_none() {
            let what = "the mode `replaceNN` needs a number in `replaceWithValue`";
            let _ = fault(value.unwrap_or(mode), what, cx);
        }
    }
}

fn resample<'t>(model: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    written(model, "expression", cx);
    one_of(model, "downsampler", REDUCERS, cx);
    one_of(model, "upsampler", UPSAMPLERS, cx);
    let Some(window) = written(model, "window", cx) else {
        return;
    };
    if window.as_str().is_some_and(|text| !is_window(&text)) {
        let what = "the window is no duration such as `30s`, `10m` or `1h`";
        let _ = fault(window, what, cx);
    }
}

/// A number with a unit up to years, or a duration as Go writes it (grafana-plugin-sdk-go, backend/gtime).
fn is_window(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if unit.len() == rest.len() {
            return false;
        }
        let known = ["ms", "ns", "us", "µs", "M", "w", "d", "h", "m", "s", "y"];
        let Some(found) = known.iter().find(|known| unit.starts_with(**known)) else {
            return false;
        };
        rest = &unit[found.len()..];
    }
    !text.is_empty()
}
