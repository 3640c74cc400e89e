//! What is configured of the server decides which ranges and functions are found.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run;

const RULES: &str = r#"groups:
  - name: example
    rules:
      - record: job:up:avg
        expr: avg by (job) (avg_over_time(up[30d]))
      - record: job:up:week
        expr: avg by (job) (avg_over_time(up[10d] offset 1w))
      - record: job:requests:rate
        expr: sum by (job) (rate(requests_total[45s]))
      - record: job:latency:first
        expr: first_over_time(latency_seconds[5m])
      - record: job:latency:last
        expr: last_over_time(latency_seconds[5m + 1m])
"#;

const DASHBOARD: &str = r#"{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    { "id": 1, "type": "timeseries", "datasource": { "type": "prometheus", "uid": "slow" },
      "targets": [{ "refId": "A", "expr": "rate(requests_total[1m])" }] },
    { "id": 2, "type": "timeseries", "datasource": { "type": "prometheus", "uid": "fast" },
      "targets": [{ "refId": "A", "expr": "rate(requests_total[1m])" }] }
  ]
}"#;

const DATA_SOURCES: &str = r#"apiVersion: 1
datasources:
  - name: Slow
    uid: slow
    type: prometheus
    url: http://slow:9090
    jsonData:
      timeInterval: 60s
  - name: Fast
    uid: fast
    type: prometheus
    url: http://fast:9090
    jsonData:
      timeInterval: 10s
"#;

/// Severity and message of what one rule finds.
fn found(folder: &Path, rule: &str, config: &str) -> Vec<String> {
    fs::write(folder.join("dashlint.toml"), config).unwrap();
    let args = [
        "--select",
        rule,
        "--min-severity",
        "info",
        "--format",
        "concise",
    ];
    let (_, out, _) = run(folder, &args);
    let mark = format!("[{rule}]");
    out.lines()
        .filter(|line| line.contains(&mark))
        .map(|line| line.split_once(": ").unwrap().1.to_owned())
        .collect()
}

fn rules() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yml"), RULES).unwrap();
    folder
}

#[test]
fn a_retention_decides_what_looks_back_too_far() {
    let folder = rules();
    let found = |config| found(folder.path(), "beyond-retention", config);
    assert!(found("").is_empty(), "nothing is known");
    let both = found("promql.retention = '15d'");
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(
        both[0].contains("30 days") && both[1].contains("17 days"),
        "{both:?}"
    );
    assert_eq!(found("promql.retention = '20d'").len(), 1);
    assert!(found("promql.retention = '1y'").is_empty());
}

#[test]
fn a_scrape_interval_decides_what_is_too_short() {
    let folder = rules();
    let found = |config| found(folder.path(), "short-range", config);
    assert!(found("").is_empty(), "three times the assumed 15s");
    let configured = found("promql.scrape-interval = '30s'");
    assert_eq!(configured.len(), 1, "{configured:?}");
    assert!(configured[0].starts_with("warning"), "{configured:?}");
    assert!(
        configured[0].contains("only now and then"),
        "{configured:?}"
    );
    let never = found("promql.scrape-interval = '1m'");
    assert!(never[0].contains("45s never has them"), "{never:?}");
}

#[test]
fn a_data_source_says_how_often_it_is_scraped() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.json"), DASHBOARD).unwrap();
    fs::write(folder.path().join("datasources.yaml"), DATA_SOURCES).unwrap();
    let found = found(
        folder.path(),
        "short-range",
        "promql.scrape-interval = '5s'",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("every 60s") && found[0].contains("(id 1)"),
        "{found:?}"
    );
}

#[test]
fn a_version_decides_what_is_too_new() {
    let folder = rules();
    let found = |config| found(folder.path(), "experimental-promql", config);
    let too_new = found("prometheus = '3.5'");
    assert!(
        too_new[0].contains("came with Prometheus 3.7"),
        "{too_new:?}"
    );
    // Once experimental, then for everybody.
    assert!(
        too_new[1].contains("--enable-feature=promql-duration-expr"),
        "{too_new:?}"
    );
    let flags = found("prometheus = '3.13'");
    assert!(
        flags[0].contains("--enable-feature=promql-experimental-functions"),
        "{flags:?}"
    );
    assert_eq!(found("prometheus = '3.14'"), [""; 0]);
    assert_eq!(found(""), [""; 0]);
    // `last_over_time` and arithmetic in durations.
    let old = found("prometheus = '2.25'");
    assert_eq!(old.len(), 3, "{old:?}");
    assert!(old[1].contains("came with Prometheus 2.26"), "{old:?}");
}

#[test]
fn what_is_no_duration_is_told() {
    let folder = rules();
    let found = found(
        folder.path(),
        "invalid-config",
        "promql.retention = 'two weeks'",
    );
    assert!(found[0].contains("`two weeks` is no duration"), "{found:?}");
}

#[test]
fn an_inventory_decides_what_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(
        path.join("rules.yml"),
        "groups:\n  - name: g\n    rules:\n\
         \x20     - { record: 'job:r', expr: 'sum by (job) (rate(http_request_total[5m]))' }\n\
         \x20     - { record: 'job:s', expr: 'sum(http_sessions_open) + sum(job:r) + sum(up)' }\n\
         \x20     - { record: 'job:t', expr: 'sum(node_load1)' }\n",
    )
    .unwrap();
    fs::write(
        path.join("metrics.txt"),
        "# TYPE http_requests_total counter\nhttp_requests_total 1\n",
    )
    .unwrap();
    let found = |config| found(path, "unknown-metric", config);
    assert!(found("").is_empty(), "nothing is known");
    let some = found("metadata = 'metrics.txt'");
    assert_eq!(some.len(), 2, "{some:?}");
    assert!(
        some[0].starts_with("warning") && some[0].contains("`http_request_total`"),
        "{some:?}"
    );
    assert!(
        some[1].starts_with("info") && some[1].contains("`http_sessions_open`"),
        "{some:?}"
    );
    let all = found("metadata = 'metrics.txt'\nrules.unknown-metric.complete = true");
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(all.iter().all(|one| one.starts_with("warning")), "{all:?}");
}

#[test]
fn types_of_the_inventory_come_before_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(
        path.join("rules.yml"),
        "groups:\n  - name: g\n    rules:\n\
         \x20     - { record: 'a:b', expr: 'rate(queue_jobs[5m])' }\n\
         \x20     - { record: 'a:c', expr: 'delta(jobs_started[5m])' }\n",
    )
    .unwrap();
    fs::write(
        path.join("metrics.txt"),
        "# TYPE queue_jobs gauge\nqueue_jobs 1\n# TYPE jobs_started counter\njobs_started 1\n",
    )
    .unwrap();
    assert!(found(path, "rate-on-gauge", "").is_empty());
    assert_eq!(
        found(path, "rate-on-gauge", "metadata = 'metrics.txt'").len(),
        1
    );
    assert_eq!(
        found(path, "delta-on-counter", "metadata = 'metrics.txt'").len(),
        1
    );
}

#[test]
fn a_file_that_lists_no_metrics_is_told() {
    let folder = rules();
    let found = found(folder.path(), "invalid-config", "metadata = 'rules.yml'");
    assert!(
        found[0].contains("`rules.yml` lists no metrics"),
        "{found:?}"
    );
}
