//! Queries that share a name.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::model::{DataSourceRef, Panel, Target};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-ref-id",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "queries of a panel that share a refId",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/duplicate-ref-id.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let targets = panel.targets();
    let mut first: FxHashMap<_, &Target<'t>> = FxHashMap::default();
    for target in targets.iter().filter(|target| !target.is_hidden()) {
        let Some(node) = target.ref_id_node() else {
            continue;
        };
        let name = target.ref_id();
        if name.is_empty() {
            continue;
        }
        let Some(known) = first.get(&name) else {
            first.insert(name, target);
            continue;
        };
        // `-- Mixed --` asks each data source apart, and names the answers apart.
        let apart = panel.data_source() == DataSourceRef::Mixed
            && known.data_source() != target.data_source();
        let Some(earlier) = known.ref_id_node().filter(|_| !apart) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(node),
                format!("two queries are called {name}: the data source answers by name, so one result can replace the other"),
            )
            .related(Place::value(earlier), "the first of this name")
            .help("give each query of the panel a letter of its own");
    }
}
