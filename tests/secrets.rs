//! No report shows a secret, whatever is found and however it is written.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::run::run;
use support::tree::folder;

/// The secret of the files below, which no page has: each must be told, and none shown.
const SECRET: &str = "n0tt3ll";

const FILES: &[(&str, &str)] = &[
    (
        "provisioning/datasources/a.yaml",
        "apiVersion: 1\ndatasources:\n  - name: Metrics\n    type: prometheus\n    acces: proxy\n    url: https://me:n0tt3ll@host\n    \
         secureJsonData:\n      basicAuthPassword: n0tt3ll\n      other: n0tt3ll\n    jsonData:\n      password: n0tt3ll\n      tlsSkipVerfy: true\n  - name: Metrics\n    \
         type: loki\n    url: http://loki/?token=n0tt3ll\n    password: n0tt3ll\n    isdefault: true\n    secureJsonData:\n      basicAuthPassword: pa$n0tt3ll\n",
    ),
    (
        "provisioning/alerting/b.yaml",
        "apiVersion: 1\ncontactPoints:\n  - name: Team\n    receivers:\n      - uid: a\n        type: slack\n        settings:\n          \
         url: https://hooks.slack.com/services/T0/B0/n0tt3ll\n      - uid: b\n        type: pagerduty\n        settings: {integrationKey: n0tt3ll}\n      - uid: c\n        \
         type: webhook\n        settings:\n          url: https://host/hook\n          authorization_credentials: n0tt3ll\n",
    ),
    (
        "provisioning/notifiers/c.yaml",
        "notifiers:\n  - name: Old\n    uid: old\n    type: slack\n    settings:\n      url: https://chat.example.com/hooks/n0tt3ll\n    secure_settings:\n      token: n0tt3ll\n",
    ),
    (
        "map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  ds.yaml: |\n    apiVersion: 1\n    datasources:\n    - name: X\n      type: mysql\n      \
         acces: proxy\n      secureJsonData: {password: n0tt3ll}\n  ds.json: '{\"apiVersion\": 1, \"datasources\": [{\"name\": \"Y\", \"type\": \"mysql\", \"acces\": \"proxy\", \
         \"secureJsonData\": {\"password\": \"n0tt3ll\"}}]}'\n",
    ),
    // Every way a value can be written.
    (
        "provisioning/datasources/written.yaml",
        "apiVersion: 1\nx-secret: &aside n0tt3ll-0\ndatasources:\n  - name: Written\n    type: prometheus\n    url: https://u:pa@n0tt3ll@host\n    psasword: n0tt3ll\n    \
         secureJsonData:\n      basicAuthPassword:\n        n0tt3ll-1\n      ? token\n      : n0tt3ll-2\n      accessKey: &key n0tt3ll-3\n      secretKey: \"one\n        n0tt3ll\n        two\"\n      \
         clientSecret: pre$SECRETn0tt3ll\n      more: {list: [n0tt3ll]}\n      password: *aside\n    jsonData: {apiToken: n0tt3ll}\n",
    ),
    (
        "provisioning/alerting/written.yaml",
        "apiVersion: 1\ncontactPoints:\n  - name: Written\n    receivers:\n      - uid: w\n        type: webhook\n        settings:\n          url: https://host/hook\n          \
         headers: {X-Api-Key: n0tt3ll, X-Other: open}\n          pasword: n0tt3ll\n          tokens: [n0tt3ll]\n",
    ),
    (
        "docker-compose.yml",
        "services:\n  grafana:\n    image: grafana/grafana\n    environment:\n      - GF_SECURITY_ADMIN_PASSWORD=a n0tt3ll\n      - \"GF_SMTP_PASSWORD=n0tt3ll, b\"\n      \
         - GF_DATABASE_URL=mysql://me:n0tt3ll@host/db\n",
    ),
];

/// What a run over all rules says on both streams.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let all = ["--isolated", "--select", "all", "--min-severity", "info"];
    said_to(folder, &[&all, arguments].concat())
}

#[test]
fn no_format_shows_a_secret() {
    let folder = folder(FILES);
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
    let folder = folder(FILES);
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
fn a_patch_holds_no_secret_and_applies() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: 1\ndatasources:\n  - name: A\n    type: prometheus\n    acces: proxy\n    orgId: 1\n    url: https://me:n0tt3ll@host\n    \
                isDefault: false\n    version: 1\n  - name: B\n    acces: proxy\n    password: n0tt3ll\n";
    fs::write(folder.path().join("ds.yaml"), text).unwrap();
    let args = [
        "--isolated",
        "--select",
        "unknown-provisioning-key",
        "--diff",
        "--unsafe-fixes",
    ];
    let (_, patch, said) = run(folder.path(), &args);
    assert!(
        patch.contains("+    access: proxy") && !patch.contains(SECRET),
        "{patch}"
    );
    assert!(
        said.contains("beside a secret, 1 change is not in the patch"),
        "{said}"
    );
    fs::write(folder.path().join("x.patch"), &patch).unwrap();
    let apply = Command::new("git")
        .args(["apply", "x.patch"])
        .current_dir(folder.path())
        .output();
    if let Ok(apply) = apply {
        assert!(
            apply.status.success(),
            "{}",
            String::from_utf8_lossy(&apply.stderr)
        );
        let now = fs::read_to_string(folder.path().join("ds.yaml")).unwrap();
        assert_eq!(now, text.replacen("acces:", "access:", 1));
    }
}

/// What a run says with these arguments alone.
fn said_to(folder: &Path, arguments: &[&str]) -> String {
    let (_, out, err) = run(folder, arguments);
    out + &err
}

#[test]
fn words_of_policies_show_no_secret_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "ds.yaml",
        "apiVersion: 1\ndatasources:\n  - name: Prom\n    type: prometheus\n    url: http://p:9090\n    \
         secureJsonData:\n      basicAuthPassword: n0tt3ll\n",
    );
    file(
        "policy.yaml",
        "version: 1\nrules:\n  - id: acme/secret\n    message: 'it is {/secureJsonData/basicAuthPassword}'\n    on: data-source\n    \
         forbid: { /secureJsonData/basicAuthPassword: { exists: true }, url: { starts-with: 'http://p:' } }\n    help: 'found {value}'\n    \
         fix: { safe: { set: { url: '{/secureJsonData/basicAuthPassword}' } } }\n",
    );
    let check = [
        "--isolated",
        "--policy",
        "policy.yaml",
        "--select",
        "policy",
        "ds.yaml",
    ];
    for more in [
        vec![],
        vec!["--format", "json"],
        vec!["--format", "concise"],
        vec!["--diff"],
        vec!["--fix"],
    ] {
        let said = said_to(folder.path(), &[&check[..], &more[..]].concat());
        assert!(!said.contains(SECRET), "{more:?}:\n{said}");
        assert!(said.contains("*******"), "{more:?}:\n{said}");
    }
}

#[test]
fn inspect_and_cost_show_no_secret() {
    const TOKEN: &str = "glsa_abcdefghijklmnopqrstuvwx";
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "ds.yaml",
        "apiVersion: 1\ndatasources:\n  - name: n0tt3ll\n    type: prometheus\n    secureJsonData:\n      password: n0tt3ll\n",
    );
    file(
        "d.json",
        &format!(
            r#"{{"schemaVersion":39,"uid":"u","title":"D {TOKEN}","panels":[{{"id":1,"type":"table","title":"T {TOKEN}","targets":[{{"refId":"A","datasource":{{"type":"prometheus","uid":"p"}},"expr":"up{{token=\"{TOKEN}\"}}"}}]}}]}}"#
        ),
    );
    for arguments in [
        &["inspect", "ds.yaml"][..],
        &["inspect", "--format", "json", "ds.yaml"],
        &[
            "inspect",
            "--at",
            "/datasources/0/secureJsonData",
            "ds.yaml",
        ],
        &["inspect", "d.json"],
        &["inspect", "--format", "json", "d.json"],
        &["cost", "d.json"],
        &["cost", "--format", "json", "d.json"],
        &["cost", "--format", "markdown", "d.json"],
    ] {
        let said = said_to(folder.path(), arguments);
        assert!(
            !said.contains(SECRET) && !said.contains(TOKEN),
            "{arguments:?}:\n{said}"
        );
        assert!(said.contains("****"), "{arguments:?}:\n{said}");
    }
}

#[test]
fn what_cannot_be_read_is_no_less_secret() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "{{\"apiVersion\": 1, \"datasources\": [{{\"name\": \"a\", \"type\": \"x\", \"secureJsonData\": {{\"password\": {SECRET}}}}}]}}"
    );
    fs::write(folder.path().join("ds.json"), text).unwrap();
    for format in ["pretty", "concise", "json"] {
        let said = said_to(
            folder.path(),
            &["--isolated", "--format", format, "ds.json"],
        );
        assert!(said.contains("invalid-syntax"), "{said}");
        assert!(!said.contains(SECRET), "{said}");
    }
}
