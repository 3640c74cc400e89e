//! The queries and expressions of a Grafana alert rule, and what each reads of the others.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::model::{AlertQuery, AlertRule, ExpressionKind, Input, queries_of};
use crate::syntax::NodeRef;

/// A rule's `data`, taken together.
pub(super) struct Pipeline<'t> {
    pub(super) entries: Vec<Entry<'t>>,
    by_name: FxHashMap<Cow<'t, str>, usize>,
}

/// One query or expression.
pub(super) struct Entry<'t> {
    pub(super) query: AlertQuery<'t>,
    pub(super) name: Cow<'t, str>,
    pub(super) kind: Option<ExpressionKind>,
    pub(super) inputs: Vec<Input<'t>>,
}

impl<'t> Pipeline<'t> {
    pub(super) fn new(data: NodeRef<'t>) -> Self {
        let entries: Vec<_> = queries_of(data)
            .map(|query| Entry {
                query,
                name: query.ref_id().unwrap_or_default(),
                kind: query.expression(),
                inputs: query.inputs(),
            })
            .collect();
        let mut by_name = FxHashMap::default();
        for (at, entry) in entries.iter().enumerate() {
            by_name.entry(entry.name.clone()).or_insert(at);
        }
        Pipeline { entries, by_name }
    }

    /// The place of the (first) entry called `name`.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry<'t>> {
        self.entries.get(self.find(name)?)
    }

    /// The places of the entries that an entry reads.
    pub(super) fn reads(&self, entry: &Entry<'t>) -> impl Iterator<Item = usize> {
        entry
            .inputs
            .iter()
            .filter_map(|input| self.find(&input.name))
    }

    /// Whether every entry has a name that is written out, so that a name that is not there is not there.
    pub(super) fn names_are_known(&self) -> bool {
        !self.entries.is_empty() && (self.entries.iter()).all(|entry| is_written_out(&entry.name))
    }

    /// The refIds for a sentence: `A`, `B` and `C`.
    pub(super) fn names(&self) -> String {
        self.names_besides(None)
    }

    /// The same without one.
    pub(super) fn names_besides(&self, own: Option<&str>) -> String {
        const MOST: usize = 10;
        let others = || {
            let entries = self.entries.iter();
            entries.filter(|entry| own != Some(&*entry.name))
        };
        let mut names: Vec<_> = others()
            .take(MOST)
            .map(|entry| format!("`{}`", entry.name))
            .collect();
        if others().count() > MOST {
            names.push("others".to_owned());
        }
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }

    /// The entries in an order in which each comes after those it reads, and those for which there is none: they stand
    /// in a cycle, or read what does.
    pub(super) fn order(&self) -> (Vec<usize>, Vec<usize>) {
        let mut readers: Vec<Vec<usize>> = vec![Vec::new(); self.entries.len()];
        let mut waiting = vec![0; self.entries.len()];
        for (at, entry) in self.entries.iter().enumerate() {
            for read in self.reads(entry) {
                readers[read].push(at);
                waiting[at] += 1;
            }
        }
        let mut order: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] == 0).collect();
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            for reader in &readers[at] {
                waiting[*reader] -= 1;
                if waiting[*reader] == 0 {
                    order.push(*reader);
                }
            }
        }
        let stuck = (0..waiting.len()).filter(|at| waiting[*at] > 0).collect();
        (order, stuck)
    }
}

/// Where a rule says which entry it alerts on, or which it records.
pub(super) fn condition<'t>(rule: &AlertRule<'t>) -> Option<NodeRef<'t>> {
    match rule.record() {
        Some(record) => record.get("from"),
        None => rule.node.get("condition"),
    }
}

/// Whether a name is what it is, and nothing that a variable of the environment or a template has yet to fill in.
pub(super) fn is_written_out(name: &str) -> bool {
    !name.is_empty() && !name.contains('$') && !name.contains("{{")
}
