//! Alerts of both engines are judged alike.
#![allow(clippy::unwrap_used)]

mod support;

use support::lint_named;

/// The findings of one rule in a text, as `severity the bytes it points at`.
fn found(rule: &str, text: &str) -> Vec<String> {
    support::findings_of(rule, &lint_named("alerts.yaml", text))
        .iter()
        .map(|finding| {
            let at = &text[finding.location.span().range()];
            format!("{} {at}", finding.severity.name())
        })
        .collect()
}

fn prometheus(expr: &str, rest: &str) -> String {
    format!(
        "groups:\n  - name: web\n    interval: 5m\n    rules:\n      - alert: Down\n        expr: {expr}\n{}",
        indented(rest, 8)
    )
}

fn grafana(expr: &str, rest: &str) -> String {
    format!(
        "apiVersion: 1\ngroups:\n  - orgId: 1\n    name: web\n    folder: Web\n    interval: 5m\n    rules:\n      - uid: down\n        title: Down\n        \
         condition: B\n        data:\n          - refId: A\n            datasourceUid: prometheus\n            model:\n              expr: {expr}\n              \
         datasource: {{ type: prometheus, uid: prometheus }}\n          - refId: B\n            datasourceUid: __expr__\n            model:\n              \
         type: threshold\n              expression: A\n{}",
        indented(rest, 8)
    )
}

fn indented(text: &str, by: usize) -> String {
    text.lines()
        .map(|line| format!("{}{line}\n", " ".repeat(by)))
        .collect()
}

#[track_caller]
fn both(rule: &str, expr: &str, rest: &str, expected: &[&str]) {
    assert_eq!(found(rule, &prometheus(expr, rest)), expected, "Prometheus");
    assert_eq!(found(rule, &grafana(expr, rest)), expected, "Grafana");
}

#[test]
fn what_an_alert_lacks_is_found_in_both_engines() {
    for rule in ["missing-for", "missing-severity", "missing-summary"] {
        both(rule, "up == 0", "", &["info Down"]);
        both(
            rule,
            "up == 0",
            "for: 10m\nlabels: { severity: page }\nannotations: { summary: It is down }",
            &[],
        );
    }
    both("missing-for", "up == 0", "for: 0s", &["info Down"]);
    both(
        "missing-runbook",
        "up == 0",
        "labels: { severity: page }",
        &["info Down"],
    );
}

#[test]
fn labels_and_waiting_are_judged_in_both_engines() {
    both(
        "unknown-severity",
        "up == 0",
        "labels: { severity: waring }",
        &["warning waring"],
    );
    both("for-below-interval", "up == 0", "for: 1m", &["warning 1m"]);
    both("for-below-interval", "up == 0", "for: 5m", &[]);
    both("absent-without-for", "absent(up)", "", &["warning absent"]);
    both("absent-without-for", "absent(up)", "for: 5m", &[]);
    both("missing-for", "absent(up)", "", &[]);
    both(
        "value-in-label",
        "up == 0",
        "labels: { is: '{{ $value }}' }",
        &["warning $value"],
    );
    both(
        "value-in-label",
        "up == 0",
        "labels: { is: '{{ if eq $value 0.0 }}a{{ end }}' }",
        &[],
    );
    both(
        "alert-label-not-in-result",
        "sum by (job) (up) == 0",
        "annotations: { a: '{{ $labels.job }} {{ $labels.instance }}' }",
        &["warning instance"],
    );
    both(
        "alert-label-not-in-result",
        "sum by (job) (up) == 0",
        "annotations: { a: '{{ if $labels.pod }}{{ $labels.pod }}{{ end }}' }",
        &[],
    );
}

#[test]
fn templates_are_those_of_the_engine() {
    let broken = "annotations: { a: '{{ $labels.a } {{ .Labls.b }}' }";
    // Grafana shows what does not parse; Prometheus refuses the file.
    let rule = "invalid-alert-template";
    assert_eq!(found(rule, &prometheus("up == 0", broken)), ["error }"]);
    assert_eq!(found(rule, &grafana("up == 0", broken)), ["warning }"]);
    both(
        "failing-alert-template",
        "up == 0",
        broken,
        &["warning Labls"],
    );
    let values = "annotations: { a: '{{ $values.A.Value }} {{ $values.C.Value }}' }";
    assert_eq!(
        found(rule, &prometheus("up == 0", values)),
        ["error $values"; 2]
    );
    assert_eq!(found(rule, &grafana("up == 0", values)), [""; 0]);
    assert_eq!(
        found("failing-alert-template", &grafana("up == 0", values)),
        ["warning C"]
    );
    let external = "annotations: { a: '{{ $externalLabels.cluster }}' }";
    assert_eq!(found(rule, &prometheus("up == 0", external)), [""; 0]);
    assert_eq!(
        found(rule, &grafana("up == 0", external)),
        ["warning $externalLabels"]
    );
}

#[test]
fn an_alert_sees_the_labels_of_its_query_only() {
    let own = "labels: { team: web }\nannotations: { a: 'for {{ $labels.team }}' }";
    assert_eq!(
        found(
            "alert-label-not-in-result",
            &prometheus("sum(up) == 0", own)
        ),
        ["warning team"]
    );
}

#[test]
fn conditions_are_looked_for_through_the_whole_query() {
    let rule = "always-firing";
    for (expr, fires) in [
        ("up", true),
        ("rate(errors_total{code=\"5\"}[5m])", true),
        ("increase(a_total[5m]) or increase(b_total[5m]) > 0", true),
        ("sum(up > 0)", false),
        ("up and on(job) other", false),
        ("vector(1)", false),
        ("job:errors:rate5m", false),
        ("errors{kind=\"fatal\"}", false),
        ("count(errors{kind=\"fatal\"})", false),
        ("ALERTS{alertstate=\"firing\"}", false),
        ("absent_over_time(up[5m])", false),
        ("sum(kafka_resource_info{ready!=\"True\"})", false),
    ] {
        let is = !found(rule, &prometheus(expr, "for: 5m")).is_empty();
        assert_eq!(is, fires, "{expr}");
    }
}

#[test]
fn ladders_and_separate_jobs_do_not_overlap() {
    let pair = |first: &str, second: &str| {
        format!(
            "groups:\n  - name: web\n    rules:\n      - alert: Slow\n{}      - alert: Slow\n{}",
            indented(first, 8),
            indented(second, 8)
        )
    };
    let rule = "overlapping-alerts";
    for (first, second, overlap) in [
        ("expr: a > 1", "expr: a > 2", true),
        ("expr: a{x='1'} > 1", "expr: a{x='1',y='2'} > 1", true),
        ("expr: a{x='1'} > 1", "expr: a{x='2'} > 1", false),
        ("expr: a{x='1'} > 1", "expr: a{x!='1'} > 1", false),
        ("expr: a > 1", "expr: b > 1", false),
        (
            "expr: a > 1\nlabels: { severity: warning }",
            "expr: a > 2\nlabels: { severity: critical }",
            false,
        ),
    ] {
        let text = pair(first, second);
        assert_eq!(!found(rule, &text).is_empty(), overlap, "{text}");
    }
    let twice = pair("expr: a > 1", "expr: a  >  1");
    assert_eq!(found("duplicate-rule", &twice), ["warning Slow"]);
    assert_eq!(found(rule, &twice), [""; 0]);
}
