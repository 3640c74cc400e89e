//! The configured Grafana decides what is gone, what is not there yet and what is too new.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run;

const DASHBOARD: &str = r#"{
  "title": "API",
  "schemaVersion": 42,
  "panels": [
    { "id": 1, "type": "graph", "title": "Requests", "alert": { "name": "Too many" } },
    { "id": 2, "type": "vonage-status-panel", "title": "Nodes" },
    { "id": 3, "type": "table", "title": "Pods", "transformations": [{ "id": "transpose", "options": {} }] }
  ]
}"#;

const RULES: &str =
    "deprecated-panel,angular-panel,unknown-transformation,legacy-panel-alert,schema-too-new";

/// The rules that find something, in order.
fn found(folder: &Path, grafana: Option<&str>) -> Vec<String> {
    let config = grafana.map_or_else(String::new, |version| format!("grafana = \"{version}\"\n"));
    fs::write(folder.join("dashlint.toml"), config).unwrap();
    let args = [
        "--select",
        RULES,
        "--min-severity",
        "info",
        "--format",
        "concise",
    ];
    let (_, out, _) = run(folder, &args);
    let mut rules: Vec<String> = out
        .lines()
        .filter_map(|line| line.split_once('[')?.1.split_once(']'))
        .map(|(rule, _)| rule.to_owned())
        .collect();
    rules.sort();
    rules
}

#[test]
fn a_version_decides_what_is_gone_missing_or_too_new() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.json"), DASHBOARD).unwrap();
    let folder = folder.path();
    let gone = ["angular-panel", "deprecated-panel", "legacy-panel-alert"];
    assert_eq!(found(folder, None), gone, "the newest Grafana");
    assert_eq!(found(folder, Some("12.2")), gone);
    assert_eq!(
        found(folder, Some("11.6")),
        [&gone[..], &["schema-too-new"]].concat()
    );
    assert_eq!(
        found(folder, Some("10.4")),
        ["schema-too-new", "unknown-transformation"]
    );
}
