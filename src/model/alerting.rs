//! Grafana's own alert rules, contact points, policies, mute timings and templates, as provisioning files and resources
//! of the Grafana operator hold them.

mod matcher;
mod policy;
mod query;
mod receiver;

pub use matcher::{LabelMatcher, MatchOperator, MatcherFault, parse_matchers};
pub use policy::Policy;
pub use query::{AlertQuery, ExpressionKind, Input};
pub use receiver::Receiver;

use std::borrow::Cow;

use super::once::Once;
use super::query::language;
use super::{DataSourceTypes, Host, Query};
use crate::syntax::NodeRef;

/// A group of alert rules.
#[derive(Debug, Clone, Copy)]
pub struct AlertGroup<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> AlertGroup<'t> {
    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }
}

/// A Grafana alert rule.
#[derive(Debug, Clone, Copy)]
pub struct AlertRule<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// The number of its group in the file.
    pub group: usize,
}

impl<'t> AlertRule<'t> {
    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title")
    }

    /// The list of its queries and expressions.
    pub fn data_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("data")
    }

    /// Its queries and expressions.
    pub fn data(&self) -> impl Iterator<Item = AlertQuery<'t>> + 't {
        self.data_node().into_iter().flat_map(queries_of)
    }

    /// What it records, if it is a recording rule: then it alerts on nothing.
    pub fn record(&self) -> Option<NodeRef<'t>> {
        self.node.get("record").filter(|record| !record.is_null())
    }

    /// Where its notifications go, if it does not leave that to the policies. The operator spells it in its own way.
    pub fn notification_settings(&self) -> Option<NodeRef<'t>> {
        let keys = ["notification_settings", "notificationSettings"];
        keys.into_iter().find_map(|key| self.node.get(key))
    }

    /// A label.
    pub fn label(&self, name: &str) -> Option<NodeRef<'t>> {
        self.node.path(&["labels", name])
    }

    /// An annotation.
    pub fn annotation(&self, name: &str) -> Option<NodeRef<'t>> {
        self.node.path(&["annotations", name])
    }
}

/// The entries of a rule's `data`.
pub(crate) fn queries_of<'t>(list: NodeRef<'t>) -> impl Iterator<Item = AlertQuery<'t>> + 't {
    list.items().map(|node| AlertQuery { node })
}

/// What holds alerting resources. The forms differ in some keys, and in how durations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertingForm {
    /// A provisioning file.
    File,
    /// The `spec` of a resource of the Grafana operator.
    Operator,
}

/// The alerting resources of one document.
#[derive(Debug)]
pub struct Alerting<'t> {
    /// What they are held by.
    pub form: AlertingForm,
    /// The object with `groups`, `contactPoints`, `policies` …; of a resource of the Grafana operator its `spec`.
    pub node: NodeRef<'t>,
    /// Its groups of rules.
    pub groups: Vec<AlertGroup<'t>>,
    /// All rules of all groups, in order.
    pub rules: Vec<AlertRule<'t>>,
    /// Their PromQL and LogQL queries.
    pub queries: Vec<Query<'t>>,
}

impl<'t> Alerting<'t> {
    /// The resources in `node`.
    pub fn new(node: NodeRef<'t>, form: AlertingForm, types: &dyn DataSourceTypes) -> Self {
        let mut once = Once::default();
        let groups: Vec<_> = super::rules::groups(node)
            .filter(|group| once.first(*group))
            .map(|node| AlertGroup { node })
            .collect();
        let mut rules = Vec::new();
        let mut queries = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            let list = group.node.get("rules").filter(|list| once.first(*list));
            for node in list.into_iter().flat_map(NodeRef::items) {
                if !once.first(node) {
                    continue;
                }
                let rule = AlertRule { node, group: index };
                let data = rule.data_node().filter(|list| once.first(*list));
                for entry in data.into_iter().flat_map(queries_of) {
                    if !once.first(entry.node) {
                        continue;
                    }
                    let Some(model) = entry.node.get("model") else {
                        continue;
                    };
                    let Some(expr) = model.get("expr") else {
                        continue;
                    };
                    let Some(text) = expr.as_text() else { continue };
                    let evidence = entry.data_source_type(types);
                    let language = language(&evidence, &text.value);
                    if let Some(mut query) =
                        Query::new(model, expr, Host::AlertRule(rules.len()), language)
                    {
                        if let Some(ref_id) = super::string(entry.node, "refId") {
                            query.ref_id = ref_id.into_owned();
                        }
                        queries.push(query);
                    }
                }
                rules.push(rule);
            }
        }
        Alerting {
            form,
            node,
            groups,
            rules,
            queries,
        }
    }
}

/// The lists of a provisioning file, and what the `spec` of an operator's resource that is one of their entries has for
/// certain (grafana-operator 5, api/v1beta1: `settings` of a contact point, `route` of a policy and `receiver` of a route
/// below it, `time_intervals` of a mute timing, `template` of a notification template).
impl<'t> Alerting<'t> {
    /// The contact points.
    pub fn contact_points(&self) -> impl Iterator<Item = NodeRef<'t>> + 't {
        // One resource has one receiver in its own fields, or a list.
        let own = match self.node.get("receivers") {
            Some(_) => "receivers",
            None => "settings",
        };
        self.entries("contactPoints", own)
    }

    /// The receivers of all contact points; what an alias repeats comes once.
    pub fn receivers(&self) -> Vec<Receiver<'t>> {
        let mut once = Once::default();
        let mut receivers = Vec::new();
        for point in self.contact_points() {
            let list = point.get("receivers");
            if list.is_none_or(|list| once.first(list)) {
                receivers.extend(Receiver::of(point).filter(|receiver| once.first(receiver.node)));
            }
        }
        receivers
    }

    /// The notification policies: the root of each tree.
    pub fn policies(&self) -> impl Iterator<Item = NodeRef<'t>> + 't {
        let route = self.node.get("route").into_iter();
        self.entries("policies", "receiver").chain(route)
    }

    /// Every policy of every tree, each after the one it stands below.
    pub fn policy_trees(&self) -> Vec<Policy<'t>> {
        Policy::trees(self.policies().map(|root| {
            // A resource of its own that is merged into a tree somewhere (GrafanaNotificationPolicyRoute).
            let branch = self.form == AlertingForm::Operator && root == self.node;
            (root, !branch)
        }))
    }

    /// The mute timings.
    pub fn mute_timings(&self) -> impl Iterator<Item = NodeRef<'t>> + 't {
        self.entries("muteTimes", "time_intervals")
    }

    /// The message templates.
    pub fn templates(&self) -> impl Iterator<Item = NodeRef<'t>> + 't {
        self.entries("templates", "template")
    }

    fn entries(&self, list: &str, own: &str) -> impl Iterator<Item = NodeRef<'t>> + 't {
        let own = self.node.get(own).is_some().then_some(self.node);
        let listed = self.node.get(list).into_iter();
        listed.flat_map(NodeRef::items).chain(own)
    }
}
