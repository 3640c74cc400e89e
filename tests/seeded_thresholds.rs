//! Clean dashboards into which each fault of thresholds, mappings, legends and links is planted in turn: it is found at
//! its place, and nothing else is.
//!
//! The dashboards are a small one and, where it is there, forty of `../shared/corpus`.

mod support;

use dashlint::diagnostic::{Diagnostic, Group, Severity};
use dashlint::syntax::{NodeRef, parse_json};
use support::lint_project;
use support::seeded::{edited, in_real_dashboards, set, verdict};

/// Rules of other groups that are about the same fields.
const ALSO: &[&str] = &[
    "override-of-missing-column",
    "inconsistent-unit",
    "legend-label-not-in-result",
    "legend-syntax",
    "missing-legend",
    "percent-range",
    "repeat-without-multi",
    "undefined-variable",
    "unknown-field-reference",
    "unknown-override-matcher",
    "unknown-unit",
];

/// What a panel gets: its kind, then a field and its new value, one after the other.
struct Seed {
    rule: &'static str,
    kind: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// The text that the finding starts with, as it stands in the file; what is before `|` only leads there.
    at: &'static str,
    /// Another file of the project.
    beside: &'static str,
}

const fn seed(
    rule: &'static str,
    kind: &'static str,
    fields: &'static [(&'static str, &'static str)],
    at: &'static str,
) -> Seed {
    Seed {
        rule,
        kind,
        fields,
        at,
        beside: "",
    }
}

/// One query of Prometheus.
const ONE: &str =
    r#"[{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum(seed)"}]"#;
const NO_OVERRIDES: (&str, &str) = ("fieldConfig", r#"{"defaults": {}, "overrides": []}"#);
const NO_TRANSFORMATIONS: (&str, &str) = ("transformations", "[]");
const VALUES: (&str, &str) = ("options", r#"{"colorMode": "value"}"#);

const SEEDS: &[Seed] = &[
    seed(
        "thresholds-out-of-order",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 73}, {"color": "orange", "value": 13.5}]}}, "overrides": []}"#,
            ),
        ],
        "|13.5",
    ),
    seed(
        "threshold-without-value",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "seed-orange", "value": null}]}}, "overrides": []}"#,
            ),
        ],
        r#""seed-orange", "value": |null"#,
    ),
    seed(
        "duplicate-threshold-value",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "orange", "value": 13.5}, {"color": "red", "value": 13.5}]}}, "overrides": []}"#,
            ),
        ],
        r#""orange", "value": |13.5"#,
    ),
    seed(
        "thresholds-without-effect",
        "stat",
        &[
            ("options", r#"{"colorMode": "value"}"#),
            (
                "fieldConfig",
                r#"{"defaults": {"color": {"mode": "palette-classic"}, "thresholds": {"mode": "absolute", "seed": 1, "steps": [{"color": "green", "value": null}, {"color": "red", "value": 13.5}]}}, "overrides": []}"#,
            ),
        ],
        r#""seed": 1, "steps": |["#,
    ),
    seed(
        "threshold-percentage-out-of-range",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"thresholds": {"mode": "percentage", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 137.5}]}}, "overrides": []}"#,
            ),
        ],
        "|137.5",
    ),
    seed(
        "empty-threshold-steps",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"thresholds": {"mode": "absolute", "seed": 1, "steps": []}}, "overrides": []}"#,
            ),
        ],
        r#""seed": 1, "steps": |["#,
    ),
    seed(
        "min-above-max",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"min": 137.5, "max": 13.5, "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}]}}, "overrides": []}"#,
            ),
        ],
        "|137.5",
    ),
    seed(
        "mapping-range-reversed",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"mappings": [{"type": "range", "options": {"from": 137.5, "to": 13.5, "result": {"text": "seed"}}}]}, "overrides": []}"#,
            ),
        ],
        "|137.5",
    ),
    seed(
        "overlapping-mappings",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"mappings": [{"type": "range", "options": {"from": 1, "to": 20, "result": {"text": "a"}}}, {"type": "range", "options": {"from": 13.5, "to": 30, "result": {"text": "b"}}}]}, "overrides": []}"#,
            ),
        ],
        "|13.5",
    ),
    seed(
        "unreachable-mapping",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"mappings": [{"type": "range", "options": {"from": 1, "to": 20, "result": {"text": "a"}}}, {"type": "value", "options": {"13.5": {"text": "b"}}}]}, "overrides": []}"#,
            ),
        ],
        r#"|"13.5""#,
    ),
    seed(
        "percent-range",
        "stat",
        &[
            VALUES,
            (
                "fieldConfig",
                r#"{"defaults": {"unit": "percentunit", "max": 137.5}, "overrides": []}"#,
            ),
        ],
        "|137.5",
    ),
    seed(
        "unknown-field-reference",
        "stat",
        &[
            VALUES,
            NO_TRANSFORMATIONS,
            ("targets", ONE),
            (
                "fieldConfig",
                r#"{"defaults": {}, "overrides": [{"matcher": {"id": "byName", "options": "Value #SEED"}, "properties": [{"id": "unit", "value": "s"}]}]}"#,
            ),
        ],
        r#"|"Value #SEED""#,
    ),
    seed(
        "unknown-field-reference",
        "stat",
        &[
            VALUES,
            ("targets", ONE),
            NO_OVERRIDES,
            (
                "transformations",
                r#"[{"id": "calculateField", "options": {"mode": "binary", "binary": {"left": "Value #A", "operator": "/", "right": "Value #SEED"}}}]"#,
            ),
        ],
        r#"|"Value #SEED""#,
    ),
    seed(
        "undefined-variable",
        "stat",
        &[(
            "links",
            r#"[{"title": "seed", "url": "/d/x?var-a=$nowhere"}]"#,
        )],
        "|$nowhere",
    ),
    seed(
        "undefined-variable",
        "stat",
        &[("repeat", r#""nowhere""#)],
        r#""|nowhere""#,
    ),
    seed(
        "legend-label-not-in-result",
        "timeseries",
        &[
            NO_OVERRIDES,
            NO_TRANSFORMATIONS,
            (
                "targets",
                r#"[{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum by (job) (seed)", "legendFormat": "{{seedling}}"}]"#,
            ),
        ],
        "|{{seedling}}",
    ),
    seed(
        "legend-syntax",
        "timeseries",
        &[
            NO_OVERRIDES,
            NO_TRANSFORMATIONS,
            (
                "targets",
                r#"[{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum by (job) (seed)", "legendFormat": "seedling {{job}"}]"#,
            ),
        ],
        "seedling |{{job}",
    ),
    seed(
        "missing-legend",
        "timeseries",
        &[
            NO_OVERRIDES,
            NO_TRANSFORMATIONS,
            (
                "targets",
                r#"[{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum by (job) (seed)", "legendFormat": "{{job}}"}, {"datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum(seedling)", "refId": "SEED"}]"#,
            ),
        ],
        r#"|"SEED"}"#,
    ),
];

/// Seeds whose panel is a gauge, or becomes a table.
const GAUGES: &[Seed] = &[
    seed(
        "override-of-missing-column",
        "stat",
        &[
            ("type", r#""table""#),
            (
                "targets",
                r#"[{"refId": "A", "format": "table", "instant": true, "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum by (pod) (seed)"}]"#,
            ),
            NO_TRANSFORMATIONS,
            (
                "fieldConfig",
                r#"{"defaults": {}, "overrides": [{"matcher": {"id": "byName", "options": "seedling"}, "properties": [{"id": "custom.width", "value": 80}]}]}"#,
            ),
        ],
        r#"|"seedling""#,
    ),
    seed(
        "default-thresholds-left",
        "gauge",
        &[(
            "fieldConfig",
            r#"{"defaults": {"unit": "percentunit", "max": 1, "color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]}}, "overrides": []}"#,
        )],
        r#""red", "value": |80}]}}, "overrides": []"#,
    ),
    seed(
        "threshold-direction",
        "gauge",
        &[
            ("title", r#""Error rate""#),
            (
                "targets",
                r#"[{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum(seed_errors)"}]"#,
            ),
            (
                "fieldConfig",
                r#"{"defaults": {"max": 10, "color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": [{"color": "red", "value": null}, {"color": "green", "value": 3.5}]}}, "overrides": []}"#,
            ),
        ],
        r#"{"color": |"green", "value": 3.5"#,
    ),
    seed(
        "threshold-outside-min-max",
        "gauge",
        &[(
            "fieldConfig",
            r#"{"defaults": {"min": 0, "max": 10, "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 13.5}]}}, "overrides": []}"#,
        )],
        "|13.5",
    ),
    seed(
        "gauge-without-range",
        "gauge",
        &[(
            "fieldConfig",
            r#"{"defaults": {"unit": "percentunit", "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}]}}, "overrides": []}"#,
        )],
        "",
    ),
];

/// A value that is red from 13.5 on.
const RED_AT_13: &[(&str, &str)] = &[
    ("targets", ONE),
    VALUES,
    NO_TRANSFORMATIONS,
    (
        "fieldConfig",
        r#"{"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 13.5}]}}, "overrides": []}"#,
    ),
];

/// Faults that only the whole project shows: another file says something else of the same query.
const BESIDE: &[Seed] = &[
    Seed {
        beside: r#"{"title": "Beside", "schemaVersion": 39, "panels": [{"id": 1, "type": "stat", "title": "Seed", "options": {"colorMode": "value"}, "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 7}]}}, "overrides": []}, "targets": [{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum ( seed )"}]}]}"#,
        ..seed(
            "inconsistent-thresholds",
            "stat",
            RED_AT_13,
            r#""steps": |[{"color": "green", "value": null}, {"color": "red", "value": 13.5"#,
        )
    },
    Seed {
        beside: "groups:\n- name: seed\n  rules:\n  - alert: Seed\n    expr: sum(seed) > 7\n",
        ..seed(
            "panel-and-alert-disagree",
            "stat",
            RED_AT_13,
            r#""steps": [{"color": |"green", "value": null}, {"color": "red", "value": 13.5"#,
        )
    },
    Seed {
        beside: r#"{"title": "Beside", "schemaVersion": 39, "panels": [{"id": 1, "type": "stat", "title": "Seed", "fieldConfig": {"defaults": {"unit": "ms"}, "overrides": []}, "targets": [{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "sum ( seed )"}]}]}"#,
        ..seed(
            "inconsistent-unit",
            "stat",
            &[
                ("targets", ONE),
                VALUES,
                NO_TRANSFORMATIONS,
                (
                    "fieldConfig",
                    r#"{"defaults": {"unit": "s", "custom": {"seed": true}}, "overrides": []}"#,
                ),
            ],
            r#""unit": |"s", "custom": {"seed""#,
        )
    },
];

const OWN: &str = r#"{
  "title": "Own",
  "schemaVersion": 39,
  "panels": [
    {
      "id": 1,
      "type": "timeseries",
      "title": "Requests",
      "datasource": { "type": "prometheus", "uid": "p" },
      "targets": [{ "refId": "A", "expr": "sum(rate(requests_total[$__rate_interval]))" }]
    },
    {
      "id": 2,
      "type": "stat",
      "title": "Queue",
      "datasource": { "type": "prometheus", "uid": "p" },
      "targets": [{ "refId": "A", "expr": "sum(queue_length)" }]
    },
    {
      "id": 3,
      "type": "gauge",
      "title": "Load",
      "datasource": { "type": "prometheus", "uid": "p" },
      "targets": [{ "refId": "A", "expr": "sum(load)" }]
    }
  ]
}"#;

/// Findings about thresholds, mappings, legends and links.
fn findings(text: &str) -> Vec<Diagnostic> {
    findings_beside(text, "")
}

/// The same where the project has another file.
fn findings_beside(text: &str, beside: &str) -> Vec<Diagnostic> {
    let name = match beside.starts_with('{') {
        true => "beside.json",
        false => "beside.yml",
    };
    lint_project("d.json", text, &[(name, beside)])
        .into_iter()
        .filter(|finding| {
            finding.group == Group::Thresholds || ALSO.contains(&finding.rule.as_ref())
        })
        .collect()
}

/// The first panel of a kind with one query in PromQL that can be read.
fn panel<'t>(root: NodeRef<'t>, kind: &str) -> Option<NodeRef<'t>> {
    root.get("panels")?.items().find(|panel| {
        let is = |kind: &str| panel.get("type").and_then(NodeRef::as_str).as_deref() == Some(kind);
        let queries = || panel.get("targets").into_iter().flat_map(NodeRef::items);
        is(kind)
            && panel.get("libraryPanel").is_none()
            && panel.get("repeat").is_none()
            && queries().next().is_some()
            && queries().all(|target| {
                let expr = target.get("expr").and_then(NodeRef::as_str);
                expr.is_some_and(|expr| dashlint::promql::parse(&expr).is_valid())
            })
    })
}

/// The dashboard with the fault in it; `None` where it has no room for it.
fn plant(text: &str, seed: &Seed) -> Option<String> {
    let tree = parse_json(text.into());
    let panel = panel(tree.root()?, seed.kind)?;
    let fields = seed.fields.iter();
    let edits = fields.map(|(field, value)| set(panel, field, value));
    Some(edited(text, edits.collect()))
}

/// What is wrong with the findings in a dashboard with the fault in it, if anything.
fn fault(planted: &str, before: &[Diagnostic], seed: &Seed) -> Option<String> {
    let after = findings_beside(planted, seed.beside);
    verdict((seed.rule, seed.at), planted, before, &after, |_| true)
}

fn seeds() -> impl Iterator<Item = &'static Seed> {
    SEEDS.iter().chain(GAUGES).chain(BESIDE)
}

#[test]
fn each_fault_is_found_in_a_small_dashboard() {
    let before = findings(OWN);
    assert!(before.is_empty(), "{before:?}");
    let faults: Vec<String> = seeds()
        .filter_map(|seed| {
            let planted = plant(OWN, seed);
            assert!(planted.is_some(), "there is no room for {}", seed.rule);
            fault(&planted?, &before, seed)
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_fault_is_found_in_real_dashboards() {
    let clean = |text: &str| {
        let tree = parse_json(text.into());
        let root = tree.root()?;
        panel(root, "stat").and(panel(root, "timeseries"))?;
        let before = findings(text);
        // Advice that many dashboards need says nothing against them.
        let good = before
            .iter()
            .all(|finding| finding.severity == Severity::Info);
        good.then_some(before)
    };
    in_real_dashboards(clean, |text, before| {
        seeds()
            .filter_map(|seed| Some(fault(&plant(text, seed)?, before, seed)))
            .collect()
    });
}
