//! Numbers of series that somebody counted on a server.

use rustc_hash::FxHashMap;
use serde_json::Value;

/// Series by metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesCounts {
    by_metric: FxHashMap<String, u64>,
}

impl SeriesCounts {
    /// What a file says: the server's answer to `/api/v1/status/tsdb`, to the query `count by (__name__) ({__name__!=""})`, or
    /// an object from metrics to numbers. A message where it is none of them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let data = value.get("data").unwrap_or(&value);
        let mut counts = SeriesCounts::default();
        if let Some(rows) = data
            .get("seriesCountByMetricName")
            .and_then(Value::as_array)
        {
            for row in rows {
                counts.add(row["name"].as_str(), row["value"].as_u64());
            }
        } else if let Some(rows) = data.get("result").and_then(Value::as_array) {
            for row in rows {
                let count = row["value"][1]
                    .as_str()
                    .and_then(|count| count.parse().ok());
                counts.add(row["metric"]["__name__"].as_str(), count);
            }
        } else if let Some(rows) = data.as_object() {
            for (metric, count) in rows {
                counts.add(Some(metric), count.as_u64());
            }
        }
        if counts.by_metric.is_empty() {
            return Err("neither the TSDB status, nor the result of `count by (__name__)`, nor an object of numbers".to_owned());
        }
        Ok(counts)
    }

    fn add(&mut self, metric: Option<&str>, count: Option<u64>) {
        if let (Some(metric), Some(count)) = (metric, count) {
            self.by_metric.insert(metric.to_owned(), count);
        }
    }

    /// Puts another file's counts beside these; where both count a metric, the other one's stay.
    pub fn join(&mut self, other: &SeriesCounts) {
        let others = other.by_metric.iter();
        self.by_metric
            .extend(others.map(|(metric, count)| (metric.clone(), *count)));
    }

    /// How many series a metric has.
    pub fn of(&self, metric: &str) -> Option<u64> {
        self.by_metric.get(metric).copied()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.by_metric.is_empty()
    }
}
