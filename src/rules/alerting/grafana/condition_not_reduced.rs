//! Alert rules on whole time series instead of numbers.

use super::pipeline::{Entry, Pipeline};
use crate::diagnostic::{Group, Severity};
use crate::model::{ExpressionKind, TypeEvidence, is_promql_type};
use crate::rules::{Check, Context, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "condition-not-reduced",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "alert rule whose condition is time series instead of numbers",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/condition-not-reduced.md"),
    check: Check::EmittedBy("invalid-expression"),
};

/// `order` has each entry after those it reads.
pub(super) fn check<'t>(pipeline: &Pipeline<'t>, order: &[usize], cx: &mut Context<'_, 't>) {
    let Some(condition) = pipeline.condition() else {
        return;
    };
    let name = condition.as_text().map(|text| text.value);
    let Some(wanted) = name.and_then(|name| pipeline.find(&name)) else {
        return;
    };
    // For each entry that is certainly series: the query they come from.
    let mut series: Vec<Option<usize>> = vec![None; pipeline.entries.len()];
    for at in order {
        let Some(entry) = pipeline.entries.get(*at) else {
            continue;
        };
        let from = match entry.kind {
            None => is_series(entry, cx).then_some(*at),
            Some(ExpressionKind::Math | ExpressionKind::Resample | ExpressionKind::Threshold) => {
                pipeline.reads(entry).find_map(|read| series[read])
            }
            Some(_) => None,
        };
        series[*at] = from;
    }
    let source = series.get(wanted).copied().flatten();
    let (Some(source), Some(entry)) = (
        source.and_then(|at| pipeline.entries.get(at)),
        pipeline.entries.get(wanted),
    ) else {
        return;
    };
    let through = match source.name == entry.name {
        true => "is".to_owned(),
        false => format!(
            "comes, without a `reduce`, from `{}`, which is",
            source.name
        ),
    };
    let verb = match pipeline.rule.record() {
        Some(_) => "records nothing and",
        None => "",
    };
    let message = format!(
        "the rule {verb} ends in an error each time: `{}` {through} a series of values over time, and one number is needed",
        entry.name
    )
    .replace("  ", " ");
    let mut finding = cx.report_as(&RULE, condition, message).help(format!(
        "reduce `{}` to one number with an expression `reduce`, or make it an instant query (`instant: true`, `range: false`)",
        source.name
    ));
    if let Some(node) = source.query.ref_id_node() {
        finding = finding.related(node, "the query that answers with series");
    }
    let _ = finding;
}

/// Whether a query certainly answers with series: of Prometheus unless it is instant alone (grafana/grafana,
/// pkg/promlib/models/query.go, Parse), of Loki where it says so.
fn is_series(entry: &Entry<'_>, cx: &Context<'_, '_>) -> bool {
    let Some(model) = entry.query.model() else {
        return false;
    };
    if model.get("expr").is_none() {
        return false;
    }
    let (TypeEvidence::Said(kind) | TypeEvidence::Provisioned(kind)) =
        entry.query.data_source_type(cx.project)
    else {
        return false;
    };
    let flag = |key: &str| model.get(key).and_then(NodeRef::as_bool);
    if is_promql_type(&kind) {
        flag("instant") != Some(true) || flag("range") == Some(true)
    } else {
        let queried = model.get("queryType").and_then(NodeRef::as_str);
        kind == "loki" && queried.as_deref() == Some("range")
    }
}
