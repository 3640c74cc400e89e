//! What a change costs: the same dashboards and groups of rules before and after it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::survey::{At, Figure, Survey, Totals};

/// A dashboard or a group of rules that costs something else than before.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Changed {
    /// Where; where it was, if it is gone.
    #[serde(flatten)]
    pub at: At,
    /// Its title or name.
    pub name: String,
    /// A load or evaluation before; null where it was not there.
    pub before: Option<Figure>,
    /// A load or evaluation now; null where it is gone.
    pub now: Option<Figure>,
    /// How much of its budget it takes now, where it has one: above 1 it is over it.
    pub budget: Option<f64>,
}

impl Changed {
    /// By how much the work grows.
    pub fn growth(&self) -> f64 {
        let work = |figure: &Option<Figure>| figure.map_or(0.0, |figure| figure.work);
        work(&self.now) - work(&self.before)
    }
}

/// What a change costs, the greatest differences first.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostChange {
    /// Numbers of series were counted on a server; without it they are guessed by names.
    pub counted: bool,
    /// All together before.
    pub before: Totals,
    /// All together now.
    pub now: Totals,
    /// Dashboards, each load of which costs something else.
    pub dashboards: Vec<Changed>,
    /// Groups of rules, each evaluation of which costs something else.
    pub groups: Vec<Changed>,
}

impl CostChange {
    /// Compares two whole surveys; `top` of everything.
    pub fn between(before: Survey, now: Survey, top: usize) -> Self {
        let dashboards = |survey: &Survey| -> Vec<Entry> {
            let entries = survey.dashboards.iter();
            let entry = |one: &super::survey::DashboardEntry| Entry {
                at: one.at.clone(),
                name: one.title.clone(),
                cost: one.cost,
                budget: one.budget,
            };
            entries.map(entry).collect()
        };
        let groups = |survey: &Survey| -> Vec<Entry> {
            let entries = survey.groups.iter();
            let entry = |one: &super::survey::GroupEntry| Entry {
                at: one.at.clone(),
                name: one.name.clone(),
                cost: one.cost,
                budget: None,
            };
            entries.map(entry).collect()
        };
        CostChange {
            counted: now.counted,
            dashboards: changed(dashboards(&before), dashboards(&now), top),
            groups: changed(groups(&before), groups(&now), top),
            before: before.totals,
            now: now.totals,
        }
    }
}

struct Entry {
    at: At,
    name: String,
    cost: Figure,
    budget: Option<f64>,
}

/// What entries of two times have in common: file and name.
type Key = (String, String);

/// Entries are the same in the same file under the same name, else in one file of that name under any, else under that name
/// in another file.
fn changed(before: Vec<Entry>, now: Vec<Entry>, top: usize) -> Vec<Changed> {
    let mut left: Vec<Option<Entry>> = before.into_iter().map(Some).collect();
    let mut same: Vec<Option<Entry>> = now.iter().map(|_| None).collect();
    let keys: [fn(&Entry) -> Key; 3] = [
        |entry| (entry.at.file.clone(), entry.name.clone()),
        |entry| (String::new(), entry.name.clone()),
        |entry| (entry.at.file.clone(), String::new()),
    ];
    for key in keys {
        let mut known: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, entry) in left.iter().enumerate().rev() {
            if let Some(entry) = entry {
                known.entry(key(entry)).or_default().push(at);
            }
        }
        for (slot, entry) in same.iter_mut().zip(&now).filter(|(slot, _)| slot.is_none()) {
            let at = known.get_mut(&key(entry)).and_then(Vec::pop);
            *slot = at.and_then(|at| left.get_mut(at)?.take());
        }
    }
    let mut all: Vec<Changed> = now
        .into_iter()
        .zip(same)
        .map(|(now, before)| Changed {
            at: now.at,
            name: now.name,
            before: before.map(|entry| entry.cost),
            now: Some(now.cost),
            budget: now.budget,
        })
        .chain(left.into_iter().flatten().map(|gone| Changed {
            at: gone.at,
            name: gone.name,
            before: Some(gone.cost),
            now: None,
            budget: None,
        }))
        .collect();
    all.retain(|one| one.before != one.now);
    all.sort_by(|a, b| b.growth().abs().total_cmp(&a.growth().abs()));
    all.truncate(top);
    all
}
