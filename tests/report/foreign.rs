//! Formats of others: what their readers make of it, and the limits they set.

use dashlint::diagnostic::{Diagnostic, Group, Severity};
use dashlint::report::{Format, Style};
use dashlint::span::Span;
use serde_json::Value;

use crate::fixtures::{DASHBOARD, Files, at, files, find, finding, findings, render};
use crate::readers::read;

const FOREIGN: [Format; 5] = [
    Format::Sarif,
    Format::Gitlab,
    Format::Junit,
    Format::Checkstyle,
    Format::Rdjson,
];

fn written(format: Format, diagnostics: &[Diagnostic]) -> Value {
    let report = render(diagnostics, &files(), format, &Style::default());
    serde_json::from_str(&report).expect("the report is JSON")
}

/// Many findings, one a byte, the last one an error.
fn many(count: usize) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = (0..count)
        .map(|at| {
            let mut place = self::at("dashboards/api.json", "", Span::default(), "");
            place.range.start.line = at as u32 + 1;
            place.range.end = place.range.start;
            finding("a-rule", Severity::Warning, "m", place)
        })
        .collect();
    if let Some(last) = all.last_mut() {
        last.severity = Severity::Error;
    }
    all
}

#[test]
fn readers_read_all_of_it() {
    for diagnostics in [Vec::new(), findings(), many(10_000)] {
        for format in FOREIGN {
            let report = render(&diagnostics, &files(), format, &Style::default());
            read(format, &report, &diagnostics)
                .unwrap_or_else(|error| panic!("{format}, {}: {error}", diagnostics.len()));
        }
    }
}

#[test]
fn sarif_keeps_to_what_github_takes() {
    let document = written(Format::Sarif, &many(25_003));
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().expect("an array");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["level"], "error", "the most severe comes first");
    let notes = &run["invocations"][0]["toolExecutionNotifications"];
    let text = notes[0]["message"]["text"].as_str().expect("a note");
    assert!(text.starts_with("3 further findings"), "{text}");
    let mut one = many(1);
    let place = one[0].location.clone();
    one[0].related = vec![
        dashlint::diagnostic::Related {
            location: place,
            message: "again".to_owned(),
        };
        500
    ];
    let document = written(Format::Sarif, &one);
    let related = &document["runs"][0]["results"][0]["relatedLocations"];
    assert_eq!(related.as_array().map(Vec::len), Some(99));
}

#[test]
fn a_rule_is_told_with_its_page() {
    let place = find("dashboards/api.json", DASHBOARD, "\"ms\"", "");
    let mut one = finding("invalid-promql", Severity::Error, "m", place);
    one.group = Group::Promql;
    let document = written(Format::Sarif, &[one]);
    let rules = &document["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(rules.as_array().map(Vec::len), Some(1));
    let rule = &rules[0];
    let page = rule["help"]["markdown"].as_str().expect("a page");
    assert!(page.starts_with("# invalid-promql\n"), "{page}");
    assert!(
        rule["helpUri"]
            .as_str()
            .is_some_and(|uri| uri.ends_with("/promql/invalid-promql.md"))
    );
    assert!(
        rule["properties"]["tags"]
            .as_array()
            .is_some_and(|tags| tags.len() <= 10)
    );
}

/// GitHub keeps one alert for each rule and hash of a line.
#[test]
fn two_findings_on_a_line_are_two() {
    let text = "{\"a\":1,\"b\":2}";
    let files: Files = [("a.json".to_owned(), std::sync::Arc::from(text))]
        .into_iter()
        .collect();
    let one = finding(
        "a-rule",
        Severity::Error,
        "m",
        find("a.json", text, "1", "/a"),
    );
    let two = finding(
        "a-rule",
        Severity::Error,
        "m",
        find("a.json", text, "2", "/b"),
    );
    let report = render(&[one, two], &files, Format::Sarif, &Style::default());
    let document: Value = serde_json::from_str(&report).expect("the report is JSON");
    let hash = |at: usize| {
        let result = &document["runs"][0]["results"][at];
        result["partialFingerprints"]["primaryLocationLineHash"].clone()
    };
    assert!(hash(0).is_string() && hash(1).is_string());
    assert_ne!(hash(0), hash(1));
}

#[test]
fn fixes_are_places_of_the_text() {
    let document = written(Format::Sarif, &findings());
    let results = document["runs"][0]["results"].as_array().expect("an array");
    let fix = results
        .iter()
        .find(|result| result["ruleId"] == "unit-mismatch")
        .map(|result| &result["fixes"][0]["artifactChanges"][0])
        .expect("it has a fix");
    assert_eq!(fix["artifactLocation"]["uri"], "dashboards/api.json");
    let region = &fix["replacements"][0]["deletedRegion"];
    let line = region["startLine"].as_u64().expect("a line") as usize;
    let column = |name: &str| region[name].as_u64().expect("a column") as usize - 1;
    let text = DASHBOARD.lines().nth(line - 1).expect("the line is there");
    let gone: String = text
        .chars()
        .skip(column("startColumn"))
        .take(column("endColumn") - column("startColumn"))
        .collect();
    assert_eq!(gone, "\"ms\"");
    assert_eq!(fix["replacements"][0]["insertedContent"]["text"], "\"s\"");
}

/// reviewdog counts bytes where everybody else counts characters.
#[test]
fn rdjson_counts_bytes() {
    let text = "größe: \"界\" x\n";
    let files: Files = [("a.yml".to_owned(), std::sync::Arc::from(text))]
        .into_iter()
        .collect();
    let one = finding("a-rule", Severity::Error, "m", find("a.yml", text, "x", ""));
    let report = render(&[one], &files, Format::Rdjson, &Style::default());
    let document: Value = serde_json::from_str(&report).expect("the report is JSON");
    let start = &document["diagnostics"][0]["location"]["range"]["start"];
    assert_eq!(start["column"], text.find('x').expect("it is there") + 1);
}

#[test]
fn markdown_ends_before_a_comment_is_refused() {
    let report = render(&many(10_000), &files(), Format::Markdown, &Style::default());
    assert!(report.len() < 65_536, "{}", report.len());
    assert!(
        report
            .lines()
            .nth(5)
            .is_some_and(|row| row.contains("error")),
        "{report:.300}"
    );
    let (_, rest) = report.rsplit_once("… and ").expect("the rest is counted");
    let rest: usize = rest
        .trim()
        .trim_end_matches(" more.")
        .parse()
        .expect("a number");
    let rows = report.lines().filter(|line| line.starts_with("| ")).count() - 1;
    assert_eq!(rows + rest, 10_000);
}
