//! Severities, suppressions and names in the configuration.

use std::fs;

use crate::support::tree::folder;
use crate::{DASHBOARD, FIXABLE, run};

#[test]
fn severities_are_configured_and_findings_silenced_as_of_any_rule() {
    let config = "extends = [\"policies/p.yaml\"]\n[rules]\nall = \"off\"\npolicy = true\n\"t/refresh\" = \"error\"\n\"t/legend\" = \"off\"\n";
    let ignored = format!("{config}[[ignore]]\nrules = [\"t/refresh\"]\nreason = \"a wall\"\n");
    let dashboard = r#"{ "title": "A", "schemaVersion": 39, "refresh": "5s", "tags": ["team:a"], "panels": [{ "id": 1, "type": "timeseries" }] }"#;
    let files = |config| {
        [
            ("dashlint.toml", config),
            ("policies/p.yaml", FIXABLE),
            ("d.json", dashboard),
        ]
    };
    let (told, code) = run(folder(&files(config)).path(), &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("error") && told.contains("t/refresh") && !told.contains("t/legend"),
        "{told}"
    );
    let (told, code) = run(folder(&files(&ignored)).path(), &["--format", "concise"]);
    assert_eq!(code, 0, "{told}");
    let comment = r#"{ "title": "A", "schemaVersion": 39, "tags": ["team:a"], "panels": [{ "id": 1, "type": "timeseries", "description": "<!-- dashlint: ignore[t/legend] one series -->" }] }"#;
    let on = config.replace("\"t/legend\" = \"off\"\n", "");
    let folder = folder(&[
        ("dashlint.toml", &on),
        ("policies/p.yaml", FIXABLE),
        ("d.json", comment),
    ]);
    let (told, code) = run(folder.path(), &["--format", "concise"]);
    assert_eq!(code, 0, "{told}");
    let useless = comment.replace("\"timeseries\"", "\"stat\"");
    fs::write(folder.path().join("d.json"), useless).unwrap();
    let (told, _) = run(
        folder.path(),
        &["--format", "concise", "--extend-select", "meta"],
    );
    assert!(told.contains("unused-suppression"), "{told}");
}

#[test]
fn names_that_no_policy_has_are_told() {
    let config = "extends = [\"p.yaml\"]\n[rules]\n\"t/refrsh\" = \"off\"\n\"ownership/missing-team\" = \"off\"\n";
    let folder = folder(&[
        ("dashlint.toml", config),
        ("p.yaml", FIXABLE),
        ("d.json", DASHBOARD),
    ]);
    let (told, code) = run(folder.path(), &["--select", "meta"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("no policy here has a rule `t/refrsh`"),
        "{told}"
    );
    assert!(told.contains("did you mean `t/refresh`?"), "{told}");
    assert!(told.contains("extends = [\"pack:ownership\"]"), "{told}");
}

/// A pack is shown with who set the severities of its rules, and is switched off as a group.
#[test]
fn a_pack_is_shown_explained_and_configured_as_a_group() {
    let config = |rules: &str| format!("extends = [\"pack:ownership\"]\n[rules]\n{rules}");
    let folder = folder(&[
        (
            "dashlint.toml",
            &config("\"ownership/missing-owner\" = \"error\"\n"),
        ),
        ("d.json", DASHBOARD),
    ]);
    let (told, _) = run(folder.path(), &["config", "show"]);
    assert!(told.contains("# policy pack:ownership: 5 rules"), "{told}");
    let lines = [
        "\"ownership/missing-owner\" = \"error\"  # dashlint.toml",
        "\"ownership/missing-contact\" = \"info\"  # pack:ownership",
    ];
    assert!(lines.iter().all(|line| told.contains(line)), "{told}");

    let rules = "\"ownership/missing-owner\" = \"error\"\nownership = \"off\"\n";
    fs::write(folder.path().join("dashlint.toml"), config(rules)).unwrap();
    let (told, _) = run(folder.path(), &["config", "show"]);
    let lines = [
        "\"ownership/missing-owner\" = \"error\"  # dashlint.toml",
        "\"ownership/missing-contact\" = \"off\"  # dashlint.toml",
    ];
    assert!(lines.iter().all(|line| told.contains(line)), "{told}");

    let (told, code) = run(folder.path(), &["explain", "pack:ownership"]);
    assert_eq!(code, 0);
    assert!(
        told.contains("nobody knows any more whose dashboard"),
        "{told}"
    );
    assert!(told.contains("ownership/missing-review-date"), "{told}");
    let (told, code) = run(folder.path(), &["explain", "pack:ownershp"]);
    assert_eq!(code, 2);
    assert!(told.contains("did you mean `pack:ownership`?"), "{told}");

    let (told, code) = run(folder.path(), &["--select", "slo", "d.json"]);
    assert_eq!(code, 2);
    assert!(
        told.contains("`--policy pack:slo` brings the pack"),
        "{told}"
    );
}
