//! Which rules run, how severely, with which options.

use super::*;
use crate::config::{Preset, Selector};
use crate::rules::OptionValue;

fn levels(settings: &Settings, file: &str) -> Vec<String> {
    let levels = settings.for_file(file);
    SAMPLES
        .iter()
        .enumerate()
        .map(|(at, rule)| {
            assert_eq!(levels.at(at), settings.level(rule, file));
            levels
                .at(at)
                .map_or("off".to_owned(), |level| level.to_string())
        })
        .collect()
}

fn selection(select: &[&str], ignore: &[&str], extend: &[&str]) -> Selection {
    let catalogue = Catalogue::of(SAMPLES);
    let list = |words: &[&str]| {
        let parse = |word: &&str| catalogue.selector(word).expect("a rule or group");
        words.iter().map(parse).collect()
    };
    Selection {
        select: list(select),
        ignore: list(ignore),
        extend_select: list(extend),
        preset: None,
    }
}

#[test]
fn without_a_line_every_rule_has_its_own_severity() {
    let (settings, problems) = settings("");
    assert_eq!(
        levels(&settings, "a.json"),
        ["warning", "error", "info", "warning"]
    );
    assert_eq!(problems, "");
}

#[test]
fn a_rule_beats_its_group_beats_all_in_any_order() {
    let (settings, problems) = settings(
        "[rules]\nmissing-unit = 'info'\nunits = 'off'\nall = 'error'\npanel-cost = { work = 5 }\n",
    );
    assert_eq!(
        levels(&settings, "a.json"),
        ["info", "off", "error", "error"]
    );
    assert_eq!(problems, "");
}

#[test]
fn true_is_the_rule_s_own_severity() {
    let (settings, _) = settings("[rules]\nall = 'off'\nunits = true\nmissing-unit = false\n");
    assert_eq!(levels(&settings, "a.json"), ["off", "error", "off", "off"]);
}

#[test]
fn the_severity_of_a_file_beats_the_rules_and_later_globs_win() {
    let (settings, _) = settings(
        "[rules]\nmissing-unit = 'error'\n\
         [per-file-severity]\n'legacy/**' = { units = 'info', unknown-unit = true }\n'*.x.json' = { all = 'off' }\n",
    );
    assert_eq!(levels(&settings, "a.json")[..2], ["error", "error"]);
    assert_eq!(levels(&settings, "legacy/a.json")[..2], ["info", "info"]);
    assert_eq!(levels(&settings, "legacy/a.x.json")[..2], ["off", "off"]);
}

#[test]
fn the_command_line_beats_everything() {
    let text = "[rules]\nmissing-unit = 'error'\nlong-title = 'off'\n\
                [per-file-severity]\n'*.json' = { panel-cost = 'off' }\n";
    for (select, ignore, extend, wanted) in [
        (
            &["units"][..],
            &[][..],
            &[][..],
            ["error", "error", "off", "off"],
        ),
        (
            &["units"],
            &["missing-unit"],
            &[],
            ["off", "error", "off", "off"],
        ),
        (
            &["missing-unit"],
            &["units"],
            &[],
            ["error", "off", "off", "off"],
        ),
        (&["units"], &["units"], &[], ["off", "off", "off", "off"]),
        (
            &["all"],
            &["units"],
            &["unknown-unit"],
            ["off", "error", "info", "warning"],
        ),
        (&[], &["units"], &["style"], ["off", "off", "info", "off"]),
        (
            &[],
            &[],
            &["panel-cost"],
            ["error", "error", "off", "warning"],
        ),
    ] {
        let (settings, _) = selected(text, selection(select, ignore, extend));
        assert_eq!(
            levels(&settings, "a.json"),
            wanted,
            "{select:?} {ignore:?} {extend:?}"
        );
    }
}

#[test]
fn options_are_configured_or_default() {
    let (settings, problems) = settings(
        "[rules.panel-cost]\nwork = 1_000\nshare = 1\nlabels = ['b', 'c']\n[rules.missing-unit]\nseverity = 'error'\n",
    );
    assert_eq!(problems, "");
    let option = |name| settings.option(&PANEL_COST, name);
    assert_eq!(option("work"), OptionValue::Int(1000));
    assert_eq!(option("share"), OptionValue::Float(1.0));
    assert_eq!(
        option("labels"),
        OptionValue::List(vec!["b".into(), "c".into()])
    );
    assert_eq!(option("deep"), OptionValue::Bool(true));
    assert_eq!(option("word"), OptionValue::Str("x".into()));
    assert_eq!(levels(&settings, "a.json")[0], "error");
}

#[test]
fn policies_rules_are_named_by_their_slash() {
    let (settings, problems) = settings("[rules]\n'acme/tag' = 'error'\npolicy = 'info'\n");
    assert_eq!(
        problems,
        "dashlint.toml:2:1 info[unused-config] no policy here has a rule `acme/tag` (it may be a rule of another tool, whose findings come with --import)\n"
    );
    let level = |id| settings.named_level(id, Group::Policy, Severity::Warning, "a.json");
    assert_eq!(level("acme/tag"), Some(Severity::Error));
    assert_eq!(level("acme/other"), Some(Severity::Info));
}

#[test]
fn presets_are_read_and_name_rules_that_exist() {
    for preset in [Preset::Recommended, Preset::Strict, Preset::Mixin] {
        assert_eq!(preset.name().parse(), Ok(preset));
        let tree = Tree::new(&[("dashlint.toml", preset.text())]);
        let configs = Configs::new(tree.options()).expect("configurations");
        configs.for_file(&tree.path("a.json"));
        assert_eq!(told(&configs.problems()), "");
    }
    assert!("lax".parse::<Preset>().is_err());
}

#[test]
fn the_rules_of_the_group_meta_agree_with_their_findings() {
    for meta in crate::diagnostic::meta::META {
        let rule = crate::rules::find(meta.id);
        assert_eq!(
            rule.map(|rule| rule.severity),
            Some(meta.severity),
            "{}",
            meta.id
        );
    }
}

#[test]
fn selectors_are_words() {
    assert_eq!("units".parse(), Ok(Selector::Group(Group::Units)));
    assert_eq!("all".parse(), Ok(Selector::All));
    let unknown = Catalogue::of(SAMPLES).selector("mising-unit");
    assert_eq!(
        unknown.map_err(|unknown| unknown.to_string()),
        Err("there is no rule or group `mising-unit`; did you mean `missing-unit`?".to_owned())
    );
}

#[test]
fn what_counts_can_be_shown() {
    let (settings, _) =
        settings("grafana = '12.1'\n[rules]\nstyle = 'off'\npanel-cost = { work = 5 }\n");
    insta::assert_snapshot!(crate::config::show(&settings), @r#"
# Each line ends with who said so; `default`: nobody.
# from preset:recommended
# from dashlint.toml
grafana = "12.1"  # dashlint.toml
# prometheus: the newest known  # default

[rules]
missing-unit = "warning"  # default
unknown-unit = "error"  # default
long-title = "off"  # dashlint.toml
panel-cost = { severity = "warning", work = 5 }  # default, dashlint.toml
"#);
}

#[test]
fn every_setting_says_where_it_comes_from() {
    let (settings, _) = settings(
        "exclude = [\n  'vendor/**', # theirs\n  \"x\",\n]\n[promql]\ndialect = 'metricsql'\n[rules]\nstyle = 'off'\n[[ignore]]\nrules = ['style']\nreason = 'r'\n",
    );
    let text = crate::config::show(&settings);
    for line in [
        r#"exclude = ["vendor/**", "x"]  # dashlint.toml"#,
        r#"promql.dialect = "metricsql"  # dashlint.toml"#,
        "# [[ignore]]: 1  # dashlint.toml\n",
        "# grafana: the newest known  # default\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
