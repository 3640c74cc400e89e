//! Clean dashboards into which each fault of a variable is planted in turn: it is found at its place, and nothing else is.
//!
//! The dashboards are a small one and, where it is there, forty of `../shared/corpus`.

mod support;

use dashlint::diagnostic::{Diagnostic, Group};
use dashlint::span::Span;
use dashlint::syntax::{NodeRef, parse_json};
use support::lint_named;
use support::seeded::{edited, in_real_dashboards, set, verdict};

/// Conventions of mixins, which clean dashboards need not keep, and findings every second dashboard has.
const NOT_JUDGED: &[&str] = &[
    "all-value-matches-missing-label",
    "missing-datasource-variable",
    "missing-instance-variable",
    "missing-job-variable",
    "selector-without-instance",
    "selector-without-job",
    "single-value-with-regex",
    "variable-not-refreshed",
];

/// A fault: what goes into the list of variables, what is added to a query of a panel, what the panel gets besides, what goes
/// into the list of annotations, and where it is to be found.
struct Seed {
    rule: &'static str,
    variables: &'static str,
    expr: &'static str,
    /// A field of the panel and its new value.
    panel: Option<(&'static str, &'static str)>,
    annotation: &'static str,
    /// The text that the finding starts with, as it stands in the file; what is before `|` only leads there.
    at: &'static str,
}

const fn seed(
    rule: &'static str,
    variables: &'static str,
    expr: &'static str,
    at: &'static str,
) -> Seed {
    Seed {
        rule,
        variables,
        expr,
        panel: None,
        annotation: "",
        at,
    }
}

/// A fault in a field of the panel.
const fn in_panel(
    rule: &'static str,
    variables: &'static str,
    field: &'static str,
    value: &'static str,
    at: &'static str,
) -> Seed {
    Seed {
        panel: Some((field, value)),
        ..seed(rule, variables, "", at)
    }
}

const PLAIN: &str = r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, job)"}"#;
const MULTI: &str = r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, job)", "multi": true}"#;

const SEEDS: &[Seed] = &[
    seed(
        "undefined-variable",
        "",
        r#"seed{job="$nowhere"}"#,
        "|$nowhere",
    ),
    seed(
        "undefined-variable",
        PLAIN,
        r#"seed{a="$seed", job="$seedd"}"#,
        r#"job=\"|$seedd"#,
    ),
    seed(
        "undefined-variable",
        "",
        "seed[$__rat_interval]",
        "|$__rat_interval",
    ),
    seed(
        "undefined-variable",
        r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "query_result(rate(seed[$__rate_interval]))", "multi": true}"#,
        r#"seed{job=~"$seed"}"#,
        "query_result(rate(seed[|$__rate",
    ),
    seed(
        "unused-variable",
        r#"{"name": "seedling", "type": "custom", "query": "a,b"}"#,
        "",
        r#"|"seedling""#,
    ),
    seed(
        "multi-value-with-equals",
        MULTI,
        r#"seed{job="$seed"}"#,
        r#"seed{|job=\"$seed"#,
    ),
    seed(
        "multi-value-with-equals",
        MULTI,
        r#"seed{job!="$seed"}"#,
        r#"seed{|job!=\"$seed"#,
    ),
    seed(
        "single-value-with-regex",
        PLAIN,
        r#"seed{job=~"$seed"}"#,
        r#"seed{|job=~"#,
    ),
    seed(
        "wrong-variable-format",
        MULTI,
        r#"seed{job=~"${seed:csv}"}"#,
        "|${seed:csv}",
    ),
    seed(
        "wrong-variable-format",
        MULTI,
        r#"seed{job=~"a-${seed:pipe}"}"#,
        "a-|${seed:pipe}",
    ),
    seed(
        "wrong-variable-format",
        PLAIN,
        r#"seed{job="${seed:regex}"}"#,
        "|${seed:regex}",
    ),
    seed(
        "wrong-variable-format",
        PLAIN,
        r#"seed{job="${seed:rgex}"}"#,
        "|${seed:rgex}",
    ),
    seed(
        "variable-cycle",
        r#"{"name": "seed_a", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up{b=\"$seed_b\"}, a)"}, {"name": "seed_b", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up{a=\"$seed_a\"}, b)"}"#,
        "",
        r#"up{b=\"|$seed_b"#,
    ),
    seed(
        "unknown-variable-type",
        r#"{"name": "seed", "type": "seedlist", "query": "a,b"}"#,
        r#"seed{job="$seed"}"#,
        r#"|"seedlist""#,
    ),
    seed(
        "variable-is-no-duration",
        r#"{"name": "seed", "type": "interval", "query": "1m,3fortnights"}"#,
        "avg_over_time(seed[$seed])",
        "1m,|3fortnights",
    ),
    seed(
        "variable-is-no-duration",
        r#"{"name": "seed", "type": "custom", "query": "5m,1M"}"#,
        "avg_over_time(seed[$seed])",
        "5m,|1M",
    ),
    seed(
        "variable-out-of-place",
        r#"{"name": "seed", "type": "datasource", "query": "prometheus"}"#,
        r#"seed{prometheus="$seed"}"#,
        r#"prometheus=\"|$seed"#,
    ),
    seed(
        "variable-out-of-place",
        r#"{"name": "seed", "type": "interval", "query": "1m,5m"}"#,
        "sum by ($seed) (seed)",
        "sum by (|$seed",
    ),
    seed(
        "invalid-all-value",
        r#"{"name": "seed", "type": "custom", "query": "a,b", "includeAll": true, "allValue": "*seed"}"#,
        r#"seed{job=~"$seed"}"#,
        r#"|"*seed""#,
    ),
    seed(
        "all-without-all-value",
        r#"{"name": "seedpod", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, pod)", "includeAll": true}"#,
        r#"seed{pod=~"$seedpod"}"#,
        r#"|"seedpod""#,
    ),
    seed(
        "stale-current",
        r#"{"name": "seed", "type": "custom", "query": "a,b", "current": {"value": "seed_c"}}"#,
        r#"seed{job="$seed"}"#,
        r#"|"seed_c""#,
    ),
    seed(
        "invalid-variable-regex",
        r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, job)", "regex": "seed(("}"#,
        r#"seed{job="$seed"}"#,
        "|seed((",
    ),
    seed(
        "fixed-interval",
        "",
        "rate(seed_total[7m])",
        "rate(seed_total[|7m",
    ),
    seed(
        "interval-under-rate",
        "",
        "rate(seed_total[$__interval])",
        "rate(seed_total[|$__interval",
    ),
    seed(
        "interval-below-scrape",
        r#"{"name": "seed", "type": "interval", "query": "2s,5m"}"#,
        "rate(seed_total[$seed])",
        r#""query": "|2s"#,
    ),
    in_panel(
        "undefined-variable",
        "",
        "title",
        r#""Load of ${nowhere}""#,
        "|${nowhere}",
    ),
    in_panel(
        "undefined-variable",
        "",
        "title",
        r#""Load of ${__field.name}""#,
        "|${__field.name}",
    ),
    in_panel(
        "undefined-variable",
        "",
        "description",
        r#""Load of [[nowhere]]""#,
        "|[[nowhere]]",
    ),
    in_panel(
        "undefined-variable",
        "",
        "links",
        r#"[{"title": "More", "url": "/explore?a=$nowhere"}]"#,
        "|$nowhere",
    ),
    in_panel(
        "undefined-variable",
        "",
        "repeat",
        r#""nowhere""#,
        "|nowhere",
    ),
    in_panel(
        "undefined-variable",
        "",
        "datasource",
        r#"{"type": "prometheus", "uid": "${DS_NOWHERE}"}"#,
        "|${DS_NOWHERE}",
    ),
    in_panel(
        "undefined-variable",
        "",
        "fieldConfig",
        r#"{"defaults": {}, "overrides": [{"matcher": {"id": "byName", "options": "${nowhere}"}, "properties": []}]}"#,
        "|${nowhere}",
    ),
    in_panel(
        "undefined-variable",
        PLAIN,
        "transformations",
        r#"[{"id": "organize", "options": {"renameByName": {"a": "${seedd}"}}}]"#,
        "|${seedd}",
    ),
    in_panel(
        "repeat-without-multi",
        r#"{"name": "seed", "type": "custom", "query": "a,b"}"#,
        "repeat",
        r#""seed""#,
        r#""repeat": |"seed""#,
    ),
    seed(
        "undefined-variable",
        r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up{a=\"$nowhere\"}, job)"}"#,
        r#"seed{job="$seed"}"#,
        r#"up{a=\"|$nowhere"#,
    ),
    Seed {
        annotation: r#"{"name": "Seed", "enable": true, "datasource": {"type": "prometheus", "uid": "p"}, "expr": "up{job=\"$nowhere\"}"}"#,
        ..seed("undefined-variable", "", "", "|$nowhere")
    },
    seed(
        "undefined-variable",
        PLAIN,
        r#"seed{a="$seed", job="$seed_total"}"#,
        r#"job=\"|$seed_total"#,
    ),
    seed(
        "all-value-matches-missing-label",
        r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, job)", "multi": true, "includeAll": true, "allValue": ".*"}"#,
        r#"seed{job=~"$seed"}"#,
        r#"|".*""#,
    ),
    seed(
        "variable-not-refreshed",
        r#"{"name": "seed", "type": "query", "datasource": {"type": "prometheus", "uid": "p"}, "query": "label_values(up, job)", "multi": true, "refresh": 1}"#,
        r#"seed{job=~"$seed"}"#,
        r#""refresh": |1}"#,
    ),
];

const OWN: &str = r#"{
  "title": "Own",
  "schemaVersion": 39,
  "annotations": { "list": [] },
  "templating": { "list": [{ "name": "job", "type": "query", "datasource": { "type": "prometheus", "uid": "p" }, "query": "label_values(up, job)", "multi": true }] },
  "panels": [
    {
      "id": 1,
      "type": "timeseries",
      "title": "Requests",
      "datasource": { "type": "prometheus", "uid": "p" },
      "targets": [{ "refId": "A", "expr": "sum(rate(requests_total{job=~\"$job\"}[$__rate_interval]))" }]
    }
  ]
}"#;

/// Findings about variables, by rule, message and place.
fn findings(text: &str) -> Vec<Diagnostic> {
    lint_named("d.json", text)
        .into_iter()
        .filter(|finding| finding.group == Group::Variables)
        .collect()
}

fn judged(finding: &Diagnostic) -> bool {
    !NOT_JUDGED.contains(&finding.rule.as_ref())
}

/// The query of a panel along time that a fault may be added to.
fn query<'t>(root: NodeRef<'t>) -> Option<NodeRef<'t>> {
    root.get("panels")?.items().find_map(|panel| {
        let kind = panel.get("type")?.as_str()?;
        if !matches!(kind.as_ref(), "timeseries" | "graph") || panel.get("interval").is_some() {
            return None;
        }
        let target = panel.get("targets")?.items().next()?;
        let instant = target.get("instant").and_then(NodeRef::as_bool) == Some(true);
        let expr = target
            .get("expr")
            .filter(|_| !instant && target.get("interval").is_none())?;
        dashlint::promql::parse(&expr.as_str()?)
            .is_valid()
            .then_some(expr)
    })
}

/// The dashboard with the fault in it; `None` where it has no room for it.
fn plant(text: &str, seed: &Seed) -> Option<String> {
    let tree = parse_json(text.into());
    let root = tree.root()?;
    let mut edits: Vec<(Span, String)> = Vec::new();
    if !seed.variables.is_empty() {
        let list = root.get("templating")?.get("list")?;
        let end = list.span().end as usize - 1;
        let comma = if list.items().next().is_some() {
            ", "
        } else {
            ""
        };
        edits.push((Span::new(end, end), format!("{comma}{}", seed.variables)));
    }
    if !seed.expr.is_empty() {
        let expr = query(root)?;
        let end = expr.as_str()?.len();
        edits.push(expr.encode_str(Span::new(0, 0), "(")?);
        edits.push(expr.encode_str(Span::new(end, end), &format!(") or ({})", seed.expr))?);
    }
    if let Some((field, value)) = seed.panel {
        let target = query(root)?.parent()?;
        let panel = target.parent()?.parent()?;
        edits.push(set(panel, field, value));
    }
    if !seed.annotation.is_empty() {
        let list = root.get("annotations")?.get("list")?;
        let start = list.span().start as usize + 1;
        let comma = if list.items().next().is_some() {
            ", "
        } else {
            ""
        };
        edits.push((
            Span::new(start, start),
            format!("{}{comma}", seed.annotation),
        ));
    }
    Some(edited(text, edits))
}

/// What is wrong with the findings in a dashboard with the fault in it, if anything.
fn fault(planted: &str, before: &[Diagnostic], seed: &Seed) -> Option<String> {
    let after = findings(planted);
    verdict((seed.rule, seed.at), planted, before, &after, judged)
}

#[test]
fn each_fault_is_found_in_a_small_dashboard() {
    let before = findings(OWN);
    assert!(!before.iter().any(judged), "{before:?}");
    let faults: Vec<String> = SEEDS
        .iter()
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
        root.get("templating")?.get("list").and(query(root))?;
        // A link that carries all variables uses the planted ones too; and a query of Loki is no place for PromQL.
        if text.contains("includeVars\": true") || text.contains("loki") {
            return None;
        }
        let before = findings(text);
        (!before.iter().any(judged)).then_some(before)
    };
    in_real_dashboards(clean, |text, before| {
        SEEDS
            .iter()
            .filter_map(|seed| Some(fault(&plant(text, seed)?, before, seed)))
            .collect()
    });
}
