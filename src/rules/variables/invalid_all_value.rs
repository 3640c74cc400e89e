//! What All stands for, where it is no regular expression.

use rustc_hash::FxHashSet;

use super::expression::each_in_matcher;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, references};
use crate::promql::regex_check;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-all-value",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "`allValue` that is blank or that Prometheus refuses as a regular expression",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/invalid-all-value.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut found = Vec::new();
    each_in_matcher(dashboard, |query, variable, used| {
        if !used.matcher.op.is_regex() || !used.is_plain() || !variable.has_all() {
            return;
        }
        let Some(value) = variable.all_value() else {
            return;
        };
        if !references(&value).is_empty() || !seen.insert(variable.node.id()) {
            return;
        }
        let message = if value.trim().is_empty() {
            "All stands for a blank, which no series has: with All chosen the panel shows nothing"
                .to_owned()
        } else if let Err(error) = regex_check(&value) {
            format!(
                "Prometheus refuses `{value}` as a regular expression ({}): with All chosen the query fails",
                error.message
            )
        } else {
            return;
        };
        found.push((variable, query, used.matcher.span, message));
    });
    for (variable, query, matcher, message) in found {
        let Some(node) = variable.node.get("allValue") else {
            continue;
        };
        let _ = cx
            .report(Place::value(node), message)
            .at(Context::variable_steps(variable))
            .related(Place::query(query, matcher), "it is put in here")
            .help("write `.+` for every series that has the label, or `.*` for all");
    }
}
