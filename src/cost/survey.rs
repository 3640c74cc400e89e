//! What a whole project costs: its panels, dashboards and groups of rules, the dearest first.

use schemars::JsonSchema;
use serde::Serialize;

use super::data::MICROSECONDS;
use crate::diagnostic::Location;

/// What something costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    /// Series × steps, weighted with the length of windows.
    pub work: f64,
    /// Milliseconds of one processor that takes, by the facts of Prometheus 2.42.
    pub milliseconds: f64,
    /// Samples read: what Prometheus counts as `totalQueryableSamples`.
    pub samples: f64,
}

impl Figure {
    pub(super) fn new(work: f64, samples: f64) -> Self {
        Figure {
            work,
            milliseconds: work * MICROSECONDS / 1000.0,
            samples,
        }
    }

    pub(super) fn add(&mut self, other: Figure) {
        *self = Figure::new(self.work + other.work, self.samples + other.samples);
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl From<Location> for At {
    fn from(location: Location) -> Self {
        At {
            file: location.file.to_string(),
            line: location.range.start.line,
        }
    }
}

/// A sub-expression that reads series.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PartCost {
    /// The query's name.
    pub query: String,
    /// The sub-expression, on one line.
    pub expr: String,
    /// How often it stands there.
    pub times: usize,
    /// Its share of the cost, all times together, from 0 to 1.
    pub share: f64,
    /// Series it reads.
    pub series: f64,
    /// How often.
    pub steps: f64,
    /// Samples of each series each time; 0 without a window.
    pub samples: f64,
    /// Samples of each series that are read once, where that is most of the cost.
    pub mostly_read: Option<f64>,
    /// Series in its result.
    pub result: f64,
}

/// A recording rule and what stands in the query in its place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RecordingRule {
    /// The metric it records.
    pub record: String,
    /// Its expression.
    pub expr: String,
    /// What takes the place of the sub-expression.
    pub instead: String,
}

/// What would make something cheaper.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Advice {
    /// What to do.
    pub what: String,
    /// Which part of the cost that saves, from 0 to 1.
    pub saves: f64,
    /// The rule, where it is about one.
    pub rule: Option<RecordingRule>,
}

/// A panel.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PanelEntry {
    /// Where.
    #[serde(flatten)]
    pub at: At,
    /// The dashboard's title.
    pub dashboard: String,
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: Option<i64>,
    /// Each time it is drawn.
    #[serde(flatten)]
    pub cost: Figure,
    /// How often it stands there, repeated over values of a variable.
    pub copies: f64,
    /// It lies in a folded row, and is drawn when that is opened.
    pub folded: bool,
    /// Its dearest sub-expressions.
    pub parts: Vec<PartCost>,
    /// What would make it cheaper.
    pub advice: Vec<Advice>,
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DashboardEntry {
    /// Where.
    #[serde(flatten)]
    pub at: At,
    /// Its title.
    pub title: String,
    /// Each time it is loaded, folded rows left out.
    #[serde(flatten)]
    pub cost: Figure,
    /// Panels with queries in PromQL.
    pub panels: usize,
    /// Queries each load sends.
    pub queries: f64,
    /// Seconds between two loads, where it refreshes itself.
    pub refresh: Option<f64>,
    /// How much of its budget it takes, where it has one: above 1 it is over it.
    pub budget: Option<f64>,
}

/// A group of rules.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct GroupEntry {
    /// Where.
    #[serde(flatten)]
    pub at: At,
    /// Its name.
    pub name: String,
    /// Each evaluation.
    #[serde(flatten)]
    pub cost: Figure,
    /// Rules with a query in PromQL.
    pub rules: usize,
    /// Seconds from one evaluation to the next.
    pub interval: f64,
    /// The share of one processor that is always busy with it, from 0 on.
    pub load: f64,
    /// Its dearest rule.
    pub dearest: String,
    /// Its dearest sub-expressions.
    pub parts: Vec<PartCost>,
    /// What would make it cheaper.
    pub advice: Vec<Advice>,
}

/// What everything together comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct Totals {
    /// Dashboards with queries in PromQL.
    pub dashboards: usize,
    /// Their panels.
    pub panels: usize,
    /// The queries one load of each of them sends.
    pub queries: f64,
    /// One load of each.
    pub load: Figure,
    /// Groups of rules.
    pub groups: usize,
    /// Their rules.
    pub rules: usize,
    /// One evaluation of each.
    pub evaluation: Figure,
    /// The share of one processor that is always busy with them.
    pub busy: f64,
}

/// What a project costs, the dearest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Survey {
    /// Numbers of series were counted on a server; without it they are guessed by names.
    pub counted: bool,
    /// Together.
    pub totals: Totals,
    /// The dearest panels.
    pub panels: Vec<PanelEntry>,
    /// The dearest dashboards.
    pub dashboards: Vec<DashboardEntry>,
    /// The dearest groups of rules.
    pub groups: Vec<GroupEntry>,
}

impl Survey {
    /// All together, `top` of everything.
    pub fn together(files: impl IntoIterator<Item = Survey>, top: usize) -> Self {
        let mut all = Survey::default();
        for file in files {
            all.join(file);
        }
        all.keep(top);
        all
    }

    fn join(&mut self, other: Survey) {
        self.counted |= other.counted;
        self.panels.extend(other.panels);
        self.dashboards.extend(other.dashboards);
        self.groups.extend(other.groups);
        let (totals, more) = (&mut self.totals, other.totals);
        totals.dashboards += more.dashboards;
        totals.panels += more.panels;
        totals.queries += more.queries;
        totals.load.add(more.load);
        totals.groups += more.groups;
        totals.rules += more.rules;
        totals.evaluation.add(more.evaluation);
        totals.busy += more.busy;
    }

    /// All words that come from files.
    pub(crate) fn words(&mut self) -> impl Iterator<Item = &mut String> {
        let panels = self.panels.iter_mut().flat_map(|entry| {
            let named = [&mut entry.dashboard, &mut entry.title];
            named
                .into_iter()
                .chain(reasons(&mut entry.parts, &mut entry.advice))
        });
        let dashboards = self.dashboards.iter_mut().map(|entry| &mut entry.title);
        let groups = self.groups.iter_mut().flat_map(|entry| {
            let named = [&mut entry.name, &mut entry.dearest];
            named
                .into_iter()
                .chain(reasons(&mut entry.parts, &mut entry.advice))
        });
        panels.chain(dashboards).chain(groups)
    }

    /// Only the dearest of everything, in order.
    pub(super) fn keep(&mut self, top: usize) {
        let dearer = |a: f64, b: f64| b.total_cmp(&a);
        self.panels.sort_by(|a, b| dearer(a.cost.work, b.cost.work));
        self.panels.truncate(top);
        self.dashboards
            .sort_by(|a, b| dearer(a.cost.work, b.cost.work));
        self.dashboards.truncate(top);
        self.groups.sort_by(|a, b| dearer(a.load, b.load));
        self.groups.truncate(top);
    }
}

/// The words of parts and of advice.
fn reasons<'e>(
    parts: &'e mut [PartCost],
    advice: &'e mut [Advice],
) -> impl Iterator<Item = &'e mut String> {
    let parts = parts
        .iter_mut()
        .flat_map(|part| [&mut part.query, &mut part.expr]);
    let advice = advice.iter_mut().flat_map(|advice| {
        let rule = advice.rule.as_mut();
        let rule = rule.map(|rule| [&mut rule.record, &mut rule.expr, &mut rule.instead]);
        rule.into_iter()
            .flatten()
            .chain(std::iter::once(&mut advice.what))
    });
    parts.chain(advice)
}
