//! Policies: the language, its faults, where findings point, fixes and suppression, and the programs around it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use dashlint::policy::{pack, reference, run_examples};
use serde_json::Value;

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What a run prints, and its exit code.
fn run(folder: &Path, args: &[&str]) -> (String, i32) {
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir(folder)
        .args(args)
        .env_remove("COLUMNS")
        .env_remove("FORCE_COLOR")
        .output()
        .unwrap();
    let text =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (text, output.status.code().unwrap())
}

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
    let args = [
        "--isolated",
        "--policy",
        "p.yaml",
        "--select",
        "policy",
        "--format",
        "json",
        "--no-ignores",
        name,
    ];
    let output = Command::cargo_bin("dashlint")
        .unwrap()
        .current_dir(folder.path())
        .args(args)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_ne!(output.status.code(), Some(2), "{report:#}\n{policy}");
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

/// Each operator and field: a condition that is forbidden, and what it points at in the dashboard.
#[test]
fn fields_of_dashboards_are_found_where_they_stand() {
    for (on, condition, wanted) in [
        ("dashboard", "{ title: Checkout }", vec!["\"Checkout\""]),
        (
            "dashboard",
            "{ tags: { contains: prod } }",
            vec!["\"prod\""],
        ),
        (
            "dashboard",
            "{ tags: { any: { matches: '^team:' } } }",
            vec!["\"team:sre\""],
        ),
        (
            "dashboard",
            "{ tags: { length: { min: 2 } } }",
            vec!["[\"prod\", \"team:sre\"]"],
        ),
        ("dashboard", "{ refresh: { max: 10s } }", vec!["\"5s\""]),
        ("dashboard", "{ refresh: { max: 1s } }", vec![]),
        (
            "dashboard",
            "{ timezone: { exists: false } }",
            vec!["\"Checkout\""],
        ),
        (
            "dashboard",
            "{ /templating/list/0/name: job }",
            vec!["\"job\""],
        ),
        (
            "dashboard",
            "{ panels: { any: { type: stat } } }",
            vec!["\"Up\""],
        ),
        (
            "dashboard",
            "{ panels: { none: { type: text } } }",
            vec!["\"Checkout\""],
        ),
        (
            "dashboard",
            "{ or: [{ title: x }, { uid: checkout }] }",
            vec!["\"checkout\""],
        ),
        ("dashboard", "{ not: { title: x } }", vec!["\"Checkout\""]),
        (
            "dashboard",
            "{ file.name: d.json, folder: '' }",
            vec!["\"Checkout\""],
        ),
        ("panel", "{ type: [stat, gauge] }", vec!["\"stat\""]),
        (
            "panel",
            "{ /options/legend/showLegend: false }",
            vec!["false"],
        ),
        (
            "panel",
            "{ unit: reqps, unit.dimension: { exists: true } }",
            vec!["\"reqps\""],
        ),
        (
            "panel",
            "{ thresholds: { any: { value: { max: 80 }, color: red } } }",
            vec!["{ \"color\": \"red\", \"value\": 80 }"],
        ),
        (
            "panel",
            "{ queries: { any: { legend: { exists: true } } } }",
            vec![r#""up{job=\"$job\"} > 10000""#],
        ),
        (
            "panel",
            "{ description: { length: 0 }, type: stat }",
            vec!["\"Up\""],
        ),
        (
            "panel",
            "{ dashboard.tags: { contains: prod }, type: stat }",
            vec!["\"prod\""],
        ),
        (
            "query",
            "{ promql.functions: { any: irate } }",
            vec!["irate"],
        ),
        (
            "query",
            "{ promql.ranges: { any: { max: 2m } } }",
            vec!["1m"],
        ),
        (
            "query",
            "{ promql.metrics: { any: { ends-with: _total } } }",
            vec!["http_requests_total"],
        ),
        (
            "query",
            "{ promql.numbers: { any: { matches: '^[0-9]{5,}$' } } }",
            vec!["10000"],
        ),
        (
            "query",
            "{ promql.matchers: { any: { op: '=~' } } }",
            vec![r#"code=~\"5..\""#],
        ),
        ("query", "{ promql.variables: { any: $job } }", vec!["$job"]),
        (
            "query",
            "{ promql.aggregations: { any: { op: sum, labels: { contains: job } } } }",
            vec!["sum"],
        ),
        (
            "query",
            "{ promql.selectors: { any: { innermost: irate, reach: { max: 5m } } } }",
            vec!["http_requests_total"],
        ),
        (
            "query",
            "{ promql.result-labels: { contains: job }, panel.unit: reqps, ref-id: A }",
            vec![r#"sum by (job) (irate(http_requests_total{job=\"api\", code=~\"5..\"}[1m]))"#],
        ),
        (
            "query",
            "{ host: variable }",
            vec!["\"label_values(up, job)\""],
        ),
        ("variable", "{ multi: true, type: query }", vec!["true"]),
        ("annotation", "{ color: red }", vec!["\"red\""]),
        (
            "[dashboard, panel]",
            "{ title: { in: [Checkout, Up] } }",
            vec!["\"Checkout\"", "\"Up\""],
        ),
    ] {
        let policy = rule(&format!("on: {on}\nforbid: {condition}"));
        assert_eq!(places(&policy, "d.json", DASHBOARD), wanted, "{condition}");
    }
}

#[test]
fn fields_of_rules_are_found_where_they_stand() {
    for (on, condition, wanted) in [
        ("alert", "{ labels.severity: critical }", vec!["critical"]),
        ("alert", "{ labels: { any: { length: 0 } } }", vec!["\"\""]),
        (
            "alert",
            "{ label-names: { any: { matches: '^sev' } } }",
            vec!["severity"],
        ),
        (
            "alert",
            "{ annotations.summary: { exists: false } }",
            vec!["Slow"],
        ),
        ("alert", "{ for: { max: 0 } }", vec!["Slow"]),
        ("alert", "{ for: { min: 5m } }", vec!["10m"]),
        (
            "alert",
            "{ promql.selectors: { any: { reach: { min: 1d } } } }",
            vec!["latency_seconds_bucket"],
        ),
        (
            "alert",
            "{ engine: prometheus, group.interval: { max: 30s }, alertname: Down }",
            vec!["30s"],
        ),
        (
            "recording-rule",
            "{ record.level: job }",
            vec!["job:http_requests:rate5m"],
        ),
        ("group", "{ rules: { length: { min: 3 } } }", vec!["rules"]),
        (
            "query",
            "{ promql.functions: { contains: histogram_quantile }, host: rule }",
            vec!["histogram_quantile"],
        ),
    ] {
        let policy = rule(&format!("on: {on}\nforbid: {condition}"));
        assert_eq!(places(&policy, "r.yaml", RULES), wanted, "{condition}");
    }
}

#[test]
fn fields_of_provisioning_are_found_where_they_stand() {
    let sources = "apiVersion: 1
datasources:
  - name: Prometheus
    type: prometheus
    url: http://prometheus:9090
    jsonData: { timeInterval: 15s }
";
    let policy = rule("on: data-source\nforbid: { url: { starts-with: 'http:' } }");
    assert_eq!(
        places(&policy, "ds.yaml", sources),
        ["http://prometheus:9090"]
    );
    let policy = rule("on: data-source\nrequire: { /jsonData/timeInterval: { max: 10s } }");
    assert_eq!(places(&policy, "ds.yaml", sources), ["15s"]);
    let alerting = "apiVersion: 1
contactPoints:
  - orgId: 1
    name: sre
    receivers:
      - uid: a
        type: email
        settings: { addresses: a@acme.example }
policies:
  - receiver: sre
    group_by: [alertname]
    routes:
      - receiver: sre
        repeat_interval: 5m
        object_matchers: [[severity, '=', critical]]
";
    for (on, condition, wanted) in [
        (
            "contact-point",
            "{ receivers: { any: { type: email } } }",
            vec!["a"],
        ),
        (
            "policy",
            "{ root: false, repeat-interval: { max: 1h } }",
            vec!["5m"],
        ),
        ("policy", "{ root: true }", vec!["sre"]),
        (
            "policy",
            "{ matched-labels: { any: severity } }",
            vec!["[severity, '=', critical]"],
        ),
    ] {
        let policy = rule(&format!("on: {on}\nforbid: {condition}"));
        assert_eq!(places(&policy, "a.yaml", alerting), wanted, "{condition}");
    }
}

/// `min` and `max` say nothing of what is not there, whichever way they are asked.
#[test]
fn bounds_say_nothing_of_what_is_missing() {
    for body in [
        "require: { decimals: { max: 2 } }",
        "forbid: { decimals: { max: 2 } }",
        "forbid: { decimals: { not: { min: 2 } } }",
        "where: { decimals: { min: 0 } }\nforbid: { title: { exists: true } }",
    ] {
        let policy = rule(&format!("on: panel\n{body}"));
        assert!(places(&policy, "d.json", DASHBOARD).is_empty(), "{body}");
    }
    let policy = rule("on: panel\nrequire: { decimals: { equals: 2 } }");
    assert_eq!(places(&policy, "d.json", DASHBOARD).len(), 2);
}

#[test]
fn a_dashboard_of_the_second_schema_answers_the_same() {
    let v2 = r#"{
  "apiVersion": "dashboard.grafana.app/v2beta1",
  "kind": "Dashboard",
  "metadata": { "name": "checkout", "annotations": { "grafana.app/folder": "shop" } },
  "spec": {
    "title": "Checkout",
    "tags": ["prod"],
    "timeSettings": { "autoRefresh": "5s" },
    "elements": {
      "panel-1": { "kind": "Panel", "spec": { "id": 1, "title": "Requests",
        "vizConfig": { "kind": "VizConfig", "group": "timeseries", "spec": { "options": { "legend": { "showLegend": false } }, "fieldConfig": { "defaults": { "unit": "reqps" } } } } } }
    },
    "layout": { "kind": "GridLayout", "spec": { "items": [] } },
    "variables": []
  }
}"#;
    for (on, condition, wanted) in [
        ("dashboard", "{ uid: checkout }", vec!["\"checkout\""]),
        ("dashboard", "{ folder: shop }", vec!["\"shop\""]),
        ("dashboard", "{ refresh: { max: 10s } }", vec!["\"5s\""]),
        ("panel", "{ type: timeseries }", vec!["\"timeseries\""]),
        (
            "panel",
            "{ /options/legend/showLegend: false }",
            vec!["false"],
        ),
        ("panel", "{ unit: reqps }", vec!["\"reqps\""]),
    ] {
        let policy = rule(&format!("on: {on}\nforbid: {condition}"));
        assert_eq!(places(&policy, "d.json", v2), wanted, "{condition}");
    }
}

#[test]
fn messages_are_filled() {
    let policy = "version: 1
rules:
  - id: t/r
    on: panel
    forbid: { unit: { exists: true } }
    message: '{title} ({type}) of {dashboard.title}: {value}, {description}, {{instance}} {/id}'
";
    let found = found_in(policy, "d.json", DASHBOARD);
    let messages: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        messages,
        ["Requests (timeseries) of Checkout: reqps, (no description), {{instance}} 1"]
    );
}

/// Every fault is told with its place, and the run exits with 2.
#[test]
fn faults_of_policies_are_told_with_their_places() {
    for (body, place, message) in [
        (
            "on: dashbord\nrequire: { title: x }",
            "dashbord",
            "rules cannot look at `dashbord`",
        ),
        (
            "on: panel\nrequire: { titel: x }",
            "titel",
            "a panel has no field `titel`",
        ),
        (
            "on: panel\nrequire: { title: { match: x } }",
            "match",
            "there is no operator `match`",
        ),
        (
            "on: panel\nrequire: { title: { matches: '(' } }",
            "'('",
            "no regular expression: unclosed group",
        ),
        (
            "on: dashboard\nrequire: { tags: { matches: x } }",
            "matches",
            "`tags` is a list of texts, which `matches` makes no sense of",
        ),
        (
            "on: panel\nrequire: { decimals: { max: x } }",
            "x",
            "`max` takes a number",
        ),
        (
            "on: alert\nrequire: { for: { max: soon } }",
            "soon",
            "`max` takes a duration, such as 5m",
        ),
        (
            "on: panel\nrequire: { title: { exists: 1 } }",
            "1",
            "`exists` is true or false, not a number",
        ),
        (
            "on: panel\nrequire: x",
            "x",
            "a condition is a mapping of fields of a panel, not a string",
        ),
        (
            "on: panel\nwher: {}\nrequire: { title: x }",
            "wher",
            "a rule has no key `wher`",
        ),
        (
            "on: panel\nseverity: fatal\nrequire: { title: x }",
            "fatal",
            "`fatal` is no severity: error, warning or info",
        ),
        (
            "on: panel\nhelp: 'of {titel}'\nrequire: { title: x }",
            "{titel}",
            "a panel has no field `titel`",
        ),
        (
            "on: panel",
            "t/r",
            "`t/r` neither requires nor forbids anything",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { sure: { set: { unit: s } } }",
            "sure",
            "`sure` does not say how far the fix can be trusted",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { safe: { set: { unit.name: s } } }",
            "unit.name",
            "`unit.name` follows from other fields and cannot be written",
        ),
        (
            "on: panel\nrequire: { title: x }\nexamples: [{ flaged: x }]",
            "flaged",
            "an example has no key `flaged`",
        ),
    ] {
        let policy = rule(body);
        let folder = folder(&[("p.yaml", &policy), ("d.json", DASHBOARD)]);
        let args = [
            "--isolated",
            "--policy",
            "p.yaml",
            "--select",
            "policy,meta",
            "--format",
            "json",
            "d.json",
        ];
        let output = Command::cargo_bin("dashlint")
            .unwrap()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{body}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let told: Vec<(&str, &str)> = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["file"] == "p.yaml")
            .map(|finding| {
                let offset = |end: &str| finding["range"][end]["offset"].as_u64().unwrap() as usize;
                (
                    &policy[offset("start")..offset("end")],
                    finding["message"].as_str().unwrap(),
                )
            })
            .collect();
        assert!(told.contains(&(place, message)), "{body}: {told:?}");
    }
}

#[test]
fn what_is_no_policy_file_is_told() {
    for (text, message) in [
        ("", "a policy file is a mapping"),
        ("- a\n", "a policy file is a mapping"),
        (
            "rules: []\n",
            "the file does not say the version of the language",
        ),
        (
            "version: 2\nrules: []\n",
            "version 2 of the language is not known",
        ),
        ("version: 1\n", "the file has no `rules`"),
        (
            "version: 1\nrules:\n  - id: Acme\n    on: panel\n",
            "`Acme` is no name for a rule",
        ),
        ("version: 1\nrules: [", "version: 1"),
    ] {
        let folder = folder(&[("p.yaml", text), ("d.json", DASHBOARD)]);
        let (told, code) = run(
            folder.path(),
            &["--isolated", "--policy", "p.yaml", "d.json"],
        );
        assert_eq!(code, 2, "{text:?}: {told}");
        assert!(
            message == "version: 1" || told.contains(message),
            "{text:?}: {told}"
        );
    }
    let folder = folder(&[("d.json", DASHBOARD)]);
    let (told, code) = run(folder.path(), &["--policy", "gone.yaml", "d.json"]);
    assert_eq!(code, 2);
    assert!(told.contains("cannot read the policy"), "{told}");
    let (told, code) = run(
        folder.path(),
        &["--isolated", "--select", "acme/gone", "d.json"],
    );
    assert_eq!(code, 2);
    assert!(
        told.contains("no policy here has a rule `acme/gone`"),
        "{told}"
    );
    let (told, code) = run(folder.path(), &["--policy", "pack:gone", "d.json"]);
    assert_eq!(code, 2);
    assert!(told.contains("there is no pack `gone`"), "{told}");
}

/// Conditions in conditions end somewhere, and so do aliases of aliases.
#[test]
fn hostile_policy_files_are_refused() {
    let deep = format!(
        "on: panel\nrequire: {}{}",
        "{ not: ".repeat(3000),
        "}".repeat(3000)
    );
    let mut wide = String::from("on: panel\nrequire: &a0 { title: x }\n");
    for level in 1..40 {
        wide.push_str(&format!(
            "x{level}: &a{level} {{ or: [{}] }}\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        ));
    }
    wide.push_str("forbid: *a39\n");
    for body in [deep, wide] {
        let folder = folder(&[("p.yaml", &rule(&body)), ("d.json", DASHBOARD)]);
        let (_, code) = run(
            folder.path(),
            &["--isolated", "--policy", "p.yaml", "d.json"],
        );
        assert_eq!(code, 2);
    }
}

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

#[test]
fn fixes_change_what_they_say_and_nothing_else() {
    let before = r#"{
  "title": "Checkout",
  "gnetId": 12,
  "schemaVersion": 39,
  "tags": ["prod"],
  "refresh": "5s",
  "panels": [
    { "id": 1, "type": "timeseries", "title": "A", "options": { "legend": { "showLegend": false } } },
    { "id": 2, "type": "timeseries", "title": "B" }
  ]
}
"#;
    let safe = r#"{
  "title": "Checkout",
  "schemaVersion": 39,
  "tags": ["prod"],
  "refresh": "1m",
  "panels": [
    { "id": 1, "type": "timeseries", "title": "A", "options": { "legend": { "showLegend": true } } },
    { "id": 2, "type": "timeseries", "title": "B", "options": {"legend": {"showLegend": true}} }
  ]
}
"#;
    let folder = folder(&[("p.yaml", FIXABLE), ("d.json", before)]);
    let args = [
        "--isolated",
        "--policy",
        "p.yaml",
        "--select",
        "policy",
        "--fix",
        "d.json",
    ];
    run(folder.path(), &args);
    assert_eq!(
        fs::read_to_string(folder.path().join("d.json")).unwrap(),
        safe
    );
    let mut more = args.to_vec();
    more.push("--unsafe-fixes");
    let (told, code) = run(folder.path(), &more);
    assert_eq!(code, 0, "{told}");
    let now = fs::read_to_string(folder.path().join("d.json")).unwrap();
    assert_eq!(
        now,
        safe.replace("[\"prod\"]", "[\"prod\", \"team:Checkout\"]")
    );
    let (_, code) = run(folder.path(), &more);
    assert_eq!(code, 0);
    assert_eq!(
        fs::read_to_string(folder.path().join("d.json")).unwrap(),
        now
    );
}

#[test]
fn fixes_write_yaml_as_the_file_has_it() {
    let policy = "version: 1
rules:
  - id: t/runbook
    on: alert
    require: { annotations.runbook_url: { exists: true } }
    message: no runbook
    fix: { unsafe: { set: { annotations.runbook_url: 'https://runbooks.acme/{alertname}' } } }
  - id: t/sev
    on: alert
    forbid: { labels.sev: { exists: true } }
    message: sev
    fix: { safe: { rename: { labels.sev: severity } } }
  - id: t/for
    on: alert
    require: { for: { min: 1m } }
    message: at once
    fix: { unsafe: { set: { for: 5m } } }
";
    let rules = "groups:
  - name: g
    rules:
      - alert: Down # sometimes
        expr: up == 0
        labels: { sev: critical }
        annotations:
          summary: down
";
    let folder = folder(&[("p.yaml", policy), ("r.yaml", rules)]);
    let args = [
        "--isolated",
        "--policy",
        "p.yaml",
        "--select",
        "policy",
        "--fix",
        "--unsafe-fixes",
        "r.yaml",
    ];
    let (told, code) = run(folder.path(), &args);
    assert_eq!(code, 0, "{told}");
    assert_eq!(
        fs::read_to_string(folder.path().join("r.yaml")).unwrap(),
        "groups:
  - name: g
    rules:
      - alert: Down # sometimes
        expr: up == 0
        labels: { severity: critical }
        annotations:
          summary: down
          runbook_url: \"https://runbooks.acme/Down\"
        for: 5m
"
    );
}

/// One cause, one finding: the other places stand beside it, and are mended with it.
#[test]
fn what_repeats_is_told_once() {
    let policy = "version: 1
rules:
  - id: t/legend
    on: panel
    require: { /options/legend/showLegend: true }
    once: true
    message: 'the legend of {title} is hidden'
    fix: { safe: { set: { /options/legend/showLegend: true } } }
";
    let panel = |title: &str| {
        format!(
            r#"{{"title": "{title}", "type": "timeseries", "options": {{"legend": {{"showLegend": false}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"title": "x", "schemaVersion": 39, "panels": [{}, {}, {}]}}"#,
        panel("A"),
        panel("B"),
        panel("C")
    );
    let folder = folder(&[("p.yaml", policy), ("d.json", &text)]);
    let args = [
        "--isolated",
        "--policy",
        "p.yaml",
        "--select",
        "policy",
        "d.json",
    ];
    let mut json = args.to_vec();
    json.extend(["--format", "json", "--quiet"]);
    let (told, _) = run(folder.path(), &json);
    let report: Value = serde_json::from_str(&told).unwrap();
    let findings = report["diagnostics"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["message"], "the legend of A is hidden");
    let related = findings[0]["related"].as_array().unwrap();
    let messages: Vec<&str> = related
        .iter()
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        ["the legend of B is hidden", "the legend of C is hidden"]
    );
    let mut fix = args.to_vec();
    fix.push("--fix");
    let (_, code) = run(folder.path(), &fix);
    assert_eq!(code, 0);
    let now = fs::read_to_string(folder.path().join("d.json")).unwrap();
    assert_eq!(now, text.replace("false", "true"));
}

#[test]
fn severities_are_configured_and_findings_silenced_as_of_any_rule() {
    let config = "extends = [\"policies/p.yaml\"]\n[rules]\nall = \"off\"\npolicy = true\n\"t/refresh\" = \"error\"\n\"t/legend\" = \"off\"\n";
    let ignored = format!("{config}[[ignore]]\nrules = [\"t/refresh\"]\nreason = \"a wall\"\n");
    let dashboard = r#"{ "title": "A", "schemaVersion": 39, "refresh": "5s", "tags": ["team:a"], "panels": [{ "id": 1, "type": "timeseries" }] }"#;
    let files = |config| {
        [
            ("dashlint.toml", config),
            ("policies/p.yaml", FIXABLE),
            ("d.json", dashboard),
        ]
    };
    let (told, code) = run(folder(&files(config)).path(), &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("error") && told.contains("t/refresh") && !told.contains("t/legend"),
        "{told}"
    );
    let (told, code) = run(folder(&files(&ignored)).path(), &["--format", "concise"]);
    assert_eq!(code, 0, "{told}");
    let comment = r#"{ "title": "A", "schemaVersion": 39, "tags": ["team:a"], "panels": [{ "id": 1, "type": "timeseries", "description": "<!-- dashlint: ignore[t/legend] one series -->" }] }"#;
    let on = config.replace("\"t/legend\" = \"off\"\n", "");
    let folder = folder(&[
        ("dashlint.toml", &on),
        ("policies/p.yaml", FIXABLE),
        ("d.json", comment),
    ]);
    let (told, code) = run(folder.path(), &["--format", "concise"]);
    assert_eq!(code, 0, "{told}");
    let useless = comment.replace("\"timeseries\"", "\"stat\"");
    fs::write(folder.path().join("d.json"), useless).unwrap();
    let (told, _) = run(
        folder.path(),
        &["--format", "concise", "--extend-select", "meta"],
    );
    assert!(told.contains("unused-suppression"), "{told}");
}

#[test]
fn names_that_no_policy_has_are_told() {
    let config = "extends = [\"p.yaml\"]\n[rules]\n\"t/refrsh\" = \"off\"\n\"ownership/missing-team\" = \"off\"\n";
    let folder = folder(&[
        ("dashlint.toml", config),
        ("p.yaml", FIXABLE),
        ("d.json", DASHBOARD),
    ]);
    let (told, code) = run(folder.path(), &["--select", "meta"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("no policy here has a rule `t/refrsh`"),
        "{told}"
    );
    assert!(told.contains("did you mean `t/refresh`?"), "{told}");
    assert!(told.contains("extends = [\"pack:ownership\"]"), "{told}");
}

#[test]
fn two_policies_may_not_share_a_rule() {
    let folder = folder(&[
        ("a.yaml", FIXABLE),
        ("b.yaml", FIXABLE),
        ("d.json", DASHBOARD),
    ]);
    let args = [
        "--isolated",
        "--policy",
        "a.yaml",
        "--policy",
        "b.yaml",
        "--select",
        "policy,meta",
        "d.json",
    ];
    let (told, code) = run(folder.path(), &args);
    assert_eq!(code, 2);
    assert!(
        told.contains("another policy has a rule `t/team`, too"),
        "{told}"
    );
}

#[test]
fn examples_are_tried() {
    let policy = |example: &str| {
        format!(
            "version: 1\nrules:\n  - id: t/r\n    on: query\n    forbid: {{ promql.functions: {{ any: irate }} }}\n    message: m\n    examples: [{example}]\n"
        )
    };
    for (example, code, message) in [
        (
            "{ flagged: 'sum(⟦irate⟧(x[1m]))' }",
            0,
            "1 rule, 1 example: all hold",
        ),
        ("{ clean: 'sum(rate(x[1m]))' }", 0, "all hold"),
        (
            "{ flagged: 'sum(rate(x[1m]))' }",
            1,
            "nothing is found in this example of `t/r`",
        ),
        (
            "{ clean: 'irate(x[1m])' }",
            1,
            "is said to be clean, and something is found in it",
        ),
        (
            "{ flagged: 'irate(⟦x⟧[1m])' }",
            1,
            "found elsewhere than it is marked",
        ),
        (
            "{ flagged: 'irate(⟦x[1m])' }",
            1,
            "a mark `⟦` is not closed",
        ),
        (
            "{ clean: '{\"kind\": \"Pod\"}', file: x.json }",
            0,
            "all hold",
        ),
    ] {
        let folder = folder(&[("p.yaml", &policy(example))]);
        let (told, exit) = run(folder.path(), &["test", "p.yaml"]);
        assert_eq!(exit, code, "{example}: {told}");
        assert!(told.contains(message), "{example}: {told}");
    }
    let broken = folder(&[("p.yaml", "version: 1\nrules: [{ id: t/r }]\n")]);
    assert_eq!(run(broken.path(), &["test", "p.yaml"]).1, 2);
    let none = folder(&[]);
    assert_eq!(run(none.path(), &["test"]).1, 2);
    let configured = folder(&[
        ("dashlint.toml", "extends = [\"p.yaml\"]\n"),
        ("p.yaml", &policy("{ flagged: 'irate(x[1m])' }")),
    ]);
    assert_eq!(run(configured.path(), &["test"]).1, 0);
}

#[test]
fn the_scaffold_is_a_policy_that_holds() {
    let folder = folder(&[("d.json", DASHBOARD)]);
    let (told, code) = run(folder.path(), &["new", "policy", "policies/acme.yaml"]);
    assert_eq!(code, 0, "{told}");
    let (told, code) = run(folder.path(), &["test", "policies/acme.yaml"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("1 rule, 2 examples: all hold"), "{told}");
    let (told, code) = run(folder.path(), &["new", "policy", "policies/acme.yaml"]);
    assert_eq!(code, 2, "{told}");
}

#[test]
fn rules_of_policies_are_listed_and_explained() {
    let folder = folder(&[
        ("dashlint.toml", "extends = [\"p.yaml\"]\n"),
        ("p.yaml", FIXABLE),
    ]);
    let (told, _) = run(folder.path(), &["rules"]);
    assert!(
        told.contains("policy p.yaml (in force)") && told.contains("t/refresh"),
        "{told}"
    );
    assert!(told.contains("pack:ownership"), "{told}");
    let (told, code) = run(folder.path(), &["explain", "t/refresh"]);
    assert!(
        code == 0
            && told.contains("too often")
            && told.contains("on dashboard · severity warning · safe fix"),
        "{told}"
    );
    assert_eq!(run(folder.path(), &["explain", "t/refrsh"]).1, 2);
    let (told, _) = run(folder.path(), &["rules", "--format", "json"]);
    let list: Value = serde_json::from_str(&told).unwrap();
    let one = list
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["id"] == "t/refresh")
        .unwrap();
    assert_eq!(
        (&one["policy"], &one["in_force"]),
        (&Value::from("p.yaml"), &Value::from(true))
    );
}

/// Everything that policies can ask, under the same names: for OPA, jq and whatever reads JSON.
#[test]
fn inspect_writes_the_model() {
    let folder = folder(&[
        ("d.json", DASHBOARD),
        ("r.yaml", RULES),
        ("x.json", "{\"a\": 1}"),
    ]);
    let model = |file: &str| -> Value {
        let (told, code) = run(folder.path(), &["inspect", "--format", "json", file]);
        assert_eq!(code, 0);
        serde_json::from_str(&told).unwrap()
    };
    let dashboard = model("d.json")["documents"][0]["dashboards"][0].clone();
    assert_eq!(dashboard["tags"], serde_json::json!(["prod", "team:sre"]));
    let panel = &dashboard["panels"][0];
    assert_eq!(
        (&panel["unit"], &panel["unit.dimension"]),
        (&Value::from("reqps"), &Value::from("count-rate"))
    );
    assert_eq!(
        panel["thresholds"][1],
        serde_json::json!({ "pointer": "/panels/0/fieldConfig/defaults/thresholds/steps/1", "line": 17, "column": 94, "value": 80, "color": "red" })
    );
    let query = &panel["queries"][0];
    assert_eq!(
        query["promql.metrics"],
        serde_json::json!(["http_requests_total"])
    );
    assert_eq!(query["promql.functions"], serde_json::json!(["irate"]));
    assert_eq!(query["promql.result-labels"], serde_json::json!(["job"]));
    assert_eq!(query["promql.ranges"], serde_json::json!([60]));
    let matcher = &query["promql.matchers"][0];
    assert_eq!(
        (&matcher["label"], &matcher["value"]),
        (&Value::from("job"), &Value::from("api"))
    );
    assert_eq!(
        (&matcher["line"], &matcher["column"]),
        (&Value::from(21), &Value::from(74))
    );
    let rules = model("r.yaml")["documents"][0].clone();
    assert_eq!(rules["alerts"][0]["labels"]["severity"], "critical");
    assert_eq!(rules["recording-rules"][0]["record.level"], "job");
    assert_eq!(rules["groups"][0]["interval"], "30s");
    assert_eq!(model("x.json")["documents"], serde_json::json!([]));
}

#[test]
fn packs_hold() {
    for pack in pack::PACKS {
        let rules = pack.rules();
        assert!(!rules.is_empty(), "{} is not understood", pack.name);
        for rule in rules {
            assert!(
                rule.example_count() >= 2,
                "{} has too few examples",
                rule.id
            );
            let kinds: Vec<bool> = rule.shown_examples().map(|(_, flagged)| flagged).collect();
            assert!(
                kinds.contains(&true) && kinds.contains(&false),
                "{} lacks a flagged or a clean example",
                rule.id
            );
            assert_eq!(rule.id.split('/').next(), Some(pack.name), "{}", rule.id);
            let failures = run_examples(&rule);
            assert!(failures.is_empty(), "{}: {failures:#?}", rule.id);
        }
    }
}

#[test]
fn policy_files_fit_their_schema() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("schemas/policy.schema.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| -> Vec<String> {
        let value = to_json(text);
        validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    };
    for pack in pack::PACKS {
        assert_eq!(valid(pack.text), [""; 0], "{}", pack.name);
    }
    assert_eq!(valid(FIXABLE), [""; 0]);
    assert!(!valid(&rule("on: panel\nrequire: { titel: x }")).is_empty());
    assert!(!valid(&rule("on: panel\nrequire: { title: { match: x } }")).is_empty());
    assert!(!valid(&rule("on: panel")).is_empty());
}

/// YAML as JSON, by the program's own parser.
fn to_json(text: &str) -> Value {
    use dashlint::syntax::{Kind, NodeRef, parse_yaml};
    fn value(node: NodeRef<'_>) -> Value {
        match node.kind() {
            Kind::Object => {
                let members = node
                    .members()
                    .map(|member| (member.key().unwrap().into_owned(), value(member)));
                Value::Object(members.collect())
            }
            Kind::Array => node.items().map(value).collect(),
            Kind::Bool => Value::from(node.as_bool().unwrap()),
            Kind::Number => node
                .as_i64()
                .map_or_else(|| Value::from(node.as_f64().unwrap()), Value::from),
            Kind::String => Value::from(node.as_str().unwrap()),
            Kind::Null | Kind::Alias => Value::Null,
        }
    }
    value(parse_yaml(text.into()).root().unwrap())
}

/// The tables of the documentation come from the program.
#[test]
fn the_documentation_is_up_to_date() {
    for (file, parts) in [
        (
            "rules/policies.md",
            vec![
                ("keys", reference::keys()),
                ("operators", reference::operators()),
                ("kinds", reference::kinds()),
                ("fields", reference::all_fields()),
            ],
        ),
        ("rules/packs.md", vec![("packs", reference::packs())]),
    ] {
        let page = fs::read_to_string(file).unwrap();
        let mut wanted = page.clone();
        for (name, text) in parts {
            let start =
                format!("<!-- {name}: written by `UPDATE=1 cargo test --test policies` -->\n");
            let end = format!("<!-- /{name} -->");
            let (from, to) = (
                wanted.find(&start).unwrap() + start.len(),
                wanted.find(&end).unwrap(),
            );
            wanted.replace_range(from..to, &text);
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(file, &wanted).unwrap();
        } else {
            assert!(
                page == wanted,
                "{file} is stale: UPDATE=1 cargo test --test policies"
            );
        }
    }
}
