//! The table of `src/promql/deprecated.rs`.

use crate::facts::{Table, section};
use std::fmt::Write as _;

/// The Rust code for `rules/facts/deprecated_metrics.toml`, sorted by the metric that is gone.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut rows = Vec::new();
    for (exporter, since) in section(facts, "since")? {
        let since = since.text()?;
        for (metric, replacement) in section(facts, exporter)? {
            rows.push((metric, exporter, since, replacement.text()?));
        }
    }
    rows.sort();
    let mut out = String::from("static METRICS: &[Deprecated] = &[\n");
    for (metric, exporter, since, replacement) in rows {
        writeln!(
            out,
            "Deprecated {{ metric: {metric:?}, exporter: {exporter:?}, since: {since:?}, replacement: {replacement:?} }},"
        )
        .map_err(|error| error.to_string())?;
    }
    out.push_str("];\n");
    Ok(out)
}
