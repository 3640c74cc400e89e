//! What files say of things in other files: whole projects, each kind of reference right and wrong. The trees are in
//! `testdata/projects`.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{run, tree};
use tempfile::TempDir;

/// A copy of a tree that looks like a checkout.
fn checkout(from: &Path) -> TempDir {
    let folder = tree::copy(from);
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    folder
}

fn project(name: &str) -> TempDir {
    checkout(&Path::new("testdata/projects").join(name))
}

/// The findings of these rules in a tree, by file.
fn report(folder: &Path, rules: &str, given: &[&str]) -> BTreeMap<String, Vec<Value>> {
    let report = run::report(folder, &[&["--select", rules], given].concat());
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in report["diagnostics"].as_array().unwrap() {
        let file = finding["file"].as_str().unwrap().to_owned();
        found.entry(file).or_default().push(finding.clone());
    }
    found
}

/// `file: rule severity name`, where the name is the one in the message.
fn lines(found: &BTreeMap<String, Vec<Value>>) -> Vec<String> {
    let all = found.iter().flat_map(|(file, findings)| {
        findings.iter().map(move |finding| {
            let message = finding["message"].as_str().unwrap();
            let name = message.split(['"', '`']).nth(1).unwrap_or_default();
            let (rule, severity) = (
                finding["rule"].as_str().unwrap(),
                finding["severity"].as_str().unwrap(),
            );
            format!("{file}: {rule} {severity} {name}")
        })
    });
    all.collect()
}

const REFERENCES: &str = "references,broken-link-to-dashboard,broken-dashboard-link,duplicate-uid";

#[test]
fn each_kind_of_reference_right_and_wrong() {
    let folder = project("references");
    let found = report(folder.path(), REFERENCES, &["."]);
    let alerting = "provisioning/alerting";
    assert_eq!(
        lines(&found),
        [
            "cluster/dashboards.yaml: unknown-folder info team-apis".to_owned(),
            "cluster/folders.yaml: unknown-folder info team-apis".to_owned(),
            "dashboards/wrong.json: unknown-data-source warning gone".to_owned(),
            "dashboards/wrong.json: unknown-data-source warning lokis".to_owned(),
            "dashboards/wrong.json: broken-link-to-dashboard info gone".to_owned(),
            "dashboards/wrong.json: unrecorded-metric warning job:request:rate5m".to_owned(),
            "dashboards/wrong.json: unknown-library-panel info error".to_owned(),
            format!("{alerting}/policies.yaml: unknown-contact-point error team-apis"),
            format!("{alerting}/policies.yaml: unknown-mute-timing error weekend"),
            // A panel that the dashboard does not have, by its field and in a link.
            format!("{alerting}/rules.yaml: broken-dashboard-link warning right"),
            format!("{alerting}/rules.yaml: broken-dashboard-link info gone"),
            format!("{alerting}/rules.yaml: unknown-contact-point error team-db"),
            format!("{alerting}/rules.yaml: unknown-mute-timing error nights"),
            format!("{alerting}/rules.yaml: unknown-data-source warning Prometheus"),
            "provisioning/datasources/all.yaml: unknown-data-source warning jaeger".to_owned(),
            "provisioning/datasources/all.yaml: unknown-data-source warning zipkin".to_owned(),
            "provisioning/datasources/all.yaml: unknown-data-source warning tempos".to_owned(),
            "provisioning/datasources/all.yaml: unknown-data-source warning prometheus".to_owned(),
            "provisioning/datasources/all.yaml: unknown-data-source warning old-loki".to_owned(),
            "rules/recording.yml: recorded-in-another-group info ".to_owned(),
        ]
    );
    // One name is one finding, at the first of its places.
    let wrong = &found["dashboards/wrong.json"];
    let gone = wrong
        .iter()
        .find(|finding| {
            finding["message"]
                .as_str()
                .unwrap()
                .contains("\"gone\": the variable")
        })
        .unwrap();
    assert_eq!(gone["related"].as_array().unwrap().len(), 1, "{gone}");
    let helps: Vec<&str> = found["provisioning/datasources/all.yaml"]
        .iter()
        .map(|finding| finding["help"].as_str().unwrap())
        .collect();
    assert!(helps[2].contains("did you mean \"tempo\"?"), "{helps:?}");
}

#[test]
fn a_made_up_uid_is_explained() {
    let folder = project("references");
    let sources = folder.path().join("provisioning/datasources/all.yaml");
    let text = fs::read_to_string(&sources).unwrap();
    fs::write(&sources, text.replace("    uid: tempo\n", "")).unwrap();
    let found = report(folder.path(), "unknown-data-source", &["."]);
    let of_tempo = |finding: &&Value| finding["message"].as_str().unwrap().contains("\"tempo\"");
    let sources = &found["provisioning/datasources/all.yaml"];
    let help = sources.iter().find(of_tempo).unwrap()["help"].as_str();
    assert!(help.unwrap().starts_with("set `uid: tempo`"), "{help:?}");
}

/// What the environment names may have any name.
#[test]
fn names_from_the_environment_are_not_known() {
    let folder = project("references");
    for (file, from, to) in [
        ("datasources/all.yaml", "uid: prom\n", "uid: $PROM_UID\n"),
        (
            "alerting/contact-points.yaml",
            "name: team-api",
            "name: ${TEAM}",
        ),
        (
            "alerting/contact-points.yaml",
            "name: weekends",
            "name: ${TIMES}",
        ),
    ] {
        let file = folder.path().join("provisioning").join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&file, text.replace(from, to)).unwrap();
    }
    let rules = "unknown-data-source,unknown-contact-point,unknown-mute-timing";
    assert_eq!(lines(&report(folder.path(), rules, &["."])), [""; 0]);
}

#[test]
fn two_grafanas_share_uids_without_a_finding() {
    let folder = project("two-grafanas");
    let found = report(folder.path(), REFERENCES, &["."]);
    // What one has is nothing to the other.
    let expected = ["dev/dashboards/of-prod.json: unknown-data-source warning prom-prod"];
    assert_eq!(lines(&found), expected);
}

#[test]
fn without_provisioning_nothing_is_said() {
    let folder = project("unprovisioned");
    let found = report(folder.path(), REFERENCES, &["."]);
    assert_eq!(lines(&found), [""; 0]);
}

/// Lints each file alone: it is told what the whole run tells it, while the rest of the project is indexed. So a change of one
/// file is answered by linting that file and those that refer to it, or whichever are given.
fn alone_as_in_the_whole(folder: &Path, most: usize) -> usize {
    let whole = report(folder, "all", &["."]);
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file() && dashlint::source::walk::is_candidate(path))
        .collect();
    files.sort();
    let step = files.len().div_ceil(most).max(1);
    let mut compared = 0;
    for path in files.iter().step_by(step) {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
        let mut found = report(folder, "all", &["--force-exclude", name]);
        let own = found.remove(name).unwrap_or_default();
        let expected = whole.get(name).cloned().unwrap_or_default();
        assert_eq!(own, expected, "{name}");
        found.retain(|file, _| !file.ends_with("dashlint.toml"));
        assert!(found.is_empty(), "{name}: other files are told: {found:?}");
        compared += own.len();
    }
    compared
}

#[test]
fn files_alone_are_told_what_the_whole_run_tells_them() {
    for entry in fs::read_dir("testdata/projects").unwrap() {
        let path = entry.unwrap().path();
        let folder = checkout(&path);
        alone_as_in_the_whole(folder.path(), usize::MAX);
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    for name in [
        "acceptance/exercise-03",
        "acceptance/section-27",
        "corpus/priobike__priobike-grafana",
        "corpus/onzack__grafana-dashboards",
    ] {
        let path = shared.join(name);
        if !path.is_dir() {
            eprintln!("skipped: ../shared/{name} is not here");
            continue;
        }
        let folder = checkout(&path);
        assert!(alone_as_in_the_whole(folder.path(), 8) > 0, "{name}");
    }
}

/// What changes in one file changes what is said of others, and of those alone that refer to it.
#[test]
fn a_change_reaches_the_files_that_refer_to_it() {
    let folder = project("references");
    let before = report(folder.path(), "all", &["."]);
    let points = folder
        .path()
        .join("provisioning/alerting/contact-points.yaml");
    let text = fs::read_to_string(&points).unwrap();
    fs::write(&points, text.replace("team-api", "team-db")).unwrap();
    let after = report(folder.path(), "all", &["."]);
    let changed: Vec<&String> = before
        .keys()
        .chain(after.keys())
        .filter(|file| before.get(*file) != after.get(*file))
        .filter(|file| !file.ends_with("contact-points.yaml"))
        .collect();
    let mut changed: Vec<&str> = changed.into_iter().map(String::as_str).collect();
    changed.dedup();
    changed.sort_unstable();
    changed.dedup();
    assert_eq!(
        changed,
        [
            "provisioning/alerting/policies.yaml",
            "provisioning/alerting/rules.yaml"
        ]
    );
    for file in changed {
        let alone = report(folder.path(), "all", &[file]);
        assert_eq!(alone.get(file), after.get(file), "{file}");
    }
}
