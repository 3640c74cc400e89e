//! Grafana's own variables.
//!
//! Source: @grafana/data and @grafana/scenes 9.2 / 13.2.3, @grafana/prometheus 13.2.3 (`$__rate_interval` and the range
//! variables), Grafana's documentation of global variables.

/// Built-in variables that stand in a Prometheus query of a panel or annotation.
pub(crate) const IN_PROMETHEUS_QUERIES: &[&str] = &[
    "__from",
    "__to",
    "__timezone",
    "__interval",
    "__interval_ms",
    "__rate_interval",
    "__rate_interval_ms",
    "__range",
    "__range_s",
    "__range_ms",
    "__org",
    "__user",
    "__dashboard",
    "__namespace",
    "__theme",
    "__scopes",
    "__name",
];

/// Those of a Prometheus query that its backend replaces, in the plain forms only, and that queries of variables do not
/// have (Grafana 10.4, `pkg/promlib/models/query.go`; @grafana/prometheus 13.2.3, `metric_find_query.ts`).
pub(crate) const RATE_INTERVALS: &[&str] = &["__rate_interval", "__rate_interval_ms"];

/// Those of a row of data: they are known in data links, actions and names of fields.
pub(crate) const OF_DATA: &[&str] = &["__value", "__field", "__series", "__data"];

/// Whether a built-in of this name may stand in a Prometheus query.
pub(crate) fn in_prometheus_queries(name: &str) -> bool {
    IN_PROMETHEUS_QUERIES.contains(&name) || name.starts_with("__auto_interval")
}

/// The formats of a reference, without their arguments.
///
/// Source: @grafana/scenes 9.2.2, `variables/interpolation/formatRegistry.ts`, and @grafana/schema's `VariableFormatID`.
pub(crate) const FORMATS: &[&str] = &[
    "csv",
    "customqueryparam",
    "date",
    "distributed",
    "doublequote",
    "glob",
    "html",
    "join",
    "json",
    "lucene",
    "percentencode",
    "pipe",
    "queryparam",
    "raw",
    "regex",
    "singlequote",
    "sqlstring",
    "text",
    "uriencode",
];
