//! Value mappings, in the order Grafana tries them.

use std::borrow::Cow;

use crate::model::{FieldConfig, Mapping};
use crate::syntax::NodeRef;

/// What one mapping, or one value of a value mapping, takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pattern<'t> {
    /// This value, as text.
    Value(Cow<'t, str>),
    /// From one number to another, both included. A bound that is missing or null is left out: versions of Grafana
    /// differ in what it means.
    Range(Option<f64>, Option<f64>),
    /// A regular expression over texts.
    Regex(Cow<'t, str>),
    /// `null`, `nan`, `null+nan`, `true`, `false`, `empty`.
    Special(Cow<'t, str>),
}

/// A pattern with what is shown for it.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    /// The number of the mapping in its list.
    pub(super) mapping: usize,
    pub(super) pattern: Pattern<'t>,
    /// Where the pattern stands.
    pub(super) node: NodeRef<'t>,
    result: Option<NodeRef<'t>>,
}

impl<'t> Entry<'t> {
    /// Both show the same text in the same colour.
    pub(super) fn shows_the_same(&self, other: &Entry<'t>) -> bool {
        ["text", "color"].iter().all(|key| {
            let of = |entry: &Entry<'t>| entry.result?.get(key)?.as_str();
            of(self) == of(other)
        })
    }
}

/// Every list of mappings of a panel: of the defaults, and of each override.
pub(super) fn lists<'t>(config: &FieldConfig<'t>) -> Vec<NodeRef<'t>> {
    let mut lists: Vec<_> = config.default(&["mappings"]).into_iter().collect();
    for rule in config.overrides() {
        lists.extend(rule.properties("mappings"));
    }
    lists
}

/// What the mappings of a list take, in the order they are tried; old forms and unknown types are left out.
pub(super) fn entries<'t>(list: NodeRef<'t>) -> Vec<Entry<'t>> {
    let mut entries = Vec::new();
    for (index, node) in list.items().enumerate() {
        let mapping = Mapping { node };
        let Some(options) = node.get("options") else {
            continue;
        };
        let mut push = |pattern, node, result| {
            entries.push(Entry {
                mapping: index,
                pattern,
                node,
                result,
            });
        };
        let result = options.get("result");
        let text = |key: &str| Some((options.get(key)?, options.get(key)?.as_str()?));
        match mapping.kind().as_ref() {
            "value" => {
                for value in options.members() {
                    if let Some(key) = value.key() {
                        push(Pattern::Value(key), value, Some(value));
                    }
                }
            }
            "range" => {
                let bound = |key: &str| options.get(key).and_then(NodeRef::as_f64);
                push(Pattern::Range(bound("from"), bound("to")), options, result);
            }
            "regex" => {
                if let Some((node, pattern)) = text("pattern") {
                    push(Pattern::Regex(pattern), node, result);
                }
            }
            "special" => {
                if let Some((node, pattern)) = text("match") {
                    push(Pattern::Special(pattern), node, result);
                }
            }
            _ => {}
        }
    }
    entries
}
