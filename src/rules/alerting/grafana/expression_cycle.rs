//! Expressions that wait for each other.

use super::pipeline::Pipeline;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "expression-cycle",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "expressions of an alert rule that read each other in a circle",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/expression-cycle.md"),
    check: Check::EmittedBy("invalid-expression"),
};

/// One finding a rule: its first circle.
pub(super) fn check<'t>(pipeline: &Pipeline<'t>, stuck: &[usize], cx: &mut Context<'_, 't>) {
    let cycle = cycle(pipeline, stuck);
    let Some(first) = cycle.first().and_then(|at| pipeline.entries.get(*at)) else {
        return;
    };
    let Some(input) = first.inputs.iter().find(|input| {
        let read = pipeline.find(&input.name);
        read.is_some() && read == cycle.get(1).or(cycle.first()).copied()
    }) else {
        return;
    };
    let message = if cycle.len() == 1 {
        format!(
            "the rule cannot be evaluated: expression `{}` reads itself",
            first.name
        )
    } else {
        let way = cycle.iter().chain(cycle.first());
        let names: Vec<_> = way
            .filter_map(|at| pipeline.entries.get(*at))
            .map(|entry| format!("`{}`", entry.name))
            .collect();
        format!(
            "the rule cannot be evaluated: its expressions read each other in a circle, {}",
            names.join(" reads ")
        )
    };
    let mut finding = cx
        .report_as(&RULE, Place::text(input.node, input.span), message)
        .help("let one of them read a query instead");
    for entry in cycle
        .iter()
        .skip(1)
        .filter_map(|at| pipeline.entries.get(*at))
    {
        if let Some(node) = entry.query.ref_id_node() {
            finding = finding.related(node, "in the circle");
        }
    }
}

/// The entries of a circle, each read by the one before it, the first in the file first.
fn cycle(pipeline: &Pipeline<'_>, stuck: &[usize]) -> Vec<usize> {
    let mut way: Vec<usize> = Vec::new();
    let mut place = vec![None; pipeline.entries.len()];
    let mut here = stuck.first().copied();
    while let Some(at) = here {
        let Some(seen) = place.get_mut(at) else { break };
        if let Some(start) = *seen {
            let mut cycle = way.split_off(start);
            let first = cycle.iter().enumerate().min_by_key(|(_, at)| **at);
            let first = first.map_or(0, |(number, _)| number);
            cycle.rotate_left(first);
            return cycle;
        }
        *seen = Some(way.len());
        way.push(at);
        here = pipeline.entries.get(at).and_then(|entry| {
            let mut reads = pipeline.reads(entry);
            reads.find(|read| stuck.binary_search(read).is_ok())
        });
    }
    Vec::new()
}
