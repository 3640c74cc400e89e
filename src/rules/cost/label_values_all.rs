//! Variables over a label of every metric there is.

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::{VariableQueryKind, variable_query};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "label-values-all",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "variable over the values a label has in any metric",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/label-values-all.md"),
    check: Check::Query(check),
};

/// Labels that the series of unlike jobs have, with values of their own (Prometheus documentation, "Jobs and instances"; what
/// Kubernetes' service discovery and the usual exporters call their targets).
const EVERYWHERE: &[&str] = &[
    "app",
    "container",
    "host",
    "hostname",
    "instance",
    "job",
    "name",
    "node",
    "nodename",
    "pod",
    "server",
    "service",
];

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if query.language != Language::PromVariable || !query.text().contains("label_values") {
        return;
    }
    let asked = variable_query(query.text());
    let all = asked.kind == VariableQueryKind::LabelValues && asked.expr_span.is_none();
    let Some(span) = asked.label.filter(|_| all && asked.errors.is_empty()) else {
        return;
    };
    let label = query.text().get(span.range()).unwrap_or_default().trim();
    let filtered = match (query.host, cx.dashboard()) {
        (Host::Variable(at), Some(dashboard)) => dashboard
            .variables
            .get(at)
            .and_then(|variable| variable.regex_node()?.as_str())
            .is_some_and(|regex| !regex.is_empty()),
        _ => false,
    };
    if label.is_empty() || label.contains('$') || filtered {
        return;
    }
    let everywhere = EVERYWHERE.contains(&label);
    let why = match everywhere {
        true => "choosing one of another job leaves the dashboard empty",
        false => "the server looks through all it has",
    };
    let finding = cx
        .report(
            Place::query(query, span),
            format!("the variable asks for every `{label}` of every metric: {why}"),
        )
        .help(format!(
            "ask a metric of this dashboard: `label_values(some_metric, {label})`"
        ));
    if !everywhere {
        let _ = finding.lower(Severity::Info);
    }
}
