//! What `dashlint cost` says, and the budgets of the configuration, as users meet them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const DASHBOARD: &str = r#"{
  "title": "Nodes",
  "uid": "nodes",
  "schemaVersion": 39,
  "refresh": "30s",
  "time": { "from": "now-6h", "to": "now" },
  "panels": [
    {
      "id": 1,
      "type": "timeseries",
      "title": "Busy <b>CPU</b>",
      "gridPos": { "x": 0, "y": 0, "w": 24, "h": 8 },
      "datasource": { "type": "prometheus", "uid": "prom" },
      "targets": [
        { "refId": "A", "expr": "sum by (instance) (rate(node_cpu_seconds_total{mode!=\"idle\", job=~\"$job\"}[$__rate_interval]))" },
        { "refId": "B", "expr": "up" }
      ]
    },
    {
      "id": 2,
      "type": "gauge",
      "title": "Up",
      "options": { "reduceOptions": { "calcs": ["lastNotNull"], "values": false } },
      "datasource": { "type": "prometheus", "uid": "prom" },
      "targets": [{ "refId": "A", "expr": "sum(up)" }]
    }
  ]
}"#;

const RULES: &str = "groups:
- name: slow
  interval: 5m
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
- name: long
  rules:
  - alert: Old
    expr: max_over_time(node_cpu_seconds_total[7d]) > 1
";

fn cost(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir(folder)
        .env_remove("FORCE_COLOR")
        .arg("cost")
        .args(args)
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("nodes.json"), DASHBOARD).unwrap();
    fs::write(folder.path().join("rules.yml"), RULES).unwrap();
    folder
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let args = [args, &["--format", "json"]].concat();
    let (code, out, err) = cost(folder, &args);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_dearest_comes_first_with_its_reason_and_a_remedy() {
    let folder = project();
    let report = json(folder.path(), &[]);
    assert_eq!(report["counted"], false);
    assert_eq!(report["totals"]["dashboards"], 1);
    assert_eq!(report["totals"]["panels"], 2);
    assert_eq!(report["totals"]["rules"], 2);
    let panels = report["panels"].as_array().unwrap();
    assert_eq!(panels[0]["title"], "Busy <b>CPU</b>");
    assert_eq!(panels[0]["file"], "nodes.json");
    assert_eq!(panels[0]["line"], 11);
    let part = &panels[0]["parts"][0];
    assert_eq!(part["query"], "A");
    assert!(part["share"].as_f64().unwrap() > 0.5);
    let rule = &panels[0]["advice"][0]["rule"];
    assert_eq!(rule["record"], "instance_job:node_cpu_seconds:rate5m");
    assert_eq!(
        rule["expr"],
        r#"sum by (instance, job) (rate(node_cpu_seconds_total{mode!="idle"}[5m]))"#
    );
    assert_eq!(
        rule["instead"],
        r#"sum by (instance) (instance_job:node_cpu_seconds:rate5m{job=~"$job"})"#
    );
    let gauge = panels[1]["advice"][0]["what"].as_str().unwrap();
    assert!(gauge.contains("instant"), "{gauge}");
    let shares: f64 = panels
        .iter()
        .map(|panel| panel["work"].as_f64().unwrap())
        .sum();
    let whole = report["totals"]["load"]["work"].as_f64().unwrap();
    assert!((shares - whole).abs() < 1e-6 * whole);
    let groups = report["groups"].as_array().unwrap();
    assert_eq!(groups[0]["name"], "long");
    assert_eq!(groups[0]["dearest"], "Old");
    assert_eq!(groups[1]["interval"], 300.0);
}

#[test]
fn top_cuts_the_lists_and_not_the_totals() {
    let folder = project();
    let report = json(folder.path(), &["--top", "1"]);
    for list in ["panels", "dashboards", "groups"] {
        assert_eq!(report[list].as_array().unwrap().len(), 1, "{list}");
    }
    assert_eq!(report["totals"]["panels"], 2);
}

#[test]
fn counted_series_replace_the_guesses() {
    let folder = project();
    let guessed = json(folder.path(), &[]);
    fs::write(
        folder.path().join("dashlint.toml"),
        "series = \"counts.json\"\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("counts.json"),
        r#"{ "node_cpu_seconds_total": 25600, "up": 5 }"#,
    )
    .unwrap();
    let counted = json(folder.path(), &[]);
    assert_eq!(counted["counted"], true);
    let series = |report: &Value| report["panels"][0]["parts"][0]["series"].as_f64().unwrap();
    assert!((series(&counted) / series(&guessed) - 10.0).abs() < 0.01);
}

#[test]
fn every_format_shows_the_panel_and_nothing_runs_in_a_page() {
    let folder = project();
    let (code, out, err) = cost(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    for words in [
        "Busy <b>CPU</b>",
        "nodes.json:11",
        "█",
        "572 series",
        "record:",
    ] {
        assert!(out.contains(words), "no {words} in\n{out}");
    }
    let (_, out, _) = cost(folder.path(), &["--format", "markdown"]);
    assert!(
        out.contains("| 1 |") && out.contains("Busy &lt;b>CPU"),
        "{out}"
    );
    assert!(!out.contains("<b>"), "{out}");
}

#[test]
fn nothing_to_price_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = cost(folder.path(), &[]);
    assert_eq!((code, out.as_str()), (0, "No queries in PromQL found.\n"));
    let (code, _, err) = cost(folder.path(), &["nowhere"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere"), "{err}");
}

#[test]
fn a_broken_file_costs_the_report_that_file_only() {
    let folder = project();
    fs::write(
        folder.path().join("latin.json"),
        b"{ \"title\": \"\xe4\", \"schemaVersion\": 39, \"panels\": [] }",
    )
    .unwrap();
    let (code, out, err) = cost(folder.path(), &[]);
    assert_eq!(code, 2);
    assert!(out.contains("Busy"), "{out}");
    assert!(err.contains("latin.json"), "{err}");
}

fn check(folder: &Path) -> Vec<Value> {
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir(folder)
        .args(["--select", "over-budget,invalid-config", "--format", "json"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn budgets_are_kept() {
    let folder = project();
    let config = |text: &str| fs::write(folder.path().join("dashlint.toml"), text).unwrap();
    config("");
    assert_eq!(check(folder.path()).len(), 0);
    config("[[budget]]\nwork = 1_000\nqueries = 60\nsamples = 1e12\n");
    let used = json(folder.path(), &[])["dashboards"][0]["budget"].as_f64();
    assert!(used.unwrap() > 100.0);
    let found = check(folder.path());
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = &found[0];
    assert_eq!(finding["rule"], "over-budget");
    assert_eq!(finding["range"]["start"]["line"], 2);
    let related = finding["related"].as_array().unwrap();
    assert_eq!(related[0]["file"], "dashlint.toml");
    assert_eq!(related[0]["range"]["start"]["line"], 2);
    assert_eq!(related[1]["range"]["start"]["line"], 11);
    // The last that says a limit counts, for the dashboards it names.
    config(
        "[[budget]]\nwork = 1_000\nqueries = 2\n[[budget]]\ndashboards = \"nodes\"\nwork = 1e9\n",
    );
    let found = check(folder.path());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("3 queries"));
    config("[[budget]]\nfiles = \"other/\"\nwork = 1\n");
    assert_eq!(check(folder.path()).len(), 0);
    config("[[budget]]\npanel-work = 1_000_000\nqueries-a-second = 0.05\n");
    let found = check(folder.path());
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_budget_that_says_nothing_sensible_is_told() {
    let folder = project();
    fs::write(
        folder.path().join("dashlint.toml"),
        "[[budget]]\nwork = -1\nsample = 3\n",
    )
    .unwrap();
    let found = check(folder.path());
    let rules: Vec<&str> = found.iter().filter_map(|f| f["rule"].as_str()).collect();
    assert_eq!(rules, ["invalid-config", "invalid-config"], "{found:?}");
}
