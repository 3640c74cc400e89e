//! Legends whose braces do not match.

use super::legend::{legend, placeholders};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "legend-syntax",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "legend whose braces do not match",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/legend-syntax.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = legend(query) else {
        return;
    };
    // `${name}}}` ends with the braces of a variable.
    if text.contains("${") {
        return;
    }
    let (_, stray) = placeholders(&text);
    let Some(stray) = stray else { return };
    let _ = cx
        .report(
            Place::text(node, stray),
            "these braces have no partner: the legend shows them as they stand instead of a label's value",
        )
        .help("write `{{label}}`");
}
