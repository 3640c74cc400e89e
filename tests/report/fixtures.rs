//! A small repository, and findings in it as rules would make them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dashlint::diagnostic::{
    Diagnostic, Edit, Fix, Group, Location, Quotes, Range, Related, Safety, Severity, Silencer,
    Snippet, Summary, Suppression, TrailStep, fingerprint,
};
use dashlint::report::{self, Format, Report, Style};
use dashlint::source::LineIndex;
use dashlint::span::Span;

/// A dashboard with a query of several lines.
pub(crate) const DASHBOARD: &str = r#"{
  "title": "API",
  "panels": [
    {
      "id": 12,
      "title": "P99 latency",
      "targets": [
        {
          "expr": "histogram_quantile(0.99,\n  sum by (le) (rate(http_request_duration_seconds_bucket{job=\"$job\"}[$__rate_interval])))\n> 0",
          "refId": "A"
        }
      ],
      "fieldConfig": {
        "defaults": {
          "unit": "ms",
          "thresholds": {
            "steps": [
              { "color": "green", "value": null },
              { "color": "red", "value": 80 },
              { "color": "orange", "value": 60 }
            ]
          }
        }
      }
    }
  ]
}
"#;

/// The query of [`DASHBOARD`], decoded.
pub(crate) const QUERY: &str = "histogram_quantile(0.99,\n  sum by (le) (rate(http_request_duration_seconds_bucket{job=\"$job\"}[$__rate_interval])))\n> 0";

/// Prometheus rules, with CRLF line ends and a tab.
pub(crate) const RULES: &str = "groups:\r\n  - name: größe\r\n    rules:\r\n      - alert: Höhe\r\n        expr: \"räte(x[5m])\t> 1\"\r\n        annotations:\r\n          summary: \"a\"\r\n          runbook_url: \"\"\r\n";

pub(crate) const ODD_PATH: &str = "od\u{1b}[31md,\n50%:x/b.json";

/// Texts by report path.
pub(crate) type Files = HashMap<String, Arc<str>>;

pub(crate) fn files() -> Files {
    [
        ("dashboards/api.json", DASHBOARD),
        ("rules/höhe.yml", RULES),
        (ODD_PATH, "{\"title\": \"\u{1b}[2J\u{202e}evil\"}"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), Arc::from(text)))
    .collect()
}

/// The place of bytes `span` of `text`.
pub(crate) fn at(path: &str, text: &str, span: Span, pointer: &str) -> Location {
    let index = LineIndex::new(text);
    Location {
        file: path.into(),
        range: Range {
            start: index.position(text, span.start),
            end: index.position(text, span.end),
        },
        document: 0,
        pointer: pointer.to_owned(),
        inner: None,
        snippet: None,
    }
}

/// The first place in `text` where `needle` stands.
pub(crate) fn find(path: &str, text: &str, needle: &str, pointer: &str) -> Location {
    let start = text.find(needle).expect("the needle is there");
    at(path, text, Span::new(start, start + needle.len()), pointer)
}

/// The first place of `needle` in the query.
pub(crate) fn in_query(needle: &str) -> Location {
    let mut location = find(
        "dashboards/api.json",
        DASHBOARD,
        needle,
        "/panels/0/targets/0/expr",
    );
    let start = QUERY.find(needle).expect("the needle is there");
    location.snippet = Some(Snippet {
        text: QUERY.into(),
        span: Span::new(start, start + needle.len()),
    });
    location
}

fn step(kind: &'static str, name: &str, uid: Option<&str>, id: Option<i64>) -> TrailStep {
    TrailStep {
        kind: kind.into(),
        name: name.to_owned(),
        uid: uid.map(str::to_owned),
        id,
    }
}

/// A finding with nothing but the needful.
pub(crate) fn finding(
    rule: &'static str,
    severity: Severity,
    message: &str,
    place: Location,
) -> Diagnostic {
    Diagnostic {
        rule: rule.into(),
        group: Group::Dashboard,
        severity,
        message: message.to_owned(),
        label: None,
        help: None,
        quotes: Quotes::Names,
        fingerprint: fingerprint([rule, &place.file, &place.pointer]),
        by_title: None,
        location: place,
        trail: Vec::new(),
        related: Vec::new(),
        fix: None,
        cause: None,
        measure: None,
        suppressed: None,
    }
}

/// The place of the panel's unit.
fn unit() -> Location {
    find(
        "dashboards/api.json",
        DASHBOARD,
        "\"ms\"",
        "/panels/0/fieldConfig/defaults/unit",
    )
}

/// Findings of every kind, sorted.
pub(crate) fn findings() -> Vec<Diagnostic> {
    let trail = vec![
        step("dashboard", "API", Some("api"), None),
        step("panel", "P99 latency", None, Some(12)),
        step("query", "A", None, None),
    ];
    let mismatch = Diagnostic {
        group: Group::Units,
        label: Some("observes seconds (the suffix of the histogram)".to_owned()),
        help: Some("set the unit to \"s\", or multiply the query by 1000".to_owned()),
        quotes: Quotes::Names,
        trail: trail.clone(),
        related: vec![Related {
            location: unit(),
            message: "the panel's unit".to_owned(),
        }],
        fix: Some(Fix {
            title: "set the unit to \"s\"".to_owned(),
            safety: Safety::Unsafe,
            edits: vec![Edit {
                file: "dashboards/api.json".into(),
                span: unit().span(),
                replacement: "\"s\"".to_owned(),
            }],
        }),
        ..finding(
            "unit-mismatch",
            Severity::Warning,
            "seconds shown as milliseconds: 0.3 s reads as \"0.3 ms\"",
            in_query("http_request_duration_seconds_bucket"),
        )
    };
    let grouped = Diagnostic {
        group: Group::Promql,
        label: Some("a comparison drops the series it is false for".to_owned()),
        trail,
        related: vec![Related {
            location: in_query("sum by (le)"),
            message: "only `le` is left here".to_owned(),
        }],
        ..finding(
            "comparison-in-panel",
            Severity::Info,
            "the panel shows gaps where the value is 0",
            in_query("> 0"),
        )
    };
    let steps = Diagnostic {
        group: Group::Thresholds,
        label: Some("60, after 80".to_owned()),
        trail: vec![
            step("dashboard", "API", Some("api"), None),
            step("panel", "P99 latency", None, Some(12)),
        ],
        related: vec![Related {
            location: find("dashboards/api.json", DASHBOARD, "80", "/x"),
            message: "the step before".to_owned(),
        }],
        fix: Some(Fix {
            title: "sort the steps".to_owned(),
            safety: Safety::Safe,
            edits: Vec::new(),
        }),
        ..finding(
            "threshold-order",
            Severity::Error,
            "orange is never shown: its step comes after a greater one",
            find("dashboards/api.json", DASHBOARD, "60", "/panels/0/x"),
        )
    };
    let panel_start = DASHBOARD.find("\"fieldConfig\": {").expect("it is there") + 15;
    let panel_end = DASHBOARD.find("      }\n    }\n  ]").expect("it is there") + 7;
    let whole = Diagnostic {
        label: Some("all of this".to_owned()),
        ..finding(
            "odd-object",
            Severity::Info,
            "an object of many lines",
            at(
                "dashboards/api.json",
                DASHBOARD,
                Span::new(panel_start, panel_end),
                "/panels/0/fieldConfig",
            ),
        )
    };
    let odd = Diagnostic {
        group: Group::Policy,
        help: Some("take\nthe \u{1b}[31mred out: 100%".to_owned()),
        quotes: Quotes::Names,
        suppressed: Some(Suppression {
            by: Silencer::Config,
            reason: Some("known".to_owned()),
            until: Some("2027-03-31".to_owned()),
        }),
        ..finding(
            "our-titles",
            Severity::Error,
            "a title, and\r\nwhat it says: 50% \u{1b}[31mred",
            find(
                ODD_PATH,
                "{\"title\": \"\u{1b}[2J\u{202e}evil\"}",
                "\"\u{1b}[2J\u{202e}evil\"",
                "/title",
            ),
        )
    };
    let function = Diagnostic {
        group: Group::Promql,
        label: Some("no such function".to_owned()),
        fix: Some(Fix {
            title: "write `rate`".to_owned(),
            safety: Safety::Display,
            edits: Vec::new(),
        }),
        trail: vec![
            step("group", "größe", None, None),
            step("alert", "Höhe", None, None),
        ],
        ..finding(
            "unknown-function",
            Severity::Error,
            "Prometheus refuses the rule: `räte` is no function",
            find("rules/höhe.yml", RULES, "räte", "/groups/0/rules/0/expr"),
        )
    };
    let empty = finding(
        "missing-runbook",
        Severity::Warning,
        "nobody on call learns what to do",
        {
            let quote = RULES.find("runbook_url: \"").expect("it is there") + 14;
            at(
                "rules/höhe.yml",
                RULES,
                Span::at(quote),
                "/groups/0/rules/0",
            )
        },
    );
    let mut all = vec![mismatch, grouped, steps, whole, odd, function, empty];
    all.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    all
}

/// The counts of some findings.
pub(crate) fn summary(diagnostics: &[Diagnostic]) -> Summary {
    let count = |severity| {
        let of = |diagnostic: &&Diagnostic| {
            diagnostic.severity == severity && diagnostic.suppressed.is_none()
        };
        diagnostics.iter().filter(of).count()
    };
    Summary {
        files: 3,
        skipped: 1,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
        suppressed: diagnostics
            .iter()
            .filter(|d| d.suppressed.is_some())
            .count(),
        baseline: 0,
        fixable: 1,
    }
}

/// The report of `diagnostics` over `files`.
pub(crate) fn render(
    diagnostics: &[Diagnostic],
    files: &Files,
    format: Format,
    style: &Style,
) -> String {
    let sources = |path: &str| files.get(path).cloned();
    let report = Report {
        diagnostics,
        summary: &summary(diagnostics),
        sources: &sources,
        elapsed: Duration::from_millis(41),
    };
    let mut out = Vec::new();
    report::write(format, &report, style, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}
