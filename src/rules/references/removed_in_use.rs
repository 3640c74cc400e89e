//! What a change took away and others still use.

use super::super::dashboard::broken_link_to_dashboard::target;
use crate::diagnostic::{Group, Severity, TrailStep};
use crate::model::{Alerting, Dashboard, DataSourceRef, Host, Target};
use crate::project::Removable;
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "removed-in-use",
    group: Group::References,
    severity: Severity::Error,
    summary: "use of something that the change has removed",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/removed-in-use.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    if !cx.project.is_compared() {
        return;
    }
    match cx.scope {
        Scope::Dashboard(dashboard) => in_dashboard(dashboard, cx),
        Scope::Alerting(alerting) => in_alerting(alerting, cx),
        Scope::Rules(_) | Scope::File => {}
    }
    metrics(cx);
}

fn in_dashboard<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for panel in &dashboard.panels {
        let own = panel.data_source();
        let is_own = matches!(
            own,
            DataSourceRef::Named { .. } | DataSourceRef::Variable { .. }
        );
        let mut used = vec![(panel.data_source_node(), own)];
        // Grafana 12: PanelQueryRunner and SceneQueryRunner give every target of a panel the panel's data source, unless that
        // is `-- Mixed --`.
        if !is_own {
            let targets = panel.targets();
            let named = |target: &Target<'t>| (target.data_source_node(), target.data_source());
            used.extend(targets.iter().map(named));
        }
        for (node, source) in used {
            let (Some(node), DataSourceRef::Named { uid, .. }) = (node, source) else {
                continue;
            };
            let named = node.get("uid").or_else(|| node.get("name")).unwrap_or(node);
            report(
                cx,
                named,
                Removable::DataSource,
                &uid,
                Context::panel_steps(panel),
            );
        }
        for link in panel.links().chain(panel.data_links()) {
            link_to(cx, link.url_node(), Context::panel_steps(panel));
        }
    }
    for link in dashboard.links() {
        link_to(cx, link.url_node(), Vec::new());
    }
}

fn in_alerting<'t>(alerting: &Alerting<'t>, cx: &mut Context<'_, 't>) {
    for policy in alerting.policy_trees() {
        let receiver = policy.node.get("receiver");
        named(cx, receiver, Removable::ContactPoint, Vec::new());
    }
    for (index, rule) in alerting.rules.iter().enumerate() {
        let steps = Context::alert_steps(alerting, index);
        for entry in rule.data() {
            let source = entry.node.get("datasourceUid");
            named(cx, source, Removable::DataSource, steps.clone());
        }
        let settings = rule.notification_settings();
        let receiver = settings.and_then(|settings| settings.get("receiver"));
        named(cx, receiver, Removable::ContactPoint, steps.clone());
        let dashboard = rule.node.path(&["annotations", "__dashboardUid__"]);
        named(cx, dashboard, Removable::Dashboard, steps);
    }
}

/// The metrics that queries read: they may have been recorded.
fn metrics(cx: &mut Context<'_, '_>) {
    for query in cx
        .queries()
        .iter()
        .filter(|query| query.language.is_promql())
    {
        let parsed = query.parsed();
        for (_, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            if !cx.project.has_lost(Removable::Metric, &name) {
                continue;
            }
            let who = match query.host {
                Host::Rule(_) if query.node.get("record").is_some() => "this recording rule",
                Host::Rule(_) | Host::AlertRule(_) => "this alert",
                Host::Panel(_) => "this panel",
                Host::Annotation(_) => "this annotation",
                Host::Variable(_) => "this variable",
            };
            let steps = Context::query_steps(cx.scope, query);
            let _ = cx
                .report(
                    Place::query(query, span),
                    format!("the change removes the rule that records `{name}`: {who} finds nothing by that name any more"),
                )
                .at(steps)
                .help("keep the rule, or ask the metrics it was made of")
                .together_by(&*name, "asked for here, too");
        }
    }
}

fn link_to<'t>(cx: &mut Context<'_, 't>, url: Option<NodeRef<'t>>, steps: Vec<TrailStep>) {
    let text = url.and_then(NodeRef::as_str);
    if let (Some(node), Some(uid)) = (url, text.as_deref().and_then(target)) {
        report(cx, node, Removable::Dashboard, uid, steps);
    }
}

fn named<'t>(
    cx: &mut Context<'_, 't>,
    node: Option<NodeRef<'t>>,
    what: Removable,
    steps: Vec<TrailStep>,
) {
    if let Some(node) = node
        && let Some(name) = node.as_str()
    {
        report(cx, node, what, &name, steps);
    }
}

fn report<'t>(
    cx: &mut Context<'_, 't>,
    node: NodeRef<'t>,
    what: Removable,
    name: &str,
    steps: Vec<TrailStep>,
) {
    if !cx.project.has_lost(what, name) {
        return;
    }
    let (thing, effect) = match what {
        Removable::Dashboard => ("dashboard", "this leads to \"not found\""),
        Removable::DataSource => ("data source", "whatever asks it fails"),
        Removable::ContactPoint => ("contact point", "nobody is told through it any more"),
        Removable::Metric => return,
    };
    let _ = cx
        .report(
            Place::value(node),
            format!(
                "the change removes the {thing} \"{name}\", which is still used here: {effect}"
            ),
        )
        .at(steps)
        .help(format!("keep the {thing}, or name another one here"))
        .together_by(name, format!("the {thing} is used here, too"));
}
