//! Dashboards with thousands of one thing take a time that grows with them and not with their square: each of these took a
//! minute and more when something was looked for in a list for every entry of another.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::lint_named;

const MANY: usize = 4000;
/// Far above what is needed on a slow machine without optimization, far below what the square takes.
const LIMIT: Duration = Duration::from_secs(30);

fn each(entry: impl Fn(usize) -> Value) -> Value {
    (0..MANY).map(entry).collect()
}

fn is_quick(what: &str, panels: Value, variables: Value) {
    let dashboard = json!({
        "title": "Large",
        "schemaVersion": 39,
        "templating": { "list": variables },
        "panels": panels,
    });
    let start = Instant::now();
    let _ = lint_named("d.json", &dashboard.to_string());
    let taken = start.elapsed();
    assert!(taken < LIMIT, "{what} took {taken:?}");
}

fn with_overrides(kind: &str, matcher: &str) -> Value {
    let overrides = each(|at| {
        json!({
            "matcher": { "id": matcher, "options": format!("f{at}") },
            "properties": [{ "id": "unit", "value": "s" }],
        })
    });
    let targets = each(|at| {
        json!({
            "refId": format!("A{at}"),
            "expr": format!("sum by (a{at}) (up)"),
            "legendFormat": format!("{{{{a{at}}}}} l{at}"),
            "format": "table",
        })
    });
    json!([{
        "id": 1,
        "type": kind,
        "title": "P",
        "fieldConfig": { "defaults": {}, "overrides": overrides },
        "targets": targets,
    }])
}

#[test]
fn overrides_and_queries() {
    is_quick("by name", with_overrides("timeseries", "byName"), json!([]));
    is_quick(
        "by query",
        with_overrides("table", "byFrameRefID"),
        json!([]),
    );
}

#[test]
fn variables() {
    let variable = |at: usize, other: &str| {
        json!({
            "name": format!("v{at}"),
            "type": "query",
            "datasource": { "type": "prometheus", "uid": "p" },
            "query": format!("label_values(up{{a=\"${other}{}\"}}, x)", at + 1),
        })
    };
    is_quick("a chain", json!([]), each(|at| variable(at, "v")));
    is_quick(
        "names nobody defines",
        json!([]),
        each(|at| variable(at, "w")),
    );
}

#[test]
fn panels_that_ask_the_same() {
    let panels = each(|at| {
        json!({
            "id": at,
            "type": "stat",
            "title": format!("P{at}"),
            "fieldConfig": { "defaults": { "unit": if at % 2 == 0 { "s" } else { "ms" }, "thresholds": {
                "mode": "absolute",
                "steps": [{ "color": "green", "value": null }, { "color": "red", "value": at }],
            } }, "overrides": [] },
            "targets": [{ "refId": "A", "expr": "max(wait)" }],
        })
    });
    is_quick("one query in all panels", panels, json!([]));
}
