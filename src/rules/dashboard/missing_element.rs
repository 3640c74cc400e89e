//! Places of a v2 layout for elements that do not exist.

use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};
use crate::spelling::nearest;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "missing-element",
    group: Group::Dashboard,
    severity: Severity::Error,
    summary: "layout that places an element which does not exist",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/missing-element.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some((first, others)) = dashboard.missing_elements.split_first() else {
        return;
    };
    let name = first.as_str().unwrap_or_default();
    let elements = dashboard.node.get("elements").into_iter();
    let known: Vec<_> = elements
        .flat_map(NodeRef::members)
        .filter_map(NodeRef::key)
        .collect();
    let near = nearest(&name, known.iter().map(|known| &**known));
    let mut finding = cx
        .report(
            Place::value(*first),
            format!("Grafana cannot open the dashboard: its layout places `{name}`, and no element is called so"),
        )
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the element, or take the item out of the layout".to_owned(),
        });
    for other in others {
        finding = finding.related(Place::value(*other), "nor is there this one");
    }
}
