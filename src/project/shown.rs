//! What several panels of a project show of one query, and where they disagree.

use std::borrow::Cow;
use std::hash::Hash;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Location, Range};
use crate::model::{Document, Host, Language, NoDataSources, Panel, ParsedFile, Query};
use crate::promql::shape::measured;
use crate::rules::thresholds::effect::steps_that_show;
use crate::rules::units::PanelUnits;
use crate::rules::{Place, location};
use crate::units::compare::shown;

/// What a panel says of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SaidOfQuery<T> {
    /// The fingerprint of what the query measures.
    query: u64,
    said: T,
    dashboard: (u32, u32),
    at: Range,
}

/// In which units and with which thresholds the panels of a file show their queries, where somebody asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShownFacts {
    units: Vec<SaidOfQuery<Box<str>>>,
    thresholds: Vec<SaidOfQuery<Box<[f64]>>>,
}

/// Which of them are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) units: bool,
    pub(super) thresholds: bool,
}

impl ShownFacts {
    pub(super) fn collect(file: &ParsedFile, asked: Asked) -> Self {
        let mut facts = ShownFacts::default();
        for info in &file.documents {
            let document = file.document(info, &NoDataSources, Language::PromQl);
            let Some(Document::Dashboard(dashboard)) = document else {
                continue;
            };
            for queries in dashboard.queries.chunk_by(|a, b| a.host == b.host) {
                let panel = queries.first().and_then(|query| dashboard.panel_of(query));
                let Some(panel) = panel else { continue };
                if asked.units {
                    facts.units.extend(units(file, info.id(), panel, queries));
                }
                if asked.thresholds {
                    facts
                        .thresholds
                        .extend(thresholds(file, info.id(), panel, queries));
                }
            }
        }
        facts
    }
}

/// What a query of a panel measures, if that is certain.
pub(crate) fn measured_by(query: &Query<'_>) -> Option<u64> {
    if !matches!(query.host, Host::Panel(_)) || query.hidden || !query.language.is_promql() {
        return None;
    }
    let parsed = query.parsed();
    let root = parsed.root.filter(|_| parsed.is_valid())?;
    measured(parsed, root)
}

/// What a query whose measure is compared is known by, however it is written: its metrics and what is done with them.
pub(crate) fn words_of_measured(query: &Query<'_>) -> String {
    let parsed = query.parsed();
    let metrics = parsed
        .selectors()
        .filter_map(|(_, _, selector)| Some(parsed.metric_name(selector)?.0));
    let calls = parsed
        .calls()
        .map(|(_, _, call)| Cow::Borrowed(parsed.call_name(call)));
    let aggregations = parsed
        .aggregations()
        .map(|(_, _, aggregate)| Cow::Borrowed(aggregate.op.as_str()));
    let mut words: Vec<Cow<'_, str>> = metrics.chain(calls).chain(aggregations).collect();
    words.sort_unstable();
    words.join(" ")
}

fn units<'q>(
    file: &'q ParsedFile,
    dashboard: (u32, u32),
    panel: &'q Panel<'q>,
    queries: &'q [Query<'q>],
) -> impl Iterator<Item = SaidOfQuery<Box<str>>> + 'q {
    let units = PanelUnits::of(panel);
    queries.iter().filter_map(move |query| {
        let node = units.as_ref()?.unit_of(query)??;
        let id = node.as_str()?;
        shown(&id)?;
        Some(SaidOfQuery {
            query: measured_by(query)?,
            said: id.into(),
            dashboard,
            at: location(file, Place::value(node)).range,
        })
    })
}

/// The thresholds of a panel with one query.
fn thresholds(
    file: &ParsedFile,
    dashboard: (u32, u32),
    panel: &Panel<'_>,
    queries: &[Query<'_>],
) -> Option<SaidOfQuery<Box<[f64]>>> {
    let [query] = queries else { return None };
    let (thresholds, values) = steps_that_show(panel)?;
    Some(SaidOfQuery {
        query: measured_by(query)?,
        said: values.into(),
        dashboard,
        at: location(file, Place::value(thresholds.steps_node)).range,
    })
}

/// What most panels say of a query of which they do not all say the same.
#[derive(Debug)]
pub struct Usual<T> {
    /// What they say.
    pub said: T,
    /// How many of them.
    pub count: usize,
    /// Where the first of them says it; without a pointer.
    pub location: Location,
    /// What tells that dashboard from the others of its file.
    dashboard: (u32, u32),
    /// Where the first of another dashboard says it.
    elsewhere: Option<Location>,
}

impl<T> Usual<T> {
    /// Where it is said outside a dashboard of a file.
    pub(crate) fn outside(&self, file: &Arc<str>, dashboard: (u32, u32)) -> Option<&Location> {
        match self.location.file == *file && self.dashboard == dashboard {
            true => self.elsewhere.as_ref(),
            false => Some(&self.location),
        }
    }
}

/// The queries of a project of which panels say different things.
#[derive(Debug)]
pub struct Disagreements<T>(FxHashMap<u64, Usual<T>>);

impl<T> Default for Disagreements<T> {
    fn default() -> Self {
        Disagreements(FxHashMap::default())
    }
}

impl<T> Disagreements<T> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What most panels say of the query of this fingerprint.
    pub(crate) fn of(&self, query: u64) -> Option<&Usual<T>> {
        self.0.get(&query)
    }
}

/// In which units and with which thresholds the project's panels show the same queries differently.
#[derive(Debug, Default)]
pub struct ShownDifferently {
    /// Units of another dimension or scale.
    pub units: Disagreements<Box<str>>,
    /// Thresholds at other values.
    pub thresholds: Disagreements<Box<[f64]>>,
}

impl ShownDifferently {
    pub(super) fn new<'f>(
        files: impl Iterator<Item = (&'f Arc<str>, &'f ShownFacts)> + Clone,
    ) -> Self {
        let units = files
            .clone()
            .flat_map(|(file, facts)| facts.units.iter().map(move |fact| (file, fact)));
        let thresholds =
            files.flat_map(|(file, facts)| facts.thresholds.iter().map(move |fact| (file, fact)));
        ShownDifferently {
            units: disagreements(units, |id| unit_kind(id)),
            thresholds: disagreements(thresholds, |values| {
                values
                    .iter()
                    .map(|value| value.to_bits())
                    .collect::<Vec<_>>()
            }),
        }
    }
}

/// What two units must share to show the same number: the dimension and the scale.
pub(crate) fn unit_kind(id: &str) -> Option<([i8; 10], u64, bool)> {
    shown(id).map(|unit| (unit.dims.0, unit.scale.to_bits(), unit.moment))
}

/// The queries of which not all facts say the same; `kind` is what of it counts.
fn disagreements<'f, T: Clone + 'f, K: Hash + Ord>(
    facts: impl Iterator<Item = (&'f Arc<str>, &'f SaidOfQuery<T>)>,
    kind: impl Fn(&T) -> K,
) -> Disagreements<T> {
    type Group<'f, T> = Vec<(&'f Arc<str>, &'f SaidOfQuery<T>)>;
    let mut by_query: FxHashMap<u64, Group<'f, T>> = FxHashMap::default();
    for (file, fact) in facts {
        by_query.entry(fact.query).or_default().push((file, fact));
    }
    let usual = |(query, mut group): (u64, Group<'f, T>)| {
        group.sort_by_key(|(file, fact)| (*file, fact.at.start.offset));
        // The first place and the number of those who say it. Of two that are said as often the lesser one is taken: which
        // panel or file comes first says nothing.
        let mut kinds: FxHashMap<K, (usize, usize)> = FxHashMap::default();
        for (at, (_, fact)) in group.iter().enumerate() {
            kinds.entry(kind(&fact.said)).or_insert((at, 0)).1 += 1;
        }
        if kinds.len() < 2 {
            return None;
        }
        let (_, (first, count)) = kinds
            .into_iter()
            .max_by(|(a, (_, most)), (b, (_, count))| most.cmp(count).then_with(|| b.cmp(a)))?;
        let (file, fact) = group.get(first)?;
        let said = kind(&fact.said);
        let mut rest = group.get(first + 1..).unwrap_or_default().iter();
        let elsewhere = rest.find(|(other, same)| {
            (*other, same.dashboard) != (*file, fact.dashboard) && kind(&same.said) == said
        });
        let usual = Usual {
            said: fact.said.clone(),
            count,
            location: Location::in_file(Arc::clone(file), fact.at),
            dashboard: fact.dashboard,
            elsewhere: elsewhere.map(|(file, fact)| Location::in_file(Arc::clone(file), fact.at)),
        };
        Some((query, usual))
    };
    Disagreements(by_query.into_iter().filter_map(usual).collect())
}
