//! How often the metrics of a query are scraped.

use super::Context;
use crate::model::{DataSourceRef, Query};

/// What Grafana takes for a data source that does not say (Grafana documentation, "Configure the Prometheus data source":
/// scrape interval).
const GRAFANAS_DEFAULT: f64 = 15.0;

/// A scrape interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScrapeInterval {
    /// In seconds.
    pub(crate) seconds: f64,
    /// The configuration or the data source says so; otherwise it is assumed.
    pub(crate) said: bool,
}

/// The scrape interval of what a query asks for: what its data source says, else the configuration.
pub(crate) fn scrape_interval(cx: &Context<'_, '_>, query: Option<&Query<'_>>) -> ScrapeInterval {
    let of_source = cx.dashboard().and_then(|dashboard| {
        let source = query.and_then(|query| {
            let panel = dashboard.panel_of(query)?;
            let target = panel.target_of(query.node)?;
            Some(dashboard.data_source_of(panel, &target))
        });
        let intervals = cx.project.scrape_intervals();
        match source {
            Some(DataSourceRef::Named { uid, .. }) => intervals.of(&uid),
            _ => intervals.common(),
        }
    });
    let said = of_source.or(cx.settings.scrape_interval);
    ScrapeInterval {
        seconds: said.unwrap_or(GRAFANAS_DEFAULT),
        said: said.is_some(),
    }
}
