//! The program as its users meet it: arguments, streams, exit codes, odd files.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod files;

use std::fs;

use assert_cmd::Command;
use serde_json::Value;
use support::run::{program as dashlint, run};

const CLEAN: &str = r#"{ "title": "API", "schemaVersion": 39, "panels": [] }"#;
const BROKEN: &str = r#"{ "title": "API", "schemaVersion": 39, "panels": [ }"#;

#[test]
fn exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("clean.json"), CLEAN).unwrap();
    let (code, out, err) = run(folder.path(), &["clean.json"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    fs::write(folder.path().join("broken.json"), BROKEN).unwrap();
    let (code, out, _) = run(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(out.contains("invalid-syntax"), "{out}");
    assert!(out.contains("broken.json:1:"), "{out}");
    let (code, _, _) = run(folder.path(), &["--fail-on", "never"]);
    assert_eq!(code, 0);
    let (code, _, err) = run(folder.path(), &["nowhere.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere.json"), "{err}");
    let (code, _, err) = run(folder.path(), &["--select", "no-such-rule"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("no-such-rule"), "{err}");
    let (code, _, _) = run(folder.path(), &["--format", "morse"]);
    assert_eq!(code, 2);
}

/// Whatever is found or not: without its configuration the run is not the one that was asked for.
#[test]
fn a_broken_configuration_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("clean.json"), CLEAN).unwrap();
    for broken in ["foo = 1", "[rules", "exclude = 3"] {
        fs::write(folder.path().join("dashlint.toml"), broken).unwrap();
        let narrow: [&[&str]; 4] = [
            &[],
            &["--fail-on", "never"],
            &["--select", "units"],
            &["--ignore", "meta"],
        ];
        for args in narrow {
            let (code, out, err) = run(folder.path(), args);
            assert_eq!(code, 2, "{broken} {args:?}: {out}{err}");
            assert!(out.contains("invalid-config"), "{broken} {args:?}: {out}");
        }
        let (code, _, err) = run(folder.path(), &["cost"]);
        assert_eq!(code, 2, "{broken}: {err}");
    }
}

#[test]
fn findings_go_to_stdout_and_the_rest_to_stderr() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.json"), BROKEN).unwrap();
    let (_, out, err) = run(folder.path(), &["--format", "concise"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(err.contains("1 error"), "{err}");
    let (_, _, err) = run(folder.path(), &["--format", "concise", "-q"]);
    assert_eq!(err, "");
}

#[test]
fn standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let output = dashlint(folder.path())
        .args(["-", "--stdin-filename", "x.json", "--format", "concise"])
        .write_stdin(BROKEN)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("x.json:1:"));
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.json"), BROKEN).unwrap();
    let colour = |command: &mut Command| command.output().unwrap().stdout.contains(&0x1b);
    assert!(
        !colour(&mut dashlint(folder.path())),
        "a pipe gets no colour"
    );
    assert!(colour(dashlint(folder.path()).args(["--color", "always"])));
    assert!(colour(dashlint(folder.path()).env("FORCE_COLOR", "1")));
    assert!(!colour(
        dashlint(folder.path())
            .env("FORCE_COLOR", "1")
            .env("NO_COLOR", "1")
    ));
}

#[test]
fn rules_can_be_listed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = run(folder.path(), &["rules", "--format", "json"]);
    assert_eq!(code, 0);
    let rules: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rules = rules.as_array().unwrap();
    let packs = rules
        .iter()
        .filter(|rule| rule["id"].as_str().is_some_and(|id| id.contains('/')));
    assert_eq!(rules.len() - packs.count(), dashlint::rules::RULES.len());
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let (code, out, _) = run(folder.path(), &["explain", id]);
        assert_eq!(code, 0);
        assert!(out.contains(id));
    }
    let (code, out, _) = run(folder.path(), &["explain", "ownership"]);
    assert_eq!(code, 0);
    assert!(out.contains("ownership/missing-owner"), "{out}");
    let (code, out, _) = run(folder.path(), &["explain", "units"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("unknown-unit") && !out.contains("rate-on-gauge"),
        "{out}"
    );
    // However long a name is, what stands beside it begins in one column.
    for args in [
        &["rules"][..],
        &["explain", "pack:kubernetes"],
        &["explain", "promql"],
    ] {
        let (_, out, _) = run(folder.path(), args);
        let severity = |line: &str| {
            let words = [" error    ", " warning  ", " info     "];
            words.iter().find_map(|word| line.find(word))
        };
        let lines = out.lines().filter(|line| line.starts_with("  "));
        let columns: Vec<_> = lines.filter_map(severity).collect();
        assert!(columns.len() > 9, "{out}");
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{out}");
    }
    let (code, _, err) = run(folder.path(), &["explain", "thresholds-out-of-ordr"]);
    assert_eq!(code, 2);
    assert!(err.contains("thresholds-out-of-order"), "{err}");
}

#[test]
fn inspect_says_what_a_file_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), CLEAN).unwrap();
    let (code, out, _) = run(folder.path(), &["inspect", "a.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("dashboard"), "{out}");
    let (_, out, _) = run(folder.path(), &["inspect", "a.json", "--at", "/title"]);
    assert!(out.contains("\"API\"") && out.contains("1:12"), "{out}");
    let (_, again, _) = run(folder.path(), &["inspect", "a.json", "--at", "1:13"]);
    assert_eq!(out, again);
}

#[cfg(unix)]
#[test]
fn fixes_stay_inside_the_given_paths_and_lose_no_findings() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
    fs::create_dir(&inside).unwrap();
    fs::create_dir(&outside).unwrap();
    let comma = r#"{ "title": "API", "schemaVersion": 39, "panels": [], }"#;
    fs::write(outside.join("far.json"), comma).unwrap();
    fs::write(inside.join("near.json"), comma).unwrap();
    fs::write(inside.join("locked.json"), comma).unwrap();
    fs::write(inside.join("list"), "near.json\n").unwrap();
    symlink("../outside/far.json", inside.join("link.json")).unwrap();

    let (code, _, err) = run(&inside, &["--isolated", "--fix", "link.json"]);
    assert_eq!(code, 2, "{err}");
    assert_eq!(fs::read_to_string(outside.join("far.json")).unwrap(), comma);
    // A folder's links are not followed, and that is said.
    let (_, _, err) = run(&inside, &["--isolated", "-v", "."]);
    assert!(err.contains("skipped link.json"), "{err}");

    let mut permissions = fs::metadata(inside.join("locked.json"))
        .unwrap()
        .permissions();
    permissions.set_mode(0o444);
    fs::set_permissions(inside.join("locked.json"), permissions).unwrap();
    let (code, out, err) = run(
        &inside,
        &["--isolated", "--fix", "--format", "concise", "locked.json"],
    );
    assert_eq!(code, 2, "{err}");
    assert!(
        out.contains("locked.json:1:"),
        "the finding is still reported: {out}"
    );
    assert!(!err.contains("fixed locked.json"), "{err}");

    let output = dashlint(&inside)
        .args(["--isolated", "--fix", "--files-from", "-"])
        .write_stdin("near.json\n")
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        !fs::read_to_string(inside.join("near.json"))
            .unwrap()
            .contains(", }")
    );
}

#[test]
fn the_configured_prometheus_decides_what_is_too_new() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |expr: &str| {
        format!("groups:\n  - name: a\n    rules:\n      - record: a:b\n        expr: {expr}\n")
    };
    fs::write(
        folder.path().join("rules.yaml"),
        rule("histogram_avg(rate(x[5m]))"),
    )
    .unwrap();
    assert_eq!(run(folder.path(), &["--format", "concise"]).0, 0);
    fs::write(folder.path().join("rules.yaml"), rule("limitk(2, x)")).unwrap();
    let (code, out, _) = run(folder.path(), &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(out.contains("--enable-feature"), "{out}");
    fs::write(
        folder.path().join("dashlint.toml"),
        "prometheus = \"2.50\"\n",
    )
    .unwrap();
    let (_, out, _) = run(folder.path(), &["--format", "concise"]);
    assert!(
        out.contains("came with Prometheus 2.54") && out.contains("says 2.50"),
        "{out}"
    );
    fs::write(
        folder.path().join("rules.yaml"),
        rule("sum(rate(x)) default 0"),
    )
    .unwrap();
    fs::write(
        folder.path().join("dashlint.toml"),
        "[promql]\ndialect = \"metricsql\"\n",
    )
    .unwrap();
    let (code, out, err) = run(folder.path(), &["--format", "concise"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn nothing_is_fixed_while_the_configuration_is_broken() {
    const FIXABLE: &str = "{ \"title\": \"API\", \"schemaVersion\": 39, \"panels\": [], }";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.json");
    fs::write(&file, FIXABLE).unwrap();
    let config = folder.path().join("dashlint.toml");
    fs::write(&config, "exclude = [").unwrap();
    let (code, out, err) = run(folder.path(), &["--fix", "--format", "concise"]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("nothing is fixed"), "{err}");
    assert!(out.contains("invalid-config"), "{out}");
    assert_eq!(fs::read_to_string(&file).unwrap(), FIXABLE);
    fs::write(&config, "").unwrap();
    run(folder.path(), &["--fix"]);
    assert_ne!(fs::read_to_string(&file).unwrap(), FIXABLE);
}

#[test]
fn an_entry_that_is_not_understood_silences_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.json"), BROKEN).unwrap();
    let config = |entry: &str| {
        let text = format!("[[ignore]]\nrules = [\"invalid-syntax\"]\nreason = \"known\"\n{entry}");
        fs::write(folder.path().join("dashlint.toml"), text).unwrap();
        run(folder.path(), &["--format", "concise"]).1
    };
    assert!(!config("files = [\"*.json\"]").contains("invalid-syntax"));
    // Misspelt, it would be for every file.
    let out = config("file = [\"other.json\"]");
    assert!(out.contains("broken.json:1:"), "{out}");
    assert!(out.contains("unknown key `ignore.file`"), "{out}");
}

#[test]
fn a_patch_names_files_as_git_does() {
    const FIXABLE: &str = "{ \"title\": \"API\", \"schemaVersion\": 39, \"panels\": [], }";
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let sub = folder.path().join("a/b");
    fs::create_dir_all(&sub).unwrap();
    fs::write(sub.join("d.json"), FIXABLE).unwrap();
    for from in [folder.path(), sub.as_path()] {
        let (code, out, _) = run(from, &["--diff"]);
        assert_eq!(code, 1);
        assert!(
            out.starts_with("diff --git a/a/b/d.json b/a/b/d.json"),
            "{out}"
        );
    }
}

#[test]
fn statistics_are_lines_or_an_array() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.json"), BROKEN).unwrap();
    let (_, out, _) = run(folder.path(), &["--statistics"]);
    assert!(out.contains("1  error    invalid-syntax"), "{out}");
    let (_, out, _) = run(folder.path(), &["--statistics", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows[0]["rule"], "invalid-syntax");
    assert_eq!(rows[0]["count"], 1);
    let (code, _, _) = run(folder.path(), &["--statistics", "--format", "github"]);
    assert_eq!(code, 2);
}

#[test]
fn a_comment_speaks_for_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let places = ["TOP", "RULES", "ALERT", "EXPR"];
    let text = "#TOP\ngroups:\n  - name: g\n    #RULES\n    rules:\n      #ALERT\n      - alert: A\n        #EXPR\n        expr: up == 0\n";
    for place in places {
        let comment = "# dashlint: ignore[missing-summary] why";
        fs::write(
            root.join("r.yaml"),
            text.replace(&format!("#{place}"), comment),
        )
        .unwrap();
        let args = [
            "--select",
            "missing-summary,unused-suppression",
            "--min-severity",
            "info",
        ];
        let (_, out, _) = run(root, &args);
        if place == "EXPR" {
            assert!(out.contains("above `- alert:` for the"), "{out}");
            assert!(out.contains("[missing-summary]"), "{out}");
        } else {
            assert_eq!(out, "", "{place}");
        }
    }
}

#[test]
fn the_same_fix_on_many_lines_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let lists = "[1,],\n".repeat(3);
    let text = format!(
        "{{ \"title\": \"D\", \"uid\": \"d\", \"schemaVersion\": 39, \"panels\": [],\n\"x\": [\n{lists}0] }}\n"
    );
    fs::write(folder.path().join("d.json"), text).unwrap();
    let (code, _, err) = run(folder.path(), &["--fix", "d.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("fixed d.json:3 [trailing-comma] delete the comma (also on lines 4, 5)\n"),
        "{err}"
    );
}

#[test]
fn the_sums_of_a_baseline_and_of_fixes_are_those_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // Three places of one finding, and one of another.
    let panel = |id: u32| {
        format!(
            r#"{{ "id": {id}, "type": "graph", "title": "P{id}", "targets": [
            {{ "refId": "A", "datasource": {{ "type": "prometheus", "uid": "$ds" }}, "expr": "up{{job=\"$job\"}}" }} ] }}"#
        )
    };
    let panels: Vec<String> = (1..4).map(panel).collect();
    let list = r#"{ "name": "job", "type": "query", "multi": true, "datasource": { "type": "prometheus", "uid": "$ds" }, "query": "label_values(up, job)" },
        { "name": "ds", "type": "datasource", "query": "prometheus" }"#;
    let text = format!(
        r#"{{ "title": "D", "uid": "d", "schemaVersion": 39, "templating": {{ "list": [ {list} ] }}, "panels": [ {} ] }}"#,
        panels.join(",\n")
    );
    fs::write(root.join("d.json"), text).unwrap();
    let all = ["--isolated", "--select", "all", "--format", "json"];
    let summary = |more: &[&str]| -> (Value, String) {
        let (_, out, err) = run(root, &[&all, more].concat());
        let report: Value = serde_json::from_str(&out).unwrap();
        (report["summary"].clone(), err)
    };
    let (before, _) = summary(&[]);
    let number = |of: &Value, name: &str| of[name].as_u64().unwrap();
    let total = |of: &Value| {
        ["errors", "warnings", "infos"]
            .iter()
            .map(|name| number(of, name))
            .sum::<u64>()
    };
    let (known, said) = summary(&["--baseline", "known.txt", "--update-baseline"]);
    assert_eq!(number(&known, "baseline"), total(&before));
    let places = fs::read_to_string(root.join("known.txt")).unwrap();
    let places = places.lines().filter(|line| !line.starts_with('#')).count();
    let told = format!(
        "baseline known.txt: {} findings in {places} places ({places} added, 0 gone)",
        total(&before)
    );
    assert!(said.contains(&told), "{said}");
    assert!(places as u64 > total(&before), "{said}");
    let (after, said) = summary(&["--fix"]);
    let fixed = number(&before, "fixable") - number(&after, "fixable");
    let gone = total(&before) - total(&after) - fixed;
    let told = format!("fixed {fixed} finding (3 places) in 1 file; {gone} more gone with them\n");
    assert!(said.contains(&told), "{said}");
}
