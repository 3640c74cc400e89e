//! `test`, `new policy`, `rules`, `explain` and `inspect`.

use std::fs;

use serde_json::Value;

use crate::support::tree::folder;
use crate::{DASHBOARD, FIXABLE, RULES, run};

/// A policy file with one rule and this example.
fn policy(example: &str) -> String {
    format!(
        "version: 1\nrules:\n  - id: t/r\n    on: query\n    forbid: {{ promql.functions: {{ any: irate }} }}\n    message: m\n    examples: [{example}]\n"
    )
}

#[test]
fn examples_are_tried() {
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
            1,
            "this example of `t/r` holds no query: it proves nothing",
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
fn the_policies_of_a_folder_are_tried() {
    let named = |id: &str, example: &str| policy(example).replace("t/r", id);
    let folder = folder(&[
        (
            "all/one.yaml",
            &named("t/one", "{ flagged: 'irate(x[1m])' }"),
        ),
        (
            "all/more/two.yml",
            &named("t/two", "{ clean: 'irate(x[1m])' }"),
        ),
        ("all/role.yaml", "apiVersion: v1\nkind: Role\nrules: []\n"),
        ("all/alerts.yaml", "groups: []\n"),
        ("empty/alerts.yaml", "groups: []\n"),
    ]);
    let (told, code) = run(folder.path(), &["test", "all"]);
    assert_eq!(code, 1, "{told}");
    for line in [
        "all/one.yaml: 1 rule, 1 example: all hold",
        "all/more/two.yml: 1 rule, 1 example: 1 failed",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(!told.contains("role") && !told.contains("alerts"), "{told}");
    let (told, code) = run(folder.path(), &["test", "empty"]);
    assert_eq!(code, 2);
    assert!(told.contains("no policy file in this folder"), "{told}");
}

/// What proves nothing about a rule is no example of it.
#[test]
fn an_example_holds_what_the_rule_looks_at() {
    let policy = |example: &str| {
        format!(
            "version: 1\nrules:\n  - id: t/r\n    on: alert\n    forbid: {{ labels.sevrity: page }}\n    message: m\n    examples:\n      - clean: {example}\n"
        )
    };
    for (example, wanted) in [
        ("complete garbage", "holds no alert"),
        ("''", "holds no alert"),
        ("'labels: {severity: page'", "cannot be read"),
        ("'{ record: a:b, expr: up }'", "holds no alert"),
        (
            "'{ alert: Down, expr: up == 0, labels: { severity: page } }'",
            "all hold",
        ),
    ] {
        let folder = folder(&[("p.yaml", &policy(example))]);
        let (told, _) = run(folder.path(), &["test", "p.yaml"]);
        assert!(told.contains(wanted), "{example}: {told}");
    }
}

/// A fix that leaves its finding where it is would be made for ever.
#[test]
fn an_example_shows_a_fix_that_does_not_cure_it() {
    let policy = |added: &str| {
        format!(
            "version: 1
rules:
  - id: t/r
    on: dashboard
    require: {{ tags: {{ any: {{ matches: '^team:[a-z]+$' }} }} }}
    message: m
    fix: {{ unsafe: {{ append: {{ tags: '{added}' }} }} }}
    examples: [{{ flagged: '{{ \"title\": \"x\", \"tags\": [] }}' }}]
"
        )
    };
    for (added, code) in [("team:unknown", 0), ("team:Unknown", 1)] {
        let folder = folder(&[("p.yaml", &policy(added))]);
        let (told, exit) = run(folder.path(), &["test", "p.yaml"]);
        assert_eq!(exit, code, "{told}");
        let said = told.contains("the fix of `t/r` does not cure this example");
        assert_eq!(said, code == 1, "{told}");
    }
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
    let bare = "version: 1\nrules: [{ id: t/r, on: panel, forbid: { title: x }, message: m }]\n";
    fs::write(folder.path().join("bare.yaml"), bare).unwrap();
    let (told, _) = run(folder.path(), &["test", "bare.yaml"]);
    assert!(told.contains("0 examples: nothing was tried"), "{told}");
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
    // One that no configuration names.
    let other = FIXABLE.replace("t/refresh", "u/refresh");
    fs::write(folder.path().join("q.yaml"), other).unwrap();
    let (told, code) = run(folder.path(), &["explain", "u/refresh"]);
    assert!(code == 2 && told.contains("--policy FILE"), "{told}");
    for args in [
        ["explain", "u/refresh", "--policy", "q.yaml"].as_slice(),
        &["rules", "--policy", "q.yaml"],
    ] {
        let (told, code) = run(folder.path(), args);
        assert!(code == 0 && told.contains("u/refresh"), "{told}");
    }
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
