//! Queries of an alert rule that share a name.

use super::pipeline::Pipeline;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-alert-ref-id",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "queries of an alert rule that share a refId",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/duplicate-alert-ref-id.md"),
    check: Check::EmittedBy("invalid-expression"),
};

pub(super) fn check<'t>(pipeline: &Pipeline<'t>, cx: &mut Context<'_, 't>) {
    for (at, entry) in pipeline.entries.iter().enumerate() {
        let first = pipeline.find(&entry.name).filter(|first| *first < at);
        let Some(first) = first.and_then(|first| pipeline.entries.get(first)) else {
            continue;
        };
        let (Some(node), Some(earlier)) = (entry.query.ref_id_node(), first.query.ref_id_node())
        else {
            continue;
        };
        if entry.name.is_empty() || first.query == entry.query {
            continue;
        }
        let message = format!(
            "the rule cannot be evaluated: two of its queries are called `{}`",
            entry.name
        );
        let _ = cx
            .report_as(&RULE, node, message)
            .related(earlier, "the first of this name")
            .help("give each query of the rule a refId of its own");
    }
}
