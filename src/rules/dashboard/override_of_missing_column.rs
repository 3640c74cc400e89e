//! Overrides of columns that a table does not get.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Host, Panel, Query, string};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "override-of-missing-column",
    group: Group::Dashboard,
    severity: Severity::Info,
    summary: "override of a column that the queries of the table do not return",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/override-of-missing-column.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let is_plain_table = |panel: &Panel<'t>| {
        // A transformation gives columns other names.
        panel.kind() == "table"
            && panel.each_transformation().next().is_none()
            && panel.overrides().next().is_some()
    };
    if !dashboard.panels.iter().any(is_plain_table) {
        return;
    }
    let mut by_panel: FxHashMap<usize, Vec<&Query<'t>>> = FxHashMap::default();
    for query in &dashboard.queries {
        if let Host::Panel(index) = query.host {
            by_panel.entry(index).or_default().push(query);
        }
    }
    for (index, panel) in dashboard.panels.iter().enumerate() {
        let Some(queries) = by_panel.get(&index).filter(|_| is_plain_table(panel)) else {
            continue;
        };
        if queries.len() != panel.targets().len() || !queries.iter().all(|query| is_table(query)) {
            continue;
        }
        for (node, column) in columns(panel) {
            let missing = queries.iter().all(|query| {
                let root = query.parsed().root;
                root.is_some_and(|root| !query.flow(cx.project).can(root, &column))
            });
            if missing {
                let _ = cx
                    .report(
                        Place::value(node),
                        format!("no query of this table returns a column `{column}`: the override has no effect"),
                    )
                    .at(Context::panel_steps(panel))
                    .help("keep the label in the query, or delete the override");
            }
        }
    }
}

/// The query gives the table a column for each label (Grafana 12.1, @grafana/prometheus, result_transformer.ts:
/// transformDFToTable).
fn is_table(query: &Query<'_>) -> bool {
    query.language.is_promql()
        && query.parsed().is_valid()
        && string(query.node, "format").as_deref() == Some("table")
}

/// The columns that overrides name, where they look like labels, and not like a name that another override gives.
fn columns<'t>(panel: &Panel<'t>) -> Vec<(NodeRef<'t>, String)> {
    let given: Vec<String> = panel
        .overrides()
        .flat_map(|rule| rule.properties("displayName"))
        .filter_map(|name| Some(name.as_str()?.into_owned()))
        .collect();
    panel
        .overrides()
        .filter_map(|rule| {
            let matcher = rule.matcher()?;
            let by_name = string(matcher, "id").as_deref() == Some("byName");
            let node = matcher.get("options").filter(|_| by_name)?;
            let name = node.as_str()?.into_owned();
            let like_a_label = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            (like_a_label && !given.contains(&name)).then_some((node, name))
        })
        .collect()
}
