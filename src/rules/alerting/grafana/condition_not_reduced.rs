//! Alert rules on whole time series instead of numbers.

use super::pipeline::{Entry, Pipeline, condition};
use crate::diagnostic::{Group, Severity};
use crate::model::{AlertRule, ExpressionKind, TypeEvidence, is_promql_type};
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

/// For each entry that is certainly series: the query they come from. `order` has each entry after those it reads.
pub(super) fn series(
    pipeline: &Pipeline<'_>,
    order: &[usize],
    cx: &Context<'_, '_>,
) -> Vec<Option<usize>> {
    let mut series: Vec<Option<usize>> = vec![None; pipeline.entries.len()];
    for at in order {
        let Some(entry) = pipeline.entries.get(*at) else {
            continue;
        };
        series[*at] = match entry.kind {
            None => is_series(entry, cx).then_some(*at),
            Some(ExpressionKind::Math | ExpressionKind::Resample | ExpressionKind::Threshold) => {
                pipeline.reads(entry).find_map(|read| series[read])
            }
            Some(_) => None,
        };
    }
    series
}

pub(super) fn check<'t>(
    rule: &AlertRule<'t>,
    pipeline: &Pipeline<'t>,
    series: &[Option<usize>],
    cx: &mut Context<'_, 't>,
) {
    let Some(condition) = condition(rule) else {
        return;
    };
    let name = condition.as_text().map(|text| text.value);
    let Some(wanted) = name.and_then(|name| pipeline.find(&name)) else {
        return;
    };
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
    let effect = match rule.record() {
        Some(_) => "the rule records nothing",
        None => "the rule ends in an error each time",
    };
    let message = format!(
        "{effect}: `{}` {through} a series of values over time, and one number is needed",
        entry.name
    );
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
        entry.query.data_source_type(cx.reach)
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
