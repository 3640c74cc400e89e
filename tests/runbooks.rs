//! Links to runbooks: those into the repository they stand in, those of a project's form, and those of panels. The tree is
//! `testdata/projects/runbooks`.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run;
use support::tree;
use tempfile::TempDir;

/// A copy of the tree as a checkout of `github.com/acme/infra`.
fn checkout() -> TempDir {
    let folder = tree::project("runbooks");
    let git = folder.path().join(".git");
    fs::create_dir(&git).unwrap();
    fs::write(
        git.join("config"),
        "[remote \"origin\"]\n\turl = git@github.com:acme/infra.git\n",
    )
    .unwrap();
    fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    folder
}

/// What `dashlint` says, as `file:line:column: severity[rule] message`.
fn found(folder: &Path, rules: &str, args: &[&str]) -> Vec<String> {
    let all = [
        "--format",
        "concise",
        "--quiet",
        "--min-severity",
        "info",
        "--select",
        rules,
    ];
    let (_, out, _) = run(folder, &[&all, args].concat());
    let line = |line: &str| line.split(" (").next().unwrap_or(line).to_owned();
    out.lines().map(line).collect()
}

#[test]
fn a_moved_file_and_a_renamed_heading_are_found_and_mended() {
    let folder = checkout();
    let rules = "runbook-file-missing";
    assert_eq!(
        found(folder.path(), rules, &[]),
        [
            "dashboards/api.json:10:91: error[runbook-file-missing] the runbook is not there: this repository has no `runbooks/errors.md`",
            "rules/alerts.yaml:13:80: warning[runbook-file-missing] `runbooks/api.md` has no heading `#api-slow`: the link opens the page at its top",
            "rules/alerts.yaml:18:65: error[runbook-file-missing] the runbook is not there: this repository has no `runbooks/disk.md`",
            "rules/alerts.yaml:23:24: error[runbook-file-missing] the runbook is not there: this repository has no `runbooks/queue.md`",
        ]
    );
    let _ = found(folder.path(), rules, &["--fix", "--unsafe-fixes"]);
    let fixed = fs::read_to_string(folder.path().join("rules/alerts.yaml")).unwrap();
    for line in [
        "runbook_url: https://github.com/acme/infra/blob/main/runbooks/api.md#api-is-slow\n",
        "runbook_url: \"https://github.com/acme/infra/blob/main/runbooks/storage/disk.md#disk-is-full\"\n",
        "runbook_url: ../runbooks/queue.md\n",
    ] {
        assert!(fixed.contains(line), "{line}{fixed}");
    }
    assert_eq!(found(folder.path(), rules, &[]).len(), 2);
}

#[test]
fn an_address_of_another_repository_is_not_judged() {
    let folder = checkout();
    fs::write(folder.path().join(".git/config"), "").unwrap();
    let left = found(folder.path(), "runbook-file-missing", &["rules"]);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("runbooks/queue.md"), "{left:?}");
}

#[test]
fn a_path_in_the_repository_is_only_advice() {
    let folder = checkout();
    assert_eq!(
        found(folder.path(), "invalid-runbook-url", &["rules"]),
        [
            "rules/alerts.yaml:23:24: info[invalid-runbook-url] `../runbooks/queue.md` is a path in this repository: a notification shows it as plain text",
            "rules/alerts.yaml:28:24: info[invalid-runbook-url] `../runbooks/api.md` is a path in this repository: a notification shows it as plain text",
        ]
    );
    // Of the one that is not there one word is enough.
    let both = found(
        folder.path(),
        "invalid-runbook-url,runbook-file-missing",
        &["rules"],
    );
    let of_queue = both.iter().filter(|line| line.contains("queue.md"));
    assert_eq!(of_queue.count(), 1, "{both:?}");
}

#[test]
fn panels_need_a_link_where_the_project_says_so() {
    let folder = checkout();
    let rule = "panel-without-runbook";
    assert_eq!(
        found(folder.path(), rule, &[]),
        [
            "dashboards/api.json:16:16: info[panel-without-runbook] who sees a bad value here is not told what to do: the description has no link to a runbook"
        ]
    );
    // Nobody reads in Grafana why something is silenced.
    let path = folder.path().join("dashboards/b.json");
    let panel = |said: &str| {
        format!(
            r#"{{ "title": "B", "uid": "b", "schemaVersion": 39, "panels": [ {{ "id": 1, "type": "stat", "title": "P", "description": "{said}", "targets": [] }} ] }}"#
        )
    };
    let link = "see the [runbook](https://wiki.acme.io/r)";
    fs::write(&path, panel(link)).unwrap();
    assert_eq!(found(folder.path(), rule, &[]).len(), 1);
    let comment = format!("<!-- dashlint: ignore[rate-on-gauge] {link} -->");
    fs::write(&path, panel(&comment)).unwrap();
    assert_eq!(found(folder.path(), rule, &[]).len(), 2);
    fs::write(folder.path().join("dashlint.toml"), "").unwrap();
    assert_eq!(found(folder.path(), rule, &[]), [""; 0]);
}

const ALERTS: &str = "\
groups:
  - name: web
    rules:
      - alert: ApiDown
        expr: up{job=\"api\"} == 0
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: The API is down
          runbook_url: https://wiki.acme.io/api
      - alert: ApiSlow
        expr: job:latency_seconds:p99{job=\"api\"} > 1
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: The API is slow
";

fn project(config: &str) -> TempDir {
    tree::folder(&[("dashlint.toml", config), ("alerts.yaml", ALERTS)])
}

#[test]
fn links_of_another_form_are_found_and_written_anew() {
    let folder =
        project("[runbooks]\npattern = \"https://runbooks.acme.io/{group}/{alertname:kebab}\"\n");
    let rules = "runbook-off-pattern,missing-runbook";
    assert_eq!(
        found(folder.path(), rules, &[]),
        [
            "alerts.yaml:11:24: warning[runbook-off-pattern] this runbook is not where the project keeps them: `https://runbooks.acme.io/{group}/{alertname:kebab}`",
            "alerts.yaml:12:16: info[missing-runbook] whoever is woken by this alert is not told what to do: it has no runbook link",
        ]
    );
    let _ = found(folder.path(), rules, &["--fix", "--unsafe-fixes"]);
    let fixed = fs::read_to_string(folder.path().join("alerts.yaml")).unwrap();
    assert_eq!(
        fixed,
        ALERTS
            .replace("https://wiki.acme.io/api", "https://runbooks.acme.io/web/api-down")
            .replace(
                "          summary: The API is slow",
                "          runbook_url: https://runbooks.acme.io/web/api-slow\n          summary: The API is slow"
            )
    );
    assert_eq!(found(folder.path(), rules, &[]), [""; 0]);
}

#[test]
fn links_may_lead_to_the_allowed_hosts_only() {
    let rule = "invalid-runbook-url";
    let folder = project("[runbooks]\nallow-hosts = [\"runbooks.acme.io\"]\n");
    assert_eq!(
        found(folder.path(), rule, &[]),
        [
            "alerts.yaml:11:32: warning[invalid-runbook-url] the runbook link leads to `wiki.acme.io`, where this project keeps none"
        ]
    );
    let folder = project("[runbooks]\nallow-hosts = [\"acme.io\"]\n");
    assert_eq!(found(folder.path(), rule, &[]), [""; 0]);
}

#[test]
fn the_severities_that_need_one_are_configured() {
    let folder = project("[runbooks]\nrequired = [\"page\"]\n");
    assert_eq!(found(folder.path(), "missing-runbook", &[]), [""; 0]);
}
