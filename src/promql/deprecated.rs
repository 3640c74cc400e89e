//! Metrics that newer versions of an exporter no longer have.
//!
//! The facts are in `rules/facts/deprecated_metrics.toml`; the build script turns them into a table.

/// A metric that is gone.
#[derive(Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// Its name.
    pub metric: &'static str,
    /// The exporter that had it.
    pub exporter: &'static str,
    /// The first version without it.
    pub since: &'static str,
    /// What there is in its place.
    pub replacement: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/deprecated_metrics.rs"));

/// What became of a metric, if newer versions of its exporter no longer have it.
pub fn deprecated(metric: &str) -> Option<&'static Deprecated> {
    METRICS
        .binary_search_by(|known| known.metric.cmp(metric))
        .ok()
        .and_then(|at| METRICS.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_replacement_is_deprecated_itself() {
        for known in METRICS {
            let name = known.replacement.split('{').next().unwrap_or("");
            assert_eq!(deprecated(name), None, "{}", known.metric);
        }
        let found = deprecated("node_cpu").map(|known| known.replacement);
        assert_eq!(found, Some("node_cpu_seconds_total"));
    }
}
