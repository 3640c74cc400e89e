//! `init`: what it sees in a folder, and that it never takes anything away.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::run as dashlint;
use support::tree::write;

const DASHBOARD: &str = r#"{ "title": "API", "schemaVersion": 39, "panels": [] }"#;

/// The configuration that `init` writes in `folder`; it has no errors.
fn config(folder: &Path) -> String {
    let (code, _, err) = dashlint(folder, &["init"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (_, out, _) = dashlint(folder, &["--select", "meta", "--format", "concise"]);
    assert_eq!(out, "");
    fs::read_to_string(folder.join("dashlint.toml")).unwrap()
}

#[test]
fn an_empty_folder_gets_a_commented_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = config(folder.path());
    assert!(
        text.contains("extends = [\"preset:recommended\"]"),
        "{text}"
    );
    assert!(text.contains("# grafana = "), "{text}");
}

/// Every line that is commented out is one that can be used.
#[test]
fn the_examples_in_it_are_good() {
    let folder = tempfile::tempdir().unwrap();
    let text = config(folder.path());
    let is_setting = |line: &str| {
        line.starts_with("[[")
            || line
                .split_once(" = ")
                .is_some_and(|(key, _)| !key.contains(' '))
    };
    let used: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(setting) if is_setting(setting) => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert!(
        used.contains("\n[[ignore]]\nrules = ") && used.contains("\ngrafana = "),
        "{used}"
    );
    write(folder.path(), "dashlint.toml", &used);
    let (_, out, _) = dashlint(
        folder.path(),
        &["--select", "invalid-config", "--format", "concise"],
    );
    assert_eq!(out, "");
}

#[test]
fn it_sees_versions_copies_and_mixins() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(
        folder,
        "deploy/compose.yaml",
        "services:\n  g:\n    image: grafana/grafana-oss:11.6.2\n",
    );
    write(folder, "Dockerfile", "FROM prom/prometheus:v3.1.0\n");
    write(folder, "dashboards/größe.json", DASHBOARD);
    write(folder, "lib/vendor/x/a.json", DASHBOARD);
    write(folder, "mixin.libsonnet", "{}");
    write(folder, "rules.yml", "groups:\n  - name: a\n    rules: []\n");
    let text = config(folder);
    assert!(
        text.contains("grafana = \"11.6\"  # from deploy/compose.yaml\n"),
        "{text}"
    );
    assert!(
        text.contains("prometheus = \"3.1\"  # from Dockerfile\n"),
        "{text}"
    );
    assert!(text.contains("exclude = [\"lib/vendor/**\"]\n"), "{text}");
    assert!(text.contains("extends = [\"preset:mixin\"]"), "{text}");
    let (_, _, err) = dashlint(folder, &["-v", "--format", "concise", "--fail-on", "never"]);
    assert!(err.contains("in 2 files"), "the copy is left alone: {err}");
}

/// A mixin in a folder has its own conventions, and a file of jsonnet-bundler is no mixin.
#[test]
fn a_mixin_somewhere_below_does_not_speak_for_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "jsonnetfile.json", "{\"version\": 1}");
    write(folder.path(), "vendor/lib/mixin.libsonnet", "{}");
    write(folder.path(), "mixins/node/mixin.libsonnet", "{}");
    let text = config(folder.path());
    let line = "# mixins/node/mixin.libsonnet says its folder is a monitoring mixin";
    assert!(text.contains(line), "{text}");
    let preset = "extends = [\"preset:recommended\"]";
    assert!(text.contains(preset), "{text}");
}

const METRICSQL: &str = "groups:\n- name: a\n  rules:\n  - record: r\n    expr: sum(x) default 0\n";
const VM_RULE: &str = "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMRule\nmetadata:\n  name: a\nspec:\n  groups:\n  - name: a\n    rules:\n    - record: r\n      expr: sum(x)\n";
const PROMQL: &str = "groups:\n- name: a\n  rules:\n  - record: r\n    expr: sum(x)\n";

#[test]
fn it_sees_that_victoriametrics_answers() {
    let set = "\n[promql]\ndialect = \"metricsql\"\n";
    let offered = "\n# [promql]\n# dialect = \"metricsql\"\n";
    let many = [PROMQL; 10].join("---\n");
    let compose = "image: prom/prometheus:v3.1.0\n";
    for (files, says, why) in [
        (&[("a.yml", PROMQL)][..], "", ""),
        (
            &[("a.yml", PROMQL), ("b.yml", METRICSQL)],
            set,
            "# b.yml holds a query that only MetricsQL takes (the operator `default`). Delete this",
        ),
        (&[("vm.yaml", VM_RULE)], set, "# vm.yaml holds a VMRule"),
        (
            &[("vm.yaml", VM_RULE), ("a.yml", many.as_str())],
            offered,
            "# vm.yaml holds a VMRule, which VictoriaMetrics reads, as few files here do",
        ),
        (
            &[("b.yml", METRICSQL), ("compose.yaml", compose)],
            offered,
            "and compose.yaml runs Prometheus",
        ),
        (&[("vendor/b.yml", METRICSQL)], "", ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(folder.path(), name, text);
        }
        let text = config(folder.path());
        assert!(text.contains(says) && text.contains(why), "{text}");
        assert_eq!(says.is_empty(), !text.contains("metricsql"), "{text}");
        if says == set {
            let (_, out, _) = dashlint(folder.path(), &["--select", "invalid-promql"]);
            assert_eq!(out, "");
        }
    }
}

#[test]
fn two_versions_are_a_choice() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.yaml", "image: grafana/grafana:11.6.2\n");
    write(folder.path(), "b.yaml", "image: grafana/grafana:12.1.0\n");
    let text = config(folder.path());
    let line = "# grafana: 11.6 in a.yaml, 12.1 in b.yaml; choose one\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn nothing_is_overwritten() {
    for name in ["dashlint.toml", ".dashlint.toml"] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), name, "# mine\n");
        let (code, _, err) = dashlint(folder.path(), &["init"]);
        assert_eq!(code, 2);
        assert!(
            err.contains(name) && err.contains("is there already"),
            "{err}"
        );
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(files.len(), 1);
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text, "# mine\n");
    }
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = dashlint(folder.path(), &["init", "nowhere"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere: no such folder"), "{err}");
}
