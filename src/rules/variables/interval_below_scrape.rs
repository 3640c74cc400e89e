//! Interval variables with steps shorter than a scrape.

use rustc_hash::{FxHashMap, FxHashSet};

use super::expression::{ranges_under, seconds};
use super::options::offered;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, VariableKind};
use crate::rules::scrape::scrape_interval;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "interval-below-scrape",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "interval variable under a rate that offers steps shorter than a scrape",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/interval-below-scrape.md"),
    check: Check::Dashboard(check),
};

const FUNCTIONS: &[&str] = &["rate", "irate", "increase", "delta", "idelta", "deriv"];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let intervals: FxHashMap<_, _> = dashboard
        .variables
        .iter()
        .filter(|variable| variable.kind == VariableKind::Interval)
        .map(|variable| (variable.name(), variable))
        .collect();
    if intervals.is_empty() {
        return;
    }
    let scrape = scrape_interval(cx, None).seconds;
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    for query in &dashboard.queries {
        if !query.language.is_promql() {
            continue;
        }
        let parsed = query.parsed();
        for (_, function, range) in ranges_under(parsed, FUNCTIONS) {
            let [hole] = parsed.holes_of(range.duration.holes) else {
                continue;
            };
            let Some(variable) = intervals.get(parsed.hole_name(hole)) else {
                continue;
            };
            if hole.span != range.duration.span || !seen.insert(variable.node.id()) {
                continue;
            }
            let Some(offered) = offered(variable) else {
                continue;
            };
            let short = offered
                .values
                .iter()
                .find(|(_, value)| seconds(value).is_some_and(|step| step < scrape));
            let Some((span, value)) = short else { continue };
            let _ = cx
                .report(
                    Place::text(offered.node, *span),
                    format!(
                        "`{function}` finds no two samples in {value} where metrics are scraped every {scrape}s: the panel is empty when it is chosen"
                    ),
                )
                .at(Context::variable_steps(variable))
                .related(Place::query(query, range.duration.span), "it is put in here")
                .help("offer steps of four scrapes and more, or write `$__rate_interval`");
        }
    }
}
