//! Selectors of mixins that the variables `job` and `instance` do not narrow down.

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed, Selector};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const JOB: Rule = Rule {
    id: "selector-without-job",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "selector in a panel that the variable `job` does not narrow down",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/selector-without-job.md"),
    check: Check::Query(|query, cx| check("job", query, cx)),
};

pub(crate) const INSTANCE: Rule = Rule {
    id: "selector-without-instance",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "selector in a panel that the variable `instance` does not narrow down",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/selector-without-instance.md"),
    check: Check::Query(|query, cx| check("instance", query, cx)),
};

fn check<'t>(label: &str, query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let panel = matches!(query.host, Host::Panel(_)) && query.language.is_promql();
    let defined = cx
        .dashboard()
        .is_some_and(|dashboard| dashboard.variable(label).is_some());
    // Where there is no such variable, `missing-job-variable` and its sister say so once.
    if !panel || !defined {
        return;
    }
    let parsed = query.parsed();
    if !parsed.is_valid() {
        return;
    }
    let single = cx
        .dashboard()
        .and_then(|dashboard| dashboard.variable(label))
        .is_some_and(|variable| !variable.is_multi() && !variable.has_all());
    let mut bare = parsed
        .selectors()
        .map(|(_, _, selector)| selector)
        .filter(|selector| !selector.open && !is_aggregated(parsed, selector))
        .filter(|selector| {
            let matchers = parsed.ast.matchers(selector);
            !matchers
                .iter()
                .any(|matcher| narrows(label, matcher, parsed, single))
        });
    let Some(first) = bare.next() else { return };
    let mut finding = cx
        .report(
            Place::query(query, first.vector),
            format!("`${label}` does not narrow this selector down: the panel shows the same whatever is chosen"),
        )
        .help(format!("add `{label}=~\"${label}\"`"));
    for other in bare.take(10) {
        finding = finding.related(Place::query(query, other.vector), "nor this one");
    }
}

/// A recorded metric, by its colons: the label may be aggregated away.
fn is_aggregated(parsed: &Parsed, selector: &Selector) -> bool {
    parsed
        .metric_name(selector)
        .is_some_and(|(name, _)| name.contains(':'))
}

/// `job=~"$job"`, however the variable is written; of a variable with one value `=` does as well.
fn narrows(label: &str, matcher: &Matcher, parsed: &Parsed, single: bool) -> bool {
    parsed.label(&matcher.label) == label
        && (matcher.op.is_regex() || (single && matcher.op == MatchOp::Equal))
        && parsed
            .holes_of(matcher.value.holes)
            .iter()
            .any(|hole| parsed.hole_name(hole) == label)
}
