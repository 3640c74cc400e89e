//! Variables in the place of a duration that offer something else.

use rustc_hash::{FxHashMap, FxHashSet};

use super::expression::seconds;
use super::options::{Offered, offered};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Query};
use crate::promql::ast::Duration;
use crate::promql::{Hole, Parsed};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "variable-is-no-duration",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "variable in the place of a duration that offers a value which is none",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/variable-is-no-duration.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let offers: FxHashMap<_, _> = dashboard
        .variables
        .iter()
        .rev()
        .filter_map(|variable| Some((variable.name(), (variable, offered(variable)?))))
        .collect();
    if offers.is_empty() {
        return;
    }
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    for query in &dashboard.queries {
        let Some(parsed) = query.expression() else {
            continue;
        };
        for (duration, hole) in single(parsed) {
            let Some((variable, offered)) = offers.get(parsed.hole_name(hole)) else {
                continue;
            };
            let plain = hole.format.is_none() && hole.field.is_none();
            if !plain || seen.contains(&variable.node.id()) {
                continue;
            }
            if let Some(bad) = misfit(offered, parsed, &duration, hole) {
                seen.insert(variable.node.id());
                let steps = Context::variable_steps(variable);
                report(offered, bad, query, duration.span, steps, cx);
            }
        }
    }
}

/// The durations that hold one variable.
fn single(parsed: &Parsed) -> Vec<(Duration, &Hole)> {
    let offsets = parsed
        .selectors()
        .filter_map(|(_, _, selector)| selector.shift.offset.map(|offset| offset.duration));
    let ranges = parsed.ranges().flat_map(|range| {
        [Some(*range.duration), range.step.copied()]
            .into_iter()
            .flatten()
    });
    ranges
        .chain(offsets)
        .filter_map(|duration| match parsed.holes_of(duration.holes) {
            [hole] => Some((duration, hole)),
            _ => None,
        })
        .collect()
}

/// The first value that makes no duration of the text around the variable.
fn misfit<'o>(
    offered: &'o Offered<'_>,
    parsed: &Parsed,
    duration: &Duration,
    hole: &Hole,
) -> Option<&'o (Span, String)> {
    let before = parsed.slice(Span::new(
        duration.span.start as usize,
        hole.span.start as usize,
    ));
    let after = parsed.slice(Span::new(
        hole.span.end as usize,
        duration.span.end as usize,
    ));
    offered.values.iter().find(|(_, value)| {
        // Grafana chooses a step of its own for it.
        value != "auto" && seconds(&format!("{before}{value}{after}")).is_none()
    })
}

fn report<'t>(
    offered: &Offered<'t>,
    (span, value): &(Span, String),
    query: &Query<'t>,
    duration: Span,
    steps: Vec<crate::diagnostic::TrailStep>,
    cx: &mut Context<'_, 't>,
) {
    let _ = cx
        .report(
            Place::text(offered.node, *span),
            format!(
                "Prometheus takes `{value}` for no duration: the query fails as soon as it is chosen"
            ),
        )
        .at(steps)
        .related(Place::query(query, duration), "it is put in here")
        .help("write a number and `ms`, `s`, `m`, `h`, `d`, `w` or `y`, without blanks");
}
