//! What metrics there are, as somebody saved it from a server or an exporter.
//!
//! Formats: the text exposition format and OpenMetrics 1.0 (`# TYPE`, `# UNIT`, samples); the answers of Prometheus' HTTP API to
//! `/api/v1/metadata` and `/api/v1/label/__name__/values` (Prometheus documentation, "HTTP API").

use std::collections::BTreeMap;

use serde_json::Value;

use crate::promql::MetricKind;
use crate::spelling::nearest;

/// Metrics by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    metrics: BTreeMap<String, MetricFact>,
}

/// What is known of a metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricFact {
    /// What it counts; none where nothing says so, or two say otherwise.
    pub kind: Option<MetricKind>,
    /// Its unit, where it is given.
    pub unit: Option<String>,
}

/// Metrics that Prometheus makes itself of every scrape and of alerts (Prometheus documentation, "Jobs and instances" and
/// "Alerting rules").
const OWN: &[&str] = &["up", "ALERTS", "ALERTS_FOR_STATE"];

impl Inventory {
    /// What a file says. A message where it is in none of the formats.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut inventory = Inventory::default();
        if text.trim_start().starts_with(['{', '[']) {
            let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
            inventory.json(&value);
        } else {
            inventory.exposition(text);
        }
        if inventory.is_empty() {
            return Err("neither an exposition of metrics, nor the answer of /api/v1/metadata or /api/v1/label/__name__/values".to_owned());
        }
        Ok(inventory)
    }

    fn json(&mut self, value: &Value) {
        match value.get("data").unwrap_or(value) {
            Value::Array(names) => {
                for name in names.iter().filter_map(Value::as_str) {
                    self.add(name, None, None);
                }
            }
            Value::Object(metrics) => {
                for (name, entries) in metrics {
                    for entry in entries.as_array().into_iter().flatten() {
                        let kind = entry.get("type").and_then(Value::as_str);
                        let unit = entry.get("unit").and_then(Value::as_str);
                        self.family(name, kind.unwrap_or(""), unit);
                    }
                }
            }
            _ => {}
        }
    }

    fn exposition(&mut self, text: &str) {
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("#"), Some("TYPE"), Some(name), Some(kind)) => self.family(name, kind, None),
                (Some("#"), Some("UNIT"), Some(name), Some(unit)) => {
                    self.family(name, "", Some(unit));
                }
                _ => {
                    if let Some(name) = sample(line) {
                        self.add(name, None, None);
                    }
                }
            }
        }
    }

    /// A family and the series that come of its type.
    fn family(&mut self, name: &str, kind: &str, unit: Option<&str>) {
        let unit = unit.filter(|unit| !unit.is_empty());
        let counter = Some(MetricKind::Counter);
        match kind {
            "counter" => {
                self.add(name, counter, unit);
                // OpenMetrics names the family, and the sample with a suffix.
                if !name.ends_with("_total") {
                    self.add(&format!("{name}_total"), counter, unit);
                }
            }
            "histogram" => {
                self.add(name, None, unit);
                self.add(&format!("{name}_bucket"), counter, None);
                self.add(&format!("{name}_count"), counter, None);
                self.add(&format!("{name}_sum"), counter, unit);
            }
            "summary" => {
                self.add(name, Some(MetricKind::Gauge), unit);
                self.add(&format!("{name}_count"), counter, None);
                self.add(&format!("{name}_sum"), counter, unit);
            }
            "gauge" | "info" | "stateset" => self.add(name, Some(MetricKind::Gauge), unit),
            _ => self.add(name, None, unit),
        }
    }

    fn add(&mut self, name: &str, kind: Option<MetricKind>, unit: Option<&str>) {
        let unit = unit.map(str::to_owned);
        match self.metrics.get_mut(name) {
            None => {
                self.metrics
                    .insert(name.to_owned(), MetricFact { kind, unit });
            }
            Some(known) => {
                known.kind = match (known.kind, kind) {
                    (Some(a), Some(b)) if a != b => None,
                    (a, b) => a.or(b),
                };
                known.unit = known.unit.take().or(unit);
            }
        }
    }

    /// Adds another file's.
    pub fn join(&mut self, other: &Inventory) {
        for (name, fact) in &other.metrics {
            self.add(name, fact.kind, fact.unit.as_deref());
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty()
    }

    /// What is known of a metric.
    pub fn of(&self, metric: &str) -> Option<&MetricFact> {
        self.metrics.get(metric)
    }

    /// Whether there is such a metric.
    pub fn has(&self, metric: &str) -> bool {
        self.metrics.contains_key(metric) || OWN.contains(&metric) || metric.starts_with("scrape_")
    }

    /// The metric that was perhaps meant by a name.
    pub fn near(&self, metric: &str) -> Option<&str> {
        nearest(metric, self.metrics.keys().map(String::as_str))
    }

    /// Whether metrics are known whose names begin with the same word.
    pub fn knows_family_of(&self, metric: &str) -> bool {
        let Some((word, _)) = metric.split_once('_') else {
            return false;
        };
        let prefix = format!("{word}_");
        self.metrics
            .range(prefix.clone()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(&prefix))
    }
}

/// The metric of a line `name{labels} value`.
fn sample(line: &str) -> Option<&str> {
    let line = line.trim();
    let end = line.find(|c: char| c == '{' || c.is_whitespace())?;
    let name = line.get(..end)?;
    let after = match line.rfind('}') {
        Some(close) => line.get(close + 1..)?,
        None => line.get(end..)?,
    };
    let value = after.split_whitespace().next()?;
    (is_name(name) && value.parse::<f64>().is_ok()).then_some(name)
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | ':'))
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPOSITION: &str = "# HELP requests_total Requests.\n# TYPE requests_total counter\n\
        requests_total{code=\"200\"} 5\n# TYPE latency_seconds histogram\n# UNIT latency_seconds seconds\n\
        latency_seconds_bucket{le=\"1\"} 2\ntemperature_celsius 21.5 1700000000\n";

    #[test]
    fn an_exposition_is_read() {
        let inventory = Inventory::parse(EXPOSITION).expect("an exposition");
        let kind = |name| inventory.of(name).and_then(|fact| fact.kind);
        assert_eq!(kind("requests_total"), Some(MetricKind::Counter));
        assert_eq!(kind("latency_seconds_count"), Some(MetricKind::Counter));
        assert_eq!(kind("temperature_celsius"), None);
        assert!(inventory.has("temperature_celsius") && inventory.has("up"));
        assert!(!inventory.has("latency_milliseconds"));
        let unit = inventory
            .of("latency_seconds")
            .and_then(|fact| fact.unit.as_deref());
        assert_eq!(unit, Some("seconds"));
        assert_eq!(inventory.near("request_total"), Some("requests_total"));
        assert!(
            inventory.knows_family_of("latency_other") && !inventory.knows_family_of("node_cpu")
        );
    }

    #[test]
    fn answers_of_the_api_are_read() {
        let metadata = r#"{"status":"success","data":{
            "pods":[{"type":"gauge","help":"","unit":""}],
            "mixed":[{"type":"gauge"},{"type":"counter"}],
            "rpc":[{"type":"summary","unit":"seconds"}]}}"#;
        let inventory = Inventory::parse(metadata).expect("metadata");
        let kind = |name| inventory.of(name).and_then(|fact| fact.kind);
        assert_eq!(kind("pods"), Some(MetricKind::Gauge));
        assert_eq!(kind("mixed"), None, "two types");
        assert_eq!(kind("rpc_count"), Some(MetricKind::Counter));
        let names = Inventory::parse(r#"{"data":["a_total","b"]}"#).expect("names");
        assert!(names.has("a_total") && names.has("b"));
        assert!(Inventory::parse("{}").is_err());
        assert!(Inventory::parse("# nothing\n").is_err());
    }
}
