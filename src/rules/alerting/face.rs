//! Alerts of both engines as the rules of this group ask about them.

use std::borrow::Cow;

use crate::config::Version;
use crate::diagnostic::TrailStep;
use crate::model::{Host, Query, RuleKind};
use crate::rules::{Alert, Context, Place, Scope};
use crate::syntax::{Kind, NodeRef};
use crate::template;

/// From here on `$value` is the number of the query, where a rule has but one (Grafana 12.0, breaking changes; pull request 102301).
const SINGLE_VALUE: Version = Version {
    major: 12,
    minor: 0,
};

/// An alert with what belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'s, 't> {
    pub(super) alert: Alert<'t>,
    scope: Scope<'s, 't>,
    index: usize,
    /// Its queries that Prometheus, VictoriaMetrics or Loki would run.
    pub(super) queries: &'s [Query<'t>],
}

/// The alerts of the document, of either engine.
pub(super) fn alerts<'s, 't>(
    cx: &Context<'s, 't>,
) -> impl Iterator<Item = Seen<'s, 't>> + use<'s, 't> {
    let scope = cx.scope;
    let (prometheus, grafana) = match scope {
        Scope::Rules(rules) => (rules.rules.as_slice(), [].as_slice()),
        Scope::Alerting(alerting) => ([].as_slice(), alerting.rules.as_slice()),
        _ => ([].as_slice(), [].as_slice()),
    };
    let all = cx.queries();
    let prometheus = prometheus
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.kind == RuleKind::Alert)
        .map(|(index, rule)| (index, Alert::Prometheus(*rule)));
    let grafana = grafana
        .iter()
        .enumerate()
        // A recording rule of Grafana stands in the same list.
        .filter(|(_, rule)| rule.node.get("record").is_none())
        .map(|(index, rule)| (index, Alert::Grafana(*rule)));
    prometheus.chain(grafana).map(move |(index, alert)| Seen {
        alert,
        scope,
        index,
        queries: own(all, index),
    })
}

/// The queries of the rule of this number: a document has its queries in the order of its rules.
fn own<'s, 't>(queries: &'s [Query<'t>], index: usize) -> &'s [Query<'t>] {
    let number = |query: &Query<'t>| match query.host {
        Host::Rule(number) | Host::AlertRule(number) => number,
        _ => usize::MAX,
    };
    let start = queries.partition_point(|query| number(query) < index);
    let rest = queries.get(start..).unwrap_or(&[]);
    let len = rest.partition_point(|query| number(query) == index);
    rest.get(..len).unwrap_or(&[])
}

impl<'s, 't> Seen<'s, 't> {
    pub(super) fn node(&self) -> NodeRef<'t> {
        self.alert.node()
    }

    /// Its name.
    pub(super) fn name(&self) -> Cow<'t, str> {
        match self.alert {
            Alert::Prometheus(rule) => rule.name(),
            Alert::Grafana(rule) => rule.title(),
        }
        .unwrap_or_default()
    }

    /// Where its name stands, or its beginning.
    pub(super) fn head(&self) -> Place<'t, 't> {
        Place::head(self.node())
    }

    /// Its labels.
    pub(super) fn labels(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        self.node()
            .get("labels")
            .into_iter()
            .flat_map(NodeRef::members)
    }

    /// Its annotations.
    pub(super) fn annotations(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        self.node()
            .get("annotations")
            .into_iter()
            .flat_map(NodeRef::members)
    }

    /// The object of its group.
    pub(super) fn group(&self) -> Option<NodeRef<'t>> {
        match (self.scope, self.alert) {
            (Scope::Rules(rules), Alert::Prometheus(rule)) => {
                rules.groups.get(rule.group).map(|group| group.node)
            }
            (Scope::Alerting(alerting), Alert::Grafana(rule)) => {
                alerting.groups.get(rule.group).map(|group| group.node)
            }
            _ => None,
        }
    }

    /// Its group's name.
    pub(super) fn group_name(&self) -> Cow<'t, str> {
        let name = self.group().and_then(|group| group.get("name"));
        name.and_then(NodeRef::as_str).unwrap_or_default()
    }

    /// A label of its own, or one all rules of its group get.
    pub(super) fn label(&self, name: &str) -> Option<NodeRef<'t>> {
        let group = || self.group()?.path(&["labels", name]);
        self.alert
            .label(name)
            .or_else(group)
            .filter(|label| !matches!(label.kind(), Kind::Object | Kind::Array))
    }

    /// Which templates its labels and annotations hold.
    pub(super) fn templates(&self, cx: &Context<'_, '_>) -> template::Dialect {
        let metricsql = |query: &Query<'_>| query.language == crate::model::Language::MetricsQl;
        match self.alert {
            Alert::Grafana(rule) => {
                let old = cx
                    .settings
                    .grafana
                    .is_some_and(|grafana| grafana < SINGLE_VALUE);
                let queries = rule.data().filter(|query| !query.is_expression());
                match old || queries.count() > 1 {
                    true => template::Dialect::GRAFANA_ALERT_OF_SEVERAL,
                    false => template::Dialect::GRAFANA_ALERT,
                }
            }
            Alert::Prometheus(_) if self.queries.iter().any(metricsql) => {
                template::Dialect::VMALERT
            }
            Alert::Prometheus(_) => template::Dialect::PROMETHEUS_ALERT,
        }
    }

    /// The way to it below the document.
    pub(super) fn steps(&self) -> Vec<TrailStep> {
        match self.scope {
            Scope::Rules(rules) => Context::rule_steps(rules, self.index),
            Scope::Alerting(alerting) => Context::alert_steps(alerting, self.index),
            _ => Vec::new(),
        }
    }
}

/// Reports the alerts of a document as one fault in many places.
pub(super) fn report_together<'s, 't>(
    cx: &mut Context<'s, 't>,
    found: &[(Seen<'s, 't>, Place<'t, 't>)],
    message: &str,
    help: &str,
    also: &'static str,
) {
    for (seen, place) in found {
        let _ = cx
            .report(*place, message)
            .at(seen.steps())
            .help(help)
            .together(also);
    }
}
