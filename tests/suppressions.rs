//! Comments that silence findings.

mod support;

use std::borrow::Cow;
use std::sync::Arc;

use dashlint::config::{Configs, Selection, Selector};
use dashlint::diagnostic::suppress::{Directive, Scope, Suppressions, apply, parse_comment};
use dashlint::diagnostic::{Diagnostic, Group, Location, Quotes, Range, Severity, Silencer};
use dashlint::fix;
use dashlint::model::{Loaded, load};
use dashlint::source::Source;
use dashlint::span::Span;
use jiff::civil::date;
use proptest::prelude::*;

fn one(text: &str) -> Directive {
    let mut found = parse_comment(text);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

#[test]
fn a_comment_names_rules_a_reason_and_a_day() {
    let text = "# dashlint: ignore[one, two ] the reason until 2027-01-31";
    let directive = one(text);
    let rules: Vec<&str> = directive
        .rules
        .iter()
        .map(|(_, span)| &text[span.range()])
        .collect();
    assert_eq!(rules, ["one", "two"]);
    assert_eq!(directive.reason.as_deref(), Some("the reason"));
    assert_eq!(directive.until, Some(date(2027, 1, 31)));
    assert_eq!(directive.span, Span::new(0, text.len()));
    assert!(!directive.whole_file && directive.fault.is_none());
}

#[test]
fn comments_are_found_in_any_text() {
    let text =
        "Load of a node.\n<!-- dashlint: ignore[a] why -->\nSee <!--dashlint:ignore[b]--> there.";
    let found = parse_comment(text);
    let spans: Vec<&str> = found
        .iter()
        .map(|directive| &text[directive.span.range()])
        .collect();
    assert_eq!(
        spans,
        [
            "<!-- dashlint: ignore[a] why -->",
            "<!--dashlint:ignore[b]-->"
        ]
    );
    assert_eq!(found[0].reason.as_deref(), Some("why"));
    assert_eq!(found[1].reason, None);
    // Another tool's comment before ours.
    let text = "# pint disable x # dashlint: ignore-file[a]: why";
    let directive = one(text);
    assert_eq!(
        &text[directive.span.range()],
        "# dashlint: ignore-file[a]: why"
    );
    assert!(directive.whole_file);
    assert_eq!(directive.reason.as_deref(), Some("why"));
}

#[test]
fn what_is_none_is_left_alone() {
    for text in [
        "See dashlint: ignore[x] in the docs",
        "See dashlint ignore[x] in the docs",
        "# dashlint ignores this",
        "# dashlint ignore comments go above the rule",
        "# dashlint is run on this",
        "dashlint: ignore[x]",
        "Headings\n# dashlint: ignore[x]",
        "",
    ] {
        assert_eq!(parse_comment(text), [], "{text}");
    }
}

#[test]
fn what_is_not_understood_is_told() {
    for (text, message) in [
        ("# dashlint: ignore", "does not name the rules"),
        ("# dashlint: ignore the reason", "does not name the rules"),
        ("# dashlint: ignore[]", "does not name the rules"),
        ("# dashlint: ignore[a", "not closed"),
        ("<!-- dashlint: ignore[x] and never closed", "no end"),
        ("# dashlint: disable[a]", "`disable`"),
        ("# dashlint:", "is nothing dashlint is told"),
        ("# dashlint: ignore[a] until 2027-13-41", "no date"),
        (
            "# dashlint: ignore[a] so until 31.12.2027",
            "`31.12.2027` is no date",
        ),
        (
            "# dashlint: ignore[a] (until 12/31/2027)",
            "`12/31/2027` is no date",
        ),
        (
            "# dashlint: ignore[a] until=2027-02-30",
            "`2027-02-30` is no date",
        ),
        (
            "# dashlint: ignore[a] until: 20270230",
            "`20270230` is no date",
        ),
        ("# dashlint: ignore[a] until 2027.03.31", "is no date"),
        ("# dashlint: ignore[a] until 2027-3-1", "is no date"),
        ("# dashlint ignore[a] why", "without a colon"),
        ("# dashlint ignore-file[a] why", "without a colon"),
        ("# dashlint ignore missing-for why", "without a colon"),
        ("# dashlint ignore", "without a colon"),
        ("Load.\n<!-- dashlint ignore[a] why -->", "without a colon"),
        ("<!-- dashlint ignore-->", "without a colon"),
    ] {
        let fault = one(text).fault.expect(text);
        assert!(fault.1.contains(message), "{text}: {}", fault.1);
    }
}

fn finding(source: &Source, rule: &'static str, at: &str) -> Diagnostic {
    let start = source.text.find(at).expect(at) as u32;
    Diagnostic {
        rule: Cow::Borrowed(rule),
        group: dashlint::rules::find(rule).map_or(Group::Style, |rule| rule.group),
        severity: Severity::Warning,
        message: String::new(),
        label: None,
        help: None,
        quotes: Quotes::Names,
        location: Location {
            file: source.path.clone(),
            range: Range {
                start: source.position(start),
                end: source.position(start + at.len() as u32),
            },
            document: 0,
            pointer: String::new(),
            inner: None,
            snippet: None,
        },
        trail: Vec::new(),
        related: Vec::new(),
        fix: None,
        cause: None,
        measure: None,
        suppressed: None,
        fingerprint: String::new(),
        by_title: None,
    }
}

/// Which of the findings of `missing-runbook` at these words are silenced, and what is said of the comments.
fn run(path: &str, text: &str, places: &[&str]) -> (Vec<bool>, Vec<Diagnostic>) {
    let source = Arc::new(Source::new(path, None, text));
    let Loaded::Parsed(file) = load(source.clone(), true) else {
        panic!("{path} is not parsed");
    };
    let configs = Configs::isolated(Selection::default());
    let mut findings: Vec<Diagnostic> = places
        .iter()
        .map(|at| finding(&source, "missing-runbook", at))
        .collect();
    apply(&file, &configs.for_file(path.as_ref()), &mut findings);
    let about = findings.split_off(places.len());
    let silenced = support::silenced_by(&findings, Silencer::Comment);
    (silenced, about)
}

fn told(findings: &[Diagnostic]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{}: {}", finding.location.range.start.line, finding.rule))
        .collect()
}

/// A rule file; `{1}` and so on are places for comments.
fn rules(comments: &[(&str, &str)]) -> String {
    let mut text = "{0}groups:\n- name: g\n  rules:\n{1}  - alert: First{2}\n    expr: |{3}\n      up == 0\n      or vector(1)\n{4}    for: 5m{5}\n{6}  - alert: Second\n    expr: up\n".to_owned();
    for (place, comment) in comments {
        text = text.replace(place, comment);
    }
    for place in ["{0}", "{1}", "{2}", "{3}", "{4}", "{5}", "{6}"] {
        text = text.replace(place, "");
    }
    text
}

const PLACES: [&str; 5] = ["First", "vector", "5m", "Second", "expr: up\n"];

#[test]
fn a_comment_at_the_end_of_a_line_is_for_the_line() {
    let ignore = " # dashlint: ignore[missing-runbook] why";
    for (place, silenced) in [
        ("{2}", [true, false, false, false, false]),
        // The block scalar belongs to the line its key stands on.
        ("{3}", [false, true, false, false, false]),
        ("{5}", [false, false, true, false, false]),
    ] {
        let (found, about) = run("r.yaml", &rules(&[(place, ignore)]), &PLACES);
        assert_eq!(found, silenced, "{place}");
        assert_eq!(told(&about), [""; 0]);
    }
}

#[test]
fn a_comment_on_its_own_line_is_for_what_begins_next() {
    for (place, indent, silenced) in [
        ("{1}", "  ", [true, true, true, false, false]),
        ("{4}", "    ", [false, false, true, false, false]),
        ("{6}", "    ", [false, false, false, true, true]),
        ("{0}", "", [true, true, true, true, true]),
    ] {
        let comment = format!("{indent}# dashlint: ignore[missing-runbook] why\n\n  # more\n");
        let (found, about) = run("r.yaml", &rules(&[(place, &comment)]), &PLACES);
        assert_eq!(found, silenced, "{place}");
        assert_eq!(told(&about), [""; 0]);
    }
}

#[test]
fn a_comment_before_everything_is_for_the_file() {
    let comment = "# dashlint: ignore-file[alerting] why\n";
    let (found, about) = run("r.yaml", &rules(&[("{0}", comment)]), &PLACES);
    assert_eq!(found, [true; 5]);
    assert_eq!(told(&about), [""; 0]);
    let (found, about) = run("r.yaml", &rules(&[("{1}", comment)]), &PLACES);
    assert_eq!(found, [false; 5]);
    assert_eq!(told(&about), ["4: invalid-suppression"]);
}

const DASHBOARD: &str = r#"{
  "title": "D", "schemaVersion": 39, "uid": "d",
  "panels": [
    {"id": 1, "type": "stat", "title": "One", "description": "Load <!-- dashlint: ignore[missing-runbook] \u00fc -->"},
    {"id": 2, "type": "stat", "title": "Two"}
  ]
}"#;

#[test]
fn a_description_is_for_its_panel() {
    let (found, about) = run("d.json", DASHBOARD, &["One", "Two"]);
    assert_eq!(found, [true, false]);
    assert_eq!(told(&about), [""; 0]);
    let whole = DASHBOARD.replace(
        "\"uid\"",
        "\"description\": \"<!-- dashlint: ignore[missing-runbook] all of it -->\", \"uid\"",
    );
    let (found, about) = run("d.json", &whole, &["One", "Two"]);
    assert_eq!(found, [true, true]);
    assert_eq!(told(&about), [""; 0]);
}

#[test]
fn a_description_in_a_carried_dashboard_too() {
    let indented: String = DASHBOARD
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    let text = format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  d.json: |\n{indented}");
    let (found, about) = run("c.yaml", &text, &["One", "Two"]);
    assert_eq!(found, [true, false]);
    assert_eq!(told(&about), [""; 0]);
}

/// The text after all fixes of what is said of the comments.
fn mended(path: &str, text: &str) -> (Vec<String>, String) {
    let (_, about) = run(path, text, &[]);
    let plan = fix::plan(&about, dashlint::diagnostic::Safety::Safe);
    let edits = plan.edits();
    let new = fix::apply(text, edits.get(path).map_or(&[][..], Vec::as_slice)).expect("edits fit");
    fix::verify_syntax(path, text, &new).expect("the file is whole");
    (told(&about), new)
}

#[test]
fn unused_comments_are_deleted() {
    let ignore = "# dashlint: ignore[missing-runbook] why";
    let (about, new) = mended("r.yaml", &rules(&[("{2}", &format!(" {ignore}"))]));
    assert_eq!(about, ["4: unused-suppression"]);
    assert_eq!(new, rules(&[]));
    let (_, new) = mended("r.yaml", &rules(&[("{4}", &format!("    {ignore}\n"))]));
    assert_eq!(new, rules(&[]));
    let (about, new) = mended("d.json", DASHBOARD);
    assert_eq!(about, ["4: unused-suppression"]);
    assert_eq!(
        new,
        DASHBOARD.replace(" <!-- dashlint: ignore[missing-runbook] \\u00fc -->", "")
    );
}

#[test]
fn one_unused_rule_of_several_is_taken_out() {
    let text = rules(&[(
        "{2}",
        " # dashlint: ignore[missing-runbook, undefined-variable] why",
    )]);
    let (found, about) = run("r.yaml", &text, &["First"]);
    assert_eq!(found, [true]);
    assert_eq!(told(&about), ["4: unused-suppression"]);
    let edits = &about[0].fix.as_ref().expect("a fix").edits;
    let edits: Vec<_> = edits
        .iter()
        .map(|edit| (edit.span, edit.replacement.clone()))
        .collect();
    assert_eq!(
        fix::apply(&text, &edits).expect("edits fit"),
        rules(&[("{2}", " # dashlint: ignore[missing-runbook] why")])
    );
}

#[test]
fn comments_without_a_reason_unknown_rules_and_bare_ones_are_told() {
    for (comment, about) in [
        (
            " # dashlint: ignore[missing-runbook]",
            "4: suppression-without-reason",
        ),
        (
            " # dashlint: ignore[mising-runbook] why",
            "4: invalid-suppression",
        ),
        (" # dashlint: ignore[all] why", "4: invalid-suppression"),
        (" # dashlint: ignore", "4: invalid-suppression"),
        (
            " # dashlint: ignore[missing-runbook] why until 2020-01-01",
            "4: expired-suppression",
        ),
    ] {
        let (_, found) = run("r.yaml", &rules(&[("{2}", comment)]), &["First"]);
        assert_eq!(told(&found), [about], "{comment}");
    }
}

#[test]
fn a_day_is_counted_to_its_end() {
    let source = Arc::new(Source::new("r.yaml", None, "alert: A"));
    for (today, silenced) in [(date(2027, 1, 31), true), (date(2027, 2, 1), false)] {
        let mut suppressions = Suppressions::new(source.clone()).on(today);
        let directive = one("# dashlint: ignore[missing-runbook] why until 2027-01-31");
        suppressions.add(Scope::Document(0), directive);
        let mut findings = [finding(&source, "missing-runbook", "A")];
        suppressions.apply(&mut findings);
        assert_eq!(findings[0].suppressed.is_some(), silenced);
        let about = suppressions.findings(&|_: &Selector| true);
        assert_eq!(about.is_empty(), silenced);
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "(<!-- ?|# ?|dashlint: ?|ignore|-file|\\[|\\]|,|a|ä| |-->|\n|until[:= ]|2027-01-3[19]|T00){0,14}") {
        for directive in parse_comment(&text) {
            prop_assert!(text.get(directive.span.range()).is_some());
            for (name, span) in &directive.rules {
                prop_assert_eq!(text.get(span.range()), Some(name.as_str()));
            }
            if let Some((span, _)) = &directive.fault {
                prop_assert!(text.get(span.range()).is_some());
            }
        }
    }
}

/// The rules found in a file that comments of pint leave standing, and those they silence.
fn with_pint(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut left, mut silenced) = (Vec::new(), Vec::new());
    for finding in support::lint_named("rules.yaml", text) {
        if finding.group != Group::Promql {
            continue;
        }
        match finding.suppressed {
            None => left.push(finding.rule.into_owned()),
            Some(suppression) => {
                assert_eq!(suppression.by, Silencer::Pint);
                silenced.push(finding.rule.into_owned());
            }
        }
    }
    (left, silenced)
}

/// `COMMENT` before a rule, at the end of its line and in it; one more rule follows.
#[test]
fn comments_of_pint_are_honoured() {
    let file = |before: &str, inside: &str, end: &str| {
        format!(
            "groups:\n  - name: a\n    rules:\n{before}      - record: a:up:max\n{inside}        expr: max by (job) (sum(up)){end}\n      - record: b:up:max\n        expr: max by (job) (sum(down))\n"
        )
    };
    let rule = "impossible-label".to_owned();
    let (one, none) = (vec![rule.clone()], Vec::new());
    for (before, inside, end) in [
        ("      # pint disable promql/impossible\n", "", ""),
        ("", "        # pint disable promql/impossible\n", ""),
        ("      # pint snooze 2999-01-01 promql/impossible\n", "", ""),
        ("", "", " # pint ignore/line"),
        ("", "        # pint ignore/next-line\n", ""),
    ] {
        let text = file(before, inside, end);
        assert_eq!(with_pint(&text), (one.clone(), one.clone()), "{text}");
    }
    for before in [
        "      # pint disable promql/series\n",
        "      # pint disable promql/impossible(+staging)\n",
        "      # pint disable promql/impossible\n\n",
        "      # pint snooze 2020-01-01 promql/impossible\n",
        "      # pint snooze soon promql/impossible\n",
    ] {
        let text = file(before, "", "");
        let both = vec![rule.clone(), rule.clone()];
        assert_eq!(with_pint(&text), (both, none.clone()), "{text}");
    }
    for before in [
        "      # pint file/disable promql/impossible\n\n",
        "      # pint ignore/file\n",
    ] {
        let text = file(before, "", "");
        let both = vec![rule.clone(), rule.clone()];
        assert_eq!(with_pint(&text), (none.clone(), both), "{text}");
    }
    let text = file(
        "      # pint ignore/begin\n",
        "",
        "\n      # pint ignore/end",
    );
    assert_eq!(with_pint(&text), (one.clone(), one), "{text}");
}

#[test]
fn an_annotation_speaks_for_its_resource() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  metadata:\n    annotations:\n      dashlint/ignore: |\n        [missing-runbook] the name says it all\n        [unknown-unit]\n  spec: {groups: [{name: a, rules: [{alert: A}]}]}\n- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  spec: {groups: [{name: b, rules: [{alert: B}]}]}\n";
    let (silenced, about) = run("rules.yaml", text, &["alert: A", "alert: B"]);
    assert_eq!(silenced, [true, false]);
    let mut told: Vec<&str> = about.iter().map(|finding| &*finding.rule).collect();
    told.sort_unstable();
    assert_eq!(told, ["suppression-without-reason", "unused-suppression"]);
}

const RESOURCE: &str = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  annotations:\n    team: sre\n    dashlint/ignore: \"[unknown-unit] so\"\nspec: {groups: [{name: a, rules: [{alert: A}]}]}\n";

/// An annotation with nothing in it would say nothing, and be wrong.
#[test]
fn an_annotation_goes_with_its_line() {
    let (_, new) = mended("rules.yaml", RESOURCE);
    assert!(new.contains("    team: sre\nspec:"), "{new}");
    // Where it stands otherwise, its words go.
    for (what, other) in [
        ("    team: sre\n", ""),
        ("\"[unknown-unit] so\"", "|\n      [unknown-unit] so\n"),
    ] {
        let (_, new) = mended("rules.yaml", &RESOURCE.replace(what, other));
        assert!(
            new.contains("dashlint/ignore:") && !new.contains("unknown-unit"),
            "{new}"
        );
    }
}

#[test]
fn an_annotation_is_told_how_it_is_written() {
    let text = RESOURCE.replace("[unknown-unit]", "unknown-unit");
    let (_, about) = run("rules.yaml", &text, &["alert: A"]);
    let help = about.first().and_then(|finding| finding.help.as_deref());
    assert!(help.is_some_and(|help| help.contains("dashlint/ignore: \"[rule]")));
}

/// What two resources have by an alias is of use where one of them needs it.
#[test]
fn a_shared_annotation_stays() {
    let of = |name: &str, annotations: &str| {
        format!(
            "- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  metadata: {{ name: {name}, annotations: {annotations} }}\n  \
             spec: {{ groups: [{{ name: {name}, rules: [{{ alert: A }}] }}] }}\n"
        )
    };
    let own = of("x", "&all { dashlint/ignore: '[unknown-unit] so' }");
    let text = format!(
        "apiVersion: v1\nkind: List\nitems:\n{own}{}",
        of("y", "*all")
    );
    assert_eq!(run("rules.yaml", &text, &["alert: A"]).1, []);
}

/// Also where nothing else in the file says how comments are written.
#[test]
fn a_comment_without_its_colon_is_told() {
    let text =
        "groups:\n- name: a\n  rules:\n  # dashlint ignore[missing-runbook] why\n  - alert: A\n";
    let (silenced, about) = run("rules.yaml", text, &["alert: A"]);
    assert_eq!(silenced, [false]);
    assert_eq!(told(&about), ["4: invalid-suppression"]);
    let text = text.replace(
        " ignore[missing-runbook] why",
        ": ignore[missing-runbook] until 31.12.2027",
    );
    let (_, about) = run("rules.yaml", &text, &["alert: A"]);
    let help = about[0].help.as_deref().expect("there is one");
    assert!(help.ends_with("until 2027-03-31`"), "{help}");
}

#[test]
fn what_is_past_or_says_no_reason_is_mended() {
    let text = "groups:\n- name: a\n  rules:\n  # dashlint: ignore[missing-runbook] until 2020-01-01 why\n  - alert: A # dashlint: ignore[missing-runbook]\n";
    let (silenced, about) = run("rules.yaml", text, &["alert: A"]);
    assert_eq!(silenced, [true]);
    let fixed = |rule: &str| {
        let finding = about
            .iter()
            .find(|finding| finding.rule == rule)
            .expect(rule);
        let fix = finding.fix.as_ref().expect(rule);
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| (edit.span, edit.replacement.clone()))
            .collect();
        (fix.safety, fix::apply(text, &edits).expect(rule))
    };
    let (safety, new) = fixed("expired-suppression");
    assert_eq!(safety, fix_safety("safe"));
    assert!(
        !new.contains("2020") && new.contains("\n  - alert: A #"),
        "{new}"
    );
    let (safety, new) = fixed("suppression-without-reason");
    assert_eq!(safety, fix_safety("display"));
    assert!(
        new.ends_with("ignore[missing-runbook] TODO: say why\n"),
        "{new}"
    );
}

fn fix_safety(word: &str) -> dashlint::diagnostic::Safety {
    use dashlint::diagnostic::Safety;
    [Safety::Safe, Safety::Unsafe, Safety::Display]
        .into_iter()
        .find(|safety| safety.name() == word)
        .expect("a safety")
}
