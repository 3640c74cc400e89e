//! Legends that name a label the query takes away.

use super::legend::{legend, placeholders};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::OutputLabels;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "legend-label-not-in-result",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "legend with a label that the query's result does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/legend-label-not-in-result.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = legend(query).filter(|_| !query.hidden) else {
        return;
    };
    let (found, _) = placeholders(&text);
    if found.is_empty() {
        return;
    }
    let parsed = query.parsed();
    let Some(root) = parsed.root.filter(|_| parsed.is_valid()) else {
        return;
    };
    let labels = parsed.output_labels(root);
    for (span, label) in found {
        if label.is_empty() || label.contains(['$', '[']) {
            continue;
        }
        let kept = match &labels {
            OutputLabels::Exact(names) if !names.iter().any(|name| name == label) => names,
            OutputLabels::Without(names) if names.iter().any(|name| name == label) => &Vec::new(),
            _ => continue,
        };
        let help = if kept.is_empty() {
            "keep the label in the query's aggregation, or take it out of the legend".to_owned()
        } else {
            format!(
                "the result has the labels {}: keep this one too, or take it out of the legend",
                kept.join(", ")
            )
        };
        let _ = cx
            .report(
                Place::text(node, span),
                format!(
                    "the query's result has no label `{label}`: this part of the legend stays empty"
                ),
            )
            .related(Place::value(query.text_node), "the query")
            .help(help);
        return;
    }
}
