//! Where grafana/dashboard-linter v0.2.0 is wrong, and what is right: each case was seen with its own program. And its
//! `.lint` files.

#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod lint_files;

use dashlint::diagnostic::Diagnostic;
use support::lint_named;
use support::run::run;

/// A dashboard with these variables and panels.
fn dashboard(variables: &str, panels: &str) -> String {
    format!(
        r#"{{"title": "API", "schemaVersion": 39, "templating": {{"list": [{variables}]}}, "panels": [{panels}]}}"#
    )
}

/// A panel of this type with one query.
fn panel(kind: &str, source: &str, expr: &str) -> String {
    let expr = expr.replace('\\', r"\\").replace('"', "\\\"");
    format!(
        r#"{{"id": 1, "type": "{kind}", "title": "P", "datasource": {source}, "targets": [{{"refId": "A", "datasource": {source}, "expr": "{expr}"}}]}}"#
    )
}

const PROMETHEUS: &str = r#"{"type": "prometheus", "uid": "prom"}"#;
const LOKI: &str = r#"{"type": "loki", "uid": "loki"}"#;
const EXPRESSION: &str = r#"{"type": "__expr__", "uid": "__expr__"}"#;
const LOKI_VARIABLE: &str = r#"{"name": "loki_datasource", "type": "datasource", "query": "loki"}"#;
const PROMETHEUS_VARIABLE: &str =
    r#"{"name": "datasource", "type": "datasource", "query": "prometheus"}"#;
const JOB: &str = r#"{"name": "job", "type": "query", "datasource": {"type": "prometheus", "uid": "${datasource}"}, "query": "label_values(up, job)", "multi": true, "includeAll": true, "allValue": ".+", "refresh": 2}"#;

fn found(text: &str, rule: &str) -> usize {
    lint_named("d.json", text)
        .iter()
        .filter(|finding| finding.rule == rule)
        .count()
}

fn in_panel(kind: &str, source: &str, expr: &str, rule: &str) -> usize {
    found(&dashboard("", &panel(kind, source, expr)), rule)
}

#[test]
fn a_query_is_checked_without_a_data_source_variable() {
    assert_eq!(
        in_panel(
            "timeseries",
            PROMETHEUS,
            "sum(rate(x[5m])",
            "invalid-promql"
        ),
        1
    );
}

#[test]
fn a_query_of_another_data_source_is_no_promql() {
    for (source, text) in [
        (LOKI, r#"{app="api"} |= "x" | json"#),
        (EXPRESSION, "$A + "),
    ] {
        let text = dashboard(PROMETHEUS_VARIABLE, &panel("timeseries", source, text));
        assert_eq!(found(&text, "invalid-promql"), 0);
    }
}

#[test]
fn the_first_data_source_variable_does_not_decide_for_all() {
    let text = dashboard(
        LOKI_VARIABLE,
        &panel("timeseries", PROMETHEUS, "sum(rate(x[5m]))"),
    );
    assert_eq!(found(&text, "invalid-logql"), 0);
    let text = dashboard(
        LOKI_VARIABLE,
        &panel("timeseries", PROMETHEUS, "sum(rate(x[5m]"),
    );
    assert_eq!(found(&text, "invalid-promql"), 1);
}

#[test]
fn every_type_of_panel_has_its_queries_checked() {
    for kind in [
        "graph",
        "barchart",
        "bargauge",
        "heatmap",
        "piechart",
        "histogram",
    ] {
        assert_eq!(
            in_panel(kind, PROMETHEUS, "sum(x", "invalid-promql"),
            1,
            "{kind}"
        );
    }
    assert_eq!(
        in_panel("logs", LOKI, r#"{app="api"} |= "x"#, "invalid-logql"),
        1
    );
}

#[test]
fn a_logql_error_is_said_once() {
    assert_eq!(
        in_panel(
            "timeseries",
            LOKI,
            r#"sum(rate({app="api"}[5m])"#,
            "invalid-logql"
        ),
        1
    );
}

#[test]
fn experimental_functions_are_no_errors() {
    assert_eq!(
        in_panel(
            "timeseries",
            PROMETHEUS,
            "mad_over_time(x[5m])",
            "invalid-promql"
        ),
        0
    );
}

#[test]
fn the_whole_query_of_a_variable_is_checked() {
    let variable = |query: &str| {
        let query = query.replace('"', "\\\"");
        dashboard(
            &format!(
                r#"{{"name": "v", "type": "query", "datasource": {PROMETHEUS}, "query": "{query}"}}"#
            ),
            "",
        )
    };
    assert_eq!(
        found(
            &variable("label_values(up{..} }}}, job)"),
            "invalid-variable-query"
        ),
        1
    );
    assert_eq!(
        found(&variable("label_names()"), "invalid-variable-query"),
        0
    );
    assert_eq!(
        found(&variable("label_values(up, job)"), "invalid-variable-query"),
        0
    );
}

#[test]
fn a_variable_of_another_data_source_is_left_alone() {
    let variable = format!(
        r#"{PROMETHEUS_VARIABLE}, {{"name": "v", "type": "query", "datasource": {{"type": "mysql", "uid": "m"}}, "query": "SELECT (1)"}}"#
    );
    assert_eq!(
        found(&dashboard(&variable, ""), "invalid-variable-query"),
        0
    );
}

fn with_unit(defaults: &str, overrides: &str) -> String {
    dashboard(
        "",
        &format!(
            r#"{{"id": 1, "type": "timeseries", "title": "P", "fieldConfig": {{"defaults": {{{defaults}}}, "overrides": [{overrides}]}}}}"#
        ),
    )
}

#[test]
fn neither_empty_mappings_nor_an_override_hide_an_unknown_unit() {
    assert_eq!(
        found(
            &with_unit(r#""unit": "byts", "mappings": []"#, ""),
            "unknown-unit"
        ),
        1
    );
    let other = r#"{"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "unit", "value": "s"}]}"#;
    assert_eq!(
        found(&with_unit(r#""unit": "byts""#, other), "unknown-unit"),
        1
    );
}

#[test]
fn new_and_custom_units_are_known() {
    for unit in [
        "candela",
        "rotmhz",
        "suffix:req",
        "currency:EUR",
        "si:Wh",
        "time:YYYY",
    ] {
        let text = with_unit(&format!(r#""unit": "{unit}""#), "");
        assert_eq!(found(&text, "unknown-unit"), 0, "{unit}");
    }
}

#[test]
fn an_increase_over_a_fixed_range_and_every_place_are_seen() {
    let text = dashboard(
        "",
        &panel(
            "timeseries",
            PROMETHEUS,
            "increase(x[5m]) + rate(y[2m]) + rate(z[3m])",
        ),
    );
    let findings = lint_named("d.json", &text);
    let fixed: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| finding.rule == "fixed-interval")
        .collect();
    assert_eq!(fixed.len(), 1);
    assert_eq!(fixed[0].related.len(), 2, "the other two places are shown");
}

#[test]
fn one_auto_does_not_excuse_another_range() {
    let query = r#"sum(rate({app="a"}[$__auto])) / sum(rate({app="a"}[5m]))"#;
    assert_eq!(in_panel("timeseries", LOKI, query, "fixed-interval"), 1);
    for fine in ["$__interval", "$__range", "$__auto"] {
        let query = format!(r#"sum(rate({{app="a"}}[{fine}]))"#);
        assert_eq!(
            in_panel("timeseries", LOKI, &query, "fixed-interval"),
            0,
            "{fine}"
        );
    }
}

#[test]
fn a_matcher_counts_however_it_is_written() {
    for matcher in [
        r#"job=~"$job""#,
        r#"job=~"${job}""#,
        r#"job=~"[[job]]""#,
        r#"job =~ '${job:regex}'"#,
        r#"job=~"(${job:pipe})""#,
    ] {
        let text = dashboard(
            &format!("{PROMETHEUS_VARIABLE}, {JOB}"),
            &panel("timeseries", PROMETHEUS, &format!("up{{{matcher}}}")),
        );
        assert_eq!(found(&text, "selector-without-job"), 0, "{matcher}");
    }
    let text = dashboard(
        &format!("{PROMETHEUS_VARIABLE}, {JOB}"),
        &panel("timeseries", PROMETHEUS, r#"up{job=~"api"}"#),
    );
    assert_eq!(found(&text, "selector-without-job"), 1);
}

#[test]
fn a_data_source_that_is_none_or_a_variable_in_any_form_is_not_fixed() {
    let sources = [
        "null",
        r#""-- Mixed --""#,
        r#""-- Dashboard --""#,
        r#""$datasource""#,
        r#""[[datasource]]""#,
        r#"{"type": "prometheus", "uid": "${datasource:raw}"}"#,
    ];
    for source in sources {
        let text = dashboard(PROMETHEUS_VARIABLE, &panel("timeseries", source, "up"));
        assert_eq!(found(&text, "hard-coded-data-source"), 0, "{source}");
        assert_eq!(found(&text, "data-source-by-name"), 0, "{source}");
    }
    let text = dashboard(PROMETHEUS_VARIABLE, &panel("gauge", PROMETHEUS, "up"));
    assert_eq!(
        found(&text, "hard-coded-data-source"),
        1,
        "of every type of panel"
    );
}

#[test]
fn an_undefined_variable_is_no_text() {
    let text = dashboard("", &panel("timeseries", PROMETHEUS, r#"up{job="$job"}"#));
    assert_eq!(found(&text, "undefined-variable"), 1);
}

#[test]
fn a_saved_choice_changes_no_verdict() {
    let variable = |value: &str| {
        format!(
            r#"{{"name": "q", "type": "textbox", "query": "", "current": {{"value": {value}}}}}"#
        )
    };
    for value in [r#""up""#, r#""sum(""#, r#"["$__all"]"#, "[]"] {
        let text = dashboard(
            &variable(value),
            &panel("timeseries", PROMETHEUS, "sum($q)"),
        );
        assert_eq!(found(&text, "invalid-promql"), 0, "{value}");
    }
}

#[test]
fn one_odd_field_does_not_cost_the_file() {
    let broken = panel("timeseries", PROMETHEUS, "sum(x");
    for variable in [
        r#"{"name": "g", "type": "groupby"}"#,
        r#"{"name": "s", "type": "switch"}"#,
        r#"{"name": "c", "type": "constant", "query": 5}"#,
        r#"{"name": "q", "type": "query", "refresh": true}"#,
        r#"{"name": "q", "type": "query", "query": {"query": {}}}"#,
    ] {
        assert_eq!(
            found(&dashboard(variable, &broken), "invalid-promql"),
            1,
            "{variable}"
        );
    }
    let null = r#"{"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "unit", "value": null}]}"#;
    assert_eq!(
        found(&with_unit(r#""unit": "byts""#, null), "unknown-unit"),
        1
    );
}

#[test]
fn wrapped_dashboards_are_looked_into() {
    let inner = dashboard("", &panel("timeseries", PROMETHEUS, "sum(x"));
    for text in [
        format!(r#"{{"dashboard": {inner}, "meta": {{}}}}"#),
        format!(
            r#"{{"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard", "metadata": {{"name": "d"}}, "spec": {inner}}}"#
        ),
        format!(
            r#"{{"apiVersion": "dashboard.grafana.app/v0alpha1", "kind": "Dashboard", "metadata": {{"name": "d"}}, "spec": {inner}}}"#
        ),
    ] {
        assert_eq!(found(&text, "invalid-promql"), 1, "{text}");
    }
}

#[test]
fn a_panel_with_an_empty_list_of_targets_asks_for_nothing() {
    let panel = r#"{"id": 1, "type": "timeseries", "title": "P", "targets": []}"#;
    assert_eq!(found(&dashboard("", panel), "panel-without-targets"), 1);
}

#[test]
fn a_counter_with_matchers_is_one_too_and_may_be_counted() {
    let rule = "raw-counter-in-graph";
    let of = |expr: &str| in_panel("timeseries", PROMETHEUS, expr, rule);
    assert_eq!(of(r#"sum(http_requests_total{job=~"$job"})"#), 1);
    for fine in [
        "resets(http_requests_total[1h])",
        "changes(http_requests_total[1h])",
        "absent(http_requests_total)",
        "count(http_requests_total)",
        "timestamp(http_requests_total)",
        r#"rate(http_requests_total{job="api"}[5m])"#,
    ] {
        assert_eq!(of(fine), 0, "{fine}");
    }
}

#[test]
fn a_dashboard_may_be_changed_unless_it_says_otherwise() {
    let with = |editable: &str| {
        format!(r#"{{"title": "API", "schemaVersion": 39, {editable} "panels": []}}"#)
    };
    assert_eq!(found(&with(""), "editable-dashboard"), 1);
    assert_eq!(
        found(&with(r#""editable": true,"#), "editable-dashboard"),
        1
    );
    assert_eq!(
        found(&with(r#""editable": false,"#), "editable-dashboard"),
        0
    );
}

/// The exit code of a run.
fn code(folder: &std::path::Path, args: &[&str]) -> i32 {
    run(folder, &[&["--isolated", "--quiet"], args].concat()).0
}

#[test]
fn errors_are_told_by_the_exit_code_and_any_number_of_files_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let broken = dashboard("", &panel("stat", PROMETHEUS, "sum(x"));
    let fine = dashboard("", &panel("stat", PROMETHEUS, "sum(x)"));
    std::fs::write(folder.path().join("broken.json"), broken).unwrap();
    std::fs::write(folder.path().join("fine.json"), &fine).unwrap();
    std::fs::write(folder.path().join("too.json"), fine).unwrap();
    let select = ["--select", "invalid-promql"];
    let with = |files: &[&str]| code(folder.path(), &[&select[..], files].concat());
    assert_eq!(with(&["broken.json"]), 1);
    assert_eq!(with(&["fine.json", "too.json"]), 0);
    assert_eq!(with(&["fine.json", "broken.json"]), 1);
    assert_eq!(with(&[]), 1, "without a file the folder is looked at");
}
