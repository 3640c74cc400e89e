//! What files are taken for: every file of the corpus against its manifest, and files that are none of ours.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use dashlint::model::{Loaded, SkipReason, load};
use dashlint::source::Source;
use dashlint::source::kind::DocKind;
use support::corpus::manifest;

/// Every kind that stands in a file, in order; of one that is left alone, why.
fn kinds(name: &str, text: &str) -> Result<Vec<DocKind>, SkipReason> {
    match load(Arc::new(Source::new(name, None, text)), false) {
        Loaded::Parsed(file) => Ok(file.documents.iter().map(|info| info.kind).collect()),
        Loaded::Skipped(reason) => Err(reason),
    }
}

/// What a manifest's kind and note are in our words; `None` for kinds that this test does not look at.
fn ours(kind: &str, note: &str) -> Option<&'static [DocKind]> {
    use DocKind::*;
    let note = note.split(';').next().unwrap_or_default();
    if let Some(operator) = note.strip_prefix("operator:") {
        return Some(match operator {
            "GrafanaDashboard" => &[OperatorDashboard],
            "GrafanaDatasource" => &[OperatorDataSource],
            "GrafanaAlertRuleGroup"
            | "GrafanaContactPoint"
            | "GrafanaMuteTiming"
            | "GrafanaNotificationPolicy"
            | "GrafanaNotificationPolicyRoute"
            | "GrafanaNotificationTemplate" => &[OperatorAlerting],
            _ => &[OperatorResource],
        });
    }
    Some(match (kind, note) {
        ("dashboard-v1", _) => &[Dashboard, ApiDashboard],
        ("dashboard-v2", _) => &[DashboardV2],
        ("dashboard-k8s", _) => &[ResourceDashboard],
        ("prom-rules", _) => &[PrometheusRules],
        ("prometheusrule-crd", _) => &[RuleResource],
        ("datasources", _) => &[DataSources],
        ("dashboard-providers", _) => &[DashboardProviders],
        ("grafana-alerting" | "contact-points" | "policies", _) => &[GrafanaAlerting],
        ("configmap", "ConfigMapList") => &[ResourceList],
        ("configmap", _) | (_, "Secret/ConfigMap with provisioning") => &[ConfigMap],
        (_, "legacy-notifiers") => &[Notifiers],
        ("other", "rules-nested") => &[PrometheusRules],
        ("other", note) if note.starts_with("embedded-dashboards") => &[Dashboard],
        _ => return None,
    })
}

/// Files whose kind is not the manifest's, and why that is right.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "gcx/internal/linter/testdata/alertrules/missing-runbook.json",
        "an AlertRule of rules.alerting.grafana.app/v0alpha1, which no release of Grafana settled",
    ),
    (
        "dashboards/test-configs/broken-configs/commented.yaml",
        "a comment and no more",
    ),
    (
        "dashboards/testdata/test-configs/version-0/version-0.yaml",
        "the bare list of Grafana 5's betas: outside of a provisioning folder nothing tells it",
    ),
    (
        "datasources/testdata/broken-yaml/commented.yaml",
        "a comment and no more",
    ),
    (
        "dashboard-crossplane/contact-point-email-receiver.yaml",
        "a resource of Crossplane: Terraform's arguments, not Grafana's file",
    ),
    (
        "dashboard-crossplane/notification-policy-policy.yaml",
        "a resource of Crossplane: Terraform's arguments, not Grafana's file",
    ),
    (
        "manifests/setup/0prometheusruleCustomResourceDefinition.yaml",
        "the definition of the resource: its rules are a schema",
    ),
    (
        "grafana_apps_generic_resource/folder.yaml",
        "a folder that dashboards may name, which the manifest does not look for",
    ),
    (
        "gcx/testdata/folder.yaml",
        "a folder that dashboards may name, which the manifest does not look for",
    ),
    (
        "incubator-devlake/docker-compose-dev.yml",
        "it gives settings to a Grafana, which the manifest does not look for",
    ),
    // Scylla's generator reads these: rows in rows, and classes in place of types.
    (
        ".template.json",
        "the source of a generator, not a dashboard",
    ),
];

/// Notes of the manifest on files that are none of ours.
const FOREIGN: &[&str] = &[
    "promtool-test",
    "prometheus-config",
    "unrelated",
    "crd:",
    "resource:",
    "lookalike",
];

#[test]
fn the_corpus_is_what_its_manifest_says() {
    let Some(manifest) = manifest() else { return };
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut faults = 0;
    let mut agree = 0;
    for file in manifest {
        let Ok(text) = fs::read_to_string(file.path) else {
            continue;
        };
        let found = kinds(&file.name, &text);
        let right = match (ours(&file.kind, &file.note), &found) {
            (Some(expected), Ok(found)) => found.iter().any(|kind| expected.contains(kind)),
            (Some(_), Err(_)) => false,
            (None, Ok(_)) => !FOREIGN.iter().any(|foreign| file.note.starts_with(foreign)),
            (None, Err(_)) => true,
        };
        if right {
            agree += 1;
            continue;
        }
        let explained = EXCEPTIONS
            .iter()
            .find(|(name, _)| file.name.ends_with(name));
        faults += usize::from(explained.is_none());
        let said = match found {
            Ok(found) => format!("{found:?}"),
            Err(reason) => format!("skipped: {}", reason.text()),
        };
        let why = explained.map_or("NOT EXPLAINED", |(_, why)| why);
        let group = format!("{} ({}) is {said}: {why}", file.kind, file.note);
        groups.entry(group).or_default().push(file.name);
    }
    for (group, files) in &groups {
        eprintln!("{group}\n    {}", files.join("\n    "));
    }
    eprintln!("{agree} files agree");
    assert_eq!(faults, 0, "files are not what the manifest says");
}

#[test]
fn every_form_is_known() {
    use DocKind::*;
    for (name, expected) in [
        ("classic.json", &[Dashboard][..]),
        ("rows-of-old.json", &[Dashboard]),
        ("api.json", &[ApiDashboard]),
        ("library-panel.json", &[LibraryPanel]),
        ("resource-v1.json", &[ResourceDashboard]),
        ("resource-v2.yaml", &[DashboardV2]),
        ("bare-v2.json", &[DashboardV2]),
        ("configmap.yaml", &[ConfigMap, Foreign, Dashboard]),
        ("operator.yaml", &[OperatorDashboard, Dashboard]),
        ("rules.yml", &[PrometheusRules]),
        ("rule-resource.yaml", &[RuleResource]),
        ("provisioning/alerting/alerts.yaml", &[GrafanaAlerting]),
        ("provisioning/datasources/sources.yaml", &[DataSources]),
        ("provisioning/dashboards/files.yaml", &[DashboardProviders]),
    ] {
        let text = fs::read_to_string(Path::new("testdata/ok").join(name)).unwrap();
        assert_eq!(kinds(name, &text).as_deref(), Ok(expected), "{name}");
    }
}

/// Files that share words with ours. Even with an error in them, nothing is said of them.
const FOREIGN_FILES: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name": "shop", "version": "1.0.0", "title": "Shop", "dependencies": {"rows": "1"}, "panels": "no"}"#,
    ),
    (
        "tsconfig.json",
        "{\n  // a comment\n  \"compilerOptions\": {\"strict\": true,},\n}\n",
    ),
    (
        "docker-compose.yml",
        "services:\n  grafana:\n    image: grafana/grafana\n    volumes:\n      - ./dashboards:/var/lib/grafana/dashboards\n",
    ),
    (
        "crd.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: prometheusrules.monitoring.coreos.com\nspec:\n  group: monitoring.coreos.com\n  names: {kind: PrometheusRule, plural: prometheusrules}\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          properties:\n            spec:\n              properties:\n                groups:\n                  items:\n                    properties:\n                      rules:\n                        items: {properties: {expr: {type: string}}}\n",
    ),
    (
        "rules_test.yaml",
        "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n      - series: up{job=\"a\"}\n        values: '0x5'\n    alert_rule_test:\n      - eval_time: 5m\n        alertname: Down\n        exp_alerts: []\n    promql_expr_test:\n      - expr: up ==\n        eval_time: 5m\n",
    ),
    (
        "prometheus.yml",
        "global:\n  scrape_interval: 15s\nrule_files: [rules/*.yml]\nalerting:\n  alertmanagers: [{static_configs: [{targets: [a:9093]}]}]\nscrape_configs:\n  - job_name: node\n    static_configs: [{targets: [a:9100]}]\n",
    ),
    (
        "alertmanager.yml",
        "route: {receiver: chat, routes: []}\nreceivers: [{name: chat}]\ntemplates: [a.tmpl]\ninhibit_rules: []\n",
    ),
    (
        "dashboard.schema.json",
        r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Dashboard", "type": "object", "properties": {"title": {"type": "string"}, "schemaVersion": {"type": "integer"}, "panels": {"type": "array", "items": {"$ref": "#/$defs/panel"}}, "templating": {"type": "object"}, "gridPos": {}, "targets": {}}}"##,
    ),
    (
        "en.json",
        r#"{"dashboard": {"title": "Dashboard", "panels": "Panels", "rows": "Rows"}, "panels": {"add": "Add a panel"}, "model": "Model", "groups": "Groups"}"#,
    ),
    (
        "drawing.json",
        r#"{"type": "drawing", "version": 2, "elements": [{"id": "a", "type": "rectangle"}], "layout": "none", "apiVersion": "1"}"#,
    ),
    (
        "deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: grafana}\nspec:\n  template:\n    spec:\n      containers:\n        - name: grafana\n          volumeMounts: [{name: dashboards, mountPath: /dashboards}]\n      volumes: [{name: dashboards, configMap: {name: dashboards}}]\n",
    ),
    (
        "values.yaml",
        "grafana:\n  datasources: {}\n  dashboardProviders: {}\n  dashboards:\n    default: {nodes: {gnetId: 1860, revision: 1}}\nserverFiles:\n  alerting_rules.yml:\n    groups: []\n",
    ),
    (
        "chart.yaml",
        "{{- if .Values.rules }}\ngroups:\n  - name: {{ .Release.Name }}\n    rules:\n      - expr: up\n{{- end }}\n",
    ),
    (
        ".github/workflows/ci.yml",
        "name: ci\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: make dashboards}]\n",
    ),
    (
        "openapi.yaml",
        "openapi: 3.0.0\ninfo: {title: Shop, version: '1'}\npaths:\n  /groups: {get: {responses: {}}}\ncomponents:\n  schemas:\n    Groups: {properties: {groups: {type: array}, rules: {type: array}, expr: {type: string}}}\n",
    ),
    (
        "table.json",
        r#"{"rows": [{"a": 1}, {"a": 2}], "title": "Rows", "tags": []}"#,
    ),
    (
        "state.json",
        r#"{"version": 3, "model": {"type": "a"}, "groups": [], "policies": []}"#,
    ),
    (
        "compose.yaml",
        "services:\n  prometheus:\n    image: prom/prometheus\n    configs: [rules]\nconfigs:\n  rules:\n    content: |\n      groups:\n        - name: a\n          rules:\n            - {record: a, expr: up == $$LIMIT}\n",
    ),
    (
        "roles.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n  - {apiGroups: [\"\"], resources: [configmaps], verbs: [get]}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {expr: none, level: info}\n",
    ),
    (
        "grafanadashboards.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: grafanadashboards.grafana.integreatly.org\nspec:\n  group: grafana.integreatly.org\n  names: {kind: GrafanaDashboard}\n",
    ),
    (
        "alertmanager-templates.yml",
        "global: {resolve_timeout: 5m}\ntemplates: [/etc/alertmanager/*.tmpl]\nroute:\n  group_by: [alertname]\n  receiver: chat\n  routes: [{matchers: [severity=\"page\"], receiver: chat}]\nreceivers: [{name: chat, slack_configs: [{channel: a}]}]\n",
    ),
    (
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: alertmanager}\nstringData:\n  alertmanager.yaml: |\n    route: {receiver: a}\n    receivers: [{name: a}]\n    templates: []\n",
    ),
    (
        "jsonnetfile.json",
        r#"{"version": 1, "dependencies": [{"source": {"git": {"remote": "https://github.com/prometheus-operator/kube-prometheus", "subdir": "jsonnet"}}, "version": "main"}], "legacyImports": true}"#,
    ),
    (
        "translation.json",
        r#"{"title": "Panels", "panels": {"title": "Panel", "type": "Type"}, "templating": "Variables", "rows": ["Row"], "time": "Time", "tags": "Tags"}"#,
    ),
    (
        "vars.yaml",
        "dashboards: [nodes, api]\ndatasources:\n  - {name: a, host: b}\nproviders: [aws]\npolicies: []\ngroups: {wheel: [me]}\nalerting: {rules: [a]}\n",
    ),
    ("list.json", r#"[{"panels": [], "schemaVersion": 1}]"#),
];

#[test]
fn files_of_others_are_left_alone() {
    let mut faults = Vec::new();
    for (name, text) in FOREIGN_FILES {
        if let Ok(found) = kinds(name, text) {
            faults.push(format!("{name} is taken for {found:?}"));
        }
        let telling = ["groups:", "\"schemaVersion\""];
        if !telling.iter().any(|words| text.contains(words)) {
            // Half of it, as somebody leaves it while writing: not ours to tell off.
            let half = &text[..text.len() - 2];
            if let Ok(found) = kinds(name, half) {
                faults.push(format!("{name}, cut short, is taken for {found:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
