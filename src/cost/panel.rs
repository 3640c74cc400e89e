//! The cost of panels and dashboards.

use std::borrow::Cow;

use super::counts::SeriesCounts;
use super::data::{LEAST_STEP, POINTS, RANGE, REPEATS, SCRAPE};
use super::query::{Evaluation, Priced};
use crate::model::{Dashboard, Host, Panel, Query, VariableKind};
use crate::syntax::{Kind, NodeRef};

/// What one panel costs each time it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelCost {
    /// The panel's number in the dashboard.
    pub panel: usize,
    /// Its queries in PromQL, in order.
    pub queries: Vec<Priced>,
    /// How often it stands there, for it or its row is repeated.
    pub copies: f64,
    /// Together.
    pub work: f64,
    /// It lies in a row that opens folded, and is not drawn until somebody opens it.
    pub folded: bool,
    /// It stands so far down that nobody sees it when the dashboard opens, or where it stands is not known; Grafana asks for its data
    /// when it comes into view.
    pub below: bool,
}

impl PanelCost {
    /// Samples read: what Prometheus counts as `totalQueryableSamples`.
    pub fn samples(&self) -> f64 {
        let once: f64 = self.queries.iter().map(|priced| priced.cost.samples).sum();
        once * self.copies
    }

    /// The query that costs most.
    pub fn dearest(&self) -> Option<&Priced> {
        self.queries
            .iter()
            .max_by(|a, b| a.cost.work().total_cmp(&b.cost.work()))
    }
}

/// What a dashboard costs each time it is loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardCost {
    /// Its panels with queries in PromQL, in the order of the file.
    pub panels: Vec<PanelCost>,
    /// The work of those that are drawn at once.
    pub work: f64,
    /// The samples those read.
    pub samples: f64,
    /// How many queries those send.
    pub queries: f64,
    /// How many of them it sends when it opens, repeated ones counted once: those of the first screen.
    pub at_first: f64,
    /// Seconds between two loads; `None` where it does not refresh itself.
    pub refresh: Option<f64>,
    /// Seconds of its time range.
    pub range: f64,
}

impl DashboardCost {
    /// Queries a second that each open tab sends.
    pub fn queries_a_second(&self) -> f64 {
        self.refresh.map_or(0.0, |refresh| self.queries / refresh)
    }
}

/// Estimates a dashboard. `counts` are numbers of series that are known.
pub fn dashboard_cost(dashboard: &Dashboard<'_>, counts: &SeriesCounts) -> DashboardCost {
    let range = time_range(dashboard);
    let mut panels: Vec<PanelCost> = Vec::new();
    for (number, query) in dashboard.queries.iter().enumerate() {
        let Host::Panel(at) = query.host else {
            continue;
        };
        let Some(panel) = dashboard.panels.get(at) else {
            continue;
        };
        if query.hidden
            || panel.is_left_out()
            || !query.language.is_promql()
            || !query.parsed().errors.is_empty()
        {
            continue;
        }
        let priced = Priced::new(number, query, evaluation(panel, query, range), counts);
        // Queries come in the order of their panels.
        match panels.last_mut().filter(|last| last.panel == at) {
            Some(last) => last.queries.push(priced),
            None => panels.push(PanelCost {
                panel: at,
                queries: vec![priced],
                copies: copies(dashboard, panel),
                work: 0.0,
                folded: panel.row.is_some_and(|row| row.is_collapsed()),
                below: is_below(panel),
            }),
        }
    }
    for panel in &mut panels {
        let once: f64 = panel.queries.iter().map(|priced| priced.cost.work()).sum();
        panel.work = once * panel.copies;
    }
    let drawn = || panels.iter().filter(|panel| !panel.folded);
    DashboardCost {
        work: drawn().map(|panel| panel.work).sum(),
        samples: drawn().map(PanelCost::samples).sum(),
        queries: drawn()
            .map(|panel| panel.queries.len() as f64 * panel.copies)
            .sum(),
        at_first: drawn()
            .filter(|panel| !panel.below)
            .map(|panel| panel.queries.len() as f64)
            .sum(),
        refresh: dashboard
            .refresh_node()
            .and_then(NodeRef::as_str)
            .and_then(|text| interval(text.trim())),
        range,
        panels,
    }
}

/// Over what time a panel evaluates a query, and how often: Grafana asks for a point every so many pixels, but not more
/// often than the least step.
pub(crate) fn evaluation(panel: &Panel<'_>, query: &Query<'_>, range: f64) -> Evaluation {
    let text = |node: NodeRef<'_>| node.as_str().and_then(|text| interval(text.trim()));
    let range = panel
        .query_option("timeFrom")
        .and_then(text)
        .unwrap_or(range);
    let width = panel
        .grid_position()
        .and_then(|position| position.rect())
        .map_or(12.0, |rect| rect.w);
    let points = panel
        .max_data_points()
        .unwrap_or(width / 24.0 * POINTS)
        .max(1.0);
    let least = panel
        .min_interval()
        .and_then(|text| interval(text.trim_start_matches(['>', ' '])))
        .unwrap_or(LEAST_STEP);
    Evaluation {
        range: if query.is_instant() { 0.0 } else { range },
        shown: range,
        step: (range / points).max(least),
        scrape: SCRAPE,
    }
}

/// How often a panel stands there.
fn copies(dashboard: &Dashboard<'_>, panel: &Panel<'_>) -> f64 {
    let row = panel.row.and_then(|row| row.repeat());
    let times = |over: Option<Cow<'_, str>>| over.map_or(1.0, |name| chosen(dashboard, &name));
    times(panel.repeat()) * times(row)
}

/// How many values of a variable are chosen when the dashboard opens, as far as the file tells.
fn chosen(dashboard: &Dashboard<'_>, name: &str) -> f64 {
    let Some(variable) = dashboard
        .variables
        .iter()
        .find(|variable| variable.name() == name)
    else {
        return REPEATS;
    };
    if !variable.is_multi() && !variable.has_all() {
        return 1.0;
    }
    let is_all = |value: &str| value == "$__all" || value == "All";
    let current = variable.current_node();
    let values: Vec<_> = match current {
        Some(node) if node.kind() == Kind::Array => {
            node.items().filter_map(NodeRef::as_str).collect()
        }
        Some(node) => node.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if !values.is_empty() && !values.iter().any(|value| value.is_empty() || is_all(value)) {
        return values.len() as f64;
    }
    // All of them.
    let listed = variable.option_nodes().into_iter();
    let listed = listed
        .filter_map(NodeRef::as_str)
        .filter(|value| !is_all(value))
        .count();
    let written = match variable.kind {
        VariableKind::Custom => variable.query_node().and_then(NodeRef::as_str),
        _ => None,
    };
    let written = written.map_or(0, |text| {
        text.split(',').filter(|one| !one.trim().is_empty()).count()
    });
    match listed.max(written) {
        0 => REPEATS,
        known => known as f64,
    }
}

/// Units of the grid that a screen of 1080 pixels shows: 30 pixels and a gap of 8 (Grafana 12.1, public/app/core/constants.ts).
const SCREEN: f64 = 28.0;

fn is_below(panel: &Panel<'_>) -> bool {
    // In the rows and tabs of a v2 dashboard each list begins anew; the rows era has no positions at all.
    let placed = !panel.is_v2() || panel.row.is_none();
    let rect = panel.grid_position().and_then(|position| position.rect());
    rect.is_none_or(|rect| !placed || rect.y >= SCREEN)
}

/// The dashboard's time range in seconds: `now-6h` to `now` or to another such moment, else the usual one.
pub(crate) fn time_range(dashboard: &Dashboard<'_>) -> f64 {
    let back = |node: Option<NodeRef<'_>>| {
        let text: Cow<'_, str> = node?.as_str()?;
        let rest = text.trim().strip_prefix("now")?;
        let rest = rest.split('/').next().unwrap_or(rest);
        match rest.strip_prefix('-') {
            Some(ago) => interval(ago),
            None if rest.is_empty() => Some(0.0),
            None => None,
        }
    };
    let from = back(dashboard.time_from_node());
    let to = back(dashboard.time_to_node()).unwrap_or(0.0);
    match from {
        // `now/d`: the day so far.
        Some(from) if from <= to => 86_400.0,
        Some(from) => from - to,
        None => RANGE,
    }
}

/// An interval as Grafana writes it (`5s`, `1m`, `500ms`, `30d`, `1M`, `1y`) in seconds; `None` for anything else.
pub(crate) fn interval(text: &str) -> Option<f64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let value: f64 = text[..digits].parse().ok()?;
    let unit = match &text[digits..] {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 7.0 * 86_400.0,
        "M" => 30.0 * 86_400.0,
        "y" => 365.0 * 86_400.0,
        _ => return None,
    };
    (value > 0.0).then_some(value * unit)
}
