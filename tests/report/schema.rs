//! The schema that is checked in is the one the code has, and what is written keeps to it.

use std::path::Path;

use dashlint::report::{Format, Style, report_schema};
use serde_json::Value;

use crate::fixtures::{Files, files, findings, render};

/// Whether a document of the `json` format keeps to the schema; the first complaint otherwise.
pub(crate) fn check(document: &Value) -> Result<(), String> {
    static VALIDATOR: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
    let validator = VALIDATOR
        .get_or_init(|| jsonschema::validator_for(&report_schema()).expect("the schema is one"));
    validator
        .validate(document)
        .map_err(|error| format!("{}: {error}", error.instance_path()))
}

#[test]
fn the_schema_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json");
    let mut now = serde_json::to_string_pretty(&report_schema()).expect("a value is JSON");
    now.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).expect("the schema can be written");
    }
    let then = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        then == now,
        "schemas/report.schema.json is stale: run the tests with UPDATE=1"
    );
}

#[test]
fn reports_keep_to_the_schema() {
    for diagnostics in [findings(), Vec::new()] {
        let report = render(&diagnostics, &files(), Format::Json, &Style::default());
        let document: Value = serde_json::from_str(&report).expect("a report is JSON");
        assert_eq!(check(&document), Ok(()));
    }
}

#[test]
fn the_schema_sees_what_is_missing_or_wrong() {
    let report = render(&findings(), &Files::new(), Format::Json, &Style::default());
    let document: Value = serde_json::from_str(&report).expect("a report is JSON");
    let finding = document["diagnostics"][0].as_object().expect("an object");
    for key in finding.keys() {
        let mut document = document.clone();
        document["diagnostics"][0]
            .as_object_mut()
            .expect("an object")
            .remove(key);
        assert!(check(&document).is_err(), "{key} can be left out");
    }
    let mut document = document;
    document["version"] = 2.into();
    assert!(check(&document).is_err());
}
