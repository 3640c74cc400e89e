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
    let mut named = data_source_nodes(&dashboard.panels).filter_map(|(node, source)| {
        if node.kind() != Kind::String {
            return None;
        }
        match source {
            DataSourceRef::Named { uid, .. }
                if !reach.provisions_sources() && !reach.knows_source(&uid, false) =>
            {
                Some((node, uid))
            }
            _ => None,
        }
    });
    let Some((first, name)) = named.next() else {
        return;
    };
    let mut finding = cx
        .report(
            Place::value(first),
            format!("the data source is found by its name: once \"{name}\" is renamed, the panel shows an error"),
        )
        .help("use a data source variable, or an object with `type` and `uid`");
    for (other, _) in named {
        finding = finding.related(Place::value(other), "by name, too");
    }
}
