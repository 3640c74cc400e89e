//! The variables `job` and `instance` of monitoring mixins.

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, DataSourceRef, Host, Variable, VariableKind};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const JOB: Rule = Rule {
    id: "missing-job-variable",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "dashboard without a variable `job`, or with one that mixins write differently",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/missing-job-variable.md"),
    check: Check::Dashboard(|dashboard, cx| check("job", dashboard, cx)),
};

pub(crate) const INSTANCE: Rule = Rule {
    id: "missing-instance-variable",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "dashboard without a variable `instance`, or with one that mixins write differently",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/missing-instance-variable.md"),
    check: Check::Dashboard(|dashboard, cx| check("instance", dashboard, cx)),
};

fn check<'t>(name: &str, dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let asks = dashboard
        .queries
        .iter()
        .any(|query| matches!(query.host, Host::Panel(_)) && query.language.is_promql());
    if !asks {
        return;
    }
    let Some(variable) = dashboard.variable(name) else {
        let _ = cx
            .report(
                Place::head(dashboard.node),
                format!("the dashboard has no variable `{name}`: it cannot be narrowed down to one, as those of mixins can"),
            )
            .help(format!(
                "add a query variable `{name}` with `multi`, `includeAll` and `allValue` `.+`"
            ));
        return;
    };
    let faults = faults(variable);
    if !faults.is_empty() {
        let _ = cx
            .report(
                Place::value(variable.name_node()),
                format!("`{name}` is not as mixins have it: {}", faults.join("; ")),
            )
            .at(Context::variable_steps(variable))
            .help("make it a query variable of the data source variable, with `multi`, `includeAll` and `allValue` `.+`");
    }
}

fn faults(variable: &Variable<'_>) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if variable.kind != VariableKind::Query {
        faults.push("its values come from no query");
        return faults;
    }
    if !matches!(variable.data_source(), DataSourceRef::Variable { .. }) {
        faults.push("its data source is no variable");
    }
    if !variable.is_multi() {
        faults.push("it takes one value only");
    }
    if variable.all_value().as_deref() != Some(".+") {
        faults.push("`allValue` is not `.+`");
    }
    faults
}
