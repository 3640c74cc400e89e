//! All over a large set of values without a pattern for it.

use rustc_hash::FxHashSet;

use super::expression::each_in_matcher;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Variable, VariableKind};
use crate::promql::{VariableQueryKind, variable_query};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "all-without-all-value",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "variable over a large set of values whose All lists every one of them",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "every",
        default: OptionDefault::Bool(false),
        doc: "Whether variables over other labels are reported too, and not only those over labels with hundreds of values.",
    }],
    page: include_str!("../../../rules/variables/all-without-all-value.md"),
    check: Check::Dashboard(check),
};

/// Labels with hundreds of values and more in an ordinary cluster (prometheus.io, "Metric and label naming"; Grafana,
/// "Use bounded labels": what names a pod, a container, a request or an address has no bound).
const LARGE: &[&str] = &[
    "pod",
    "pod_name",
    "pod_uid",
    "container_id",
    "id",
    "ip",
    "path",
    "replicaset",
    "uri",
    "url",
    "user",
];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let every = cx.option("every") == OptionValue::Bool(true);
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut found = Vec::new();
    each_in_matcher(dashboard, |query, variable, used| {
        let lists = variable.kind == VariableKind::Query
            && variable.has_all()
            && variable.all_value().is_none();
        if !lists || !used.matcher.op.is_regex() || seen.contains(&variable.node.id()) {
            return;
        }
        if let Some(label) =
            label(variable).filter(|label| every || LARGE.contains(&label.as_str()))
        {
            seen.insert(variable.node.id());
            found.push((variable, query, used.matcher.span, label));
        }
    });
    for (variable, query, matcher, label) in found {
        let _ = cx
            .report(
                Place::value(variable.name_node()),
                format!(
                    "All of `{}` is sent as a pattern with every value of `{label}`: where there are thousands the query is slow or too long",
                    variable.name()
                ),
            )
            .at(Context::variable_steps(variable))
            .related(Place::query(query, matcher), "it is put in here")
            .help("set `allValue` to `.+`, where the other matchers select the same series");
    }
}

/// The label whose values it offers, as they are.
fn label(variable: &Variable<'_>) -> Option<String> {
    let filtered =
        crate::model::string(variable.node, "regex").is_some_and(|regex| !regex.is_empty());
    let text = variable.query_node()?.as_str()?;
    let query = variable_query(&text);
    if filtered || query.kind != VariableQueryKind::LabelValues {
        return None;
    }
    text.get(query.label?.range()).map(str::to_owned)
}
