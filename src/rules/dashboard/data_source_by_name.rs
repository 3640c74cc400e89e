//! Data sources in the old form.

use super::provisioned::data_source_nodes;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, DataSourceRef};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::Kind;

pub(crate) const RULE: Rule = Rule {
    id: "data-source-by-name",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "data source named by its name",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/data-source-by-name.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let reach = cx.reach;
    for (panel, node, source) in data_source_nodes(&dashboard.panels) {
        let (DataSourceRef::Named { uid, .. }, Kind::String) = (source, node.kind()) else {
            continue;
        };
        if reach.provisions_sources() || reach.knows_source(&uid, false) {
            continue;
        }
        let _ = cx
            .report(
                Place::value(node),
                format!("the data source is found by its name: once \"{uid}\" is renamed, the panel shows an error"),
            )
            .at(Context::panel_steps(panel))
            .help("use a data source variable, or an object with `type` and `uid`")
            .together_by(&(), "by name, too");
    }
}
