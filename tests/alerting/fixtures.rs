//! The files of Grafana's own provisioning tests, where they are there, and small ones of ours that always are.

use std::fs;

use dashlint::diagnostic::{Diagnostic, Severity};

use super::support::corpus::within;
use super::support::{lint_named, unmark};

/// Each fixture of grafana/grafana, pkg/services/provisioning/alerting/testdata, and where Grafana, or whoever waits
/// for the alert, stumbles: the line, and the rule that says so.
const GRAFANA: &[(&str, &[(u32, &str)])] = &[
    (
        "contact_points/multiple-contact-points/contact_points.yml",
        &[],
    ),
    (
        "contact_points/missing-uid/contact_points.yml",
        &[(5, "missing-provisioning-key")],
    ),
    ("notificiation_policies/multiple-policies/policies.yml", &[]),
    ("mute_times/multiple-mute-times/mute_times.yml", &[]),
    ("templates/multiple-templates/mute_times.yml", &[]),
    (
        "alert_rules/recording-rules/with-target-datasource.yml",
        &[],
    ),
    ("common/broken-yaml/rules.yml", &[(2, "invalid-syntax")]),
    // Its queries say `datasourceUID`, which nobody reads; the test looks at other fields.
    (
        "alert_rules/correct-properties/rules.yml",
        &[(22, "missing-provisioning-key")],
    ),
    (
        "common/supported-filetypes/rules.json",
        &[(29, "missing-provisioning-key")],
    ),
    // Its queries have a name and nothing else.
    (
        "alert_rules/dasboard-typo-support/rules.yml",
        &[
            (13, "missing-provisioning-key"),
            (13, "missing-provisioning-key"),
        ],
    ),
    // A sketch of a second version that never came: Grafana refuses it for rules without `data`.
    (
        "alert_rules/v2_correct-properties/rules.yml",
        &[
            (8, "missing-provisioning-key"),
            (8, "missing-provisioning-key"),
            (10, "unknown-provisioning-key"),
            (13, "unknown-provisioning-key"),
            (20, "duplicate-alert-uid"),
            (26, "unknown-provisioning-key"),
            (33, "duplicate-alert-uid"),
        ],
    ),
];

/// Lines and rules of what is worse than advice.
fn found(name: &str, text: &str) -> Vec<(u32, String)> {
    let all = lint_named(name, text).into_iter();
    let told = all.filter(|finding| finding.severity > Severity::Info);
    told.map(|finding: Diagnostic| (finding.location.range.start.line, finding.rule.into_owned()))
        .collect()
}

#[test]
fn grafanas_own_fixtures_are_judged_as_grafana_does() {
    let Some(root) = within("grafana__grafana/pkg/services/provisioning/alerting/testdata") else {
        return;
    };
    for (path, expected) in GRAFANA {
        let text = fs::read_to_string(root.join(path)).unwrap();
        let all = found(&format!("provisioning/alerting/{path}"), &text);
        let all: Vec<_> = all
            .iter()
            .map(|(line, rule)| (*line, rule.as_str()))
            .collect();
        assert_eq!(all, *expected, "{path}");
    }
    let files = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file()).count();
    assert_eq!(files, GRAFANA.len(), "a fixture that nobody judged");
}

/// Small files with the places Grafana stumbles over between marks, in order, each with the rule that finds it.
const OWN: &[(&str, &[&str])] = &[
    (
        "apiVersion: 1\ncontactPoints:\n  - name: on-call\n    receivers:\n      - ⟦t⟧ype: email\n        settings: { addresses: a@acme.io }\n",
        &["missing-provisioning-key"],
    ),
    (
        "apiVersion: 1\ncontactPoints:\n  - name: on-call\n    receivers:\n      - uid: a\n        type: ⟦e-mail⟧\n        settings: { addresses: a@acme.io }\n",
        &["invalid-contact-point"],
    ),
    // Without a version, and in the values of a chart.
    (
        "policies:\n  - receiver: on-call\n    group_wait: ⟦30⟧\n",
        &["invalid-alert-duration"],
    ),
    (
        "grafana:\n  alerting:\n    policies.yaml:\n      apiVersion: 1\n      policies:\n        - receiver: on-call\n          routes:\n            - receiver: on-call\n              matchers: [⟦severity⟧]\n",
        &["invalid-policy-matcher"],
    ),
    (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: alerting }\ndata:\n  mute.yaml: |\n    apiVersion: 1\n    muteTimes:\n      - name: nights\n        time_intervals:\n          - weekdays: [⟦mon⟧]\n",
        &["invalid-mute-timing"],
    ),
    (
        "apiVersion: grafana.integreatly.org/v1beta1\nkind: GrafanaAlertRuleGroup\nmetadata: { name: api }\nspec:\n  instanceSelector: {}\n  folderRef: api\n  interval: ⟦1d⟧\n  rules: []\n",
        &["invalid-alert-duration"],
    ),
];

#[test]
fn each_form_is_judged_alike() {
    for (marked, rules) in OWN {
        let (text, marks) = unmark(marked);
        let all = lint_named("example.yaml", &text).into_iter();
        let all: Vec<_> = all
            .filter(|finding| finding.severity > Severity::Info)
            .map(|finding| (finding.location.span(), finding.rule.into_owned()))
            .collect();
        let rules = rules.iter().map(|rule| (*rule).to_owned());
        let expected: Vec<_> = marks.into_iter().zip(rules).collect();
        assert_eq!(all, expected, "{text}");
    }
}

#[test]
fn what_aliases_repeat_is_looked_at_once() {
    let mut text = String::from(
        "apiVersion: 1\ngroups:\n  - name: a\n    folder: A\n    interval: 1m\n    rules:\n",
    );
    let rule = |number: usize| {
        format!(
            "      - uid: r{number}\n        title: r{number}\n        condition: e0\n        data: "
        )
    };
    text += &rule(0);
    text += "&data\n";
    for number in 0..1_000 {
        text += &format!(
            "          - {{refId: e{number}, datasourceUid: __expr__, model: {{type: math, expression: '1 >-1'}}}}\n"
        );
    }
    for number in 1..2_000 {
        text += &rule(number);
        text += "*data\n";
    }
    let all = lint_named("rules.yaml", &text);
    let found = all
        .iter()
        .filter(|finding| finding.rule == "invalid-expression");
    assert_eq!(found.count(), 1_000);
}
