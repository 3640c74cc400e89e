//! Long windows that are read again at every step, and subqueries of very many points.

use crate::cost::EVALUATION;
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "long-range",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "window of more than a day, read again at every step",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "hours",
        default: OptionDefault::Int(24),
        doc: "The longest window, in hours, that may be drawn over time.",
    }],
    page: include_str!("../../../rules/cost/long-range.md"),
    check: Check::Query(check),
};

pub(crate) const SUBQUERY_POINTS: Rule = Rule {
    id: "subquery-points",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "subquery of hundreds of points",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "points",
        default: OptionDefault::Int(500),
        doc: "From how many points on.",
    }],
    page: include_str!("../../../rules/cost/subquery-points.md"),
    check: Check::Query(check_subqueries),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // Rules are evaluated at one moment; so is what a panel asks for instantly.
    if !query.language.is_promql() || !matches!(query.host, Host::Panel(_)) || query.is_instant() {
        return;
    }
    let parsed = query.parsed();
    let OptionValue::Int(hours) = cx.option("hours") else {
        return;
    };
    for range in parsed.ranges().filter(|range| !range.subquery) {
        let Some(seconds) = range.duration.seconds else {
            continue;
        };
        if seconds <= hours as f64 * 3600.0 {
            continue;
        }
        let inner = parsed.slice(range.duration.span);
        let _ = cx
            .report(
                Place::query(query, range.brackets),
                format!(
                    "Prometheus reads {inner} of every series again for each point of the time range"
                ),
            )
            .help("make the query instant, or have a recording rule keep the result");
    }
}

fn check_subqueries<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !query.language.is_promql() || !query.text().contains(':') {
        return;
    }
    let OptionValue::Int(most) = cx.option("points") else {
        return;
    };
    for range in query.parsed().ranges().filter(|range| range.subquery) {
        let seconds = range.duration.seconds;
        // Without a step it is the evaluation interval.
        let step = range.step.map_or(Some(EVALUATION), |step| step.seconds);
        let (Some(seconds), Some(step)) = (seconds, step.filter(|step| *step > 0.0)) else {
            continue;
        };
        let points = (seconds / step).round();
        if points >= most as f64 {
            let _ = cx
                .report(
                    Place::query(query, range.brackets),
                    format!("the inner query is evaluated at {points} points each time"),
                )
                .help("choose a longer resolution, or have a recording rule keep the inner query");
        }
    }
}
