//! Panels of mixins that name one data source.

use crate::diagnostic::{Group, Severity};
use crate::model::{DataSourceRef, Panel};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "fixed-data-source",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "panel or query that names one data source instead of a variable",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/fixed-data-source.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    // The data source each query goes to: its own, else the panel's.
    let fixed = panel.targets().into_iter().filter_map(|target| {
        let own = target.data_source_node();
        let (source, node) = match target.data_source {
            DataSourceRef::Default => (panel.data_source(), panel.data_source_node()),
            source => (source, own),
        };
        match source {
            DataSourceRef::Named { .. } => Some(uid(node?)),
            _ => None,
        }
    });
    let mut fixed: Vec<_> = fixed.collect();
    // Queries without one of their own share the panel's.
    fixed.dedup();
    let Some((first, others)) = fixed.split_first() else {
        return;
    };
    let mut finding = cx
        .report(
            Place::value(*first),
            "the panel asks one data source by its uid: where there is no such data source it shows an error",
        )
        .help("refer to a data source variable: `${datasource}`");
    for other in others.iter().take(10) {
        finding = finding.related(Place::value(*other), "and here");
    }
}

fn uid(node: NodeRef<'_>) -> NodeRef<'_> {
    node.get("uid").or_else(|| node.get("name")).unwrap_or(node)
}
