//! Data sources in a chart's values whose plugin the values do not install.

use rustc_hash::FxHashSet;

use super::entry::Entry;
use super::schema;
use crate::diagnostic::{Group, Severity};
use crate::model::is_expanded;
use crate::rules::{Check, Context, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "plugin-not-installed",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "data source of a plugin that the chart's values do not install",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/plugin-not-installed.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let number = cx.document.map(|info| info.number);
    if !number.is_some_and(|number| cx.file.is_chart_values(number)) {
        return;
    }
    let mut told = FxHashSet::default();
    for entry in Entry::all(cx) {
        let Some((node, kind)) = entry.text("type") else {
            continue;
        };
        if is_expanded(&kind) || schema::is_core(&kind) || told.contains(kind.as_ref()) {
            continue;
        }
        let Some(plugins) = plugins_around(entry.node) else {
            continue;
        };
        if may_bring(plugins, &kind) {
            continue;
        }
        let _ = cx
            .report(
                node,
                format!("`{kind}` does not come with Grafana, and these values do not install it: the data source cannot be used"),
            )
            .related(plugins, "the plugins that are installed")
            .help(format!("add `{kind}` to `plugins`"));
        told.insert(kind.into_owned());
    }
}

/// The `plugins` of the chart that the data source stands in (grafana chart, values.yaml), unless its image may have others in it.
fn plugins_around(entry: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut around = std::iter::successors(Some(entry), |node| node.parent());
    let (chart, plugins) = around.find_map(|node| {
        let chart = node.parent()?;
        let beside = node.key().as_deref() == Some("datasources");
        let plugins = chart.get("plugins").filter(|_| beside)?;
        (plugins.kind() == Kind::Array).then_some((chart, plugins))
    })?;
    let own_image = chart
        .path(&["image", "repository"])
        .and_then(NodeRef::as_str)
        .is_some_and(|name| !name.ends_with("grafana/grafana"));
    (!own_image).then_some(plugins)
}

/// Whether one of the plugins is the wanted one, as `id`, `id version`, `id@version` or `address;id`, or may bring it along: apps have data
/// sources of the same author in them.
fn may_bring(plugins: NodeRef<'_>, wanted: &str) -> bool {
    let author = wanted.split('-').next().unwrap_or(wanted);
    plugins.items().any(|plugin| {
        let Some(text) = plugin.as_str() else {
            return true;
        };
        is_expanded(&text)
            || text.contains(wanted)
            || text.contains("-app") && text.contains(author)
    })
}
