//! `.lint` files: what they silence and lower.

use dashlint::diagnostic::{Diagnostic, Silencer};
use dashlint::lint::{Input, lint};

use crate::support::{everything, silenced_by};
use crate::{PROMETHEUS, code, dashboard, panel};

/// Lints a dashboard of two targets beside this `.lint`.
fn beside(lint_file: &str) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".lint"), lint_file).unwrap();
    let path = folder.path().join("d.json");
    let targets = r#"{"refId": "A", "expr": "sum(x"}, {"refId": "B", "expr": "sum(y"}"#;
    let text = dashboard(
        "",
        &format!(
            r#"{{"id": 1, "type": "stat", "title": "P", "datasource": {PROMETHEUS}, "targets": [{targets}]}}"#
        ),
    );
    std::fs::write(&path, text).unwrap();
    let input = Input {
        display: path.to_string_lossy().as_ref().into(),
        path,
        target: true,
        provisioned: false,
        text: None,
    };
    lint(&[input], &everything(), &|| {})
        .diagnostics
        .into_iter()
        .filter(|finding| finding.rule == "invalid-promql")
        .collect()
}

fn silenced(findings: &[Diagnostic]) -> Vec<bool> {
    silenced_by(findings, Silencer::Lint)
}

#[test]
fn a_lint_file_silences_what_it_excludes() {
    let whole = beside("exclusions:\n  target-promql-rule:\n    reason: generated\n");
    assert_eq!(silenced(&whole), [true, true]);
    let reason = whole[0]
        .suppressed
        .as_ref()
        .and_then(|found| found.reason.clone());
    assert_eq!(reason.as_deref(), Some("generated"));
    assert_eq!(
        silenced(&beside("exclusions:\n  target-job-rule:\n")),
        [false, false]
    );
    assert_eq!(
        silenced(&beside("exclusions:\n  invalid-promql:\n")),
        [true, true]
    );
}

#[test]
fn an_entry_of_a_lint_file_names_dashboard_panel_and_target() {
    let entry = |fields: &str| {
        beside(&format!(
            "exclusions:\n  target-promql-rule:\n    entries:\n    - {fields}\n"
        ))
    };
    assert_eq!(silenced(&entry("dashboard: API")), [true, true]);
    assert_eq!(silenced(&entry("dashboard: Other")), [false, false]);
    assert_eq!(silenced(&entry("{dashboard: API, panel: P}")), [true, true]);
    assert_eq!(
        silenced(&entry("{dashboard: API, panel: Q}")),
        [false, false]
    );
    assert_eq!(silenced(&entry("{panel: P, targetIdx: 1}")), [false, true]);
    assert_eq!(silenced(&entry("{panel: P, targetidx: 0}")), [true, false]);
}

#[test]
fn warnings_of_a_lint_file_are_no_errors() {
    let findings = beside("warnings:\n  target-promql-rule:\n");
    for finding in &findings {
        assert_eq!(finding.severity, dashlint::diagnostic::Severity::Warning);
        assert!(finding.suppressed.is_none());
    }
    assert_eq!(findings.len(), 2);
}

#[test]
fn a_broken_lint_file_silences_nothing() {
    assert_eq!(silenced(&beside("exclusions: [\n\t}")), [false, false]);
}

#[test]
fn what_a_lint_file_excludes_is_not_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.json");
    let text = dashboard("", &panel("stat", PROMETHEUS, r#"up{job=~".*"}"#));
    std::fs::write(&path, &text).unwrap();
    let fix = ["--select", "noop-matcher", "--fix", "d.json"];
    std::fs::write(
        folder.path().join(".lint"),
        "exclusions:\n  noop-matcher:\n",
    )
    .unwrap();
    code(folder.path(), &fix);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::remove_file(folder.path().join(".lint")).unwrap();
    code(folder.path(), &fix);
    assert_ne!(std::fs::read_to_string(&path).unwrap(), text);
}
