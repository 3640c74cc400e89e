//! The recording rules of a file.

use std::sync::Arc;

use crate::diagnostic::Location;
use crate::model::{DocumentInfo, Host, ParsedFile, RuleFile, RuleKind};
use crate::rules::{Place, location};
use crate::syntax::NodeRef;

/// A rule that records a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFact {
    /// The metric.
    pub metric: String,
    /// Its expression; empty where it has none.
    pub expr: Arc<str>,
    /// The labels that it and its group set, and whether to something.
    pub labels: Vec<(String, bool)>,
    /// Where the metric's name stands.
    pub location: Location,
    /// What tells the document from the others of the file.
    pub document: (u32, u32),
    /// The number of the rule's group in the document.
    pub group: usize,
    /// The rule's number in the document.
    pub rule: usize,
}

impl RecordedFact {
    /// The file, and the byte at which the name starts.
    pub(super) fn place(&self) -> (&str, u32) {
        (&self.location.file, self.location.range.start.offset)
    }
}

/// The recording rules of a document that have a name, in order.
pub(super) fn of(
    file: &ParsedFile,
    info: &DocumentInfo,
    rules: &RuleFile<'_>,
) -> impl Iterator<Item = RecordedFact> {
    let mut queries = rules.queries.iter().peekable();
    let recording = |(_, rule): &(usize, &crate::model::Rule<'_>)| rule.kind == RuleKind::Record;
    rules
        .rules
        .iter()
        .enumerate()
        .filter(recording)
        .filter_map(move |(at, rule)| {
            // Both are in the order of the file.
            let before = |query: &&crate::model::Query<'_>| matches!(query.host, Host::Rule(host) if host < at);
            while queries.next_if(before).is_some() {}
            let expr = queries
                .peek()
                .filter(|query| query.host == Host::Rule(at))
                .map_or_else(|| Arc::from(""), |query| query.shared_text());
            let node = rule.name_node()?;
            // Labels of a group are those of its rules, unless these say otherwise (Prometheus 3.5, rulefmt.go).
            let group = rules.groups.get(rule.group).map(|group| group.node);
            let labels = group
                .into_iter()
                .chain([rule.node])
                .filter_map(|node| node.get("labels"))
                .flat_map(NodeRef::children)
                .filter_map(|label| {
                    let filled = label.as_str().is_none_or(|value| !value.is_empty());
                    Some((label.key()?.into_owned(), filled))
                })
                .collect();
            Some(RecordedFact {
                metric: node.as_str()?.into_owned(),
                expr,
                labels,
                location: location(file, Place::value(node)),
                document: info.id(),
                group: rule.group,
                rule: at,
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
}
