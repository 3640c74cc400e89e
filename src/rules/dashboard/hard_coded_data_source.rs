//! Data sources that exist in one Grafana only.

use super::provisioned::{data_source_nodes, named};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, DataSourceRef};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::Kind;

pub(crate) const RULE: Rule = Rule {
    id: "hard-coded-data-source",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "data source named by its uid",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/hard-coded-data-source.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let reach = cx.reach;
    for (panel, node, source) in data_source_nodes(&dashboard.panels) {
        let (DataSourceRef::Named { uid, .. }, Kind::Object) = (source, node.kind()) else {
            continue;
        };
        if reach.provisions_sources() || reach.knows_source(&uid, false) {
            continue;
        }
        let Some(named) = named(node) else { continue };
        let _ = cx
            .report(
                Place::value(named),
                format!("the data source \"{uid}\" is fixed: in a Grafana without it the panel shows an error"),
            )
            .at(Context::panel_steps(panel))
            .help("use a data source variable (`${datasource}`), or provision the data source with this uid")
            .together_by(&(), "fixed, too");
    }
}
