//! Counters and gauges, as far as their names tell.
//!
//! Prometheus documentation, "Metric and label naming": `_total` is the suffix of accumulating counts, `_info` of
//! metadata; base units are celsius and ratio. OpenMetrics 1.0 keeps `_total` for counters. The
//! names of exporters are those of their own `# TYPE` lines.

/// What a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows, until its process restarts.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// Words in the name of a `_total` that is a size and no count: a sum over parts (`memory_total`), a capacity.
const SIZES: &[&str] = &[
    "capacity",
    "memory",
    "mem",
    "size",
    "space",
    "swap",
    "usage",
    "used",
    "free",
    "available",
    "limit",
    "quota",
    "disk",
    "ram",
    "storage",
    "current",
    "active",
    "number",
    "nodes",
    "pods",
    "replicas",
    "cores",
    "cpus",
    "threads",
    "connections",
    "sessions",
    "users",
    "members",
    "clients",
    "servers",
    "devices",
    "shards",
    "instances",
    "info",
    "status",
    "state",
];

/// Gauges of node_exporter, cAdvisor, the Go client and Prometheus itself, by name.
const GAUGES: &[&str] = &[
    "up",
    "node_load1",
    "node_load5",
    "node_load15",
    "node_filesystem_size_bytes",
    "node_filesystem_free_bytes",
    "node_filesystem_avail_bytes",
    "node_filesystem_files",
    "node_filesystem_files_free",
    "container_memory_usage_bytes",
    "container_memory_working_set_bytes",
    "container_memory_rss",
    "container_memory_cache",
    "go_goroutines",
    "go_threads",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_open_fds",
    "process_max_fds",
];

/// What the name says of a metric; none where it says nothing for certain.
pub fn kind_by_name(metric: &str) -> Option<MetricKind> {
    if metric.bytes().any(|byte| byte == b':') {
        return None;
    }
    if GAUGES.contains(&metric) || is_node_memory(metric) {
        return Some(MetricKind::Gauge);
    }
    let gauge = ["_info", "_celsius", "_ratio"];
    if gauge.iter().any(|suffix| metric.ends_with(suffix)) {
        return Some(MetricKind::Gauge);
    }
    let base = metric.strip_suffix("_total")?;
    let size = base
        .split('_')
        .any(|word| SIZES.iter().any(|size| word.eq_ignore_ascii_case(size)));
    (!size && base.contains('_')).then_some(MetricKind::Counter)
}

/// The lines of `/proc/meminfo` as node_exporter has them: `node_memory_*_bytes`.
fn is_node_memory(metric: &str) -> bool {
    let line = metric.strip_prefix("node_memory_");
    let line = line.and_then(|rest| rest.strip_suffix("_bytes"));
    line.is_some_and(|line| !line.is_empty())
}
