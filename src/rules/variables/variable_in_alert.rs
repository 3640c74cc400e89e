//! Dashboard variables where no dashboard is.

use crate::diagnostic::{Group, Severity};
use crate::model::{Language, Query, references};
use crate::rules::{Check, Context, Place, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "variable-in-alert",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "dashboard variable in an alerting or recording rule",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/variable-in-alert.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !matches!(
        query.language,
        Language::PromQl | Language::ProbablyPromQl | Language::MetricsQl
    ) {
        return;
    }
    let who = match cx.scope {
        Scope::Rules(_) => "Prometheus",
        Scope::Alerting(_) => "Grafana alerting",
        _ => return,
    };
    // In Grafana's alerts the data source's backend expands its own macros (facts: builtin_variables, alerting).
    let mut unknown = references(query.text())
        .into_iter()
        .filter(|reference| who == "Prometheus" || !reference.name.starts_with("__"));
    let Some(first) = unknown.next() else { return };
    let shown = &query.text()[first.span.range()];
    let mut finding = cx
        .report(
            Place::query(query, first.span),
            format!("{who} has no dashboard variables: `{shown}` is taken as it stands"),
        )
        .label("never replaced by a value")
        .help("write the value, or drop the matcher and keep the label in an aggregation");
    for other in unknown.take(10) {
        finding = finding.related(Place::query(query, other.span), "nor this one");
    }
}
