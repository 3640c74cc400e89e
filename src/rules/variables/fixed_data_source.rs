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
    let own = (panel.data_source(), panel.node.get("datasource"));
    let targets = panel.targets().into_iter().map(|target| {
        let node = if panel.is_v2() {
            target.outer.path(&["query", "datasource"])
        } else {
            target.query.get("datasource")
        };
        (target.data_source, node)
    });
    let mut fixed = std::iter::once(own)
        .chain(targets)
        .filter_map(|(source, node)| match source {
            DataSourceRef::Named { .. } => Some(uid(node?)),
            _ => None,
        });
    let Some(first) = fixed.next() else { return };
    let mut finding = cx
        .report(
            Place::value(first),
            "the panel asks one data source by its uid: where there is no such data source it shows an error",
        )
        .help("refer to a data source variable: `${datasource}`");
    for other in fixed.take(10) {
        finding = finding.related(Place::value(other), "and here");
    }
}

fn uid(node: NodeRef<'_>) -> NodeRef<'_> {
    node.get("uid").or_else(|| node.get("name")).unwrap_or(node)
}
