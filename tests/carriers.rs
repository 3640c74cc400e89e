//! Files inside files: what is found in them stands at bytes of the carrier, and is fixed there.
//!
//! The fixtures in `testdata/carriers` hold the same fault in every query, between `⟦` and `⟧`.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dashlint::diagnostic::Diagnostic;
use dashlint::model::{
    Document, Language, Loaded, NoDataSources, ParsedFile, data_sources, load, providers,
};
use dashlint::source::Source;
use support::run::run;
use support::{Example, Kind, findings_of, fix_all, lint_named, lint_text, unmark};

/// The rule whose fault is in every fixture.
const RULE: &str = "regex-literal";

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new("testdata/carriers").join(name)).unwrap()
}

fn parsed(name: &str) -> ParsedFile {
    let (text, _) = unmark(&fixture(name));
    match load(Arc::new(Source::new(name, None, text)), false) {
        Loaded::Parsed(file) => file,
        Loaded::Skipped(reason) => panic!("{name}: {}", reason.text()),
    }
}

const FIXTURES: [(&str, usize); 7] = [
    ("configmap.yaml", 5),
    ("list.json", 3),
    ("operator.yaml", 6),
    ("grafana-values.yaml", 2),
    ("prometheus-values.yaml", 5),
    ("helmrelease.yaml", 2),
    ("rules.yaml", 4),
];

#[test]
fn every_fault_is_found_at_its_bytes() {
    for (name, count) in FIXTURES {
        let (text, marks) = unmark(&fixture(name));
        assert_eq!(marks.len(), count, "{name}");
        let all = lint_named(name, &text);
        let mut found: Vec<_> = findings_of(RULE, &all)
            .iter()
            .map(|finding| finding.location.span())
            .collect();
        found.sort_unstable();
        assert_eq!(found, marks, "{name}");
        for finding in all {
            let start = finding.location.range.start;
            let before = &text[..start.offset as usize];
            let line = before.matches('\n').count() as u32 + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() as u32 + 1;
            assert_eq!((start.line, start.column), (line, column), "{name}");
        }
    }
}

#[test]
fn every_fault_is_mended_at_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for (name, _) in FIXTURES {
        let marked = fixture(name);
        let (text, _) = unmark(&marked);
        fs::write(folder.path().join(name), &text).unwrap();
        let args = ["--isolated", "--quiet", "--fix", "--select", RULE, name];
        let (code, _, err) = run(folder.path(), &args);
        assert_eq!(code, 0, "{err}");
        let (mended, _) = unmark(&marked.replace("⟦job=~", "⟦job="));
        let found = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(found, mended, "{name}");
    }
}

/// What the documents of a fixture show, with the line each thing stands on.
fn seen(name: &str) -> Vec<String> {
    let file = parsed(name);
    let line =
        |node: dashlint::syntax::NodeRef<'_>| file.source.position(node.file_span().start).line;
    let mut seen = Vec::new();
    for info in &file.documents {
        match file
            .document(info, &NoDataSources, Language::PromQl)
            .unwrap()
        {
            Document::DataSources(root) => {
                seen.extend(data_sources(root).map(|source| {
                    let (name, kind) = (source.name().unwrap(), source.kind().unwrap());
                    format!("{}: data source {name} ({kind})", line(source.node))
                }));
            }
            Document::Providers(root) => {
                seen.extend(providers(root).map(|provider| {
                    format!(
                        "{}: provider {}",
                        line(provider.node),
                        provider.name().unwrap()
                    )
                }));
            }
            Document::Alerting(alerting) => {
                let groups = alerting.groups.iter().map(|group| ("group", group.node));
                let lists = groups
                    .chain(
                        alerting
                            .contact_points()
                            .map(|node| ("contact point", node)),
                    )
                    .chain(alerting.policies().map(|node| ("policy", node)))
                    .chain(alerting.mute_timings().map(|node| ("mute timing", node)));
                seen.extend(lists.map(|(what, node)| format!("{}: {what}", line(node))));
            }
            Document::Rules(rules) => {
                seen.extend(
                    rules.queries.iter().map(|query| {
                        format!("{}: {}", line(query.text_node), query.language.name())
                    }),
                );
            }
            _ => {}
        }
    }
    seen.sort_by_key(|line| line.split(':').next().unwrap().parse::<u32>().unwrap());
    seen
}

#[test]
fn views_are_the_same_whatever_carries_them() {
    assert_eq!(
        seen("operator.yaml"),
        [
            "61: data source Metrics (prometheus)",
            "70: data source Older (loki)",
            "77: group",
            "103: PromQL",
            "108: contact point",
            "113: policy",
            "118: mute timing",
        ]
    );
    assert_eq!(
        seen("grafana-values.yaml"),
        [
            "10: data source Metrics (prometheus)",
            "18: provider default",
            "53: group",
            "75: contact point",
        ]
    );
}

#[test]
fn rules_are_in_the_language_of_their_resource() {
    let seen = seen("rules.yaml");
    let languages: Vec<_> = seen
        .iter()
        .map(|line| line.split_once(": ").unwrap().1)
        .collect();
    assert_eq!(
        languages,
        ["PromQL", "PromQL", "PromQL", "PromQL", "MetricsQL", "LogQL"]
    );
}

#[test]
fn what_is_left_alone_is_named() {
    let left = |name: &str| {
        let file = parsed(name);
        file.left
            .iter()
            .map(|left| format!("{} {}: {}", left.number, left.pointer, left.reason.text()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        left("configmap.yaml"),
        [
            "0 /data/prometheus.yml: none of the telling keys stands in it",
            "0 /data/tests.yml: none of the telling keys stands in it",
            "0 /data/groups.yml: something else: no telling keys at its top level",
            "0 /data/notes.txt: it cannot be parsed (a `:` that makes this a key, where no key can stand; put the text in quotes, or check the indentation), and nothing tells it is a dashboard or a rule",
        ]
    );
    assert_eq!(
        left("grafana-values.yaml"),
        [
            "0 /monitoring/grafana/dashboards/default/templated/json: a Helm template",
            "0 /monitoring/grafana/alerting/templated.yaml: a Helm template",
        ]
    );
    for name in [
        "list.json",
        "operator.yaml",
        "prometheus-values.yaml",
        "rules.yaml",
    ] {
        assert_eq!(left(name), [""; 0], "{name}");
    }
}

/// A comment in a carried file speaks for what follows it there, and for nothing else.
#[test]
fn comments_in_carried_files_count() {
    let rules = |comment: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n    {comment}\n    groups:\n      - name: a\n        rules:\n          - {{record: a, expr: 'up{{job=~\"a\"}}'}}\n  b.yml: |\n    groups:\n      - name: b\n        rules:\n          - {{record: b, expr: 'up{{job=~\"b\"}}'}}\n"
        )
    };
    let lines = |comment: &str| {
        let found = findings_of(RULE, &lint_named("a.yaml", &rules(comment)));
        let said = found.iter().map(|finding| {
            (
                finding.location.range.start.line,
                finding.suppressed.is_some(),
            )
        });
        said.collect::<Vec<_>>()
    };
    assert_eq!(lines("# nothing"), [(9, false), (14, false)]);
    for comment in [
        "# dashlint: ignore[regex-literal] -- known",
        "# dashlint: ignore-file[regex-literal] -- known",
        "# pint ignore/file",
        "# pint file/disable promql/regexp",
    ] {
        assert_eq!(lines(comment), [(9, true), (14, false)], "{comment}");
    }
}

/// Text that is broken is told in the carrier, once it is certain that it is one of ours.
#[test]
fn broken_files_are_told_in_their_carrier() {
    let carrier = |text: &str| {
        let lines = text
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>();
        format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yml: |\n{lines}")
    };
    let found = |text: &str| {
        let found = lint_named("a.yaml", &carrier(text));
        let said = found.iter().map(|finding| {
            let start = finding.location.range.start;
            format!("{}:{} {}", start.line, start.column, finding.rule)
        });
        said.collect::<Vec<_>>()
    };
    assert_eq!(
        found("groups:\n- name: a\n  rules:\n  - expr: {a\n"),
        ["8:15 invalid-syntax"]
    );
    assert_eq!(
        found("{\"panels\": [{\"gridPos\": {}}\n"),
        ["5:32 invalid-syntax"]
    );
    assert_eq!(found("groups:\n- a: [\n"), [""; 0]);
    assert_eq!(found("// {\n{\"groups\": // of people\n1,}\n"), [""; 0]);
}

#[test]
fn the_program_says_what_it_took_each_part_for() {
    let folder = tempfile::tempdir().unwrap();
    let (text, _) = unmark(&fixture("configmap.yaml"));
    fs::write(folder.path().join("a.yaml"), text).unwrap();
    let run = |args: &[&str]| {
        let (_, out, err) = run(folder.path(), args);
        (out, err)
    };
    let (out, _) = run(&["inspect", "a.yaml"]);
    let documents: Vec<_> = out
        .lines()
        .filter(|line| line.starts_with("document"))
        .collect();
    assert_eq!(
        documents,
        [
            "document 0 (2:1): ConfigMap or Secret, because a ConfigMap",
            "document 0, /data/alerts.yml (10:5): Prometheus rules, because it has `groups` of rules",
            "document 0, /data/quoted.yml (23:16): Prometheus rules, because it has `groups` of rules",
            "document 0, /data/single.yml (24:16): Prometheus rules, because it has `groups` of rules",
            "document 1 (48:1): ConfigMap or Secret, because a Secret with plain strings",
            "document 1, /stringData/datasources.yaml (54:5): data source provisioning, because it has a list of `datasources`",
            "document 1, /stringData/nodes.json (60:5): dashboard, because it has panels",
            "document 0, /data/prometheus.yml: left alone: none of the telling keys stands in it",
            "document 0, /data/tests.yml: left alone: none of the telling keys stands in it",
            "document 0, /data/groups.yml: left alone: something else: no telling keys at its top level",
            "document 0, /data/notes.txt: left alone: it cannot be parsed (a `:` that makes this a key, where no key can stand; put the text in quotes, or check the indentation), and nothing tells it is a dashboard or a rule",
        ]
    );
    let (_, err) = run(&["--isolated", "-v", "a.yaml"]);
    assert!(
        err.contains("skipped a.yaml#/data/tests.yml: none of the telling keys"),
        "{err}"
    );
}

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
fn only(rule: &str, name: &str, text: &str) -> (String, String) {
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
    let (bytes, place) = only("invalid-promql", "rules.yaml", &text);
    assert_eq!(bytes, "(");
    assert_eq!(place, "/data/api.rules.yaml /groups/0/rules/0/expr");
    // Prometheus's own configuration beside it is broken, and none of ours.
    assert!(findings_of("invalid-syntax", &lint_named("rules.yaml", &text)).is_empty());
}

#[test]
fn provisioning_in_a_secret_in_a_list() {
    let text = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    stringData:\n      alerts.yaml: |-\n        apiVersion: 1\n        groups:\n          - orgId: 1\n            name: g\n            folder: f\n            interval: 1m\n            rules:\n              - uid: a\n                title: A\n                condition: A\n                data:\n                  - refId: A\n                    datasourceUid: prom\n                    model: {refId: A, datasource: {type: prometheus, uid: prom}, expr: 'rate(up[5m]'}\n";
    let (bytes, place) = only("invalid-promql", "list.yaml", text);
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
    let (bytes, place) = only("invalid-promql", "group.yaml", rules);
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

#[test]
fn what_a_chart_writes_into_a_dashboard_is_json() {
    let values = "datasources:\n  a.yaml:\n    apiVersion: 1\n    datasources: [{name: A, type: loki, url: 'http://loki'}]\n\
                  dashboards:\n  default:\n    api:\n      json: |\n        # the dashboard goes here\n    url: {gnetId: 1}\n";
    let found = lint_named("values.yaml", values);
    let told: Vec<_> = found
        .iter()
        .filter(|finding| finding.rule == "invalid-syntax")
        .map(|finding| finding.location.range.start.line)
        .collect();
    assert_eq!(told, [9], "{found:#?}");
    // What is rendered first may be anything.
    let values = values.replace("# the dashboard goes here", "{{ .Files.Get \"a.json\" }}");
    let found = lint_named("values.yaml", &values);
    assert!(
        found.iter().all(|finding| finding.rule != "invalid-syntax"),
        "{found:#?}"
    );
}
