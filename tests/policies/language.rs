//! What can be asked, and where findings point.

use crate::{DASHBOARD, RULES, found_in, places, rule};

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

/// What conditions say of what is not there, and of lists with nothing in them.
#[test]
fn what_is_not_there_is_one_thing() {
    let holds = |condition: &str, text: &str| {
        let policy = rule(&format!("on: dashboard\nforbid: {condition}"));
        let forbidden = !places(&policy, "d.json", text).is_empty();
        let policy = rule(&format!("on: dashboard\nrequire: {condition}"));
        let required = places(&policy, "d.json", text).is_empty();
        match (forbidden, required) {
            (true, true) => "yes",
            (false, false) => "no",
            (false, true) => "unknown",
            (true, false) => "both",
        }
    };
    let of = |members: &str| {
        format!("{{ \"title\": \"x\", \"schemaVersion\": 39, {members}\"panels\": [] }}")
    };
    let texts = [
        of(""),
        of("\"tags\": null, \"links\": null, "),
        of("\"tags\": [], \"links\": [], "),
    ];
    for (condition, wanted) in [
        ("{ tags: { exists: true } }", "no"),
        ("{ tags: { exists: false } }", "yes"),
        ("{ links: { exists: true } }", "no"),
        ("{ panels: { exists: true } }", "no"),
        ("{ promql.cost: { exists: true } }", "no"),
        ("{ tags: { any: a } }", "no"),
        ("{ tags: { not: { any: a } } }", "yes"),
        ("{ tags: { all: a } }", "yes"),
        ("{ tags: { none: a } }", "yes"),
        ("{ tags: { not: { none: a } } }", "no"),
        ("{ links: { any: { url: a } } }", "no"),
        ("{ links: { all: { url: a } } }", "yes"),
        ("{ links: { none: { url: a } } }", "yes"),
        ("{ tags: { contains: a } }", "no"),
        ("{ tags: { length: 0 } }", "yes"),
        ("{ tags: { length: { min: 1 } } }", "no"),
        ("{ uid: a }", "no"),
        ("{ uid: null }", "yes"),
        ("{ uid: { not-equals: a } }", "yes"),
        ("{ uid: { not: { equals: a } } }", "yes"),
        ("{ not: { uid: a } }", "yes"),
        ("{ uid: { in: [a] } }", "no"),
        ("{ uid: { matches: '' } }", "no"),
        ("{ uid: { not: { matches: a } } }", "yes"),
        ("{ uid: { starts-with: '' } }", "no"),
        ("{ /a/b: { ends-with: a } }", "no"),
        ("{ /a/b: { not: { contains: a } } }", "yes"),
        ("{ refresh: { min: 1s } }", "unknown"),
        ("{ refresh: { not: { max: 1s } } }", "unknown"),
        ("{ not: { refresh: { max: 1s } } }", "unknown"),
        ("{ and: [{ refresh: { max: 1s } }, { uid: a }] }", "no"),
        ("{ or: [{ refresh: { max: 1s } }, { title: x }] }", "yes"),
        ("{ or: [{ refresh: { max: 1s } }, { uid: a }] }", "unknown"),
        ("{ refresh: { exists: true, max: 1s } }", "no"),
    ] {
        for text in &texts {
            assert_eq!(holds(condition, text), wanted, "{condition} {text}");
        }
    }
}

/// What is around many things is asked once, and shows in each where it is missing.
#[test]
fn what_is_around_is_the_same_for_all() {
    let text = |tags: &str| {
        format!(
            r#"{{ "title": "x", "schemaVersion": 39, {tags}"panels": [{{ "type": "text", "title": "A" }}, {{ "type": "text", "title": "B" }}] }}"#
        )
    };
    let policy = rule("on: panel\nrequire: { dashboard.tags: { contains: a } }");
    assert_eq!(places(&policy, "d.json", &text("")), ["\"A\"", "\"B\""]);
    assert_eq!(
        places(&policy, "d.json", &text(r#""tags": ["b"], "#)),
        [r#"["b"]"#]
    );
    let rules = "groups:
  - { name: a, interval: 1m, rules: [{ alert: A, expr: up }, { alert: B, expr: up }] }
  - { name: b, interval: 5m, rules: [{ alert: C, expr: up }] }
  - { name: c, rules: [{ alert: D, expr: up }] }
";
    let policy = rule("on: alert\nforbid: { group.interval: { min: 2m } }");
    assert_eq!(places(&policy, "r.yaml", rules), ["5m"]);
    let policy = rule("on: alert\nrequire: { group.interval: { exists: true } }");
    assert_eq!(places(&policy, "r.yaml", rules), ["D"]);
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
    let message = |on: &str, forbid: &str, message: &str| {
        let policy = rule(&format!("on: {on}\nforbid: {forbid}"));
        let policy = policy.replace("message: 'm'", &format!("message: '{message}'"));
        let found = found_in(&policy, "d.json", DASHBOARD);
        found.into_iter().next().unwrap().1
    };
    for (on, forbid, wanted, told) in [
        (
            "dashboard",
            "{ title: { exists: true } }",
            "{panels} panels, {tags}, {links}",
            "2 panels, prod, team:sre, (no links)",
        ),
        ("query", "{ ref-id: A }", "{promql.functions}", "irate"),
        ("query", "{ ref-id: A }", "{promql.selectors}", "1"),
        ("query", "{ ref-id: B }", "{promql.samples}", "3755"),
        (
            "panel",
            "{ thresholds: { length: 2 } }",
            "{thresholds} {/options/legend} {/fieldConfig/defaults/thresholds/steps}",
            "2 false 2",
        ),
    ] {
        assert_eq!(message(on, forbid, wanted), told, "{wanted}");
    }
    let long = DASHBOARD.replace("Checkout", &"word ".repeat(40));
    let policy = rule("on: dashboard\nforbid: { title: { exists: true } }");
    let policy = policy.replace("message: 'm'", "message: '{title}'");
    let found = found_in(&policy, "d.json", &long);
    assert_eq!(found[0].1.chars().count(), 81);
    assert!(found[0].1.ends_with('…'), "{}", found[0].1);
}

/// A policy may point at any value of a file: none that is a secret is said, and no other word is hidden for one.
#[test]
fn no_message_says_a_secret() {
    let text = r#"{
  "title": "hunter2secret", "schemaVersion": 39, "password": "hunter2secret",
  "panels": [{ "type": "text", "title": "A", "options": { "apiToken": "hunter3secret" } }]
}"#;
    for (on, body) in [
        (
            "dashboard",
            "message: '{/password}'\n    forbid: { title: { exists: true } }",
        ),
        (
            "dashboard",
            "message: '{value}'\n    forbid: { /password: { exists: true } }",
        ),
        (
            "dashboard",
            "message: m\n    help: '{value}'\n    forbid: { title: x, not: { /password: x } }",
        ),
        ("panel", "message: '{/options}'\n    forbid: { title: A }"),
        (
            "panel",
            "message: '{value}'\n    forbid: { /options: { any: { exists: true } } }",
        ),
    ] {
        let policy = format!("version: 1\nrules:\n  - id: t/r\n    on: {on}\n    {body}\n");
        for (_, message) in found_in(&policy, "d.json", text) {
            assert!(!message.contains("hunter"), "{body}: {message}");
        }
    }
    let policy = rule("on: dashboard\nforbid: { title: { exists: true } }");
    let policy = policy.replace("message: 'm'", "message: '{title} is {value}'");
    let found = found_in(&policy, "d.json", text);
    assert_eq!(found[0].1, "hunter2secret is hunter2secret");
}

/// What is written in a description for dashlint says nothing to people.
#[test]
fn comments_that_silence_are_no_description() {
    let text = |said: &str| {
        format!(
            r#"{{ "title": "T", "uid": "t", "schemaVersion": 39, "description": {said:?},
            "templating": {{ "list": [ {{ "name": "v", "type": "custom", "query": "a", "description": {said:?} }} ] }},
            "panels": [ {{ "id": 1, "type": "stat", "title": "P", "description": {said:?}, "targets": [] }} ] }}"#
        )
    };
    let comment = "<!-- dashlint: ignore[rate-on-gauge] owner: it is none -->";
    for (condition, said, told) in [
        ("{ exists: true }", comment.to_owned(), true),
        ("{ exists: true }", format!("Load {comment}"), false),
        ("{ exists: true }", "<!-- owner: me -->".to_owned(), false),
        ("{ matches: 'owner:' }", format!("Load {comment}"), true),
        (
            "{ matches: 'owner:' }",
            format!("{comment} owner: me"),
            false,
        ),
        ("Load", format!("Load {comment}"), false),
    ]
    .map(|(condition, said, told)| (condition, text(&said), told))
    {
        for on in ["dashboard", "panel", "variable"] {
            let policy = rule(&format!(
                "on: {on}\nrequire: {{ description: {condition} }}"
            ));
            let found = places(&policy, "d.json", &said);
            assert_eq!(
                !found.is_empty(),
                told,
                "{on} {condition} {said}: {found:?}"
            );
        }
    }
}
