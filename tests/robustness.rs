//! Hostile files: a finding or silence, never a crash, never seconds. Each runs on a thread with the 2 MiB stack that
//! rayon's workers have.
#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Write as _;
use std::thread;

use support::lint_named;

/// Lints on a small stack; the number of findings. A panic or an overflow fails the test.
fn survives(name: &str, text: String) -> usize {
    let name = name.to_owned();
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || lint_named(&name, &text).len())
        .unwrap()
        .join()
        .unwrap()
}

fn dashboard_with_query(query: &str) -> String {
    let panels = serde_json::json!([{
        "id": 1,
        "type": "timeseries",
        "title": "x",
        "datasource": { "type": "prometheus", "uid": "p" },
        "targets": [{ "refId": "A", "expr": query }],
    }]);
    serde_json::json!({ "title": "x", "schemaVersion": 39, "panels": panels }).to_string()
}

#[test]
fn nesting_a_million_deep() {
    let deep = 1_000_000;
    let head = "{\"title\":\"x\",\"schemaVersion\":39,\"templating\":";
    assert!(survives("a.json", format!("{head}{}", "[".repeat(deep))) >= 1);
    assert!(survives("a.json", format!("{head}{}", "{\"panels\":".repeat(deep))) >= 1);
    survives(
        "a.json",
        format!("{head}{}{}}}", "[".repeat(deep), "]".repeat(deep)),
    );
    survives("a.yaml", format!("groups:\n{}", "- ".repeat(deep)));
    survives("a.yaml", format!("groups: {}", "[".repeat(deep)));
    survives("a.yaml", format!("groups: {}", "{a: ".repeat(deep)));
    survives("a.yaml", format!("groups:\n{}", "? ".repeat(deep)));
}

#[test]
fn queries_a_million_deep() {
    for query in [
        "(".repeat(1_000_000),
        format!("{}1{}", "(".repeat(500_000), ")".repeat(500_000)),
        "sum(".repeat(300_000),
        "-".repeat(1_000_000),
        format!("1{}", "+1".repeat(40_000)),
        format!("foo{}", " or foo".repeat(40_000)),
        format!("2{}", "^2".repeat(40_000)),
        format!("foo{{{}}}", "a=\"b\",".repeat(100_000)),
        "[".repeat(1_000_000),
        "{".repeat(1_000_000),
        "${".repeat(500_000),
        "$a".repeat(500_000),
        format!("foo{{a=~\"{}\"}}", "(".repeat(200_000)),
        format!("foo{{a=~\"{}\"}}", "(?:\\\\pL{1,50}){1,20}".repeat(100)),
        format!("\"{}\"", "\\\\".repeat(500_000)),
        "label_values(".repeat(100_000),
        "foo[1e30]".to_owned(),
        "foo offset NaN".to_owned(),
    ] {
        survives("a.json", dashboard_with_query(&query));
    }
}

#[test]
fn alias_bombs_and_cycles() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..26u8 {
        let (this, before) = ((b'a' + level) as char, (b'a' + level - 1) as char);
        writeln!(
            bomb,
            "{this}: &{this} [{}]",
            vec![format!("*{before}"); 9].join(", ")
        )
        .unwrap();
    }
    bomb.push_str("groups: *z\nrules: *z\nexpr: *z\n");
    survives("a.yaml", bomb);
    survives(
        "a.yaml",
        "groups: &a\n  - name: *a\n    rules: *a\n    expr: *a\n".to_owned(),
    );
    survives(
        "a.yaml",
        "groups: &a\n  <<: *a\n  rules:\n    - expr: x\n".to_owned(),
    );
    survives(
        "a.yaml",
        "a: &a {<<: [*b, *b]}\nb: &b {<<: [*a, *a]}\ngroups: *a\nrules: []\nexpr: x\n".to_owned(),
    );
}

/// One large object that a file names many thousand times.
#[test]
fn large_objects_behind_many_aliases() {
    let mut base = String::from("base: &b {");
    for number in 0..20_000 {
        write!(base, "k{number}: {number}, ").unwrap();
    }
    base.push_str("}\n");
    let many = |line: &str| line.repeat(40_000);
    for text in [
        format!(
            "{base}groups:\n- name: a\n  rules:\n{}",
            many("  - {<<: *b}\n")
        ),
        format!("{base}groups:\n- name: a\n  rules:\n{}", many("  - *b\n")),
        format!("{base}groups:\n{}", many("- {name: a, <<: [*b, *b, *b]}\n")),
        format!(
            "{base}l: &l {{<<: [{}]}}\ngroups:\n- name: a\n  rules:\n{}",
            many("*b, "),
            many("  - {<<: [*l, *l, *l]}\n")
        ),
    ] {
        survives("a.yaml", text);
    }
}

/// Rows in rows of a v2 layout, each ten times by an alias.
#[test]
fn alias_bombs_of_layouts() {
    let mut text = String::from(
        "title: Bomb\ntimeSettings: {}\nelements: {p: {kind: Panel, spec: {id: 1, vizConfig: {group: stat}}}}\nl0: &l0 {kind: GridLayout, spec: {items: [{spec: {element: {name: p}}}]}}\n",
    );
    for level in 1..20 {
        let row = format!("{{spec: {{title: a, layout: *l{}}}}}", level - 1);
        let key = if level % 2 == 0 { "rows" } else { "tabs" };
        let rows = vec![row; 10].join(", ");
        writeln!(text, "l{level}: &l{level} {{spec: {{{key}: [{rows}]}}}}").unwrap();
    }
    text.push_str("layout: *l15\n");
    survives("a.yaml", text);
}

#[test]
fn twenty_thousand_panels_on_one_line() {
    let mut panels = String::new();
    for id in 0..20_000 {
        let comma = if id == 0 { "" } else { "," };
        write!(
            panels,
            r#"{comma}{{"id":{id},"type":"stat","title":"$undefined_{id} ${{no{id}}}","targets":[{{"expr":"up{{a=\"$x{id}\"}}"}}]}}"#
        )
        .unwrap();
    }
    let text = format!(r#"{{"title":"x","schemaVersion":39,"panels":[{panels}]}}"#);
    assert!(survives("a.json", text) >= 20_000);
}

#[test]
fn odd_bytes() {
    for text in [
        String::new(),
        "\0".to_owned(),
        "\u{feff}".to_owned(),
        "{\"panels\":[\0],\"schemaVersion\":1}".to_owned(),
        "{\"panels\":[],\"schemaVersion\":1".to_owned(),
        "{\"panels\":[{\"type\":\"\\ud800\",\"targets\":[{\"expr\":\"\\ud800\"}]}],\"schemaVersion\":1}".to_owned(),
        "\u{feff}{\"panels\":[],\"schemaVersion\":1,}".to_owned(),
        "groups:\r\n- name: x\r\n  rules:\r\n  - expr: |\r\n      x\r\n      y\r\n".to_owned(),
        "groups:\n\t- rules:\n\t  - expr: x\n".to_owned(),
        format!("{{\"panels\":[],\"schemaVersion\":1{}}}", ",".repeat(100_000)),
        format!("groups:\n{}  - name: x\n    rules:\n      - expr: up\n", "# c\n".repeat(2_000)),
    ] {
        survives("a.json", text.clone());
        survives("a.yaml", text);
    }
}

#[test]
fn two_thousand_comment_lines_lose_nothing() {
    let text = format!(
        "groups:\n- name: x\n  rules:\n{}  - alert: X\n    expr: up{{a=\"$x\"}}\n",
        "  # a comment\n".repeat(2_000)
    );
    let found = lint_named("a.yaml", &text);
    assert!(
        found
            .iter()
            .any(|finding| finding.rule == "variable-in-alert"),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|finding| finding.rule == "invalid-syntax"),
        "{found:?}"
    );
}

#[test]
fn wide_objects() {
    let mut text = String::from("{\"title\":\"x\",\"schemaVersion\":39,\"panels\":[]");
    for key in 0..300_000 {
        write!(text, ",\"k{}\":1", key % 150_000).unwrap();
    }
    text.push('}');
    assert!(survives("a.json", text) >= 1);
}

/// Files of provisioning and alerting with one thing many thousand times. No time is taken: whoever walks all of it for each would
/// not come back for minutes.
#[test]
fn one_thing_many_thousand_times() {
    let many = |most: usize, line: fn(usize) -> String| (0..most).map(line).collect::<String>();
    let rule = "apiVersion: 1\ngroups:\n- name: g\n  folder: f\n  interval: 1m\n  rules:\n  - uid: u\n    title: t\n    condition: E1\n";
    let receiver = "apiVersion: 1\ncontactPoints:\n- name: r\n  receivers:\n  - uid: u\n    type: slack\n    settings:\n";
    for (name, text) in [
        (
            "keys of a data source",
            format!(
                "apiVersion: 1\ndatasources:\n- name: a\n  type: prometheus\n  jsonData: {{}}\n{}",
                many(40_000, |at| format!("  k{at}: 1\n"))
            ),
        ),
        (
            "one misspelt key",
            format!(
                "apiVersion: 1\ndatasources:\n- name: a\n  type: prometheus\n{}",
                many(20_000, |_| "  isDefalt: 1\n".to_owned())
            ),
        ),
        (
            "headers",
            format!(
                "apiVersion: 1\ndatasources:\n- name: a\n  type: prometheus\n  jsonData:\n{}  secureJsonData:\n{}",
                many(10_000, |at| format!("    httpHeaderName{at}: X\n")),
                many(10_000, |at| format!("    httpHeaderValue{at}: x\n"))
            ),
        ),
        (
            "data sources",
            format!(
                "apiVersion: 1\ndatasources:\n{}",
                many(20_000, |at| format!(
                    "- {{name: a{at}, type: loki, url: 'http://{at}'}}\n"
                ))
            ),
        ),
        (
            "providers",
            format!(
                "apiVersion: 1\nproviders:\n{}",
                many(20_000, |at| format!(
                    "- {{name: p{at}, options: {{path: /a/{at}}}}}\n"
                ))
            ),
        ),
        (
            "settings of a receiver",
            format!(
                "{receiver}{}",
                many(40_000, |at| format!("      k{at}: 1\n"))
            ),
        ),
        (
            "secrets of a receiver",
            format!(
                "{receiver}{}",
                many(20_000, |at| format!("      token{at}: hunter{at}\n"))
            ),
        ),
        (
            "words of a template",
            format!(
                "{rule}    data: [{}]\n    annotations:\n      summary: '{}'\n",
                many(5_000, |at| format!("{{refId: A{at}, model: {{}}}},")),
                many(5_000, |at| format!("{{{{ $values.B{at} }}}}"))
            ),
        ),
        (
            "tables of an expression",
            format!(
                "{rule}    data: [{{refId: E1, datasourceUid: __expr__, model: {{type: sql, expression: 'with {} select 1'}}}}]\n",
                many(20_000, |at| format!("c{at} as (select * from c{at}),"))
            ),
        ),
        (
            "documents",
            many(10_000, |at| {
                format!(
                    "---\napiVersion: v1\nkind: ConfigMap\ndata:\n  d.json: '{{\"panels\": [], \"schemaVersion\": 1, \"uid\": \"{at}\"}}'\n"
                )
            }),
        ),
        (
            "variables of containers",
            format!(
                "services:\n  g:\n    image: grafana/grafana\n    environment:\n{}",
                many(20_000, |at| format!("    - GF_X{at}_PASSWORD=p{at}\n"))
            ),
        ),
    ] {
        let covered = dashlint::report::secrets::masked(&text).len();
        assert_eq!(covered, text.len(), "{name}");
        survives("provisioning/alerting/a.yaml", text);
    }
}

/// One panel with as many queries, and as many variables.
#[test]
fn queries_of_one_panel_by_the_thousand() {
    let targets: Vec<_> = (0..20_000)
        .map(|at| serde_json::json!({ "refId": format!("A{at}"), "expr": format!("rate(a{at}[1m])") }))
        .collect();
    let panel =
        serde_json::json!([{ "id": 1, "type": "timeseries", "title": "x", "targets": targets }]);
    let text = serde_json::json!({ "title": "x", "schemaVersion": 39, "panels": panel });
    survives("a.json", text.to_string());
    let variables: Vec<_> = (0..10_000)
        .map(|at| serde_json::json!({ "name": format!("v{at}"), "type": "query", "query": format!("label_values(up{{a=\"$v{at}\"}}, x)") }))
        .collect();
    let text = serde_json::json!({ "title": "x", "schemaVersion": 39, "panels": [], "templating": { "list": variables } });
    survives("a.json", text.to_string());
}
