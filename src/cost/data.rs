//! The facts of `rules/facts/cost.toml` as tables. The build script writes them.

/// From where on something costs too much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limit {
    /// Worth a word.
    pub(crate) info: f64,
    /// Worth a warning.
    pub(crate) warning: f64,
}

include!(concat!(env!("OUT_DIR"), "/cost.rs"));

/// Series of a metric by the beginning of its name.
pub(crate) fn series_by_prefix(metric: &str) -> Option<f64> {
    SERIES_BY_PREFIX
        .iter()
        .filter(|(prefix, _)| metric.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, series)| *series)
}

/// How many values a label has.
pub(crate) fn values_of(label: &str) -> f64 {
    VALUES_BY_LABEL
        .binary_search_by(|(name, _)| (*name).cmp(label))
        .ok()
        .and_then(|at| VALUES_BY_LABEL.get(at))
        .map_or(VALUES, |(_, values)| *values)
}
