//! Mappings that an earlier one always takes the place of.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::mappings::{Entry, Pattern, entries, lists};
use crate::diagnostic::{Group, Severity};
use crate::model::Panel;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "unreachable-mapping",
    group: Group::Thresholds,
    severity: Severity::Warning,
    summary: "value mapping that never applies, because an earlier one takes its values",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/unreachable-mapping.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    for list in lists(&config) {
        check_list(list, cx);
    }
}

/// The first mapping that takes a value wins (Grafana, packages/grafana-data/src/utils/valueMappings.ts).
fn check_list<'t>(list: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let entries = entries(list);
    if entries.len() < 2 {
        return;
    }
    let mut taken = Taken::default();
    for later in &entries {
        let earlier = taken.covering(later);
        if let Some(earlier) = earlier.filter(|earlier| !earlier.shows_the_same(later)) {
            let _ = cx
                .report(
                    place(later),
                    "an earlier mapping takes every value of this one, which is never shown",
                )
                .related(place(earlier), "the mapping that comes first")
                .help("put the narrower mapping before the wider one, or remove it");
        }
        taken.add(later);
    }
}

/// What the mappings of a list take so far.
#[derive(Default)]
struct Taken<'e, 't> {
    values: FxHashMap<&'e str, &'e Entry<'t>>,
    regexes: FxHashMap<&'e str, &'e Entry<'t>>,
    specials: FxHashMap<&'e str, &'e Entry<'t>>,
    /// Ranges of which none lies in another, in order: a later one starts and ends later.
    ranges: BTreeMap<Bound, (f64, &'e Entry<'t>)>,
}

impl<'e, 't> Taken<'e, 't> {
    /// An earlier entry that takes every value of `later`.
    fn covering(&self, later: &Entry<'t>) -> Option<&'e Entry<'t>> {
        let earlier = match &later.pattern {
            Pattern::Value(value) => self.values.get(value.as_ref()).copied().or_else(|| {
                let value: f64 = value.parse().ok()?;
                self.around(value, value)
            }),
            Pattern::Range(Some(from), Some(to)) if from <= to => self.around(*from, *to),
            Pattern::Range(..) => None,
            Pattern::Regex(pattern) => self.regexes.get(pattern.as_ref()).copied(),
            Pattern::Special(special) => {
                self.specials.get(special.as_ref()).copied().or_else(|| {
                    let part = matches!(special.as_ref(), "null" | "nan");
                    self.specials.get("null+nan").copied().filter(|_| part)
                })
            }
        };
        earlier.filter(|earlier| earlier.mapping < later.mapping)
    }

    /// A range from `from` or less to `to` or more.
    fn around(&self, from: f64, to: f64) -> Option<&'e Entry<'t>> {
        let (_, (end, entry)) = self.ranges.range(..=Bound(from)).next_back()?;
        (*end >= to).then_some(*entry)
    }

    fn add(&mut self, entry: &'e Entry<'t>) {
        match &entry.pattern {
            Pattern::Value(value) => {
                self.values.entry(value).or_insert(entry);
            }
            Pattern::Regex(pattern) => {
                self.regexes.entry(pattern).or_insert(entry);
            }
            Pattern::Special(special) => {
                self.specials.entry(special).or_insert(entry);
            }
            Pattern::Range(Some(from), Some(to))
                if from <= to && self.around(*from, *to).is_none() =>
            {
                self.add_range(*from, *to, entry);
            }
            Pattern::Range(..) => {}
        }
    }

    fn add_range(&mut self, from: f64, to: f64, entry: &'e Entry<'t>) {
        while let Some((start, end)) = self
            .ranges
            .range(Bound(from)..)
            .next()
            .map(|(start, (end, _))| (*start, *end))
            && end <= to
        {
            self.ranges.remove(&start);
        }
        self.ranges.insert(Bound(from), (to, entry));
    }
}

/// The start of a range; both zeros are one.
#[derive(Clone, Copy)]
struct Bound(f64);

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Bound {}

pub(super) fn place<'t>(entry: &Entry<'t>) -> Place<'t, 't> {
    match (&entry.pattern, entry.node.key_span()) {
        (Pattern::Value(_), Some(key)) => Place::bytes(entry.node, key),
        (Pattern::Range(..), _) => Place::value(entry.node.get("from").unwrap_or(entry.node)),
        _ => Place::value(entry.node),
    }
}
