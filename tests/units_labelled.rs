//! Units on judged cases: real ones where `../shared/facts` is there, a few of our own everywhere.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::lint_named;

/// The rules that say a unit is wrong.
const RULES: &[&str] = &["unit-mismatch", "adding-different-units", "bucket-scaling"];

fn found(kind: &str, unit: &Value, expr: &str) -> Vec<String> {
    let unit = unit.as_str().unwrap_or("short");
    let mut panel = json!({
        "id": 1,
        "type": kind,
        "title": "A panel",
        "targets": [{ "refId": "A", "expr": expr, "legendFormat": "value" }],
    });
    if kind == "graph" {
        panel["yaxes"] = json!([{ "format": unit }, { "format": "short" }]);
    } else {
        panel["fieldConfig"] = json!({ "defaults": { "unit": unit }, "overrides": [] });
    }
    let dashboard = json!({ "title": "Labelled", "schemaVersion": 39, "panels": [panel] });
    lint_named("labelled.json", &dashboard.to_string())
        .into_iter()
        .filter(|finding| RULES.contains(&finding.rule.as_ref()))
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}

#[test]
fn judged_findings_are_found_and_judged_false_alarms_are_not() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/facts/unit_findings_labelled.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/facts is not here");
        return;
    };
    let facts: Value = serde_json::from_str(&text).unwrap();
    let cases = |key: &str| facts[key].as_array().unwrap().clone();
    let positives = cases("positives");
    let missed: Vec<String> = positives
        .iter()
        .filter(|case| {
            let kind = case["panel_type"].as_str().unwrap();
            found(kind, &case["unit"], case["expr"].as_str().unwrap()).is_empty()
        })
        .map(|case| format!("{} {} {}", case["code"], case["unit"], case["expr"]))
        .collect();
    let alarms: Vec<String> = cases("negatives")
        .iter()
        // One is about the type of the panel, which it does not give.
        .filter(|case| !case["why"].as_str().unwrap().starts_with("histogram panel"))
        .flat_map(|case| {
            found("timeseries", &case["unit"], case["expr"].as_str().unwrap())
                .into_iter()
                .map(|finding| format!("{finding} {}", case["expr"]))
        })
        .collect();
    assert!(alarms.is_empty(), "{alarms:#?}");
    assert!(
        missed.len() * 20 <= positives.len(),
        "{} of {} missed: {missed:#?}",
        missed.len(),
        positives.len()
    );
}

#[test]
fn cases_of_our_own() {
    let unit = |text: &str| Value::String(text.into());
    for (id, expr) in [
        (
            "ms",
            "rate(a_duration_seconds_sum[5m]) / rate(a_duration_seconds_count[5m])",
        ),
        ("bps", "sum(rate(a_received_bytes_total[5m]))"),
        ("percent", "a_used_bytes / a_size_bytes"),
        ("ops", "a_temperature_celsius"),
        ("s", "rate(a_requests_total[5m])"),
        ("dateTimeAsIso", "max(a_start_time_seconds)"),
    ] {
        assert!(
            !found("timeseries", &unit(id), expr).is_empty(),
            "{id} {expr}"
        );
    }
    for (id, expr) in [
        (
            "s",
            "rate(a_duration_seconds_sum[5m]) / rate(a_duration_seconds_count[5m])",
        ),
        ("bps", "8 * sum(rate(a_received_bytes_total[5m]))"),
        ("percent", "100 * a_used_bytes / a_size_bytes"),
        (
            "percent",
            "100 - (avg(rate(a_cpu_seconds_total[5m])) * 100)",
        ),
        ("cpm", "rate(a_requests_total[5m]) * 60"),
        ("ms", "$metric"),
        ("ms", "a_seconds * $factor"),
        ("bytes", "a_data_total"),
        ("s", "time() - a_last_success_time_seconds"),
    ] {
        let found = found("timeseries", &unit(id), expr);
        assert!(found.is_empty(), "{id} {expr}: {found:?}");
    }
    let histogram = "sum by (le) (rate(a_seconds_bucket[5m]))";
    for kind in ["histogram", "heatmap"] {
        assert!(found(kind, &unit("ms"), histogram).is_empty(), "{kind}");
    }
}
