//! What queries cost: the model, what `dashlint cost` says, and the budgets of the configuration.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use dashlint::cost::{Evaluation, SeriesCounts, in_words, query_cost};
use dashlint::promql::parse;
use dashlint::report::cost::{cost_change_schema, cost_schema};
use serde_json::Value;
use support::run::run;

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
    run(folder, &[&["cost"], args].concat())
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
    let select = ["--select", "over-budget,invalid-config"];
    let (_, out, _) = run(folder, &[&select[..], &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&out).unwrap();
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

/// Queries with what a real Prometheus counted as `totalQueryableSamples` for them (`benches/cost`): two hours at a step of 15
/// seconds, or one moment.
#[test]
fn samples_are_those_that_prometheus_counts() {
    let counts =
        r#"{ "node_cpu_seconds_total": 2560, "http_requests_total": 960, "jobs_done_total": 20 }"#;
    let counts = SeriesCounts::parse(counts).unwrap();
    for (query, range, counted) in [
        ("http_requests_total", 7200.0, 461_760.0),
        ("rate(http_requests_total[1h])", 7200.0, 55_642_560.0),
        ("increase(jobs_done_total[1d])", 7200.0, 27_710_420.0),
        (
            r#"sum by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))"#,
            7200.0,
            1_616_320.0,
        ),
        (
            "http_requests_total and topk(5, avg_over_time(http_requests_total[1h] @ end()))",
            7200.0,
            56_334_720.0,
        ),
        (
            "max_over_time(sum(rate(http_requests_total[5m]))[30m:1m])",
            7200.0,
            14_551.0,
        ),
        (
            "avg_over_time(max_over_time(sum(jobs_done_total)[10m:1m])[1h:5m])",
            7200.0,
            5_797.0,
        ),
        ("avg_over_time(jobs_done_total[1d])", 0.0, 57_620.0),
        (
            "max_over_time(sum(rate(http_requests_total[5m]))[1h:1m])",
            0.0,
            61.0,
        ),
    ] {
        let evaluation = Evaluation {
            range,
            shown: range,
            step: 15.0,
            scrape: 30.0,
        };
        let samples = query_cost(&parse(query), &evaluation, &counts).samples;
        let ratio = samples / counted;
        assert!(
            (0.8..=1.25).contains(&ratio),
            "{query}: {samples} of {counted}"
        );
    }
}

/// What Grafana puts in for its own variables.
#[test]
fn windows_of_variables_are_as_long_as_grafana_makes_them() {
    let evaluation = Evaluation {
        range: 86_400.0,
        shown: 86_400.0,
        step: 60.0,
        scrape: 30.0,
    };
    let window = |text: &str| {
        let query = parse(&format!("rate(x[{text}])"));
        let cost = query_cost(&query, &evaluation, &SeriesCounts::default());
        cost.reads[0].samples * evaluation.scrape
    };
    for (text, seconds) in [
        ("5m", 300.0),
        ("$__range", 86_400.0),
        ("${__range_s}s", 86_400.0),
        ("$__interval", 60.0),
        ("$__rate_interval", 120.0),
        ("$window", 300.0),
    ] {
        assert_eq!(window(text), seconds, "{text}");
    }
}

#[test]
fn the_schema_is_checked_in_and_kept_to() {
    for (name, schema) in [
        ("cost", cost_schema()),
        ("cost-change", cost_change_schema()),
    ] {
        let path = format!("schemas/{name}.schema.json");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let mut now = serde_json::to_string_pretty(&schema).unwrap();
        now.push('\n');
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let then = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            then == now,
            "{} is stale: UPDATE=1 cargo test --test cost",
            path.display()
        );
    }
    let validator = jsonschema::validator_for(&cost_schema()).unwrap();
    let folder = project();
    for document in [
        json(folder.path(), &[]),
        json(folder.path(), &["--top", "0"]),
    ] {
        assert!(validator.is_valid(&document), "{document}");
    }
    let mut wrong = json(folder.path(), &[]);
    wrong["totals"]["panels"] = "two".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn inspect_shows_the_sum() {
    let folder = project();
    let inspect = |file: &str| run(folder.path(), &["inspect", file]).1;
    let report = json(folder.path(), &[]);
    let samples = report["totals"]["load"]["samples"].as_f64().unwrap();
    let shown = inspect("nodes.json");
    assert!(shown.contains("each load takes an estimated"), "{shown}");
    assert!(
        shown.contains(&format!("{} samples", in_words(samples))),
        "{shown}"
    );
    let shown = inspect("rules.yml");
    assert!(shown.contains("group 2: each evaluation takes"), "{shown}");
    assert!(shown.contains("every 5m"), "{shown}");
}

/// A long time in few points is read sample by sample: the words name what the time goes into.
#[test]
fn what_costs_most_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(
        root.join("dashlint.toml"),
        "[rules]\npanel-cost = { advise = 1 }\n",
    )
    .unwrap();
    for (from, points, named) in [
        ("now-7d", 250, "samples to read"),
        ("now-6h", 1000, "steps"),
    ] {
        let panel = format!(
            r#"{{ "id": 1, "type": "timeseries", "title": "P", "maxDataPoints": {points}, "datasource": {{ "type": "prometheus", "uid": "p" }}, "targets": [ {{ "refId": "A", "expr": "sum(node_load1)" }} ] }}"#
        );
        let dashboard = format!(
            r#"{{ "title": "T", "uid": "t", "schemaVersion": 39, "time": {{ "from": "{from}", "to": "now" }}, "panels": [ {panel} ] }}"#
        );
        fs::write(root.join("d.json"), dashboard).unwrap();
        let told = run(
            root,
            &["--select", "panel-cost", "--format", "concise", "d.json"],
        );
        let other = if named == "steps" { "samples" } else { "steps" };
        let (_, survey, _) = cost(root, &["d.json"]);
        let part = survey
            .lines()
            .find(|line| line.contains(" series ×"))
            .unwrap();
        for words in [&*told.1, part] {
            assert!(words.contains(named), "{words}");
            assert!(!words.contains(other), "{words}");
        }
    }
}
