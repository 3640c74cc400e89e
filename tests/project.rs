//! Whole trees: what one file says of another, which files count, whose configuration, and that it does not matter
//! how a file is given. The trees are in `testdata/projects`; `dot-gitignore` stands for `.gitignore` there.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::run::{program, run};
use support::tree::project;
use tempfile::TempDir;

/// A copy of a tree; `git` makes it look like a checkout.
fn tree(name: &str, git: bool) -> TempDir {
    let folder = project(name);
    let ignored = folder.path().join("dot-gitignore");
    if ignored.exists() {
        fs::rename(&ignored, ignored.with_file_name(".gitignore")).unwrap();
    }
    if git {
        fs::create_dir(folder.path().join(".git")).unwrap();
    }
    folder
}

/// The lines of `--format concise` without the words of the message: `file:line:column: severity[rule]`.
fn found(folder: &Path, args: &[&str]) -> Vec<String> {
    let select = [
        "--select",
        "invalid-promql,noop-matcher,duplicate-uid,broken-link-to-dashboard",
    ];
    concise(folder, &[&select, args].concat())
}

/// The same without a choice of rules.
fn concise(folder: &Path, args: &[&str]) -> Vec<String> {
    let (code, out, err) = run(
        folder,
        &[&["--quiet", "--format", "concise"], args].concat(),
    );
    assert!(code < 2, "{err}");
    places(&out)
}

fn places(report: &str) -> Vec<String> {
    report
        .lines()
        .map(|line| line.split_once("] ").unwrap().0.to_owned() + "]")
        .collect()
}

/// Those of one file.
fn of(file: &str, found: &[String]) -> Vec<String> {
    let prefix = format!("{file}:");
    found
        .iter()
        .filter(|line| line.starts_with(&prefix))
        .cloned()
        .collect()
}

const BY_UID: [&str; 3] = [
    "dashboards/by-uid.json:6:79: error[invalid-promql]",
    "dashboards/by-uid.json:12:47: error[invalid-promql]",
    // Nothing provisions this one: it may be anything.
    "dashboards/by-uid.json:14:47: warning[invalid-promql]",
];

/// pre-commit gives single files; what they refer to stands in others.
#[test]
fn data_sources_of_other_files_tell_the_language() {
    let folder = tree("sources", true);
    let root = folder.path();
    assert_eq!(found(root, &["dashboards/by-uid.json"]), BY_UID);
    assert_eq!(of("dashboards/by-uid.json", &found(root, &[])), BY_UID);
    let absolute = root.join("dashboards/by-uid.json");
    assert_eq!(found(root, &[absolute.to_str().unwrap()]), BY_UID);
    // From a folder inside, the project is the same.
    let inside: Vec<String> = BY_UID
        .iter()
        .map(|line| line.replace("dashboards/", ""))
        .collect();
    assert_eq!(
        found(&root.join("dashboards"), &["by-uid.json"]),
        inside.as_slice()
    );
    // A change of the other file changes what is said of this one.
    let sources = root.join("provisioning/datasources/all.yaml");
    let text = fs::read_to_string(&sources).unwrap();
    fs::write(
        &sources,
        text.replace(
            "uid: p-1, type: grafana-postgresql-datasource",
            "uid: p-1, type: prometheus",
        ),
    )
    .unwrap();
    assert_eq!(found(root, &["dashboards/by-uid.json"]).len(), 4);
}

#[test]
fn files_that_are_given_are_all_that_is_reported() {
    let folder = tree("sources", true);
    let root = folder.path();
    for lines in [
        found(root, &["provisioning/datasources/all.yaml"]),
        found(root, &["provisioning"]),
    ] {
        assert_eq!(lines, [""; 0]);
    }
    let both = found(root, &["dashboards/by-uid.json", "dashboards/other.json"]);
    assert_eq!(both, found(root, &["dashboards"]));
    assert_eq!(both, found(root, &["."]));
}

#[test]
fn a_single_file_gets_the_answer_of_the_whole_run() {
    for (name, git) in [
        ("sources", true),
        ("config", true),
        ("config", false),
        ("two", true),
        ("two", false),
        ("uids", true),
    ] {
        let folder = tree(name, git);
        let root = folder.path();
        let whole = found(root, &[]);
        assert!(!whole.is_empty(), "{name}");
        let mut files: Vec<String> = whole
            .iter()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        files.dedup();
        for file in files {
            let expected = of(&file, &whole);
            assert_eq!(found(root, &[&file]), expected, "{name}: {file}");
            // Given twice, it is one file still.
            assert_eq!(found(root, &[&file, &file]), expected, "{name}: {file}");
            assert_eq!(found(root, &[".", &file]), whole, "{name}: {file}");
        }
    }
}

#[test]
fn the_number_of_threads_and_the_order_of_paths_do_not_matter() {
    for name in ["sources", "config", "two"] {
        let folder = tree(name, true);
        let report = |args: &[&str]| {
            let all = ["--select", "all", "--format", "json"];
            run(folder.path(), &[&all, args].concat()).1
        };
        let one = report(&["-j", "1", "."]);
        assert!(one.contains("invalid-promql"), "{one}");
        assert_eq!(one, report(&["-j", "4", "."]), "{name}");
    }
    let folder = tree("config", true);
    let (a, b) = ("rules/new.yml", "team/rules/own.yml");
    assert_eq!(found(folder.path(), &[a, b]), found(folder.path(), &[b, a]));
}

/// Without a checkout and without a configuration the given folder is the project.
#[test]
fn a_tree_that_is_no_checkout() {
    let folder = tree("sources", false);
    let root = folder.path();
    assert_eq!(of("dashboards/by-uid.json", &found(root, &[])), BY_UID);
    // .gitignore counts all the same.
    assert!(found(root, &[]).iter().all(|line| !line.contains("build/")));
    // What lies above a file's folder is not searched: a file in a home folder does not index the home folder.
    let alone = found(root, &["dashboards/by-uid.json"]);
    assert!(
        alone.iter().all(|line| line.contains("warning[")),
        "{alone:?}"
    );
    let both = found(root, &[".", "dashboards/by-uid.json"]);
    assert_eq!(of("dashboards/by-uid.json", &both), BY_UID);
    // A configuration makes it one.
    fs::write(root.join("dashlint.toml"), "").unwrap();
    assert_eq!(found(root, &["dashboards/by-uid.json"]), BY_UID);
}

#[test]
fn ignored_files_count_only_when_they_are_given() {
    let folder = tree("sources", true);
    let root = folder.path();
    let whole = found(root, &[]);
    assert!(
        !whole
            .iter()
            .any(|line| line.contains("build/") || line.contains("draft")),
        "{whole:?}"
    );
    // Given, they are part of the project: the data sources are known.
    for file in ["build/other.json", "dashboards/draft.tmp.json"] {
        assert_eq!(
            found(root, &[file]),
            [format!("{file}:8:47: error[invalid-promql]")]
        );
    }
    assert_eq!(
        found(root, &["build"]),
        ["build/other.json:8:47: error[invalid-promql]"]
    );
}

#[test]
fn the_nearest_configuration_counts() {
    let folder = tree("config", true);
    let root = folder.path();
    let at = |file: &str, place: &str| format!("{file}:{place}]");
    let expected = [
        at("rules/new.yml", "5:18: error[invalid-promql"),
        // `[rules]` makes it worse; the first query cannot be read, so that only the second one is looked at.
        at("rules/new.yml", "7:32: error[noop-matcher"),
        // `[[ignore]]` silences the first.
        at("rules/old.yml", "7:32: error[noop-matcher"),
        // The team's own file says nothing of the rest: what is above it does not count.
        at("team/deep/own.yml", "5:18: error[invalid-promql"),
        at("team/rules/own.yml", "5:18: error[invalid-promql"),
    ];
    // `--select` would run `noop-matcher` for the team too.
    let plain = |args: &[&str]| {
        let mut lines = concise(root, args);
        lines.retain(|line| line.contains("[invalid-promql]") || line.contains("[noop-matcher]"));
        lines
    };
    assert_eq!(plain(&[]), expected);
    assert_eq!(
        plain(&["team", "rules", "vendor"]),
        expected,
        "excluded files stay out"
    );
    // A file that is named is checked, unless the caller (pre-commit) says to leave excluded ones out.
    assert_eq!(plain(&["vendor/far.yml"]).len(), 2);
    assert_eq!(plain(&["--force-exclude", "vendor/far.yml"]), [""; 0]);
    // Silenced findings can be shown.
    assert!(plain(&["--no-ignores"]).contains(&at("rules/old.yml", "5:18: error[invalid-promql")));
    assert_eq!(
        plain(&["--isolated", "team/rules/own.yml"]).len(),
        2,
        "no configuration at all"
    );
}

/// An entry of `[[ignore]]` that silences nothing is told by a whole run only.
#[test]
fn a_part_of_a_project_says_nothing_of_unused_entries() {
    let folder = tree("config", true);
    let root = folder.path();
    fs::remove_file(root.join("rules/old.yml")).unwrap();
    let unused = |args: &[&str]| {
        let lines = concise(root, args);
        lines
            .iter()
            .any(|line| line.starts_with("dashlint.toml:7:1:"))
    };
    assert!(unused(&[]));
    assert!(!unused(&["rules/new.yml"]));
    assert!(!unused(&["rules"]));
}

/// Each folder with a configuration is a project: the same uid is another data source in each.
#[test]
fn two_projects_in_one_run() {
    let folder = tree("two", true);
    let expected = ["prom/dashboards/main.json:6:65: error[invalid-promql]"];
    for args in [
        &["."][..],
        &["prom", "logs"],
        &["logs", "prom"],
        &["logs", "prom", "."],
        &["prom/dashboards/main.json", "logs/dashboards/main.json"],
        &["logs", "prom/dashboards"],
    ] {
        assert_eq!(found(folder.path(), args), expected, "{args:?}");
    }
    // Without the configurations both are one project, where the uid is not certain.
    for name in ["prom", "logs"] {
        fs::remove_file(folder.path().join(name).join("dashlint.toml")).unwrap();
    }
    assert!(
        found(folder.path(), &[])
            .iter()
            .all(|line| line.contains("warning["))
    );
}

/// An editor gives the text that is being written, and the name of its file.
#[test]
fn standard_input_is_a_file_of_its_project() {
    let folder = tree("sources", true);
    let file = folder.path().join("dashboards/by-uid.json");
    let text = fs::read_to_string(&file).unwrap();
    let lines = |name: &str| {
        let output = program(folder.path())
            .args(["--format", "concise", "-", "--stdin-filename", name])
            .args(["--select", "invalid-promql"])
            .write_stdin(text.clone())
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains("in 1 file "), "{err}");
        places(&String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(lines("dashboards/by-uid.json"), BY_UID);
    // What counts is the text that is given, not the one on the disk, if there is one.
    fs::write(&file, "{").unwrap();
    assert_eq!(lines("dashboards/by-uid.json"), BY_UID);
    fs::remove_file(&file).unwrap();
    assert_eq!(lines("dashboards/by-uid.json"), BY_UID);
}

#[test]
fn uids_are_looked_up_in_the_whole_project() {
    let folder = tree("uids", true);
    assert_eq!(
        found(folder.path(), &["a"]),
        [
            "a/api.json:1:10: info[duplicate-uid]",
            "a/api.json:1:145: info[broken-link-to-dashboard]"
        ]
    );
    assert_eq!(
        found(folder.path(), &["b"]),
        ["b/other.json:1:10: info[duplicate-uid]"]
    );
}

/// What a configuration excludes may have configurations of its own: nobody asks them, and nobody need be able to read them.
#[test]
fn what_is_excluded_stays_so_below_other_configurations() {
    let rule = "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(\n";
    let folder = support::tree::folder(&[
        (
            "dashlint.toml",
            "exclude = ['vendor/**', 'team/generated/']\n",
        ),
        ("own.yml", rule),
        ("vendor/lib/dashlint.toml", "this is [no TOML"),
        ("vendor/lib/rules.yml", rule),
        ("team/dashlint.toml", ""),
        ("team/rules.yml", rule),
        ("team/generated/rules.yml", rule),
    ]);
    let root = folder.path();
    let line = |file: &str| format!("{file}:5:18: error[invalid-promql]");
    let both = [line("own.yml"), line("team/rules.yml")];
    assert_eq!(found(root, &[]), both);
    assert_eq!(found(root, &["."]), both);
    support::run::git(root, &["init", "-q"]);
    support::run::git(root, &["add", "."]);
    support::run::git(root, &["commit", "-qm", "all"]);
    fs::write(root.join("own.yml"), format!("{rule}  - name: h\n")).unwrap();
    assert_eq!(found(root, &["--since", "HEAD"]), [""; 0]);
    // Who names the folder asks its own configuration.
    let generated = line("team/generated/rules.yml");
    assert_eq!(found(root, &["team"]), [generated, line("team/rules.yml")]);
    let (_, _, err) = run(root, &["-v"]);
    let told = "excluded by the configuration: vendor/lib/rules.yml";
    assert!(err.contains(told), "{err}");
    fs::write(root.join("team/dashlint.toml"), "exclude = ['*.yml']").unwrap();
    let (code, _, err) = run(root, &["team"]);
    let told = "the configuration excludes 2 files: -v names them";
    assert!(code == 0 && err.contains(told), "{err}");
    fs::write(root.join("team/dashlint.toml"), "").unwrap();
    // What else is named changes nothing of what is found on the way.
    assert_eq!(found(root, &[".", "team/rules.yml"]), both);
    // For pre-commit it does not count where it is started.
    let below = ["--force-exclude", "generated/rules.yml", "rules.yml"];
    let own = [line("rules.yml")];
    assert_eq!(found(&root.join("team"), &below), own);
    let (code, out, _) = run(root, &["vendor/lib"]);
    assert!(
        code == 2 && out.contains("vendor/lib/dashlint.toml"),
        "{out}"
    );
    let staged = ["vendor/lib/rules.yml", "team/rules.yml"];
    let staged = [&["--force-exclude"], &staged[..]].concat();
    assert_eq!(found(root, &staged), [line("team/rules.yml")]);
}
