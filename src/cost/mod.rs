//! What queries cost the server, estimated from their text.
//!
//! The unit is the *work* of a query: series × (steps × (1 + samples of the window ÷ 250) + what it takes to find a series and to
//! read its samples once), about 0.1 µs of one processor each on Prometheus 2.42; `benches/cost` compares it with a real one. How
//! many series a selector reads comes from the metric's and the labels' names, or from a count the configuration names
//! ([`SeriesCounts`]); without a count the numbers say which panel costs more than which, no more.
//! The facts are in `rules/facts/cost.toml`.

mod advice;
pub mod change;
mod counts;
mod data;
mod groups;
mod look;
mod panel;
mod parts;
mod query;
mod recording;
mod series;
pub mod survey;

pub use counts::SeriesCounts;
pub(crate) use data::{
    EVALUATION, LIMIT_DASHBOARD_QUERIES, LIMIT_DASHBOARD_WORK, LIMIT_LINES, LIMIT_PANEL_WORK,
    LIMIT_QUERIES_A_SECOND, LIMIT_RECORDED_LINES, LIMIT_REPEATED_WORK, Limit, MICROSECONDS, SCRAPE,
    UNBOUNDED_LABELS,
};
pub use groups::{GroupCost, alert_groups, rule_groups};
pub use look::of_file;
pub use panel::{DashboardCost, PanelCost, dashboard_cost};
pub(crate) use panel::{evaluation, interval, time_range};
pub(crate) use query::Effort;
pub use query::{Evaluation, Priced, QueryCost, Read, query_cost};

/// A number of series, samples or work as people say it: `1.2 million`, `34,000`, `120`.
pub fn in_words(number: f64) -> String {
    if number >= 995_000_000.0 {
        return format!("{:.1} billion", number / 1e9);
    }
    if number >= 995_000.0 {
        return format!("{:.1} million", number / 1e6);
    }
    let digits = match number {
        n if n < 1000.0 => return format!("{n:.0}"),
        // Two digits are all an estimate has.
        n => {
            let unit = 10f64.powf(n.log10().floor() - 1.0);
            ((n / unit).round() * unit) as u64
        }
    };
    format!("{},{:03}", digits / 1000, digits % 1000)
}

/// What one processor needs for an amount of work, as people say it.
pub fn time_in_words(work: f64) -> String {
    match work * MICROSECONDS / 1000.0 {
        ms if ms < 0.95 => format!("{:.2} ms", ms.max(0.01)),
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 995.0 => format!("{ms:.0} ms"),
        ms if ms < 99_500.0 => format!("{:.1} s", ms / 1000.0),
        ms => format!("{:.0} min", ms / 60_000.0),
    }
}

/// Seconds as Grafana and Prometheus write them: `90s`, `5m`, `6h`, `30d`.
pub(crate) fn duration(seconds: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "m")];
    let whole = |unit: f64| seconds >= unit && seconds % unit == 0.0;
    match UNITS.iter().find(|(unit, _)| whole(*unit)) {
        Some((unit, name)) => format!("{:.0}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}
