//! `--baseline`: a team starts green, and stays so whatever is moved about.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::corpus::{copied, projects};
use support::run::run;
use support::shuffle::{Random, reformat_yaml, shuffle_panels};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn dashlint(folder: &Path, args: &[&str]) -> Ran {
    let all = ["--format", "concise", "--color", "never"];
    let (code, out, err) = run(folder, &[&all, args].concat());
    Ran { code, out, err }
}

const BASELINE: [&str; 2] = ["--baseline", "known.txt"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    BASELINE.iter().chain(more).copied().collect()
}

fn panel(id: u32, query: &str) -> String {
    format!(
        r#"{{ "id": {id}, "type": "timeseries", "title": "P{id}", "datasource": {{ "type": "prometheus", "uid": "ds-1" }}, "targets": [ {{ "refId": "A", "expr": "{query}" }} ] }}"#
    )
}

fn dashboard(uid: &str, panels: &[String]) -> String {
    format!(
        r#"{{ "title": "The {uid}", "uid": "{uid}", "schemaVersion": 39, "panels": [ {} ] }}"#,
        panels.join(",\n  ")
    )
}

/// Two broken queries.
fn project() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    fs::create_dir(root.join("sub")).unwrap();
    let panels = [panel(1, "rate(x[5m]"), panel(2, "sum(")];
    fs::write(root.join("sub/a.json"), dashboard("a", &panels)).unwrap();
    assert_eq!(dashlint(&root, &[]).code, 1);
    let ran = dashlint(&root, &with(&["--update-baseline"]));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("baseline known.txt: "), "{}", ran.err);
    (folder, root)
}

#[test]
fn what_was_there_is_not_told_and_what_is_new_is() {
    let (_folder, root) = project();
    let ran = dashlint(&root, &BASELINE);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains(" findings in the baseline"), "{}", ran.err);
    // Wherever it is started from.
    let ran = dashlint(&root.join("sub"), &["--baseline", "../known.txt", ".."]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    // Moved, renamed, written on other lines.
    let panels = [panel(3, "avg("), panel(2, "sum("), panel(1, "rate(x[5m]")];
    fs::remove_file(root.join("sub/a.json")).unwrap();
    fs::write(
        root.join("b.json"),
        dashboard("a", &panels).replace(", ", ",\n\n"),
    )
    .unwrap();
    let ran = dashlint(&root, &with(&["--min-severity", "error"]));
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains("panel \"P3\""), "{}", ran.out);
}

#[test]
fn the_names_of_dashboards_and_groups_may_change() {
    let (_folder, root) = project();
    let text = fs::read_to_string(root.join("sub/a.json")).unwrap();
    fs::write(
        root.join("sub/a.json"),
        text.replace("\"uid\": \"a\"", "\"uid\": \"z\""),
    )
    .unwrap();
    assert_eq!(dashlint(&root, &BASELINE).out, "");
    // A copy is new.
    fs::write(
        root.join("c.json"),
        text.replace("\"uid\": \"a\"", "\"uid\": \"c\""),
    )
    .unwrap();
    let ran = dashlint(&root, &with(&["--min-severity", "error"]));
    assert_eq!(
        ran.out
            .lines()
            .filter(|line| line.starts_with("c.json"))
            .count(),
        2
    );
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
}

#[test]
fn it_is_pruned_and_what_comes_back_is_new() {
    let (_folder, root) = project();
    let both = fs::read_to_string(root.join("sub/a.json")).unwrap();
    let before = fs::read_to_string(root.join("known.txt")).unwrap();
    fs::write(root.join("sub/a.json"), both.replace("sum(", "sum(x)")).unwrap();
    assert_eq!(dashlint(&root, &BASELINE).code, 0);
    assert_eq!(dashlint(&root, &with(&["--update-baseline"])).code, 0);
    let after = fs::read_to_string(root.join("known.txt")).unwrap();
    let kept: Vec<&str> = before.lines().filter(|line| after.contains(line)).collect();
    assert_eq!(kept, after.lines().collect::<Vec<_>>(), "lines only go");
    assert!(after.lines().count() < before.lines().count());
    fs::write(root.join("sub/a.json"), both).unwrap();
    assert_eq!(dashlint(&root, &BASELINE).code, 1);
    // Written again it is what it was.
    assert_eq!(dashlint(&root, &with(&["--update-baseline"])).code, 0);
    assert_eq!(fs::read_to_string(root.join("known.txt")).unwrap(), before);
    assert!(before.lines().skip(2).is_sorted());
}

#[test]
fn of_a_part_only_that_part_is_written_anew() {
    let (_folder, root) = project();
    fs::create_dir(root.join("other")).unwrap();
    fs::write(
        root.join("other/b.json"),
        dashboard("b", &[panel(1, "avg(")]),
    )
    .unwrap();
    assert_eq!(
        dashlint(&root, &with(&["--update-baseline", "other"])).code,
        0
    );
    assert_eq!(dashlint(&root, &BASELINE).code, 0);
    fs::remove_dir_all(root.join("sub")).unwrap();
    assert_eq!(
        dashlint(&root, &with(&["--update-baseline", "other"])).code,
        0
    );
    let left = fs::read_to_string(root.join("known.txt")).unwrap();
    assert!(
        !left.contains("sub/a.json") && left.contains("other/b.json"),
        "{left}"
    );
}

#[test]
fn rules_that_do_not_run_keep_their_entries() {
    let (_folder, root) = project();
    let before = fs::read_to_string(root.join("known.txt")).unwrap();
    for narrow in [["--select", "units"], ["--ignore", "invalid-promql"]] {
        let mut args = with(&["--update-baseline"]);
        args.extend(narrow);
        assert_eq!(dashlint(&root, &args).code, 0);
        let after = fs::read_to_string(root.join("known.txt")).unwrap();
        assert_eq!(after, before, "{narrow:?}");
    }
    // What the configuration turns off is not wanted any more.
    fs::write(
        root.join("dashlint.toml"),
        "[rules]\ninvalid-promql = \"off\"\n",
    )
    .unwrap();
    assert_eq!(dashlint(&root, &with(&["--update-baseline"])).code, 0);
    let after = fs::read_to_string(root.join("known.txt")).unwrap();
    assert!(!after.contains("invalid-promql"), "{after}");
}

#[test]
fn a_broken_configuration_writes_no_baseline() {
    let (_folder, root) = project();
    let before = fs::read_to_string(root.join("known.txt")).unwrap();
    fs::remove_file(root.join("sub/a.json")).unwrap();
    fs::write(root.join("p.yaml"), "rules: [\n").unwrap();
    for broken in ["foo = 1\n", "[rules\n", "extends = [\"./p.yaml\"]\n"] {
        fs::write(root.join("dashlint.toml"), broken).unwrap();
        let ran = dashlint(&root, &with(&["--update-baseline"]));
        assert_eq!(ran.code, 2, "{broken}: {}{}", ran.out, ran.err);
        assert!(
            ran.err.contains("the baseline stays as it is"),
            "{}",
            ran.err
        );
        let after = fs::read_to_string(root.join("known.txt")).unwrap();
        assert_eq!(after, before, "{broken}");
    }
}

#[test]
fn the_configuration_names_it_and_reports_tell_of_it() {
    let (_folder, root) = project();
    fs::write(root.join("dashlint.toml"), "baseline = \"known.txt\"\n").unwrap();
    assert_eq!(dashlint(&root, &[]).code, 0);
    assert_eq!(dashlint(&root.join("sub"), &[]).code, 0);
    let json = |args: &[&str]| -> Value {
        let (_, out, _) = run(&root, &[&["--quiet", "--format"], args].concat());
        serde_json::from_str(&out).unwrap()
    };
    let report = json(&["json"]);
    assert_eq!(report["diagnostics"], Value::Array(Vec::new()));
    assert_eq!(
        report["summary"]["baseline"],
        report["summary"]["suppressed"]
    );
    let report = json(&["json", "--show-suppressed"]);
    let first = &report["diagnostics"][0];
    assert_eq!(first["suppressed"]["by"], "baseline");
    assert_eq!(
        json(&["sarif"])["runs"][0]["results"],
        Value::Array(Vec::new())
    );
    let result = &json(&["sarif", "--show-suppressed"])["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0]["kind"], "external");
}

/// Who mends a matcher in an expression has not made the other faults of that expression.
#[test]
fn an_expression_is_known_with_other_matchers() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |expr: &str| {
        let panels = [panel(1, &expr.replace('\'', "\\\""))];
        fs::write(root.join("d.json"), dashboard("d", &panels)).unwrap();
    };
    write("topk(5, sum by (job) (rate(a_total{env='a'}[5m])))");
    let all = ["--select", "all", "--min-severity", "info"];
    assert_eq!(dashlint(root, &all).code, 1);
    let known = |args: &[&str]| dashlint(root, &[&all, &BASELINE[..], args].concat());
    assert_eq!(known(&["--update-baseline"]).code, 0);
    write("topk(5, sum by (job) (rate(a_total{env=~'a|b'}[7m])))");
    let ran = known(&[]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    write("topk(5, sum by (job) (rate(b_total{env='a'}[5m])))");
    assert_eq!(known(&[]).code, 1);
}

/// Programs number panels by their place: what is above them changes the numbers of all.
#[test]
fn panels_may_be_numbered_anew() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |titles: &[&str]| {
        let titled =
            |(title, id): (&&str, u32)| panel(id, "rate(x[5m]").replace(&format!("P{id}"), title);
        let panels = titles.iter().zip(1..).map(titled);
        let panels: Vec<String> = panels.collect();
        fs::write(root.join("d.json"), dashboard("d", &panels)).unwrap();
    };
    write(&["A", "B", "C"]);
    assert_eq!(dashlint(root, &with(&["--update-baseline"])).code, 0);
    let known = || dashlint(root, &BASELINE);
    for titles in [
        &["C", "A", "B"][..],
        &["B", "C"],
        // Retitled, with the same number.
        &["A", "New", "C"],
    ] {
        write(titles);
        assert_eq!(known().code, 0, "{titles:?}: {}", known().out);
    }
    // One more is one more.
    write(&["Top", "A", "B", "C"]);
    let ran = known();
    assert_eq!(
        ran.out.matches("error[invalid-promql]").count(),
        1,
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\"Top\""), "{}", ran.out);
    // What is silenced is there all the same: a copy of it is new.
    write(&["A", "B", "C"]);
    let ignore = "[[ignore]]\nrules = 'invalid-promql'\nat = 'panel:1'\nreason = 'x'\n";
    fs::write(root.join("dashlint.toml"), ignore).unwrap();
    assert_eq!(known().code, 0);
    write(&["A", "B", "C", "A"]);
    let ran = known();
    let of_copy = |line: &str| line.contains("\"A\" (id 4)");
    assert!(ran.out.contains("error[invalid-promql]"), "{}", ran.out);
    assert!(ran.out.lines().all(of_copy), "{}", ran.out);
}

/// In a repository of several teams each has its own, wherever dashlint is started.
#[test]
fn each_configuration_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for team in ["a", "b", "c"] {
        fs::create_dir(root.join(team)).unwrap();
        let text = dashboard(team, &[panel(1, "rate(x[5m]")]);
        fs::write(root.join(team).join("d.json"), text).unwrap();
    }
    let config = |file: &str, text: &str| fs::write(root.join(file), text).unwrap();
    config("dashlint.toml", "baseline = 'known.txt'\n");
    config("b/dashlint.toml", "baseline = 'own.txt'\n");
    config("c/dashlint.toml", "");
    assert_eq!(dashlint(root, &["a"]).code, 2);
    let ran = dashlint(root, &["--update-baseline"]);
    assert_eq!((ran.code, ran.err.matches(" added, ").count()), (0, 2));
    let held = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let (all, own) = (held("known.txt"), held("b/own.txt"));
    assert!(
        all.contains("a/d.json") && !all.contains("b/d.json"),
        "{all}"
    );
    assert!(all.contains("c/d.json"), "of those without one: {all}");
    assert!(own.contains("\nd.json"), "{own}");
    for (from, paths) in [
        ("", &[][..]),
        ("", &["b/d.json", "a/d.json"]),
        ("b", &[]),
        ("a", &["../b"]),
    ] {
        let ran = dashlint(&root.join(from), paths);
        assert_eq!(ran.code, 0, "{from} {paths:?}: {}", ran.out);
    }
    // Whoever is started in one of them writes that one.
    fs::remove_file(root.join("b/d.json")).unwrap();
    assert_eq!(dashlint(&root.join("b"), &["--update-baseline"]).code, 0);
    assert_eq!(held("known.txt"), all);
    assert!(!held("b/own.txt").contains("d.json"));
    // One that is named is for all.
    assert_eq!(dashlint(root, &["--baseline", "b/own.txt"]).code, 1);
}

#[test]
fn it_says_why_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let ran = dashlint(root, &["--update-baseline"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--baseline FILE"), "{}", ran.err);
    let ran = dashlint(root, &BASELINE);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("the baseline known.txt is not there; --update-baseline writes it"),
        "{}",
        ran.err
    );
    fs::write(root.join("known.txt"), "<<<<<<< HEAD\n").unwrap();
    let ran = dashlint(root, &BASELINE);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("line 1"), "{}", ran.err);
}

/// Over every project of the corpus: green after the baseline is written, green when panels are moved about, files are written
/// anew and one has another name, and one planted fault is told alone.
#[test]
fn real_projects_start_green_and_stay_so() {
    let Some(corpus) = copied() else { return };
    let mut random = Random::new(20);
    let mut planted = 0;
    for project in projects(corpus.path()) {
        let name = project.file_name().unwrap().to_string_lossy().into_owned();
        let known = corpus.path().join(format!("{name}.known"));
        let known = known.to_str().unwrap();
        let run = |more: &[&str]| {
            let args = [
                "--isolated",
                "--select",
                "all",
                "--fail-on",
                "info",
                "--baseline",
                known,
            ];
            let args: Vec<&str> = args.iter().chain(more).copied().collect();
            dashlint(&project, &args)
        };
        for (what, args) in [("updated", &["--update-baseline"][..]), ("again", &[])] {
            let ran = run(args);
            assert_eq!(ran.code, 0, "{name}, {what}: {}{}", ran.out, ran.err);
        }
        let mut target = None;
        for entry in walkdir::WalkDir::new(&project)
            .into_iter()
            .filter_map(Result::ok)
        {
            let path = entry.path();
            let Ok(text) = fs::read_to_string(path) else {
                continue;
            };
            let extension = path.extension().and_then(|extension| extension.to_str());
            let new = match extension {
                Some("json") => match serde_json::from_str::<Value>(&text) {
                    Ok(mut value) => {
                        shuffle_panels(&mut value, &mut random);
                        if target.is_none() && plant(&mut value.clone()) {
                            target = Some(path.to_path_buf());
                        }
                        serde_json::to_string_pretty(&value).unwrap()
                    }
                    Err(_) => continue,
                },
                Some("yaml" | "yml") => reformat_yaml(&text),
                _ => continue,
            };
            fs::write(path, new).unwrap();
        }
        let ran = run(&[]);
        assert_eq!(ran.code, 0, "{name}, shuffled: {}", ran.out);
        if let Some(path) = &mut target {
            let renamed = path.with_file_name("renamed.json");
            fs::rename(&path, &renamed).unwrap();
            *path = renamed;
            // Dashboards with one uid in files of one name are the same dashboard for several Grafanas; now they are not.
            let ran = run(&["--ignore", "duplicate-uid"]);
            assert_eq!(ran.code, 0, "{name}, renamed: {}", ran.out);
        }
        if let Some(path) = target {
            let mut value: Value =
                serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            plant(&mut value);
            fs::write(&path, value.to_string()).unwrap();
            let ran = run(&["--min-severity", "error"]);
            assert_eq!(ran.code, 1, "{name}: nothing planted was found");
            let lines: Vec<&str> = ran.out.lines().collect();
            assert_eq!(lines.len(), 1, "{name}: {}", ran.out);
            assert!(lines[0].contains("[invalid-promql]"), "{name}: {}", ran.out);
            planted += 1;
        }
    }
    eprintln!("{planted} faults planted and found");
    assert!(planted > 10);
}

/// Breaks the query of the first panel that asks Prometheus.
fn plant(value: &mut Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let asked = object.get("datasource").map(|source| &source["type"]);
                if asked == Some(&Value::from("prometheus"))
                    && let Some(Value::String(expr)) = object.get_mut("expr")
                    && expr.contains("rate(")
                {
                    "sum(rate(planted_total[5m])".clone_into(expr);
                    return true;
                }
                open.extend(object.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    false
}

/// A finding about two panels, rules or files is told at one of them: which of the two stands first says nothing.
#[test]
fn what_is_compared_is_known_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let run = |rule: &str, more: &[&str]| {
        let all = ["--isolated", "--select", rule, "--fail-on", "info"];
        dashlint(root, &[&all, &BASELINE[..], more].concat())
    };
    let clear = || {
        for entry in fs::read_dir(root).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => fs::remove_dir_all(path).unwrap(),
                false => fs::remove_file(path).unwrap(),
            }
        }
    };
    let shown = |id: u32, defaults: &str| {
        panel(id, "sum(rate(foo_received_total{job=~'$job'}[5m]))").replacen(
            "\"datasource\"",
            &format!("\"fieldConfig\": {{ \"defaults\": {{ {defaults} }} }}, \"datasource\""),
            1,
        )
    };
    let unit = |id: u32, unit: &str| shown(id, &format!("\"unit\": \"{unit}\""));
    let steps = |id: u32, value: u32| {
        shown(
            id,
            &format!(
                r#""custom": {{ "thresholdsStyle": {{ "mode": "line" }} }}, "thresholds": {{ "mode": "absolute", "steps": [ {{ "color": "green", "value": null }}, {{ "color": "red", "value": {value} }} ] }}"#
            ),
        )
    };
    let alert = |group: &str| {
        format!("- name: {group}\n  rules:\n  - {{alert: A, expr: 'up == 0', for: 5m}}\n")
    };
    let rules = |first: &str, second: &str| format!("groups:\n{}{}", alert(first), alert(second));
    let source = "apiVersion: 1\ndatasources:\n  - {name: P, type: prometheus, url: http://p, access: proxy}\n";
    type Files = Vec<(&'static str, String)>;
    let cases: Vec<(&str, Files, Files)> = vec![
        (
            "inconsistent-unit",
            vec![(
                "a.json",
                dashboard("a", &[unit(1, "Bps"), unit(2, "bytes")]),
            )],
            vec![(
                "a.json",
                dashboard("a", &[unit(2, "bytes"), unit(1, "Bps")]),
            )],
        ),
        // Without the file that made one of them the usual one.
        (
            "inconsistent-unit",
            vec![
                ("a.json", dashboard("a", &[unit(1, "bytes")])),
                ("b.json", dashboard("b", &[unit(1, "bytes")])),
                ("c.json", dashboard("c", &[unit(1, "Bps")])),
            ],
            vec![
                ("b.json", dashboard("b", &[unit(1, "bytes")])),
                ("c.json", dashboard("c", &[unit(1, "Bps")])),
            ],
        ),
        (
            "inconsistent-thresholds",
            vec![
                ("a.json", dashboard("a", &[steps(1, 90)])),
                ("b.json", dashboard("b", &[steps(1, 90)])),
                ("c.json", dashboard("c", &[steps(1, 70)])),
            ],
            vec![
                ("b.json", dashboard("b", &[steps(1, 90)])),
                ("c.json", dashboard("c", &[steps(1, 70)])),
            ],
        ),
        // The usual ones stand in both dashboards, whichever file comes first.
        (
            "inconsistent-thresholds",
            vec![
                ("b.json", dashboard("b", &[steps(1, 90)])),
                ("c.json", dashboard("c", &[steps(1, 70), steps(2, 90)])),
            ],
            vec![
                ("b.json", dashboard("b", &[steps(1, 90)])),
                ("a.json", dashboard("c", &[steps(2, 90), steps(1, 70)])),
            ],
        ),
        (
            "duplicate-rule",
            vec![("r.yaml", rules("one", "two"))],
            vec![("r.yaml", rules("two", "one"))],
        ),
        (
            "duplicate-data-source",
            vec![
                ("datasources/a.yaml", source.to_owned()),
                ("datasources/b.yaml", source.to_owned()),
            ],
            vec![
                ("datasources/c.yaml", source.to_owned()),
                ("datasources/b.yaml", source.to_owned()),
            ],
        ),
    ];
    for (rule, before, after) in cases {
        for (files, args) in [(before, &["--update-baseline"][..]), (after, &[])] {
            let known = fs::read_to_string(root.join("known.txt"));
            clear();
            if let (Ok(known), []) = (known, args) {
                fs::write(root.join("known.txt"), known).unwrap();
            }
            for (name, text) in files {
                let path = root.join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let ran = run(rule, args);
            assert_eq!(ran.code, 0, "{rule} {args:?}: {}{}", ran.out, ran.err);
            let said = fs::read_to_string(root.join("known.txt")).unwrap();
            assert_eq!(said.matches(rule).count(), 1, "{rule}: {said}");
        }
    }
}

#[test]
fn only_a_baseline_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let project = root.join("project");
    fs::create_dir(&project).unwrap();
    fs::write(project.join("d.json"), "{}").unwrap();
    fs::write(root.join("notes.txt"), "mine\n").unwrap();
    let run = |args: &[&str]| {
        let (code, out, err) = run(&project, args);
        (code, err + &out)
    };
    let (code, said) = run(&["--baseline", "../notes.txt", "--update-baseline", "d.json"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("of another kind"), "{said}");
    fs::write(project.join("dashlint.toml"), "baseline = \"../new.txt\"\n").unwrap();
    assert_eq!(run(&["--update-baseline", "d.json"]).0, 2);
    let (_, said) = run(&["d.json"]);
    assert!(said.contains("lies outside the folder"), "{said}");
    assert_eq!(
        fs::read_to_string(root.join("notes.txt")).unwrap(),
        "mine\n"
    );
    assert!(!root.join("new.txt").exists());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../new.txt", project.join("b.txt")).unwrap();
        let (code, said) = run(&["--baseline", "b.txt", "--update-baseline", "d.json"]);
        assert_eq!(code, 2, "{said}");
        assert!(!root.join("new.txt").exists());
    }
}

#[test]
fn findings_of_two_files_or_groups_that_are_there_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let run = |args: &[&str]| {
        let all = ["--isolated", "--baseline", "b.txt", "--format", "concise"];
        run(root, &[&all, args].concat()).1
    };
    let source = |name: &str, password: &str| {
        fs::create_dir_all(root.join(name)).unwrap();
        let text = format!(
            "apiVersion: 1\ndatasources:\n  - name: Prom\n    type: prometheus\n    url: http://p:9090\n    \
             secureJsonData:\n      basicAuthPassword: {password}\n"
        );
        fs::write(root.join(name).join("ds.yaml"), text).unwrap();
    };
    source("a", "hunter2secret");
    source("b", "$PW");
    run(&["--update-baseline", "."]);
    source("a", "$PW");
    source("b", "An0therLeak");
    assert!(run(&["."]).contains("b/ds.yaml:7"));
    fs::remove_dir_all(root.join("a")).unwrap();
    fs::remove_dir_all(root.join("b")).unwrap();
    let rules = |first: &str, second: &str| {
        let text = format!(
            "groups:\n- name: checkout\n  rules:\n  - {{alert: Errors, expr: 'rate(a_total[5m]) > 0'{first}}}\n\
             - name: payments\n  rules:\n  - {{alert: Errors, expr: 'rate(b_total[5m]) > 0'{second}}}\n"
        );
        fs::write(root.join("r.yaml"), text).unwrap();
    };
    let select = ["--select", "missing-for", "r.yaml"];
    rules("", ", for: 5m");
    run(&[&["--update-baseline"], &select[..]].concat());
    rules(", for: 5m", "");
    assert!(run(&select).contains("[missing-for]"));
}

#[test]
fn what_is_wrong_with_suppressions_is_known_from_wherever_it_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("p");
    fs::create_dir_all(root.join("sub")).unwrap();
    let entry = "[[ignore]]\nrules = [\"broken-dashboard-link\"]\nfiles = [\"a.json\"]\nreason = \"it was once\"\n";
    fs::write(root.join("dashlint.toml"), entry).unwrap();
    let rules = "groups:\n- name: g\n  rules:\n  # dashlint: ignore[broken-dashboard-link] it was once\n  - alert: A\n    expr: up == 0\n";
    fs::write(root.join("r.yaml"), rules).unwrap();
    let told = |ran: &Ran| ran.out.matches("unused-").count();
    assert_eq!(told(&dashlint(&root, &[])), 2);
    dashlint(&root, &with(&["--update-baseline"]));
    for (from, path) in [
        (root.clone(), "."),
        (root.join("sub"), ".."),
        (folder.path().to_path_buf(), "p"),
    ] {
        let known = root.join("known.txt");
        let ran = dashlint(&from, &["--baseline", known.to_str().unwrap(), path]);
        assert_eq!(told(&ran), 0, "{path}: {}{}", ran.out, ran.err);
    }
}
