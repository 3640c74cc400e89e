//! The cost of rules: what each evaluation of a group takes.

use super::counts::SeriesCounts;
use super::data::{ALERT_POINTS, EVALUATION, LEAST_STEP, SCRAPE};
use super::panel::interval;
use super::query::{Evaluation, Priced};
use crate::model::{AlertQuery, Alerting, Host, Query, RuleFile};
use crate::syntax::NodeRef;

/// What a group of rules costs each time it is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupCost {
    /// The group's number in the document.
    pub group: usize,
    /// Its queries in PromQL, in order.
    pub queries: Vec<Priced>,
    /// Together.
    pub work: f64,
    /// Seconds from one evaluation to the next.
    pub interval: f64,
}

impl GroupCost {
    /// Samples read at each evaluation.
    pub fn samples(&self) -> f64 {
        self.queries.iter().map(|priced| priced.cost.samples).sum()
    }

    /// The query that costs most.
    pub fn dearest(&self) -> Option<&Priced> {
        self.queries
            .iter()
            .max_by(|a, b| a.cost.work().total_cmp(&b.cost.work()))
    }
}

/// Estimates the groups of Prometheus rules, in order; those without a query in PromQL are left out.
pub fn rule_groups(rules: &RuleFile<'_>, counts: &SeriesCounts) -> Vec<GroupCost> {
    let group_of = |query: &Query<'_>| match query.host {
        Host::Rule(at) => rules.rules.get(at).map(|rule| rule.group),
        _ => None,
    };
    let interval_of = |group: usize| every(rules.groups.get(group).map(|group| group.node));
    let at_once = |_: &Query<'_>| Evaluation::INSTANT;
    groups(&rules.queries, group_of, interval_of, at_once, counts)
}

/// Estimates the groups of Grafana's alert rules, in order.
pub fn alert_groups(alerting: &Alerting<'_>, counts: &SeriesCounts) -> Vec<GroupCost> {
    let rule_of = |query: &Query<'_>| match query.host {
        Host::AlertRule(at) => alerting.rules.get(at),
        _ => None,
    };
    let interval_of = |group: usize| every(alerting.groups.get(group).map(|group| group.node));
    let evaluation_of = |query: &Query<'_>| {
        let entry = rule_of(query).and_then(|rule| {
            rule.data()
                .find(|entry| entry.node.get("model") == Some(query.node))
        });
        entry.map_or(Evaluation::INSTANT, |entry| along(entry, query))
    };
    let group_of = |query: &Query<'_>| rule_of(query).map(|rule| rule.group);
    groups(
        &alerting.queries,
        group_of,
        interval_of,
        evaluation_of,
        counts,
    )
}

fn groups<'t>(
    queries: &[Query<'t>],
    group_of: impl Fn(&Query<'t>) -> Option<usize>,
    interval_of: impl Fn(usize) -> f64,
    evaluation_of: impl Fn(&Query<'t>) -> Evaluation,
    counts: &SeriesCounts,
) -> Vec<GroupCost> {
    let mut groups: Vec<GroupCost> = Vec::new();
    for (number, query) in queries.iter().enumerate() {
        let Some(group) = group_of(query) else {
            continue;
        };
        if !query.language.is_promql() || !query.parsed().errors.is_empty() {
            continue;
        }
        let priced = Priced::new(number, query, evaluation_of(query), counts);
        let work = priced.cost.work();
        // Queries come in the order of their groups.
        match groups.last_mut().filter(|last| last.group == group) {
            Some(last) => {
                last.queries.push(priced);
                last.work += work;
            }
            None => groups.push(GroupCost {
                group,
                queries: vec![priced],
                work,
                interval: interval_of(group),
            }),
        }
    }
    groups
}

/// Seconds from one evaluation of a group to the next.
fn every(group: Option<NodeRef<'_>>) -> f64 {
    let seconds = |node: NodeRef<'_>| {
        let text = node.as_str();
        // Exports of Grafana's API have seconds.
        node.as_f64().or_else(|| interval(text?.trim()))
    };
    group
        .and_then(|group| seconds(group.get("interval")?))
        .filter(|seconds| *seconds > 0.0)
        .unwrap_or(EVALUATION)
}

/// Over what time Grafana evaluates a query of an alert rule (Grafana 12, pkg/services/ngalert/models/alert_query.go:
/// `relativeTimeRange` in seconds, `intervalMs` and `maxDataPoints` of the model).
fn along(entry: AlertQuery<'_>, query: &Query<'_>) -> Evaluation {
    let number = |node: Option<NodeRef<'_>>| node.and_then(NodeRef::as_f64);
    let back = |key: &str| number(entry.node.path(&["relativeTimeRange", key])).unwrap_or(0.0);
    let range = (back("from") - back("to")).max(0.0);
    let points = number(query.node.get("maxDataPoints")).unwrap_or(ALERT_POINTS);
    let least = number(query.node.get("intervalMs")).map_or(0.0, |ms| ms / 1000.0);
    Evaluation {
        range: if query.is_instant() { 0.0 } else { range },
        shown: range,
        step: (range / points.max(1.0)).max(least).max(LEAST_STEP),
        scrape: SCRAPE,
    }
}
