//! A file of each kind in which every key Grafana reads stands, and nothing is wrong.

use serde_json::{Value, json};

/// The files, by name. Each has lists of two kinds, so that it is known by the other one when one is misspelt.
pub(crate) fn files() -> Vec<(&'static str, Value)> {
    vec![
        ("rules", rules()),
        ("contact points and policies", contact_points()),
        ("mute timings and templates", mute_timings()),
        (
            "resource of rules",
            operator("GrafanaAlertRuleGroup", rule_group()),
        ),
        (
            "resource of a contact point",
            operator("GrafanaContactPoint", contact_point()),
        ),
        (
            "resource of receivers",
            operator("GrafanaContactPoint", receivers()),
        ),
        (
            "resource of policies",
            operator("GrafanaNotificationPolicy", policy()),
        ),
        (
            "resource of a mute timing",
            operator("GrafanaMuteTiming", mute_timing()),
        ),
        (
            "resource of a template",
            operator("GrafanaNotificationTemplate", template()),
        ),
    ]
}

fn rules() -> Value {
    json!({
        "apiVersion": 1,
        "groups": [{
            "orgId": 1,
            "name": "api",
            "folder": "API",
            "interval": "1m",
            "rules": [
                {
                    "uid": "api-slow",
                    "title": "API is slow",
                    "condition": "D",
                    "data": data(),
                    "dashboardUid": "api",
                    "panelId": 2,
                    "noDataState": "NoData",
                    "execErrState": "Error",
                    "for": "5m",
                    "keepFiringFor": "10m",
                    "missing_series_evals_to_resolve": 2,
                    "annotations": { "summary": "slow" },
                    "labels": { "severity": "warning" },
                    "isPaused": false,
                    "notification_settings": {
                        "receiver": "on-call",
                        "group_by": ["alertname"],
                        "group_wait": "30s",
                        "group_interval": "5m",
                        "repeat_interval": "4h",
                        "mute_time_intervals": ["nights"],
                        "active_time_intervals": ["days"]
                    }
                },
                {
                    "uid": "api-latency",
                    "title": "Latency of the API",
                    "data": data(),
                    "record": { "metric": "api:latency", "from": "B", "targetDatasourceUid": "mimir" }
                },
                {
                    "uid": "api-old",
                    "title": "API is slow, as of old",
                    "condition": "B",
                    "data": [query("A"), expression("B", json!({
                        "type": "classic_conditions",
                        "conditions": [{
                            "type": "query",
                            "evaluator": { "type": "gt", "params": [1] },
                            "operator": { "type": "and" },
                            "query": { "params": ["A"] },
                            "reducer": { "type": "avg", "params": [] }
                        }]
                    }))]
                }
            ]
        }],
        "deleteRules": [{ "orgId": 1, "uid": "api-gone" }]
    })
}

fn data() -> Value {
    json!([
        query("A"),
        expression(
            "B",
            json!({
                "type": "reduce",
                "expression": "A",
                "reducer": "last",
                "settings": { "mode": "replaceNN", "replaceWithValue": 0 }
            })
        ),
        expression("C", json!({ "type": "math", "expression": "$B * 1000" })),
        expression(
            "D",
            json!({
                "type": "threshold",
                "expression": "C",
                "conditions": [{
                    "evaluator": { "type": "within_range", "params": [10, 20] },
                    "unloadEvaluator": { "type": "lt", "params": [5] }
                }]
            })
        ),
        expression(
            "E",
            json!({
                "type": "resample",
                "expression": "A",
                "window": "1m",
                "downsampler": "mean",
                "upsampler": "fillna"
            })
        ),
        expression(
            "F",
            json!({ "type": "sql", "expression": "SELECT * FROM A", "format": "alerting" })
        )
    ])
}

fn query(name: &str) -> Value {
    json!({
        "refId": name,
        "queryType": "",
        "relativeTimeRange": { "from": 600, "to": 0 },
        "datasourceUid": "prometheus-main",
        "model": { "refId": name, "expr": "api:latency_seconds:p99" }
    })
}

fn expression(name: &str, mut model: Value) -> Value {
    model["refId"] = json!(name);
    json!({ "refId": name, "datasourceUid": "__expr__", "model": model })
}

fn contact_points() -> Value {
    json!({
        "apiVersion": 1,
        "contactPoints": [{
            "orgId": 1,
            "name": "on-call",
            "receivers": [
                {
                    "uid": "on-call-mail",
                    "type": "email",
                    "settings": { "addresses": "on-call@acme.io", "singleEmail": true, "subject": "{{ .Status }}" },
                    "disableResolveMessage": false
                },
                {
                    "uid": "on-call-hook",
                    "type": "webhook",
                    "settings": {
                        "url": "https://hooks.acme.io/alerts",
                        "httpMethod": "POST",
                        "maxAlerts": 10,
                        "payload": { "template": "{{ .Status }}" },
                        "tlsConfig": { "insecureSkipVerify": false }
                    }
                }
            ]
        }],
        "deleteContactPoints": [{ "orgId": 1, "uid": "gone" }],
        "policies": [{
            "orgId": 1,
            "receiver": "on-call",
            "group_by": ["alertname"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [{
                "receiver": "on-call",
                "group_by": ["..."],
                "matchers": ["severity = critical"],
                "object_matchers": [["team", "=~", "db|api"]],
                "match": { "site": "a" },
                "match_re": { "zone": "b.*" },
                "continue": true,
                "mute_time_intervals": ["nights"],
                "active_time_intervals": ["days"],
                "group_wait": "1m",
                "group_interval": "10m",
                "repeat_interval": "1d",
                "routes": [{ "receiver": "on-call", "matchers": ["team = db"] }]
            }]
        }],
        "resetPolicies": [2]
    })
}

fn mute_timings() -> Value {
    json!({
        "apiVersion": 1,
        "muteTimes": [{ "orgId": 1, "name": "nights", "time_intervals": [interval()] }],
        "deleteMuteTimes": [{ "orgId": 1, "name": "gone" }],
        "templates": [{
            "orgId": 1,
            "name": "mail",
            "template": "{{ define \"mail.title\" }}{{ .Status }}{{ end }}"
        }],
        "deleteTemplates": [{ "orgId": 1, "name": "gone" }]
    })
}

fn interval() -> Value {
    json!({
        "times": [{ "start_time": "00:00", "end_time": "06:00" }],
        "weekdays": ["monday:friday"],
        "days_of_month": ["1:5"],
        "months": ["january"],
        "years": ["2026"],
        "location": "Europe/Berlin"
    })
}

fn operator(kind: &str, mut spec: Value) -> Value {
    spec["instanceSelector"] = json!({ "matchLabels": { "dashboards": "main" } });
    spec["resyncPeriod"] = json!("10m");
    spec["allowCrossNamespaceImport"] = json!(true);
    json!({
        "apiVersion": "grafana.integreatly.org/v1beta1",
        "kind": kind,
        "metadata": { "name": "main" },
        "spec": spec
    })
}

fn rule_group() -> Value {
    json!({
        "name": "api",
        "folderRef": "api",
        "interval": "1m0s",
        "editable": true,
        "rules": [{
            "uid": "api-slow",
            "title": "API is slow",
            "condition": "D",
            "data": data(),
            "noDataState": "NoData",
            "execErrState": "Error",
            "for": "5m0s",
            "keepFiringFor": "10m0s",
            "annotations": { "summary": "slow" },
            "labels": { "severity": "warning" },
            "isPaused": false,
            "notificationSettings": { "receiver": "on-call", "group_by": ["alertname"], "group_wait": "30s" }
        }]
    })
}

fn contact_point() -> Value {
    json!({
        "name": "on-call",
        "type": "slack",
        "settings": { "recipient": "#on-call", "username": "Grafana" },
        "disableResolveMessage": true,
        "valuesFrom": [{
            "targetPath": "token",
            "valueFrom": { "secretKeyRef": { "name": "slack", "key": "token" } }
        }]
    })
}

fn receivers() -> Value {
    json!({
        "name": "on-call",
        "editable": true,
        "receivers": [{
            "uid": "on-call-mail",
            "type": "email",
            "settings": { "addresses": "on-call@acme.io" },
            "disableResolveMessage": true
        }]
    })
}

fn policy() -> Value {
    json!({
        "editable": true,
        "route": {
            "receiver": "on-call",
            "group_by": ["alertname"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [{
                "receiver": "on-call",
                "continue": true,
                "matchers": [{ "name": "severity", "value": "critical", "isRegex": false, "isEqual": true }],
                "object_matchers": [["team", "=", "db"]],
                "mute_time_intervals": ["nights"],
                "routeSelector": { "matchLabels": { "team": "db" } }
            }]
        }
    })
}

fn mute_timing() -> Value {
    json!({ "name": "nights", "editable": false, "time_intervals": [interval()] })
}

fn template() -> Value {
    json!({
        "name": "mail",
        "editable": false,
        "template": "{{ define \"mail.title\" }}{{ .Status }}{{ end }}"
    })
}
