//! Rates that read every sample of months.

use super::repeated::{self, Hit};
use crate::cost::{SCRAPE, duration, evaluation, in_words, time_range};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Query};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "rate-interval-over-long-range",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "`$__rate_interval` over a time range of months",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "days",
        default: OptionDefault::Int(30),
        doc: "From how many days on.",
    }],
    page: include_str!("../../../rules/cost/rate-interval-over-long-range.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let OptionValue::Int(days) = cx.option("days") else {
        return;
    };
    let long = days as f64 * 86_400.0;
    let mut range = None;
    let mut hits = Vec::new();
    for query in &dashboard.queries {
        if !query.language.is_promql() || !query.text().contains("__rate_interval") {
            continue;
        }
        let Some(panel) = dashboard.panel_of(query) else {
            continue;
        };
        let range = *range.get_or_insert_with(|| time_range(dashboard));
        let evaluated = evaluation(panel, query, range);
        if evaluated.range >= long {
            hits.extend(hit(query, evaluated.range));
        }
    }
    let help = "have a recording rule keep the rate or the increase of each hour, and show that";
    repeated::report(&hits, help, "here too", cx);
}

fn hit<'q, 't>(query: &'q Query<'t>, range: f64) -> Option<Hit<'q, 't>> {
    let parsed = query.parsed();
    let window = parsed.ranges().find(|range| {
        let mut holes = parsed.holes_of(range.duration.holes).iter();
        !range.subquery && holes.any(|hole| parsed.hole_name(hole) == "__rate_interval")
    })?;
    Some(Hit {
        query,
        span: window.brackets,
        message: format!(
            "over {} the windows are long and next to each other: this reads every sample there is, about {} of each series",
            duration(range),
            in_words(range / SCRAPE)
        ),
    })
}
