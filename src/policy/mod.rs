//! Policies: rules that users write in YAML. `rules/policies.md` is their documentation.
//!
//! A policy file is read once ([`parse`](parse::parse)): names of [fields](fields) become functions that read them, regular
//! expressions are compiled, and every fault has its place in the file. What comes of it is grouped by what the rules look at,
//! so that a document is walked once for all of them ([`check`]).

mod added;
mod compile;
mod condition;
mod cure;
mod describe;
mod eval;
mod example;
mod field;
pub(crate) mod fields;
mod fix;
mod frame;
mod glance;
mod keys;
mod kind;
mod message;
pub(crate) mod ops;
pub mod pack;
pub(crate) mod parse;
mod pattern;
pub mod reference;
mod report;
mod schema;
mod sense;
mod sight;
mod value;
mod words;
mod write;

pub(crate) use describe::describe;
pub use example::{Failure, run_examples};
pub use kind::Kind;
pub(crate) use parse::PolicyFile;
pub use parse::PolicyRule;
pub(crate) use report::check;
pub use schema::policy_schema;

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// The rules of all policy files that count for a folder.
#[derive(Debug, Default, Clone)]
pub struct PolicySet {
    rules: Vec<Arc<PolicyRule>>,
    /// Their numbers by their names.
    by_id: FxHashMap<String, usize>,
    /// For each kind that rules look at: the numbers of those that do, and of their checks for it.
    by_kind: Vec<(Kind, Vec<(usize, usize)>)>,
    /// Repairs are offered even where they cure nothing, so that examples show it.
    tries_repairs: bool,
}

impl PolicySet {
    /// Puts rules together.
    pub fn new(rules: Vec<Arc<PolicyRule>>) -> Self {
        let of_kind = |kind: Kind| {
            let checks = rules.iter().enumerate().filter_map(|(at, rule)| {
                let check = rule.checks.iter().position(|check| check.kind == kind)?;
                Some((at, check))
            });
            (kind, checks.collect::<Vec<_>>())
        };
        let mut by_kind: Vec<_> = Kind::CHOSEN.into_iter().map(of_kind).collect();
        by_kind.retain(|(_, checks)| !checks.is_empty());
        let named = rules.iter().enumerate();
        PolicySet {
            by_id: named.map(|(at, rule)| (rule.id.clone(), at)).collect(),
            rules,
            by_kind,
            tries_repairs: false,
        }
    }

    /// The same, to try the examples of rules: repairs are offered even where they cure nothing.
    fn trying_repairs(self) -> Self {
        PolicySet {
            tries_repairs: true,
            ..self
        }
    }

    /// The rules, in the order they were read.
    pub fn rules(&self) -> &[Arc<PolicyRule>] {
        &self.rules
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule of this name.
    pub fn find(&self, id: &str) -> Option<&Arc<PolicyRule>> {
        self.rules.get(*self.by_id.get(id)?)
    }
}
