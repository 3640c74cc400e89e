//! How often data sources are scraped, as their provisioning says.

use rustc_hash::FxHashMap;

use crate::model::{DataSource, is_promql_type};
use crate::promql;

/// A provisioned data source that says how often it is scraped.
#[derive(Debug, Clone, PartialEq)]
pub struct ScrapeFact {
    /// Its name and, where it is set, its uid.
    pub keys: Vec<String>,
    /// Seconds.
    pub seconds: f64,
}

impl ScrapeFact {
    /// What a data source says in `jsonData.timeInterval` (Grafana documentation, "Provision the Prometheus data source").
    pub(super) fn new(source: &DataSource<'_>) -> Option<Self> {
        if !source.kind().is_some_and(|kind| is_promql_type(&kind)) {
            return None;
        }
        let interval = source.node.path(&["jsonData", "timeInterval"])?.as_str()?;
        let seconds = promql::duration(interval.trim_start_matches('>').trim())?;
        let keys = [source.name(), source.uid()].into_iter().flatten();
        Some(ScrapeFact {
            keys: keys.map(|key| key.into_owned()).collect(),
            seconds,
        })
    }
}

/// The scrape intervals of a project's data sources.
#[derive(Debug, Default)]
pub struct ScrapeIntervals {
    /// `None` where two instances disagree.
    by_key: FxHashMap<String, Option<f64>>,
    common: Option<Option<f64>>,
}

impl ScrapeIntervals {
    pub(super) fn new<'f>(facts: impl Iterator<Item = &'f ScrapeFact>) -> Self {
        let mut intervals = ScrapeIntervals::default();
        for fact in facts {
            let agree = |known: &mut Option<f64>| {
                if *known != Some(fact.seconds) {
                    *known = None;
                }
            };
            for key in &fact.keys {
                let known = intervals.by_key.entry(key.clone());
                known.and_modify(agree).or_insert(Some(fact.seconds));
            }
            agree(intervals.common.get_or_insert(Some(fact.seconds)));
        }
        intervals
    }

    /// Of the data source of this uid or name, in seconds.
    pub fn of(&self, uid_or_name: &str) -> Option<f64> {
        self.by_key.get(uid_or_name).copied().flatten()
    }

    /// Of all data sources that say one, where they agree.
    pub fn common(&self) -> Option<f64> {
        self.common.flatten()
    }
}
