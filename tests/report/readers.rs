//! What others read: each foreign format through a reader that is not ours.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use dashlint::diagnostic::{Diagnostic, Severity};
use dashlint::report::Format;
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

/// Reads a report and compares what was read with the findings.
pub(crate) fn read(
    format: Format,
    report: &str,
    diagnostics: &[Diagnostic],
) -> Result<(), TestCaseError> {
    let spoken: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|finding| finding.suppressed.is_none())
        .collect();
    match format {
        Format::Sarif => sarif(report, diagnostics),
        Format::Gitlab => gitlab(report, &spoken),
        Format::Rdjson => rdjson(report, &spoken),
        Format::Junit => junit(report, diagnostics),
        Format::Checkstyle => checkstyle(report, &spoken),
        other => Err(TestCaseError::fail(format!("{other} has no reader here"))),
    }
}

fn checked(validator: &Validator, document: &Value) -> Result<(), TestCaseError> {
    let first = validator.iter_errors(document).next();
    first.map_or(Ok(()), |error| {
        Err(TestCaseError::fail(format!(
            "{}: {error}",
            error.instance_path()
        )))
    })
}

fn parsed(report: &str) -> Value {
    serde_json::from_str(report).expect("a report is JSON")
}

/// The schema of SARIF 2.1.0 as OASIS published it: the crate we read SARIF with carries it.
fn sarif_schema() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([
                "metadata",
                "--format-version=1",
                "--locked",
                "--filter-platform",
                &host(),
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata are JSON");
        let manifest = metadata["packages"]
            .as_array()
            .and_then(|all| all.iter().find(|package| package["name"] == "serde-sarif"))
            .and_then(|package| package["manifest_path"].as_str())
            .expect("serde-sarif is a dependency");
        let path = PathBuf::from(manifest).with_file_name("src/schema.json");
        let text = std::fs::read_to_string(path).expect("serde-sarif carries the schema");
        // The published pattern of languages has a bracket too many and is no regular expression.
        let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
        let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
        assert_eq!(schema["properties"]["version"]["enum"], json!(["2.1.0"]));
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("the schema is one")
    })
}

/// The platform the tests run on: what other platforms need may never have been downloaded.
fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn sarif(report: &str, diagnostics: &[Diagnostic]) -> Result<(), TestCaseError> {
    let document = parsed(report);
    checked(sarif_schema(), &document)?;
    let read: serde_sarif::sarif::Sarif =
        serde_json::from_value(document).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(read.runs.len(), 1);
    let run = &read.runs[0];
    let results = run.results.as_deref().unwrap_or_default();
    let rules = run.tool.driver.rules.as_deref().unwrap_or_default();
    prop_assert_eq!(results.len(), diagnostics.len());
    for result in results {
        let rule = &rules[usize::try_from(result.rule_index.expect("it is there")).expect("small")];
        prop_assert_eq!(Some(&rule.id), result.rule_id.as_ref());
    }
    Ok(())
}

/// What GitLab takes, from its documentation ("Code Quality", report format).
fn gitlab(report: &str, spoken: &[&Diagnostic]) -> Result<(), TestCaseError> {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let line = json!({ "type": "integer", "minimum": 1 });
        jsonschema::validator_for(&json!({ "type": "array", "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": false,
            "properties": {
                "description": { "type": "string" },
                "check_name": { "type": "string" },
                "fingerprint": { "type": "string" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "additionalProperties": false,
                    "properties": {
                        "path": { "type": "string" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": false,
                            "properties": { "begin": line, "end": line },
                        },
                    },
                },
            },
        }}))
        .expect("the schema is one")
    });
    let document = parsed(report);
    checked(schema, &document)?;
    let issues = document.as_array().expect("the schema says so");
    prop_assert_eq!(issues.len(), spoken.len());
    let identities: HashSet<&Value> = issues.iter().map(|issue| &issue["fingerprint"]).collect();
    prop_assert_eq!(identities.len(), issues.len());
    Ok(())
}

/// What reviewdog takes, from its `proto/rdf/reviewdog.proto`: an unknown field is an error to its reader.
fn rdjson(report: &str, spoken: &[&Diagnostic]) -> Result<(), TestCaseError> {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let number = json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX });
        let position = json!({
            "type": "object", "additionalProperties": false,
            "properties": { "line": number, "column": number },
        });
        let range = json!({
            "type": "object", "additionalProperties": false, "required": ["start"],
            "properties": { "start": position, "end": position },
        });
        let named = |name: &str| {
            json!({
                "type": "object", "additionalProperties": false, "required": [name],
                "properties": { name: { "type": "string" }, "url": { "type": "string" } },
            })
        };
        jsonschema::validator_for(&json!({
            "type": "object", "additionalProperties": false,
            "properties": {
                "source": named("name"),
                "severity": { "enum": ["ERROR", "WARNING", "INFO"] },
                "diagnostics": { "type": "array", "items": {
                    "type": "object", "additionalProperties": false,
                    "required": ["message", "location"],
                    "properties": {
                        "message": { "type": "string" },
                        "location": {
                            "type": "object", "additionalProperties": false, "required": ["path"],
                            "properties": { "path": { "type": "string" }, "range": range },
                        },
                        "severity": { "enum": ["ERROR", "WARNING", "INFO"] },
                        "source": named("name"),
                        "code": named("value"),
                        "suggestions": { "type": "array", "items": {
                            "type": "object", "additionalProperties": false,
                            "required": ["range", "text"],
                            "properties": { "range": range, "text": { "type": "string" } },
                        }},
                        "original_output": { "type": "string" },
                    },
                }},
            },
        }))
        .expect("the schema is one")
    });
    let document = parsed(report);
    checked(schema, &document)?;
    prop_assert_eq!(
        document["diagnostics"].as_array().map(Vec::len),
        Some(spoken.len())
    );
    Ok(())
}

fn junit(report: &str, diagnostics: &[Diagnostic]) -> Result<(), TestCaseError> {
    let read = quick_junit::Report::deserialize_from_str(report)
        .map_err(|error| TestCaseError::fail(format!("{error}\n{report}")))?;
    let cases: Vec<_> = read
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases)
        .collect();
    prop_assert_eq!(cases.len(), diagnostics.len().max(1));
    prop_assert_eq!(read.tests, cases.len());
    let failed = diagnostics
        .iter()
        .filter(|finding| finding.suppressed.is_none() && finding.severity > Severity::Info);
    prop_assert_eq!(read.failures, failed.count());
    let failures = cases
        .iter()
        .filter(|case| matches!(case.status, quick_junit::TestCaseStatus::NonSuccess { .. }));
    prop_assert_eq!(failures.count(), read.failures);
    Ok(())
}

fn checkstyle(report: &str, spoken: &[&Diagnostic]) -> Result<(), TestCaseError> {
    let document = roxmltree::Document::parse(report)
        .map_err(|error| TestCaseError::fail(format!("{error}\n{report}")))?;
    let root = document.root_element();
    prop_assert!(root.has_tag_name("checkstyle") && root.has_attribute("version"));
    let mut errors = 0;
    for file in root.children().filter(roxmltree::Node::is_element) {
        prop_assert!(file.has_tag_name("file") && file.has_attribute("name"));
        for error in file.children().filter(roxmltree::Node::is_element) {
            errors += 1;
            prop_assert!(error.has_tag_name("error"));
            for number in ["line", "column"] {
                let number = error
                    .attribute(number)
                    .and_then(|text| text.parse::<u32>().ok());
                prop_assert!(number.is_some_and(|number| number > 0));
            }
            let severity = error.attribute("severity").unwrap_or_default();
            prop_assert!(["error", "warning", "info"].contains(&severity));
            prop_assert!(error.has_attribute("message"));
            prop_assert!(
                error
                    .attribute("source")
                    .is_some_and(|s| s.starts_with("dashlint."))
            );
        }
    }
    prop_assert_eq!(errors, spoken.len());
    Ok(())
}
