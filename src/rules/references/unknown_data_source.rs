//! Data sources that nothing provisions.

use std::borrow::Cow;

use super::{CALLED, Dangling, nothing, report};
use crate::diagnostic::{Group, Severity, TrailStep};
use crate::model::{Alerting, Dashboard, DataSource, DataSourceRef, Panel, data_sources};
use crate::project::Missing;
use crate::rules::trail::step;
use crate::rules::{Check, Context, Rule, Scope};
use crate::source::kind::DocKind;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-data-source",
    group: Group::References,
    severity: Severity::Warning,
    summary: "data source that is not among those the Grafana is given",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-data-source.md"),
    check: Check::Document(check),
};

/// What comes of it in a panel.
const PANEL: &str = "the panel shows an error";

/// Where `jsonData` of data sources names others: below an object or a list of that name, or itself (Grafana documentation,
/// pages of the data sources, "Provision the data source").
const LINKS: &[(&str, &str)] = &[
    ("exemplarTraceIdDestinations", "datasourceUid"),
    ("derivedFields", "datasourceUid"),
    ("dataLinks", "datasourceUid"),
    ("tracesToLogsV2", "datasourceUid"),
    ("tracesToLogs", "datasourceUid"),
    ("tracesToMetrics", "datasourceUid"),
    ("tracesToProfiles", "datasourceUid"),
    ("serviceMap", "datasourceUid"),
    ("lokiSearch", "datasourceUid"),
    ("alertmanagerUid", ""),
    ("tracingDatasourceUid", ""),
];
/// Panels that ask no data source (Grafana 12, `skipDataQuery` of the built-in plugins).
const WITHOUT_QUERIES: &[&str] = &[
    "text",
    "news",
    "dashlist",
    "alertlist",
    "annolist",
    "row",
    "welcome",
    "gettingstarted",
];
/// Uids and names that every Grafana has (Grafana 12, pkg/services/datasources and pkg/expr).
const BUILT_IN: &[&str] = &[
    "grafana",
    "-- Grafana --",
    "-- Mixed --",
    "-- Dashboard --",
    "__expr__",
    "-100",
];

fn check(cx: &mut Context<'_, '_>) {
    let found = match cx.scope {
        Scope::Dashboard(dashboard) => in_dashboard(dashboard, cx),
        Scope::Alerting(alerting) => in_alerting(alerting, cx),
        Scope::File => in_data_sources(cx),
        Scope::Rules(_) => return,
    };
    if !found.is_empty() {
        let known = cx.reach.source_names();
        report(cx, found, &known);
    }
}

/// Of dashboards only what is certain: the rest is `hard-coded-data-source`.
fn in_dashboard<'t>(dashboard: &Dashboard<'t>, cx: &Context<'_, 't>) -> Vec<Dangling<'t>> {
    if !cx.reach.provisions_sources() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut look =
        |node: Option<NodeRef<'t>>, source, what: &str, steps: &dyn Fn() -> Vec<TrailStep>| {
            let (Some(node), DataSourceRef::Named { uid, .. }) = (node, source) else {
                return;
            };
            let dangling = dangling(
                node.get("uid").or_else(|| node.get("name")).unwrap_or(node),
                uid,
                false,
                what,
                cx,
            );
            found.extend(dangling.map(|dangling| dangling.at(steps())));
        };
    // Grafana 12: PanelQueryRunner and SceneQueryRunner give every target of a panel the panel's data source, unless that is
    // `-- Mixed --`.
    let own = |panel: &Panel<'t>| {
        let source = panel.data_source();
        !matches!(
            source,
            DataSourceRef::Named { .. } | DataSourceRef::Variable { .. }
        )
    };
    for panel in &dashboard.panels {
        if WITHOUT_QUERIES.contains(&panel.kind().as_ref()) {
            continue;
        }
        let steps = || Context::panel_steps(panel);
        look(panel.data_source_node(), panel.data_source(), PANEL, &steps);
        for target in panel.targets().iter().filter(|_| own(panel)) {
            look(
                target.data_source_node(),
                target.data_source(),
                PANEL,
                &steps,
            );
        }
    }
    for annotation in &dashboard.annotations {
        let steps = || {
            vec![Context::annotation_step(
                &annotation.name().unwrap_or_default(),
            )]
        };
        let source = annotation.data_source();
        look(
            annotation.data_source_node(),
            source,
            "the annotations are not shown",
            &steps,
        );
    }
    for variable in &dashboard.variables {
        let steps = || Context::variable_steps(variable);
        let source = variable.data_source();
        look(
            variable.data_source_node(),
            source,
            "the variable has no values",
            &steps,
        );
    }
    found
}

fn in_alerting<'t>(alerting: &Alerting<'t>, cx: &Context<'_, 't>) -> Vec<Dangling<'t>> {
    let rules = alerting.rules.iter().enumerate();
    let named = rules.flat_map(|(index, rule)| {
        let queries = rule
            .data()
            .filter_map(|entry| entry.node.get("datasourceUid"));
        let record = ["targetDatasourceUid", "targetDatasourceUID"];
        let target = rule
            .node
            .get("record")
            .and_then(|record_node| record.iter().find_map(|key| record_node.get(key)));
        let queries = queries.map(|node| (node, "every evaluation of the rule fails"));
        let target = target.map(|node| (node, "what the rule records is lost"));
        queries.chain(target).map(move |place| (index, place))
    });
    named
        .filter_map(|(index, (node, what))| {
            let found = dangling(node, node.as_str()?, true, what, cx)?;
            Some(found.at(Context::alert_steps(alerting, index)))
        })
        .collect()
}

fn in_data_sources<'t>(cx: &Context<'_, 't>) -> Vec<Dangling<'t>> {
    let Some(info) = cx.document else {
        return Vec::new();
    };
    let root = match (info.kind, cx.file.root(info)) {
        (DocKind::DataSources, Some(root)) => root,
        (DocKind::OperatorDataSource, Some(root)) => match root.get("spec") {
            Some(spec) => spec,
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for source in data_sources(root) {
        let name = source.name().unwrap_or_default();
        for (node, what) in links(source) {
            let Some(text) = node.as_str() else { continue };
            let dangling = dangling(node, text, false, what, cx);
            found.extend(dangling.map(|one| one.at(vec![step("data source", name.to_string())])));
        }
    }
    found
}

/// Where a data source names others, and what does not work without them.
fn links<'t>(source: DataSource<'t>) -> impl Iterator<Item = (NodeRef<'t>, &'static str)> {
    let correlations = source.node.get("correlations").into_iter();
    let correlations = correlations
        .flat_map(NodeRef::items)
        .filter_map(|one| one.get("targetUID"))
        .map(|node| (node, "Grafana refuses the correlation"));
    let options = source.node.get("jsonData");
    let linked = LINKS.iter().flat_map(move |(holder, key)| {
        let holder = options.and_then(|options| options.get(holder));
        let own = holder.filter(|_| key.is_empty());
        let below = holder.filter(|_| !key.is_empty()).into_iter();
        let below = below.flat_map(|holder| holder.items().chain([holder]));
        own.into_iter().chain(below.filter_map(|one| one.get(key)))
    });
    correlations.chain(linked.map(|node| (node, "its links lead nowhere")))
}

/// A name that no data source has.
fn dangling<'t>(
    node: NodeRef<'t>,
    name: Cow<'t, str>,
    by_uid: bool,
    what_happens: &str,
    cx: &Context<'_, 't>,
) -> Option<Dangling<'t>> {
    // What the environment says is not known here.
    if name.is_empty()
        || name.contains('$')
        || name.contains("[[")
        || BUILT_IN.contains(&name.as_ref())
    {
        return None;
    }
    let missing = cx.reach.missing_source(&name, by_uid)?;
    let words = match by_uid {
        true => nothing("data source", "has the uid", &name, missing),
        false => nothing("data source", CALLED, &name, missing),
    };
    let unset = cx.reach.source_without_uid(&name).map(|(source, uid)| {
        format!("set `uid: {name}` for the data source \"{source}\": Grafana makes up \"{uid}\" where none is set")
    });
    let unless = match missing {
        Missing::Certainly => "unless somebody made one by hand",
        Missing::Possibly => "unless it comes from elsewhere",
    };
    let message = format!("{words}: {what_happens}, {unless}");
    let dangling = Dangling::new(node, name, missing, message);
    Some(Dangling {
        help: unset,
        ..dangling
    })
}
