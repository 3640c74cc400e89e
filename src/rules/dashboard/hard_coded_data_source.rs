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
    let mut fixed = data_source_nodes(&dashboard.panels).filter_map(|(node, source)| {
        if node.kind() != Kind::Object {
            return None;
        }
        match source {
            DataSourceRef::Named { uid, .. }
                if !reach.provisions_sources() && !reach.knows_source(&uid, false) =>
            {
                Some((named(node)?, uid))
            }
            _ => None,
        }
    });
    let Some((first, uid)) = fixed.next() else {
        return;
    };
    let mut finding = cx
        .report(
            Place::value(first),
            format!("the data source \"{uid}\" is fixed: in a Grafana without it the panel shows an error"),
        )
        .help("use a data source variable (`${datasource}`), or provision the data source with this uid");
    for (other, _) in fixed {
        finding = finding.related(Place::value(other), "fixed, too");
    }
}
