//! `$__interval` where a rate needs more than one sample.

use super::expression::ranges_under;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Host, Query};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "interval-under-rate",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "`$__interval` as the range of a rate, which leaves gaps when zoomed in",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/interval-under-rate.md"),
    check: Check::Query(check),
};

/// Functions that need two samples in the range, three of which are counted on by every dashboard.
const FUNCTIONS: &[&str] = &["rate", "irate", "increase", "delta", "idelta", "deriv"];

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !query.language.is_promql()
        || !matches!(query.host, Host::Panel(_))
        || !query.text().contains("__interval")
        || has_min_interval(query, cx)
    {
        return;
    }
    let parsed = query.parsed();
    let found: Vec<_> = ranges_under(parsed, FUNCTIONS)
        .filter_map(|(_, function, range)| {
            let [hole] = parsed.holes_of(range.duration.holes) else {
                return None;
            };
            let whole = hole.span == range.duration.span && hole.format.is_none();
            (whole && parsed.hole_name(hole) == "__interval").then_some((function, hole))
        })
        .collect();
    let Some((function, first)) = found.first() else {
        return;
    };
    // Bars of an increase over each step are drawn like this on purpose.
    let bars = found.iter().all(|(function, _)| *function == "increase");
    let edits = found
        .iter()
        .map(|(_, hole)| query.text_node.encode_str(hole.name, "__rate_interval"))
        .collect();
    let mut finding = cx
        .report(
            Place::query(query, first.span),
            format!(
                "`{function}` needs two samples, and zoomed in `$__interval` holds one or none: the panel shows gaps"
            ),
        )
        .help("write `$__rate_interval`, which is never shorter than four scrapes");
    for (_, hole) in found.iter().skip(1).take(10) {
        finding = finding.related(Place::query(query, hole.span), "and here");
    }
    if bars {
        finding = finding.lower(Severity::Info);
    }
    let _ = finding.fix("write `$__rate_interval`", Safety::Unsafe, edits);
}

/// A smallest interval is set, of the query or of the panel: `$__interval` does not fall below it.
fn has_min_interval(query: &Query<'_>, cx: &Context<'_, '_>) -> bool {
    let own = crate::model::string(query.node, "interval");
    let panel = || cx.panel_of(query)?.min_interval();
    own.filter(|interval| !interval.trim().is_empty())
        .or_else(panel)
        .is_some_and(|interval| !interval.trim().is_empty())
}
