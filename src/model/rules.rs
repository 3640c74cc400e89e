//! Prometheus rule groups: rule files, and resources that hold groups.

use std::borrow::Cow;

use super::once::Once;
use super::{Host, Language, Query};
use crate::promql::logql;
use crate::syntax::{Kind, NodeRef};

/// Whether a rule records or alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// `alert:`
    Alert,
    /// `record:`
    Record,
    /// Neither, or both.
    Unclear,
}

/// One recording or alerting rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
    /// What it does.
    pub kind: RuleKind,
    /// The number of its group in the file.
    pub group: usize,
}

impl<'t> Rule<'t> {
    /// The alert's name or the recorded metric.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        self.name_node()?.as_str()
    }

    /// Where that stands.
    pub fn name_node(&self) -> Option<NodeRef<'t>> {
        match self.kind {
            RuleKind::Alert => self.node.get("alert"),
            RuleKind::Record => self.node.get("record"),
            RuleKind::Unclear => None,
        }
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

/// A group of rules.
#[derive(Debug, Clone, Copy)]
pub struct RuleGroup<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> RuleGroup<'t> {
    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }
}

/// Rule groups of one document.
#[derive(Debug)]
pub struct RuleFile<'t> {
    /// The object that holds `groups`.
    pub node: NodeRef<'t>,
    /// Its groups.
    pub groups: Vec<RuleGroup<'t>>,
    /// All rules of all groups, in order.
    pub rules: Vec<Rule<'t>>,
    /// Their expressions.
    pub queries: Vec<Query<'t>>,
}

impl<'t> RuleFile<'t> {
    /// The groups in `node`. `dialect` is the language of the expressions.
    pub fn new(node: NodeRef<'t>, dialect: Language) -> Self {
        let mut once = Once::default();
        let groups: Vec<_> = groups(node)
            .filter(|group| once.first(*group))
            .map(|node| RuleGroup { node })
            .collect();
        let mut rules = Vec::new();
        let mut queries = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            let list = group.node.get("rules").filter(|list| once.first(*list));
            let items = || list.into_iter().flat_map(NodeRef::items);
            rules.reserve(items().count());
            queries.reserve(items().count());
            for node in items() {
                if node.kind() != Kind::Object || !once.first(node) {
                    continue;
                }
                let fields = node.pick(&["alert", "record", "expr"]);
                let field = |index| node.picked(&fields, index);
                let kind = match (field(0).is_some(), field(1).is_some()) {
                    (true, false) => RuleKind::Alert,
                    (false, true) => RuleKind::Record,
                    _ => RuleKind::Unclear,
                };
                if let Some(expr) = field(2) {
                    queries.extend(Query::new(node, expr, Host::Rule(rules.len()), dialect));
                }
                rules.push(Rule {
                    node,
                    kind,
                    group: index,
                });
            }
        }
        if dialect == Language::PromQl && is_loki(&queries) {
            for query in &mut queries {
                query.language = Language::LogQl;
            }
        }
        RuleFile {
            node,
            groups,
            rules,
            queries,
        }
    }
}

/// The objects of the groups in `node`: those it lists, or itself where it is one, as in resources of the Grafana
/// operator (grafana-operator 5, grafanaalertrulegroup_types.go and grafanaprometheusrulegroup_types.go).
pub(super) fn groups(node: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let list = node.get("groups");
    let own = (list.is_none() && node.get("rules").is_some()).then_some(node);
    list.into_iter()
        .flat_map(NodeRef::items)
        .chain(own)
        .filter(|group| group.kind() == Kind::Object)
}

/// Whether the rules are Loki's, which reads the same files: one of them is plainly LogQL, or none of them names a
/// metric, which in LogQL is the rule.
fn is_loki(queries: &[Query<'_>]) -> bool {
    queries.iter().any(|query| logql::looks_like(query.text()))
        || (!queries.is_empty() && queries.iter().all(|query| names_no_metric(query.text())))
}

/// Whether selectors stand in `text`, each without a name before its braces.
fn names_no_metric(text: &str) -> bool {
    let mut braces = text.match_indices('{').peekable();
    braces.peek().is_some()
        && !text.contains("__name__")
        && braces.all(|(at, _)| {
            // A quoted name comes first in the braces, and only in PromQL.
            if text[at + 1..].trim_start().starts_with(['"', '\'', '`']) {
                return false;
            }
            let before = text[..at].trim_end().chars().next_back();
            before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '$' | '}')))
        })
}
