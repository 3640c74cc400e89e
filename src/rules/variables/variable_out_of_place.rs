//! Variables whose values cannot be what their place in the query wants.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, VariableKind};
use crate::promql::HoleRole;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "variable-out-of-place",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "interval or data source variable in a place of a query where its values mean nothing",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/variable-out-of-place.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let odd = |name: &str| {
        let variable = dashboard.variable(name)?;
        matches!(
            variable.kind,
            VariableKind::Interval | VariableKind::DataSource
        )
        .then_some(variable.kind)
    };
    for query in &dashboard.queries {
        let Some(parsed) = query.expression() else {
            continue;
        };
        for hole in &parsed.holes {
            let name = parsed.hole_name(hole);
            let Some(kind) = odd(name) else { continue };
            let (message, help) = if kind == VariableKind::DataSource {
                // With a format or field its author knows that there is a name beside the uid.
                if hole.format.is_some() || hole.field.is_some() {
                    continue;
                }
                (
                    format!(
                        "`{name}` is put in as the uid of a data source, which no series has for a label"
                    ),
                    format!("write `${{{name}:text}}` for its name"),
                )
            } else if wants_no_duration(hole.role) {
                (
                    format!("`{name}` is put in as a duration, and here stands a name"),
                    "write the name, or use a variable that offers names".to_owned(),
                )
            } else {
                continue;
            };
            let steps = Context::query_steps(cx.scope, query);
            let _ = cx
                .report(Place::query(query, hole.span), message)
                .at(steps)
                .help(help);
        }
    }
}

/// Places of which a duration is certainly no part: a matcher's value or a metric's name may hold one (`window="5m"`,
/// `job:requests:rate5m`).
fn wants_no_duration(role: HoleRole) -> bool {
    matches!(
        role,
        HoleRole::LabelName
            | HoleRole::GroupingLabel
            | HoleRole::MatcherList
            | HoleRole::Function
            | HoleRole::Aggregation
            | HoleRole::Operator
            | HoleRole::Clause
    )
}
