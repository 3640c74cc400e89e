//! Dashboards of a mixin without a variable for their data source.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Variable, VariableKind};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "missing-datasource-variable",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "dashboard without a data source variable, or with one of another name than mixins give it",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/missing-datasource-variable.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let sources: Vec<&Variable<'t>> = dashboard
        .variables
        .iter()
        .filter(|variable| variable.kind == VariableKind::DataSource)
        .collect();
    if sources.is_empty() {
        if !dashboard.queries.is_empty() {
            let _ = cx
                .report(
                    Place::head(dashboard.node),
                    "the dashboard has no data source variable: it shows data only where a data source has the same uid",
                )
                .help("add a variable `datasource` of type `datasource`, and refer to `${datasource}`");
        }
        return;
    }
    for variable in &sources {
        let Some(plugin) = variable.plugin() else {
            continue;
        };
        let name = variable.name();
        let own = format!("{}_datasource", word(&plugin));
        if name == own || (name == "datasource" && sources.len() == 1) {
            continue;
        }
        let wanted = if sources.len() == 1 {
            format!("`datasource` or `{own}`")
        } else {
            format!("`{own}`")
        };
        let _ = cx
            .report(
                Place::value(variable.name_node()),
                format!("mixins call this variable {wanted}: links between dashboards do not carry `{name}` over"),
            )
            .at(Context::variable_steps(variable))
            .help(format!("rename it to {wanted}"));
    }
}

/// A plugin's id as part of a variable's name, which has letters, digits and underscores only.
fn word(plugin: &str) -> String {
    let short = plugin.strip_suffix("-datasource").unwrap_or(plugin);
    short
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect()
}
