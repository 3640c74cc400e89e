//! Policies: the language, its faults, where findings point, fixes and suppression, and the programs around it.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod faults;
mod fixes;
mod language;
mod packs;
mod programs;
mod settings;

use std::path::Path;

use support::run::report;
use support::tree::folder;

/// What a run prints, and its exit code.
fn run(folder: &Path, args: &[&str]) -> (String, i32) {
    let (code, out, err) = support::run::run(folder, args);
    (out + &err, code)
}

/// The rules of the policy `p.yaml` and no others.
const OWN_RULES: [&str; 5] = ["--isolated", "--policy", "p.yaml", "--select", "policy"];

/// The rules of a policy file with one rule made of `body`.
fn rule(body: &str) -> String {
    let lines: Vec<String> = body
        .trim()
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    format!(
        "version: 1\nrules:\n  - id: t/r\n    message: 'm'\n{}\n",
        lines.join("\n")
    )
}

/// The texts that a rule points at in a file, with the messages.
fn found_in(policy: &str, name: &str, text: &str) -> Vec<(String, String)> {
    let folder = folder(&[("p.yaml", policy), (name, text)]);
    let args = [&OWN_RULES[..], &["--no-ignores", name]].concat();
    let report = report(folder.path(), &args);
    let findings = report["diagnostics"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let offset = |end: &str| finding["range"][end]["offset"].as_u64().unwrap() as usize;
            let place = text[offset("start")..offset("end")].to_owned();
            (place, finding["message"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn places(policy: &str, name: &str, text: &str) -> Vec<String> {
    found_in(policy, name, text)
        .into_iter()
        .map(|(place, _)| place)
        .collect()
}

const DASHBOARD: &str = r#"{
  "title": "Checkout",
  "uid": "checkout",
  "schemaVersion": 39,
  "tags": ["prod", "team:sre"],
  "refresh": "5s",
  "panels": [
    {
      "id": 1,
      "type": "timeseries",
      "title": "Requests",
      "datasource": { "type": "prometheus", "uid": "p" },
      "options": { "legend": { "showLegend": false } },
      "fieldConfig": {
        "defaults": {
          "unit": "reqps",
          "thresholds": { "mode": "absolute", "steps": [{ "color": "green", "value": null }, { "color": "red", "value": 80 }] }
        }
      },
      "targets": [
        { "refId": "A", "expr": "sum by (job) (irate(http_requests_total{job=\"api\", code=~\"5..\"}[1m]))" },
        { "refId": "B", "expr": "up{job=\"$job\"} > 10000", "legendFormat": "{{instance}}" }
      ]
    },
    { "id": 2, "type": "stat", "title": "Up" }
  ],
  "templating": { "list": [{ "name": "job", "type": "query", "query": "label_values(up, job)", "multi": true }] },
  "annotations": { "list": [{ "name": "Deploys", "enable": true, "iconColor": "red", "datasource": { "type": "prometheus", "uid": "p" }, "expr": "deploys" }] }
}"#;

const RULES: &str = "groups:
  - name: checkout
    interval: 30s
    rules:
      - alert: Down
        expr: up{job=\"api\"} == 0
        for: 10m
        labels:
          severity: critical
          team: \"\"
        annotations:
          summary: 'it is down'
      - alert: Slow
        expr: |
          histogram_quantile(0.9,
            sum by (le) (rate(latency_seconds_bucket[5m] offset 1d))) > 1
      - record: job:http_requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
";

const FIXABLE: &str = "version: 1
rules:
  - id: t/team
    on: dashboard
    require: { tags: { any: { starts-with: 'team:' } } }
    message: no team
    fix: { unsafe: { append: { tags: 'team:{title}' } } }
  - id: t/refresh
    on: dashboard
    forbid: { refresh: { max: 10s } }
    message: too often
    fix: { safe: { set: { refresh: 1m } } }
  - id: t/legend
    on: panel
    where: { type: timeseries }
    require: { /options/legend/showLegend: true }
    message: hidden
    fix: { safe: { set: { /options/legend/showLegend: true } } }
  - id: t/uid
    on: dashboard
    forbid: { /gnetId: { exists: true } }
    message: imported
    fix: { safe: { remove: /gnetId } }
";
