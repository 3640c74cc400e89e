//! `[[ignore]]`: what entries silence, and what is told of those that do not.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::config::At;
use crate::diagnostic::{Location, Range, TrailStep};
use crate::lint::Input;

fn finding(
    rule: &'static str,
    pointer: &str,
    inner: Option<&str>,
    trail: &[(&'static str, &str, Option<i64>)],
) -> Diagnostic {
    let source = crate::source::Source::new("dashboards/a.json", None, "");
    let mut finding =
        crate::diagnostic::meta::INVALID_CONFIG.at(&source, Default::default(), String::new());
    finding.rule = rule.into();
    finding.group = Group::Units;
    finding.location = Location {
        range: Range::default(),
        pointer: pointer.to_owned(),
        inner: inner.map(str::to_owned),
        ..finding.location
    };
    finding.trail = trail
        .iter()
        .map(|&(kind, name, id)| TrailStep {
            kind: kind.into(),
            name: name.to_owned(),
            uid: None,
            id,
        })
        .collect();
    finding
}

#[test]
fn places_match_trails_and_pointers() {
    let panel = &[
        ("dashboard", "D", None),
        ("panel", "Load", Some(12)),
        ("query", "A", None),
    ][..];
    let cases = [
        ("panel:12", true),
        ("panel:1", false),
        ("panel:\"Load\"", true),
        ("panel:'Loa'", false),
        ("query:12/A", true),
        ("query:12/B", false),
        ("query:\"Load\"/A", true),
        ("variable:job", false),
        ("#/panels/3", true),
        ("#/panels/3/targets/0/expr", true),
        ("/panels/3", true),
        ("/panels/3/targets/0/expr", true),
        ("/panels/33", false),
        ("/panels/3#/a", false),
        ("/", true),
        ("#/panels/33", false),
        ("#/panel", false),
        ("#", true),
        ("#/panels/3#/a", false),
        ("finding:00112233445566778899aabbccddeeff", false),
    ];
    let here = finding("missing-unit", "/panels/3/targets/0/expr", None, panel);
    for (at, hit) in cases {
        assert_eq!(
            at.parse::<At>().map(|at| at.matches(&here)),
            Ok(hit),
            "{at}"
        );
    }
    let carried = finding(
        "missing-unit",
        "/data/node.json",
        Some("/panels/3/title"),
        &[("variable", "job", None), ("alert", "Down", None)],
    );
    for (at, hit) in [
        ("#/data/node.json#/panels/3", true),
        ("/data/node.json#/panels/3", true),
        ("/data/node.json", true),
        ("/data/node.json#x", false),
        ("#/data/node.json#", true),
        ("#/data/node.json", true),
        ("#/data/other.json#/panels/3", false),
        ("#/data/node.json#/panels/30", false),
        ("variable:$job", true),
        ("alert:Down", true),
        ("alert:\"Down\"", true),
    ] {
        assert_eq!(
            at.parse::<At>().map(|at| at.matches(&carried)),
            Ok(hit),
            "{at}"
        );
    }
    for wrong in [
        "",
        "panel",
        "panel:",
        "panel:Load",
        "query:12",
        "query:12/",
        "row:1",
        "variable:",
        "#panels/3",
        "finding:",
        "finding:0011",
        "finding:000000000000000x",
    ] {
        assert!(wrong.parse::<At>().is_err(), "{wrong}");
    }
}

const IGNORES: &str = "\
[[ignore]]
rules = ['missing-unit', 'unknown-unit']
files = ['dashboards/*.json']
at = 'panel:12'
reason = 'counts'
until = 2026-12-31

[[ignore]]
rules = ['long-title']
reason = 'never met' # and so on

# about the next
[[ignore]]
rules = ['missing-unit']
files = ['elsewhere/**']
reason = 'other files'
";

#[test]
fn entries_silence_and_are_told_when_they_do_not() {
    let tree = Tree::new(&[("dashlint.toml", IGNORES)]);
    let configs = tree.configs();
    let settings = configs.for_file(Path::new("dashboards/a.json"));
    let panel = &[("panel", "Load", Some(12))][..];
    let mut findings = [
        finding("missing-unit", "", None, panel),
        finding("missing-unit", "", None, &[]),
        finding("panel-cost", "", None, panel),
    ];
    settings.apply_ignores("dashboards/a.json", &mut findings);
    let silenced = findings
        .each_ref()
        .map(|finding| finding.suppressed.is_some());
    assert_eq!(silenced, [true, false, false]);
    let suppression = findings[0].suppressed.as_ref().expect("it is silenced");
    assert_eq!(suppression.reason.as_deref(), Some("counts"));
    assert_eq!(suppression.until.as_deref(), Some("2026-12-31"));
    assert_eq!(told(&configs.problems()), "");
    let checked = Input {
        path: PathBuf::from("dashboards/a.json"),
        display: Arc::from("dashboards/a.json"),
        target: true,
        provisioned: false,
        text: None,
    };
    let leftovers = configs.leftovers(std::iter::once(&checked));
    insta::assert_snapshot!(told(&leftovers), @r#"
dashlint.toml:2:26 warning[unused-ignore] this entry silences no finding of `unknown-unit` (take the name out of the list)
dashlint.toml:8:1 warning[unused-ignore] this entry silences nothing: no finding of `long-title` (delete the entry)
dashlint.toml:13:1 warning[unused-ignore] this entry silences nothing: its `files` match no file that this configuration is for (delete the entry)
"#);
    let edits: Vec<_> = leftovers
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .flat_map(|fix| &fix.edits)
        .map(|edit| (edit.span, edit.replacement.clone()))
        .collect();
    let left = crate::fix::apply(IGNORES, &edits).expect("the edits fit");
    insta::assert_snapshot!(left, @r#"
[[ignore]]
rules = ['missing-unit', 'unknown-unit']
files = ['dashboards/*.json']
at = 'panel:12'
reason = 'counts'
until = 2026-12-31

# about the next
"#);
}

#[test]
fn an_expired_entry_silences_nothing() {
    let text = IGNORES.replace("2026-12-31", "2026-06-14");
    let tree = Tree::new(&[("dashlint.toml", text.as_str())]);
    let configs = tree.configs();
    let settings = configs.for_file(Path::new("dashboards/a.json"));
    let mut findings = [finding(
        "missing-unit",
        "",
        None,
        &[("panel", "Load", Some(12))],
    )];
    settings.apply_ignores("dashboards/a.json", &mut findings);
    assert_eq!(findings[0].suppressed, None);
    assert!(told(&configs.problems()).starts_with("dashlint.toml:6:9 warning[expired-ignore]"));
    let today = IGNORES.replace("2026-12-31", "'2026-06-15'");
    let tree = Tree::new(&[("dashlint.toml", today.as_str())]);
    let configs = tree.configs();
    configs.for_file(Path::new("a.json"));
    assert_eq!(told(&configs.problems()), "");
}
