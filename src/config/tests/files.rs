//! Which file counts, and what is wrong with it.

use super::*;
use crate::config::{Dialect, Names, Preset, Theme, Version};

fn severity(settings: &Settings) -> Option<Severity> {
    settings.level(&MISSING_UNIT, "a.json")
}

#[test]
fn the_nearest_file_wins_and_nothing_merges() {
    let tree = Tree::new(&[
        ("dashlint.toml", "[rules]\nunits = 'off'\n"),
        ("sub/.dashlint.toml", "[rules]\nmissing-unit = 'error'\n"),
        ("sub/deep/a.json", ""),
    ]);
    let configs = tree.configs();
    let at = |name: &str| configs.for_file(Path::new(name));
    assert_eq!(severity(&at("a.json")), None);
    assert_eq!(severity(&at("sub/deep/a.json")), Some(Severity::Error));
    assert_eq!(
        at("sub/a.json").level(&UNKNOWN_UNIT, "sub/a.json"),
        Some(Severity::Error)
    );
    assert!(Arc::ptr_eq(
        &at("sub/a.json"),
        &configs.for_file(&tree.path("sub/deep/b.json"))
    ));
    assert!(Arc::ptr_eq(
        &at("sub/a.json"),
        &configs.for_folder(&tree.path("sub"))
    ));
}

#[test]
fn the_project_is_under_the_nearest_configuration_else_git_else_the_path() {
    let tree = Tree::new(&[
        ("configured/dashlint.toml", ""),
        ("configured/repo/.git/HEAD", ""),
        ("configured/repo/a/b.json", ""),
        ("repo/.git/HEAD", ""),
        ("repo/a/b.json", ""),
        ("bare/a/b.json", ""),
    ]);
    let configs = tree.configs();
    for (path, root) in [
        ("configured/repo/a/b.json", "configured"),
        ("repo/a/b.json", "repo"),
        ("repo/a", "repo"),
        ("bare/a/b.json", "bare/a"),
        ("bare", "bare"),
    ] {
        assert_eq!(
            configs.project_root(Path::new(path)),
            tree.path(root),
            "{path}"
        );
    }
}

#[test]
fn one_file_for_all_or_none() {
    let tree = Tree::new(&[
        ("dashlint.toml", "[rules]\nunits = 'off'\n"),
        ("other.toml", "[rules]\nunits = 'info'\n"),
    ]);
    let options = tree.options();
    let given = tree.configs_with(Options {
        config: Some("other.toml".into()),
        ..options.clone()
    });
    assert_eq!(
        severity(&given.for_file(Path::new("a.json"))),
        Some(Severity::Info)
    );
    let isolated = tree.configs_with(Options {
        isolated: true,
        ..options.clone()
    });
    assert_eq!(
        severity(&isolated.for_file(Path::new("a.json"))),
        Some(Severity::Warning)
    );
    let error = Configs::new(Options {
        config: Some("missing.toml".into()),
        ..options
    })
    .expect_err("there is no such file");
    assert!(error.to_string().contains("missing.toml"));
    // Without samples the native rule of that name answers.
    assert_eq!(severity(&Settings::default()), Some(Severity::Info));
}

#[test]
fn only_extends_merges() {
    let tree = Tree::new(&[
        (
            "base/team.toml",
            "exclude = ['vendor/**']\ngrafana = '11.0'\nprometheus = '2.50'\n[rules]\nunits = 'off'\nlong-title = 'error'\n",
        ),
        (
            "a/dashlint.toml",
            "extends = ['preset:strict', '../base/team.toml', '../pol.yaml']\ngrafana = '12.1'\n[rules]\nmissing-unit = true\n",
        ),
        ("pol.yaml", "version: 1\nrules: []\n"),
        ("a/x.json", ""),
    ]);
    let configs = tree.configs();
    let settings = configs.for_file(Path::new("a/x.json"));
    assert_eq!(told(&configs.problems()), "");
    assert_eq!(severity(&settings), Some(Severity::Warning));
    assert_eq!(settings.level(&UNKNOWN_UNIT, "a/x.json"), None);
    assert_eq!(
        settings.level(&LONG_TITLE, "a/x.json"),
        Some(Severity::Error)
    );
    assert_eq!(
        settings.grafana,
        Some(Version {
            major: 12,
            minor: 1
        })
    );
    assert_eq!(
        settings.prometheus,
        Some(Version {
            major: 2,
            minor: 50
        })
    );
    // Globs are relative to the file they stand in.
    assert!(settings.excludes("base/vendor/x.json"));
    assert!(!settings.excludes("a/vendor/x.json"));
    assert_eq!(settings.policies, [tree.path("a").join("../pol.yaml")]);
    let presets: Vec<&str> = settings
        .chain
        .iter()
        .map(|parts| &*parts.source.path)
        .collect();
    assert_eq!(
        presets,
        [
            "preset:recommended",
            "preset:strict",
            "base/team.toml",
            "a/dashlint.toml"
        ]
    );
    let mixin = tree.configs_with(Options {
        selection: Selection {
            preset: Some(Preset::Mixin),
            ..Selection::default()
        },
        ..tree.options()
    });
    let settings = mixin.for_file(Path::new("a/x.json"));
    let presets: Vec<&str> = settings
        .chain
        .iter()
        .map(|parts| &*parts.source.path)
        .collect();
    assert_eq!(
        presets,
        [
            "preset:recommended",
            "preset:mixin",
            "base/team.toml",
            "a/dashlint.toml"
        ]
    );
}

#[test]
fn what_extends_cannot_have_is_told() {
    let tree = Tree::new(&[
        (
            "dashlint.toml",
            "extends = ['preset:strickt', 'pack:ownerships', 'strict', 'no.toml', 'ring.toml', 'x']\n",
        ),
        ("ring.toml", "extends = 'dashlint.toml'\n"),
    ]);
    let configs = tree.configs();
    configs.for_file(Path::new("a.json"));
    insta::assert_snapshot!(told(&configs.problems()), @r#"
dashlint.toml:1:12 error[invalid-config] there is no preset `strickt` (did you mean `strict`?)
dashlint.toml:1:30 error[invalid-config] there is no pack `ownerships` (did you mean `ownership`?)
dashlint.toml:1:49 error[invalid-config] a preset is written `preset:strict`
dashlint.toml:1:59 error[invalid-config] there is no file `no.toml`
dashlint.toml:1:83 error[invalid-config] `x` is neither a preset, a pack nor a .toml or .yaml file
ring.toml:1:11 error[invalid-config] `dashlint.toml` builds on this file
"#);
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let (_, problems) = settings(include_str!("faults.toml"));
    insta::assert_snapshot!(problems, @r#"
dashlint.toml:1:1 error[invalid-config] unknown key `extend` (did you mean `extends`?)
dashlint.toml:2:10 error[invalid-config] `preset` is one of recommended, strict, mixin, not `strickt` (did you mean `strict`?)
dashlint.toml:3:12 error[invalid-config] `a[` is no glob: unclosed character class; missing ']'
dashlint.toml:3:18 error[invalid-config] `exclude` holds strings, not an integer
dashlint.toml:4:11 error[invalid-config] `include` is a list of globs, not a boolean
dashlint.toml:5:11 error[invalid-config] `grafana` is a string, not a number (write "12.1")
dashlint.toml:6:14 error[invalid-config] `three` is no version (major and minor number: "12.1")
dashlint.toml:7:12 error[invalid-config] `metadata` is a list of strings, not an inline table
dashlint.toml:10:1 error[invalid-config] there is no rule or group `mising-unit` (did you mean `missing-unit`?)
dashlint.toml:11:9 error[invalid-config] `units` is one of off, error, warning, info, not `warn` (did you mean `warning`?)
dashlint.toml:12:9 error[invalid-config] `style` is a severity, not an integer
dashlint.toml:13:18 error[invalid-config] `missing-unit` has no option `level` (it has severity)
dashlint.toml:14:16 error[invalid-config] `panel-cost` has no option `wrok` (did you mean `work`?)
dashlint.toml:14:33 error[invalid-config] `panel-cost.work` is a whole number, not a string
dashlint.toml:14:49 error[invalid-config] `panel-cost.share` is a number, not a string
dashlint.toml:14:69 error[invalid-config] `panel-cost.labels` holds strings, not an integer
dashlint.toml:14:80 error[invalid-config] `panel-cost.deep` is true or false, not an integer
dashlint.toml:14:94 error[invalid-config] `panel-cost.severity` is one of off, error, warning, info, not `bad`
dashlint.toml:15:16 error[invalid-config] `long-title` has no option `anything-else-entirely` (it has severity)
dashlint.toml:16:1 info[unused-config] no policy here has a rule `acme/x` (it may be a rule of another tool, whose findings come with --import)
dashlint.toml:19:10 error[invalid-config] there is no rule or group `mising-unit` (did you mean `missing-unit`?)
dashlint.toml:20:10 error[invalid-config] `[` is no glob: unclosed character class; missing ']'
dashlint.toml:21:6 error[invalid-config] `ignore.at`: `row:1` is no place (one of panel:12, panel:"Title", query:12/A, variable:job, alert:Name, /json/pointer, finding:FINGERPRINT)
dashlint.toml:22:10 warning[ignore-without-reason] this entry does not say why (reason = "…")
dashlint.toml:23:9 error[invalid-config] `ignore.until` is no date (write it as 2027-03-31)
dashlint.toml:24:1 error[invalid-config] unknown key `ignore.where`
dashlint.toml:26:1 error[invalid-config] this entry names no rules (rules = ["…"])
dashlint.toml:27:10 error[invalid-config] `ignore.reason` is a string, not an integer
dashlint.toml:30:9 error[invalid-config] this entry names no rules
dashlint.toml:32:9 warning[expired-ignore] this entry ended on 2026-06-14 and no longer silences anything (delete the entry, or give it a later date)
dashlint.toml:35:1 error[invalid-config] `x[` is no glob: unclosed character class; missing ']'
dashlint.toml:35:18 error[invalid-config] `units` is one of off, error, warning, info, not `of` (did you mean `off`?)
dashlint.toml:36:7 error[invalid-config] `y` is a table of rules and severities, not a string
dashlint.toml:37:9 error[invalid-config] there is no rule or group `unnits` (did you mean `units`?)
dashlint.toml:39:1 error[invalid-config] `instance` is a list of tables: [[instance]], not a table
dashlint.toml:43:9 error[invalid-config] `accessibility.theme` is one of dark, light, both, not `drak` (did you mean `dark`?)
dashlint.toml:46:1 error[invalid-config] unknown key `promql.dialekt` (did you mean `dialect`?)
dashlint.toml:49:13 error[invalid-config] `runbooks.required` holds strings, not an integer
dashlint.toml:50:11 error[invalid-config] `runbooks.pattern`: a `{` is not closed
dashlint.toml:51:10 error[invalid-config] `runbooks.panels` is true or false, not a string
"#);
}

#[test]
fn what_is_no_toml_is_told() {
    let (settings, problems) = settings("\u{feff}[rules]\nunits = 'off'\nmissing-unit = \n");
    assert_eq!(severity(&settings), Some(Severity::Warning));
    insta::assert_snapshot!(problems, @r#"
dashlint.toml:3:16 error[invalid-config] not valid TOML: string values must be quoted, expected literal string
"#);
    let (_, problems) = super::settings("\u{feff}grafanna = '12.1'\n");
    assert_eq!(
        problems,
        "dashlint.toml:1:1 error[invalid-config] unknown key `grafanna` (did you mean `grafana`?)\n"
    );
}

#[test]
fn a_second_file_beside_it_is_told() {
    let tree = Tree::new(&[("dashlint.toml", ""), (".dashlint.toml", "")]);
    let configs = tree.configs();
    configs.for_file(Path::new("a.json"));
    assert_eq!(
        told(&configs.problems()),
        "dashlint.toml:1:1 warning[unused-config] `.dashlint.toml` beside it is not read (merge the two files)\n"
    );
}

#[test]
fn instances_name_folders_that_are_there() {
    let text = "[[instance]]\nroots = ['deploy/grafana', 'gone']\n\
                mounts = { '/var/lib' = 'boards', '/etc' = './none' }\n";
    let tree = Tree::new(&[
        ("dashlint.toml", text),
        ("deploy/grafana/a.yml", ""),
        ("boards/a.json", ""),
    ]);
    let configs = tree.configs();
    let settings = configs.for_file(Path::new("a.json"));
    let below = |path: &str| settings.folder().join(path);
    assert_eq!(
        settings.instances[0].roots,
        [below("deploy/grafana"), below("gone")]
    );
    assert_eq!(
        settings.instances[0].mounts,
        [
            ("/var/lib".to_owned(), below("boards")),
            ("/etc".to_owned(), below("none"))
        ]
    );
    assert_eq!(
        told(&configs.problems()),
        "dashlint.toml:2:28 warning[invalid-config] there is no folder `gone`\n\
         dashlint.toml:3:44 warning[invalid-config] there is no folder `./none`\n"
    );
}

#[test]
fn the_other_keys_are_kept() {
    let (settings, problems) = settings(
        "prometheus = 'v3'\ninclude = '*.tmpl'\n\
         [accessibility]\ntheme = 'dark'\n[promql]\ndialect = 'metricsql'\n\
         [runbooks]\nrequired = ['critical']\npattern = 'https://*'\npanels = true\nshort-links = ['go']\n",
    );
    assert_eq!(problems, "");
    assert_eq!(
        settings.prometheus.map(|version| version.to_string()),
        Some("3.0".to_owned())
    );
    assert!(settings.has_includes() && settings.includes("a/b.tmpl"));
    assert_eq!(
        (settings.theme, settings.dialect),
        (Theme::Dark, Dialect::Metricsql)
    );
    assert_eq!(settings.runbooks.required, ["critical"]);
    assert!(
        settings
            .runbooks
            .pattern
            .as_ref()
            .is_some_and(|pattern| pattern.matches("https://x", "A", "g"))
    );
    assert!(settings.runbooks.panels);
    assert_eq!(settings.runbooks.short_links, ["go"]);
}

#[test]
fn prometheus_is_a_version_or_a_table() {
    for (text, version, names) in [
        ("", None, Names::Utf8),
        ("prometheus = '3.5'", Some("3.5"), Names::Utf8),
        ("prometheus = '2.55'", Some("2.55"), Names::Legacy),
        ("prometheus.names = 'legacy'", None, Names::Legacy),
        (
            "prometheus = { version = '2.55', names = 'utf-8' }",
            Some("2.55"),
            Names::Utf8,
        ),
    ] {
        let (settings, problems) = settings(text);
        assert_eq!(problems, "", "{text}");
        let is = settings.prometheus.map(|version| version.to_string());
        assert_eq!(is.as_deref(), version, "{text}");
        assert_eq!(settings.names(), names, "{text}");
    }
    let (_, problems) = settings("[prometheus]\nnames = 'utf8'\nversion = 3\n");
    insta::assert_snapshot!(problems, @r#"
dashlint.toml:2:9 error[invalid-config] `prometheus.names` is one of utf-8, legacy, not `utf8` (did you mean `utf-8`?)
dashlint.toml:3:11 error[invalid-config] `prometheus.version` is a string, not a number (write "3")
"#);
}

#[test]
fn metrics_are_what_patterns_say() {
    let (settings, problems) = settings(
        "[units.metrics]\n'app_*_wait' = 'histogram milliseconds'\n'app_busy' = 'parsecs'\n",
    );
    assert_eq!(
        settings.metrics.kind("app_disk_wait_bucket"),
        Some(crate::promql::MetricKind::Counter)
    );
    assert_eq!(
        problems,
        "dashlint.toml:3:14 error[invalid-config] `parsecs` is neither a unit, such as `seconds` or an id of Grafana, nor `counter`, `gauge`, `histogram` or `summary`\n"
    );
}

#[test]
fn globs_match_as_people_expect() {
    let (settings, _) =
        settings("exclude = ['vendor/**', 'gen-*.json', './top.json', 'build/', '/only.json']\n");
    for (file, excluded) in [
        ("vendor/a/b.json", true),
        ("./vendor/a.json", true),
        ("sub/vendor/a.json", false),
        ("gen-1.json", true),
        ("a/b/gen-1.json", true),
        ("top.json", true),
        ("a/top.json", false),
        ("build/a.json", true),
        ("a/build/b.json", true),
        ("only.json", true),
        ("a/only.json", false),
        ("a/../vendor/b.json", true),
    ] {
        assert_eq!(settings.excludes(file), excluded, "{file}");
    }
}

#[test]
fn configured_severities_hold_for_findings_of_the_configuration() {
    let (_, problems) = settings("wrong = 1\n[rules]\ninvalid-config = 'info'\n");
    assert!(
        problems.starts_with("dashlint.toml:1:1 info[invalid-config]"),
        "{problems}"
    );
    let (_, problems) = settings("wrong = 1\n[rules]\nmeta = 'off'\n");
    assert!(
        problems.starts_with("dashlint.toml:1:1 error[invalid-config]"),
        "{problems}"
    );
}

#[test]
fn the_schema_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config.schema.json");
    let mut now = serde_json::to_string_pretty(&crate::config::config_schema()).expect("JSON");
    now.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        then == now,
        "schemas/config.schema.json is stale: run the tests with UPDATE=1"
    );
}

#[test]
fn the_page_of_the_keys_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/configuration.md");
    let page = crate::config::config_reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the page is there");
    assert!(
        written == page,
        "rules/configuration.md is stale: run the tests with UPDATE=1"
    );
}
