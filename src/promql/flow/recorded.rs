//! What is known of metrics that rules record: what their definitions give.

use std::collections::BTreeMap;

use super::labels::LabelSet;
use super::{Builder, Flow, Returns};
use crate::promql::Parsed;

/// The metrics whose definitions are known.
pub trait Definitions {
    /// What the rules that record this metric say of it; none if nobody is known to record it, or if it may be
    /// something else besides.
    fn recorded(&self, metric: &str) -> Option<&Recorded>;
}

/// None are known.
#[derive(Debug, Clone, Copy)]
pub struct NoDefinitions;

impl Definitions for NoDefinitions {
    fn recorded(&self, _: &str) -> Option<&Recorded> {
        None
    }
}

/// Whether series have a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Has {
    /// All of them.
    Must,
    /// Some may.
    May,
    /// None can.
    Cannot,
}

/// What a recorded metric is, by the rules that record it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    labels: BTreeMap<Box<str>, Has>,
    /// Of labels not listed.
    others: Has,
    never: bool,
}

impl Recorded {
    /// What a rule records: the result of its expression, with the labels it sets; one set to nothing is taken away.
    pub fn new<'l>(
        parsed: &Parsed,
        flow: &Flow,
        set: impl IntoIterator<Item = (&'l str, bool)>,
    ) -> Option<Self> {
        let root = parsed.root?;
        let mut labels: BTreeMap<Box<str>, Has> = flow
            .names
            .iter()
            .map(|name| (name.into(), flow.has(root, name)))
            .collect();
        for (name, filled) in set {
            labels.insert(name.into(), if filled { Has::Must } else { Has::Cannot });
        }
        Some(Recorded {
            labels,
            others: if flow.at(root).labels.rest {
                Has::May
            } else {
                Has::Cannot
            },
            never: flow.returns(root) == Returns::Never,
        })
    }

    /// Whether its series have the label.
    pub fn has(&self, label: &str) -> Has {
        self.labels.get(label).copied().unwrap_or(self.others)
    }

    /// Whether nothing is ever recorded.
    pub fn is_never(&self) -> bool {
        self.never
    }

    /// Adds what another rule records under the same name.
    pub fn join(&mut self, other: &Recorded) {
        let names: Vec<Box<str>> = other.labels.keys().cloned().collect();
        for name in names {
            let mine = self.has(&name);
            self.labels.insert(name, mine);
        }
        for (name, has) in &mut self.labels {
            *has = either(*has, other.has(name));
        }
        self.others = either(self.others, other.others);
        self.never &= other.never;
    }
}

fn either(a: Has, b: Has) -> Has {
    if a == b { a } else { Has::May }
}

impl Flow {
    /// Whether the series of the expression's result have the label.
    pub fn has(&self, id: super::ExprId, label: &str) -> Has {
        match (self.must(id, label), self.can(id, label)) {
            (true, _) => Has::Must,
            (false, true) => Has::May,
            (false, false) => Has::Cannot,
        }
    }
}

impl Builder<'_> {
    /// The labels of a recorded metric.
    pub(super) fn recorded_labels(&mut self, recorded: &Recorded) -> LabelSet {
        let mut labels = match recorded.others {
            Has::Cannot => LabelSet::EMPTY,
            _ => LabelSet::OPEN,
        };
        for (name, has) in &recorded.labels {
            let Some(bit) = self.bit(name) else {
                // More names than are told apart: nothing is concluded.
                return LabelSet::OPEN;
            };
            labels = match has {
                Has::Must => labels.with(bit),
                Has::May => labels.maybe(bit),
                Has::Cannot => labels.without(bit),
            };
        }
        labels
    }
}
