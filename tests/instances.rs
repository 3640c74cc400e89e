//! Which files one Grafana reads, and what is said of dashboards because of it.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::run::run;
use support::tree::folder;

const RULES: &str =
    "duplicate-uid,duplicate-title-in-folder,unresolved-input,api-wrapper-in-provisioning";
const PROVIDER: &str = "apiVersion: 1\nproviders:\n  - {name: files, folder: Team, options: {path: /var/lib/grafana/dashboards}}\n";
const STRUCTURE: &str = "apiVersion: 1\nproviders:\n  - {name: files, options: {path: /var/lib/grafana/dashboards, foldersFromFilesStructure: true}}\n";
const COMPOSE: &str = "services:\n  grafana:\n    image: grafana/grafana\n    volumes:\n      - ./provisioning:/etc/grafana/provisioning\n      - ./boards:/var/lib/grafana/dashboards:ro\n";

fn dashboard(uid: &str, title: &str) -> String {
    format!(r#"{{ "uid": "{uid}", "title": "{title}", "schemaVersion": 39, "panels": [] }}"#)
}

/// What is found of uids and titles in a tree: `file severity[rule]`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    found_by(RULES, files)
}

fn found_by(rules: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(files);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let run = |given: &str| {
        let args = ["--format", "concise", "--quiet", "--select", rules, given];
        let (code, text, err) = run(folder.path(), &args);
        assert!(code < 2, "{err}");
        let short = |line: &str| {
            let (place, rest) = line.split_once(": ").unwrap();
            let file = place.split(':').next().unwrap();
            format!("{file} {}]", rest.split_once(']').unwrap().0)
        };
        text.lines().map(short).collect::<Vec<_>>()
    };
    let whole = run(".");
    // A file that is given alone is told the same.
    for (path, _) in files.iter().filter(|(path, _)| !path.ends_with("toml")) {
        let own = whole
            .iter()
            .filter(|line| line.starts_with(&format!("{path} ")));
        assert!(run(path).iter().eq(own), "{path}: {:?}", run(path));
    }
    whole
}

fn errors(rule: &str, files: &[&str]) -> Vec<String> {
    files
        .iter()
        .map(|file| format!("{file} error[{rule}]"))
        .collect()
}

fn advice(rule: &str, files: &[&str]) -> Vec<String> {
    files
        .iter()
        .map(|file| format!("{file} info[{rule}]"))
        .collect()
}

#[test]
fn without_a_mapping_nothing_is_certain() {
    let (a, b) = (dashboard("x", "A"), dashboard("x", "B"));
    let lone = found(&[
        ("provisioning/dashboards/files.yml", PROVIDER),
        ("one/a.json", &a),
        ("two/b.json", &b),
    ]);
    assert_eq!(lone, advice("duplicate-uid", &["one/a.json", "two/b.json"]));
}

#[test]
fn volumes_of_a_compose_file_lead_to_the_dashboards() {
    let (a, b) = (dashboard("x", "A"), dashboard("x", "B"));
    let both = errors(
        "duplicate-uid",
        &["deploy/boards/a.json", "deploy/boards/deep/b.json"],
    );
    let tree = [
        ("deploy/docker-compose.yml", COMPOSE),
        ("deploy/provisioning/dashboards/files.yml", PROVIDER),
        ("deploy/boards/a.json", &a),
        ("deploy/boards/deep/b.json", &b),
        // Grafana reads no hidden folder, and no folder that is not its provider's.
        ("deploy/boards/.old/c.json", &a),
        ("deploy/more/d.json", &a),
    ];
    let mut expected = both.clone();
    expected.extend(advice("duplicate-uid", &["deploy/more/d.json"]));
    let mut all = found(&tree);
    all.retain(|line| !line.contains(".old"));
    assert_eq!(all, expected);
    // The same without Compose, in an image.
    let mut tree = tree[..4].to_vec();
    tree[0] = (
        "deploy/Dockerfile",
        "FROM grafana/grafana\nCOPY provisioning /etc/grafana/provisioning\nCOPY ./boards/ /var/lib/grafana/dashboards/\n",
    );
    assert_eq!(found(&tree), both);
    // Two services that differ: which of them it is, nobody knows.
    let other = COMPOSE.replace("./boards", "./others");
    tree[0].1 = "FROM grafana/grafana\n";
    tree.push(("deploy/docker-compose.yml", COMPOSE));
    tree.push(("deploy/compose.dev.yml", &other));
    assert_eq!(
        found(&tree),
        advice(
            "duplicate-uid",
            &["deploy/boards/a.json", "deploy/boards/deep/b.json"]
        )
    );
}

#[test]
fn a_folder_whose_path_ends_alike_is_meant() {
    let (a, b) = (dashboard("x", "A"), dashboard("x", "B"));
    let tree = [
        ("grafana/provisioning/dashboards/files.yml", PROVIDER),
        ("grafana/dashboards/a.json", a.as_str()),
        ("grafana/dashboards/b.json", &b),
    ];
    assert_eq!(
        found(&tree),
        errors(
            "duplicate-uid",
            &["grafana/dashboards/a.json", "grafana/dashboards/b.json"]
        )
    );
}

#[test]
fn two_grafanas_may_share_uids_and_titles() {
    let (a, b) = (dashboard("x", "A"), dashboard("y", "A"));
    let tree = [
        ("prod/provisioning/dashboards/files.yml", PROVIDER),
        ("prod/dashboards/a.json", a.as_str()),
        ("dev/provisioning/dashboards/files.yml", PROVIDER),
        ("dev/dashboards/a.json", &a),
        ("dev/dashboards/b.json", &b),
    ];
    assert_eq!(
        found(&tree),
        advice(
            "duplicate-title-in-folder",
            &["dev/dashboards/a.json", "dev/dashboards/b.json"]
        )
    );
    // One folder that both read is in both.
    let shared = [
        tree[0],
        tree[2],
        ("dashboards/a.json", a.as_str()),
        ("dashboards/b.json", &a),
    ];
    assert_eq!(
        found(&shared),
        errors("duplicate-uid", &["dashboards/a.json", "dashboards/b.json"])
    );
}

#[test]
fn organisations_have_uids_of_their_own() {
    let a = dashboard("x", "A");
    let provider = "apiVersion: 1\nproviders:\n  - {name: a, options: {path: /dashboards/one}}\n  - {name: b, orgId: 2, options: {path: /dashboards/two}}\n";
    let tree = [
        ("grafana/dashboards/files.yml", provider),
        ("dashboards/one/a.json", a.as_str()),
        ("dashboards/two/a.json", &a),
    ];
    assert_eq!(found(&tree), [""; 0]);
}

#[test]
fn titles_are_compared_in_one_folder_and_before_11_3_refused() {
    let (a, b) = (dashboard("x", "A"), dashboard("y", "A"));
    let (one, two) = (
        "grafana/dashboards/one/a.json",
        "grafana/dashboards/two/b.json",
    );
    let mut tree = vec![
        ("grafana/provisioning/dashboards/files.yml", PROVIDER),
        (one, a.as_str()),
        (two, b.as_str()),
    ];
    assert_eq!(
        found(&tree),
        advice("duplicate-title-in-folder", &[one, two])
    );
    tree[0].1 = STRUCTURE;
    assert_eq!(found(&tree), [""; 0]);
    tree[2].0 = "grafana/dashboards/one/b.json";
    let both = [one, "grafana/dashboards/one/b.json"];
    assert_eq!(found(&tree), advice("duplicate-title-in-folder", &both));
    tree.push(("dashlint.toml", "grafana = '11.2'\n"));
    assert_eq!(found(&tree), errors("duplicate-title-in-folder", &both));
    tree[3].1 = "grafana = '11.3'\n";
    assert_eq!(found(&tree), advice("duplicate-title-in-folder", &both));
}

#[test]
fn the_configuration_says_what_nothing_else_says() {
    let (a, b) = (dashboard("x", "A"), dashboard("x", "B"));
    let config =
        "[[instance]]\nroots = ['ops/grafana']\nmounts = { '/var/lib/grafana' = 'boards' }\n";
    let tree = [
        ("dashlint.toml", config),
        ("ops/grafana/config/files.yml", PROVIDER),
        ("boards/dashboards/a.json", a.as_str()),
        ("boards/dashboards/b.json", &b),
        ("boards/c.json", &b),
    ];
    let mut expected = errors(
        "duplicate-uid",
        &["boards/dashboards/a.json", "boards/dashboards/b.json"],
    );
    expected.insert(0, "boards/c.json info[duplicate-uid]".to_owned());
    assert_eq!(found(&tree), expected);
}

#[test]
fn files_for_the_import_dialog_and_the_api_are_refused_where_files_are_read() {
    let wrapped = format!(r#"{{ "dashboard": {} }}"#, dashboard("a", "A"));
    let export = r#"{ "uid": "b", "title": "B", "__inputs": [{ "name": "DS", "type": "datasource", "pluginId": "prometheus" }],
        "schemaVersion": 39, "panels": [{ "id": 1, "type": "stat", "datasource": { "type": "prometheus", "uid": "${DS}" } }] }"#;
    let mut tree = vec![
        ("grafana/dashboards/wrapped.json", wrapped.as_str()),
        ("grafana/dashboards/export.json", export),
    ];
    let lines = |severity: &str| {
        vec![
            format!("grafana/dashboards/export.json {severity}[unresolved-input]"),
            format!("grafana/dashboards/wrapped.json {severity}[api-wrapper-in-provisioning]"),
        ]
    };
    assert_eq!(found(&tree), lines("info"));
    tree.push(("grafana/provisioning/dashboards/files.yml", PROVIDER));
    assert_eq!(found(&tree), lines("error"));
}

#[test]
fn single_files_may_be_mounted() {
    let (a, b, c) = (
        dashboard("x", "A"),
        dashboard("x", "B"),
        dashboard("y", "A"),
    );
    let compose = "services:\n  grafana:\n    volumes:\n      - ./provisioning:/etc/grafana/provisioning\n      \
                   - ./a.json:/var/lib/grafana/dashboards/a.json\n      - ./b.json:/var/lib/grafana/dashboards/b.json\n      \
                   - ./c.json:/var/lib/grafana/dashboards/team/c.json\n";
    let tree = [
        ("compose.yaml", compose),
        ("provisioning/dashboards/files.yml", STRUCTURE),
        ("a.json", a.as_str()),
        ("b.json", &b),
        // In a folder of its own, so that its title is, too.
        ("c.json", &c),
        ("d.json", &a),
    ];
    let mut expected = errors("duplicate-uid", &["a.json", "b.json"]);
    expected.extend(advice("duplicate-uid", &["d.json"]));
    assert_eq!(found(&tree), expected);
}

#[test]
fn a_mount_without_dashboards_is_told() {
    let rule = "provider-without-dashboards";
    let a = dashboard("x", "A");
    let provider = "deploy/provisioning/dashboards/files.yml";
    let mut tree = vec![
        ("deploy/docker-compose.yml", COMPOSE),
        (provider, PROVIDER),
        ("boards/a.json", a.as_str()),
    ];
    assert_eq!(found_by(rule, &tree), advice(rule, &[provider]));
    tree[2].0 = "deploy/boards/deep/a.json";
    assert_eq!(found_by(rule, &tree), [""; 0]);
    // Where the path leads is not known.
    tree[0].0 = "deploy/other.yml";
    tree[2].0 = "a.json";
    assert_eq!(found_by(rule, &tree), [""; 0]);
}

/// Data sources in the values of the Grafana chart are all it has, unless a sidecar or another chart around it adds some.
#[test]
fn charts_may_bring_data_sources_of_their_own() {
    let values = |before: &str, indent: &str| {
        let text = "datasources:\n  all.yaml:\n    apiVersion: 1\n    datasources: [{name: Loki, uid: loki, type: loki}]\n\
                    dashboards:\n  default:\n    a:\n      json: '{\"uid\": \"a\", \"title\": \"A\", \"schemaVersion\": 39, \"panels\": [\
                    {\"id\": 1, \"type\": \"stat\", \"datasource\": {\"type\": \"prometheus\", \"uid\": \"prometheus\"}}]}'\n";
        let lines = text.lines().map(|line| format!("{indent}{line}\n"));
        format!("{before}{}", lines.collect::<String>())
    };
    for (text, expected) in [
        (
            values("", ""),
            &["values.yaml warning[unknown-data-source]"][..],
        ),
        (values("sidecar: {datasources: {enabled: true}}\n", ""), &[]),
        (values("grafana:\n", "  "), &[]),
    ] {
        assert_eq!(
            found_by("unknown-data-source", &[("values.yaml", &text)]),
            expected,
            "{text}"
        );
    }
}

#[test]
fn providers_that_read_the_same_are_found_across_files() {
    let provider = |name: &str, path: &str, org: i64| {
        format!(
            "apiVersion: 1\nproviders:\n  - {{name: {name}, orgId: {org}, options: {{path: {path}}}}}\n"
        )
    };
    let rule = "overlapping-providers";
    let lint = |files: &[(&str, &str)]| found_by(rule, files);
    let all = provider("all", "/var/lib/grafana/dashboards", 1);
    let (api, other) = (
        provider("api", "/var/lib/grafana/dashboards/api", 1),
        provider("api", "/var/lib/grafana/dashboards/api", 2),
    );
    let (a, b) = (
        "provisioning/dashboards/a.yml",
        "provisioning/dashboards/b.yml",
    );
    let told = |file: &str| vec![format!("{file} warning[{rule}]")];
    assert_eq!(lint(&[(a, &all), (b, &api)]), told(b));
    assert_eq!(lint(&[(a, &api), (b, &all)]), told(a));
    // Another organisation, another Grafana, a folder that Grafana does not look into.
    assert_eq!(lint(&[(a, &all), (b, &other)]), [""; 0]);
    assert_eq!(
        lint(&[(a, &all), ("dev/provisioning/dashboards/b.yml", &api)]),
        [""; 0]
    );
    assert_eq!(
        lint(&[(a, &all), ("provisioning/dashboards/more/b.yml", &api)]),
        [""; 0]
    );
    // Two paths at which one folder is mounted.
    let elsewhere = provider("api", "/etc/boards", 1);
    let mounts = "services:\n  grafana:\n    image: grafana/grafana\n    volumes:\n      - ./provisioning:/etc/grafana/provisioning\n      \
                  - ./boards:/var/lib/grafana/dashboards\n      - ./boards/api:/etc/boards\n";
    let board = dashboard("x", "X");
    assert_eq!(
        lint(&[
            (a, &all),
            (b, &elsewhere),
            ("boards/api/x.json", &board),
            ("docker-compose.yml", mounts)
        ]),
        told(b)
    );
}

#[test]
fn the_type_of_a_provisioned_data_source_goes_before_the_one_written_beside_its_uid() {
    let sources = "apiVersion: 1\ndatasources:\n  - {name: Logs, uid: logs, type: loki, url: http://loki:3100}\n  - {name: Prom, uid: prom, type: prometheus, url: http://prom:9090, isDefault: true}\n";
    let panel = |kind: &str, uid: &str, expr: &str| {
        format!(
            r#"{{ "uid": "{uid}", "title": "{uid}", "schemaVersion": 39, "panels": [{{ "id": 1, "type": "timeseries", "title": "A",
  "datasource": {{ "type": "{kind}", "uid": "{uid}" }}, "targets": [{{ "refId": "A", "expr": "{expr}" }}] }}] }}"#
        )
    };
    let logs = panel("prometheus", "logs", r#"{app=\"x\"} |= \"error\""#);
    let prom = panel("loki", "prom", "rate(http_requests_total)");
    let other = panel("loki", "elsewhere", "rate(http_requests_total)");
    let files: &[(&str, &str)] = &[
        ("docker-compose.yml", COMPOSE),
        ("provisioning/dashboards/files.yml", PROVIDER),
        ("provisioning/datasources/all.yml", sources),
        ("boards/logs.json", &logs),
        ("boards/prom.json", &prom),
        ("boards/other.json", &other),
    ];
    assert_eq!(
        found_by("invalid-promql", files),
        errors("invalid-promql", &["boards/prom.json"])
    );
}
