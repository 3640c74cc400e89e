//! Metrics that nobody has.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-metric",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "metric that is not in the configured inventory",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "complete",
        default: OptionDefault::Bool(false),
        doc: "Whether the files of `metadata` list every metric there is, so that any other one is unknown.",
    }],
    page: include_str!("../../../rules/promql/unknown-metric.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let inventory = &cx.settings.inventory;
    if inventory.is_empty() {
        return;
    }
    let complete = cx.option("complete") == OptionValue::Bool(true);
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            if inventory.has(&name) || cx.project.records(&name) {
                continue;
            }
            // It looks like what the project records: `unrecorded-metric` tells so.
            let recorded = name.split_once(':').map(|(level, _)| level);
            if recorded.is_some_and(|level| !cx.project.recorded_at(level).is_empty()) {
                continue;
            }
            let near = inventory.near(&name);
            let family = inventory.knows_family_of(&name);
            if near.is_none() && !complete && !family {
                continue;
            }
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "look at the name; where the metric is new, save the inventory anew".to_owned()
                }
            };
            let finding = Found::new(
                query,
                span,
                format!(
                    "no metric of the inventory is called `{name}`: there is nothing to select"
                ),
                help,
            );
            // Where only some metrics of a kind are listed, others of it may well exist.
            found.push(match (near, complete) {
                (None, false) => finding.lower(Severity::Info),
                _ => finding,
            });
        }
    });
}
