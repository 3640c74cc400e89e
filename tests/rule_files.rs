//! Rule files as Prometheus judges them: everything `promtool check rules` refuses, where it stands, under both schemes of names.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::corpus::within;
use support::run::run;

/// The errors in a file of this text, as `line:column rule`, by the scheme of names.
fn errors(text: &str, names: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let config = format!("prometheus.names = \"{names}\"\n");
    fs::write(folder.path().join("dashlint.toml"), config).unwrap();
    fs::write(folder.path().join("rules.yaml"), text).unwrap();
    let args = ["--format", "concise", "--quiet", "--min-severity", "error"];
    let (_, out, _) = run(folder.path(), &args);
    out.lines()
        .map(|line| {
            let (place, rest) = line.split_once(": error[").unwrap();
            let rule = rest.split(']').next().unwrap();
            format!("{} {rule}", place.trim_start_matches("rules.yaml:"))
        })
        .collect()
}

fn rule(lines: &[&str]) -> String {
    let mut text = "groups:\n  - name: web\n    rules:\n".to_owned();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(if at == 0 { "      - " } else { "        " });
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[test]
fn what_prometheus_refuses_is_an_error_at_its_place() {
    for (lines, expected) in [
        (
            &["record: up:sum", "expr: sum(up"][..],
            "5:18 invalid-promql",
        ),
        (
            &["record: up:sum", "expr: rate(up)"][..],
            "5:20 invalid-promql",
        ),
        (&["expr: up"][..], "4:9 invalid-rule"),
        (
            &["record: a", "alert: B", "expr: up"][..],
            "5:9 invalid-rule",
        ),
        (&["record: a"][..], "4:9 invalid-rule"),
        (&["alert: A", "expr: \"\""][..], "5:9 invalid-rule"),
        (
            &["record: a", "expr: up", "for: 1m"][..],
            "6:9 invalid-rule",
        ),
        (
            &["record: a", "expr: up", "keep_firing_for: 1m"][..],
            "6:9 invalid-rule",
        ),
        (
            &["record: a", "expr: up", "annotations: { a: b }"][..],
            "6:9 invalid-rule",
        ),
        (
            &["alert: A", "expr: up == 0", "for: 1x"][..],
            "6:14 invalid-rule",
        ),
        (
            &["alert: A", "expr: up == 0", "labels: [a]"][..],
            "6:17 invalid-rule",
        ),
        (
            &["alert: A", "expr: up == 0", "labels: { a: [b] }"][..],
            "6:22 invalid-rule",
        ),
        (&["alert: A", "expr: [up]"][..], "5:15 invalid-rule"),
        (
            &["alert: A", "expr: up == 0", "annotation: { a: b }"][..],
            "6:9 unknown-rule-field",
        ),
        (
            &["record: 'a{b=\"c\"}'", "expr: up"][..],
            "4:17 invalid-rule-name",
        ),
        (
            &["record: a", "expr: up", "labels: { __name__: b }"][..],
            "6:19 invalid-rule-name",
        ),
        (
            &[
                "alert: A",
                "expr: up == 0",
                "annotations: { a: '{{ $labels.x }' }",
            ][..],
            "6:41 invalid-alert-template",
        ),
        (
            &[
                "alert: A",
                "expr: up == 0",
                "labels: { a: '{{ humanise $value }}' }",
            ][..],
            "6:26 invalid-alert-template",
        ),
    ] {
        assert_eq!(errors(&rule(lines), "utf-8"), [expected], "{lines:?}");
    }
    for (text, expected) in [
        (
            "groups:\n  - name: a\n    rules: []\n  - name: a\n    rules: []\n",
            "4:11 duplicate-rule-group",
        ),
        (
            "groups:\n  - rules:\n      - { record: a, expr: up }\n",
            "2:5 invalid-rule",
        ),
        (
            "groups:\n  - name: ''\n    rules:\n      - { record: a, expr: up }\n",
            "2:11 invalid-rule",
        ),
        (
            "groups:\n  - name: a\n    limit: '3'\n    rules:\n      - { record: a, expr: up }\n",
            "3:12 invalid-rule",
        ),
        (
            "groups:\n  - name: a\n    interval: 5\n    rules:\n      - { record: a, expr: up }\n",
            "3:15 invalid-rule",
        ),
        (
            "groups:\n  - name: a\n    rules:\n      - record: a\n        expr: up\ngroup: []\n",
            "6:1 unknown-rule-field",
        ),
    ] {
        assert_eq!(errors(text, "utf-8"), [expected], "{text}");
    }
}

#[test]
fn everything_is_told_at_once() {
    let text = "groups:\n  - name: web\n    intervall: 1m\n    rules:\n      - record: a\n        expr: up +\n        for: 1m\n      \
                - alert: A\n        labels: { a: '{{ $x }}' }\n  - name: web\n    rules:\n      - expr: up\n";
    assert_eq!(
        errors(text, "utf-8"),
        [
            "3:5 unknown-rule-field",
            "6:18 invalid-promql",
            "7:9 invalid-rule",
            "8:9 invalid-rule",
            "9:26 invalid-alert-template",
            "10:11 duplicate-rule-group",
            "12:9 invalid-rule",
        ]
    );
}

#[test]
fn what_prometheus_loads_has_no_error() {
    for lines in [
        &["record: a", "expr: 1"][..],
        &["record: a-b", "expr: up", "labels: { c-d: e }"][..],
        &["record: a", "expr: up", "for: 0s", "annotations: {}"][..],
        &[
            "alert: 1",
            "expr: up == 0",
            "for: 0",
            "keep_firing_for: 1d12h",
            "labels: { a: 1, b: true }",
        ][..],
        &[
            "alert: A",
            "expr: up == 0",
            "annotations: { a: '{{ .Labels.b }} {{ $externalURL }}' }",
        ][..],
    ] {
        assert_eq!(errors(&rule(lines), "utf-8"), [""; 0], "{lines:?}");
    }
    let others = "namespace: web\ngroups:\n  - name: web\n    source_tenants: [a]\n    partial_response_strategy: warn\n    \
                  concurrency: 2\n    rules:\n      - { record: a, expr: up, debug: true }\n";
    assert_eq!(errors(others, "utf-8"), [""; 0]);
    // Unit tests of rules are none.
    let tests = "rule_files: [rules.yaml]\ntests:\n  - interval: 1m\n    input_series: [{ series: a, values: '1' }]\n";
    assert_eq!(errors(tests, "utf-8"), [""; 0]);
}

#[test]
fn resources_are_judged_like_files() {
    let head = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: web }\nspec:\n";
    let groups = "  groups:\n    - name: web\n      rules:\n        - record: a\n          expr: up\n          for: 1m\n          \
                  unknown: 1\n        - alert: A\n          expr: up == 0\n          annotations: { a: '{{ $labels.b ' }\n";
    assert_eq!(
        errors(&format!("{head}{groups}"), "utf-8"),
        [
            "10:11 invalid-rule",
            "11:11 unknown-rule-field",
            "14:30 invalid-alert-template"
        ]
    );
    // vmalert has functions, durations and fields of its own.
    let vm = "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMRule\nmetadata: { name: web }\nspec:\n  groups:\n    \
              - name: web\n      concurrency: 2\n      interval: 1.5m\n      rules:\n        - alert: A\n          \
              expr: up == 0\n          annotations: { a: '{{ $expr | queryEscape }} {{ .ActiveAt }}' }\n";
    assert_eq!(errors(vm, "utf-8"), [""; 0]);
    let loki = "groups:\n  - name: logs\n    remote_write: [{ url: 'http://prometheus:9090' }]\n    rules:\n      - alert: A\n        \
                expr: sum(rate({app=\"web\"} |= \"error\" [5m])) > 1\n        for: 5 m\n";
    assert_eq!(errors(loki, "utf-8"), ["7:14 invalid-rule"]);
}

#[test]
fn names_are_judged_by_the_configured_scheme() {
    for lines in [
        &["record: a-b", "expr: up"][..],
        &["record: a", "expr: up", "labels: { c-d: e }"][..],
        &["alert: A", "expr: up == 0", "annotations: { c-d: e }"][..],
    ] {
        assert_eq!(errors(&rule(lines), "utf-8"), [""; 0], "{lines:?}");
        let legacy = errors(&rule(lines), "legacy");
        assert!(
            legacy.len() == 1 && legacy[0].ends_with("invalid-rule-name"),
            "{legacy:?}"
        );
    }
    let plain = rule(&["alert: Any name", "expr: up == 0", "labels: { _a1: b }"]);
    assert_eq!(errors(&plain, "legacy"), [""; 0]);
    let colons = rule(&["record: a:b", "expr: up"]);
    assert_eq!(errors(&colons, "legacy"), [""; 0]);
}

/// Over Prometheus' own examples of good and bad files.
#[test]
fn verdicts_are_those_of_prometheus() {
    let Some(folder) = within("prometheus__prometheus/model/rulefmt/testdata") else {
        return;
    };
    let mut judged = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let bad = name.ends_with(".bad.yaml");
        // The one that is bad by the legacy scheme has the text of a good one by the other.
        let by_legacy = name.starts_with("legacy_");
        let by_utf8 = name.starts_with("utf-8_");
        assert_eq!(
            !errors(&text, "utf-8").is_empty(),
            bad && !by_legacy,
            "{name}"
        );
        assert_eq!(
            !errors(&text, "legacy").is_empty(),
            bad || by_utf8,
            "{name}"
        );
        judged += 1;
    }
    assert!(judged >= 16, "{judged}");
}
