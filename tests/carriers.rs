//! Texts inside other files: findings stand at bytes of the file that carries them, and fixes are written there.
#![allow(clippy::unwrap_used)]

mod support;

use dashlint::diagnostic::Diagnostic;
use support::{Example, Kind, findings_of, fix_all, lint_named, lint_text};

const BROKEN_RULES: &str = "groups:
  - name: api
    rules:
      - alert: Down
        # the count is wrong
        expr: sum(up == 0
        labels: {severity: warning}
";

/// The lines of `text`, indented.
fn indented(text: &str, by: usize) -> String {
    text.lines()
        .map(|line| format!("{:by$}{line}\n", ""))
        .collect()
}

/// The bytes of the file that the only finding of a rule is about, and its place.
fn found(rule: &str, name: &str, text: &str) -> (String, String) {
    let all = lint_named(name, text);
    let found = findings_of(rule, &all);
    let [finding]: &[Diagnostic; 1] = found
        .as_slice()
        .try_into()
        .unwrap_or_else(|_| panic!("{rule}: {all:#?}"));
    let span = finding.location.span();
    let inner = finding.location.inner.clone().unwrap_or_default();
    (
        text[span.range()].to_owned(),
        format!("{} {inner}", finding.location.pointer),
    )
}

#[test]
fn rules_in_a_config_map() {
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: rules}}\ndata:\n  api.rules.yaml: |\n{}  prometheus.yml: |\n    global: {{}}\n    rule_files: [a\n",
        indented(BROKEN_RULES, 4)
    );
    let (bytes, place) = found("invalid-promql", "rules.yaml", &text);
    assert_eq!(bytes, "(");
    assert_eq!(place, "/data/api.rules.yaml /groups/0/rules/0/expr");
    // Prometheus's own configuration beside it is broken, and none of ours.
    assert!(findings_of("invalid-syntax", &lint_named("rules.yaml", &text)).is_empty());
}

#[test]
fn provisioning_in_a_secret_in_a_list() {
    let text = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    stringData:\n      alerts.yaml: |-\n        apiVersion: 1\n        groups:\n          - orgId: 1\n            name: g\n            folder: f\n            interval: 1m\n            rules:\n              - uid: a\n                title: A\n                condition: A\n                data:\n                  - refId: A\n                    datasourceUid: prom\n                    model: {refId: A, datasource: {type: prometheus, uid: prom}, expr: 'rate(up[5m]'}\n";
    let (bytes, place) = found("invalid-promql", "list.yaml", text);
    assert_eq!(bytes, "(");
    assert_eq!(
        place,
        "/items/0/stringData/alerts.yaml /groups/0/rules/0/data/0/model/expr"
    );
}

#[test]
fn values_of_a_chart() {
    let text = format!(
        "grafana:\n  enabled: true\n  dashboards:\n    default:\n      api:\n        json: |\n          {{\"title\": \"API\", \"schemaVersion\": 39, \"panels\": [{{\"id\": 1, \"type\": \"timeseries\", \"title\": \"P\", \"datasource\": {{\"type\": \"prometheus\"}}, \"targets\": [{{\"refId\": \"A\", \"expr\": \"rate(up[5m]))\"}}]}}]}}\nserverFiles:\n  alerting_rules.yml:\n{}",
        indented(BROKEN_RULES, 4)
    );
    let all = lint_named("values.yaml", &text);
    let broken: Vec<&str> = findings_of("invalid-promql", &all)
        .iter()
        .map(|finding| &text[finding.location.span().range()])
        .collect();
    assert_eq!(broken, [")", "("]);
}

#[test]
fn resources_of_the_grafana_operator() {
    let rules = "apiVersion: grafana.integreatly.org/v1beta1\nkind: GrafanaAlertRuleGroup\nmetadata: {name: g}\nspec:\n  folderRef: f\n  interval: 1m\n  rules:\n    - uid: a\n      title: A\n      condition: A\n      data:\n        - refId: A\n          datasourceUid: prom\n          model: {refId: A, datasource: {type: prometheus, uid: prom}, expr: 'rate(up[5m]'}\n";
    let (bytes, place) = found("invalid-promql", "group.yaml", rules);
    assert_eq!(
        (bytes.as_str(), place.as_str()),
        ("(", "/spec/rules/0/data/0/model/expr ")
    );
}

#[test]
fn a_fix_is_written_in_the_carrier() {
    let rules = "groups:\n  - name: api\n    rules:\n      - record: a\n        expr: sum(up{job=~\".*\", code=~\"200\"})\n      - record: b\n        expr: \"sum(up{code=~\\\"404\\\"})\"\n";
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.rules.yml: |\n{}",
        indented(rules, 4)
    );
    let example = Example {
        kind: Kind::Flagged,
        language: "yaml".to_owned(),
        text: text.clone(),
        marks: Vec::new(),
    };
    assert_eq!(findings_of("regex-literal", &lint_text(&example)).len(), 2);
    let fixed = fix_all("regex-literal", &example);
    assert_eq!(fixed, text.replace("code=~", "code="));
}

#[test]
fn a_comment_in_a_carried_text_silences() {
    let silenced = BROKEN_RULES.replace(
        "# the count is wrong",
        "# dashlint: ignore[invalid-promql] known",
    );
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n{}",
        indented(&silenced, 4)
    );
    let all = lint_named("rules.yaml", &text);
    let found = findings_of("invalid-promql", &all);
    assert!(
        found.iter().all(|finding| finding.suppressed.is_some()),
        "{found:#?}"
    );
    assert_eq!(found.len(), 1);
}

#[test]
fn a_template_in_a_config_map_is_left_alone() {
    let text = "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n    groups:\n    {{- range .groups }}\n    - name: {{ .name }}\n      rules: [\n    {{- end }}\n";
    assert_eq!(lint_named("rules.yaml", text), []);
}
