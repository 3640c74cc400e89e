//! No report shows a secret, whatever is found and however it is written.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Every secret of the files below; each must be told, and none shown.
const SECRET: &str = "k1tt3ns";

const FILES: &[(&str, &str)] = &[
    (
        "provisioning/datasources/a.yaml",
        "apiVersion: 1\ndatasources:\n  - name: Metrics\n    type: prometheus\n    acces: proxy\n    url: https://me:k1tt3ns@host\n    \
         secureJsonData:\n      basicAuthPassword: k1tt3ns\n      other: k1tt3ns\n    jsonData:\n      password: k1tt3ns\n      tlsSkipVerfy: true\n  - name: Metrics\n    \
         type: loki\n    url: http://loki/?token=k1tt3ns\n    password: k1tt3ns\n    isdefault: true\n    secureJsonData:\n      basicAuthPassword: pa$k1tt3ns\n",
    ),
    (
        "provisioning/alerting/b.yaml",
        "apiVersion: 1\ncontactPoints:\n  - name: Team\n    receivers:\n      - uid: a\n        type: slack\n        settings:\n          \
         url: https://hooks.slack.com/services/T0/B0/k1tt3ns\n      - uid: b\n        type: pagerduty\n        settings: {integrationKey: k1tt3ns}\n      - uid: c\n        \
         type: webhook\n        settings:\n          url: https://host/hook\n          authorization_credentials: k1tt3ns\n",
    ),
    (
        "provisioning/notifiers/c.yaml",
        "notifiers:\n  - name: Old\n    uid: old\n    type: slack\n    settings:\n      url: https://chat.example.com/hooks/k1tt3ns\n    secure_settings:\n      token: k1tt3ns\n",
    ),
    (
        "map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  ds.yaml: |\n    apiVersion: 1\n    datasources:\n    - name: X\n      type: mysql\n      \
         acces: proxy\n      secureJsonData: {password: k1tt3ns}\n  ds.json: '{\"apiVersion\": 1, \"datasources\": [{\"name\": \"Y\", \"type\": \"mysql\", \"acces\": \"proxy\", \
         \"secureJsonData\": {\"password\": \"k1tt3ns\"}}]}'\n",
    ),
];

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What a run says on both streams.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_dashlint"))
        .args(["--isolated", "--select", "all", "--min-severity", "info"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    format!(
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    )
}

#[test]
fn no_format_shows_a_secret() {
    let folder = project();
    let formats = dashlint::report::Format::names().map(|name| vec!["--format", name]);
    let others = [
        vec!["--diff", "--unsafe-fixes"],
        vec!["-v"],
        vec!["--statistics"],
    ];
    for arguments in formats.chain(others) {
        let said = said(folder.path(), &arguments);
        assert!(!said.contains(SECRET), "{arguments:?}:\n{said}");
        assert!(said.len() > 100, "{arguments:?}:\n{said}");
    }
    // Reports without the rules that know secrets hide them as well.
    for rule in ["provisioning", "unescaped-dollar", "duplicate-data-source"] {
        let said = said(folder.path(), &["--select", rule]);
        assert!(!said.contains(SECRET), "{rule}:\n{said}");
    }
}

#[test]
fn every_secret_is_told() {
    let folder = project();
    let said = said(folder.path(), &["--format", "concise"]);
    let told =
        said.matches("[plain-text-secret]").count() + said.matches("[secret-in-json-data]").count();
    let there: usize = FILES
        .iter()
        .map(|(_, text)| text.matches(SECRET).count())
        .sum();
    assert_eq!(told, there, "{said}");
}

#[test]
fn a_patch_with_covered_secrets_says_so() {
    let folder = project();
    let said = said(folder.path(), &["--diff", "--unsafe-fixes"]);
    assert!(said.contains("+    isDefault: true"), "{said}");
    assert!(said.contains("secrets are covered in this patch"), "{said}");
}
