use std::collections::BTreeSet;
use std::sync::Arc;

use dashlint::diagnostic::{Diagnostic, Edit, Safety};
use dashlint::fix::{Outcome, Texts, run_rounds, verify, verify_syntax};
use dashlint::span::Span;

use crate::finding;

fn run(text: &str, lint: impl Fn(&str) -> Vec<Diagnostic>) -> (String, Outcome) {
    let name: Arc<str> = Arc::from("f.json");
    let texts: Texts = [(name.clone(), Arc::from(text))].into();
    let mut again = |texts: &Texts, changed: &BTreeSet<Arc<str>>| {
        assert!(changed.contains("f.json"));
        lint(&texts["f.json"])
    };
    let outcome = run_rounds(texts, lint(text), Safety::Safe, &mut again, &verify);
    let text = outcome.changed.get(&name).map_or(text, |text| text);
    (text.to_owned(), outcome)
}

/// Offers to replace the first `from` by `to`.
fn replace(text: &str, from: &str, to: &str) -> Vec<Diagnostic> {
    text.find(from)
        .map(|at| finding("f.json", Safety::Safe, &[(at, at + from.len(), to)]))
        .into_iter()
        .map(|mut finding| {
            finding.message = format!("{from} to {to}");
            finding
        })
        .collect()
}

#[test]
fn goes_on_until_nothing_is_left() {
    let (text, outcome) = run("[1, 1, 1]", |text| replace(text, "1", "2"));
    assert_eq!(text, "[2, 2, 2]");
    assert_eq!((outcome.rounds, outcome.settled), (3, true));
    assert_eq!(outcome.applied.len(), 3);
    assert_eq!(outcome.remaining, []);
}

#[test]
fn stops_after_ten_rounds() {
    let (text, outcome) = run("[1]", |text| replace(text, "[", "[1, "));
    assert_eq!(text.matches('1').count(), 11);
    assert_eq!((outcome.rounds, outcome.settled), (10, false));
}

#[test]
fn a_fix_that_breaks_the_file_is_dropped_and_told_of() {
    let (text, outcome) = run(r#"{"a": 1, "b": 2, "c": 3}"#, |text| {
        let mut found = replace(text, "1", "10");
        found.extend(replace(text, "2", "}"));
        found.extend(replace(text, "3", "30"));
        found.retain(|finding| !text.contains("10") || finding.message.starts_with('2'));
        found
    });
    assert_eq!(text, r#"{"a": 10, "b": 2, "c": 30}"#);
    assert_eq!(outcome.applied.len(), 2);
    assert_eq!(outcome.dropped.len(), 1);
    assert!(
        outcome.dropped[0]
            .reason
            .starts_with("the file would be broken")
    );
    assert!(outcome.settled);
}

#[test]
fn a_fix_at_odds_with_itself_is_told_of() {
    let (text, outcome) = run("[1, 2]", |_| {
        vec![finding(
            "f.json",
            Safety::Safe,
            &[(1, 1, "3, "), (1, 1, "4, ")],
        )]
    });
    assert_eq!(text, "[1, 2]");
    assert_eq!(outcome.dropped.len(), 1);
    assert!(outcome.dropped[0].reason.contains("in each other's way"));
    assert!(outcome.settled);
}

#[test]
fn a_key_that_would_stand_twice_breaks_the_file() {
    let (text, outcome) = run(r#"{"a": 1, "b": 2}"#, |text| {
        replace(text, "\"b\"", "\"a\"")
    });
    assert_eq!(text, r#"{"a": 1, "b": 2}"#);
    assert_eq!(outcome.dropped.len(), 1);
}

#[test]
fn two_that_only_break_the_file_together() {
    let (text, outcome) = run(r#"{"a": 1, "b": 2}"#, |text| {
        let mut found = replace(text, "\"a\"", "\"c\"");
        found.extend(replace(text, "\"b\"", "\"c\""));
        found
    });
    assert_eq!(text, r#"{"c": 1, "b": 2}"#);
    assert_eq!((outcome.applied.len(), outcome.dropped.len()), (1, 1));
}

#[test]
fn fixes_that_undo_each_other_leave_the_file_alone() {
    for start in ["[1]", "[2]"] {
        let (text, outcome) = run(start, |text| {
            let mut found = replace(text, "1", "2");
            found.extend(replace(text, "2", "1"));
            found
        });
        assert_eq!(text, start);
        assert!(outcome.settled);
        assert_eq!(outcome.applied, []);
        assert_eq!(outcome.dropped.len(), 2);
    }
}

#[test]
fn a_fix_that_changes_nothing_is_not_tried_for_ever() {
    let (text, outcome) = run("[1]", |text| replace(text, "1", "1"));
    assert_eq!((text.as_str(), outcome.rounds), ("[1]", 0));
    assert!(outcome.settled);
}

#[test]
fn files_that_were_not_given_are_not_touched() {
    let mut over_two = finding("f.json", Safety::Safe, &[(1, 2, "9")]);
    if let Some(fix) = &mut over_two.fix {
        fix.edits.push(Edit {
            file: Arc::from("other.json"),
            span: Span::new(0, 1),
            replacement: "9".to_owned(),
        });
    }
    let (text, outcome) = run("[1]", |_| vec![over_two.clone()]);
    assert_eq!(text, "[1]");
    assert!(outcome.settled);
}

#[test]
fn json_in_yaml_is_looked_at_too() {
    let old = "data:\n  a.json: '{\"a\": 1}'\n";
    assert_eq!(verify_syntax("f.yaml", old, &old.replace('1', "2")), Ok(()));
    assert!(verify_syntax("f.yaml", old, &old.replace('1', "")).is_err());
    assert!(verify_syntax("f.yaml", "a: 1\n", "a: [1\n").is_err());
    assert!(verify_syntax("f.yaml", "a: 1\n", "a: 1\n---\nb: 1\n").is_err());
}

fn span_of(text: &str, part: &str) -> Span {
    let start = text.find(part).expect("the part");
    Span::new(start, start + part.len())
}

/// Whether a change of `part` into `new` keeps all else, when it is said to be of `said`.
fn kept(file: &str, text: &str, part: &str, new: &str, said: &str) -> bool {
    let edit = vec![(span_of(text, part), new.to_owned())];
    let changed = dashlint::fix::apply(text, &edit).expect("the edit fits");
    verify(file, text, &changed, &[span_of(text, said)]).is_ok()
}

#[test]
fn what_a_fix_does_not_speak_of_stays() {
    let json = r#"{"a": 1, "b": {"c": [1, 2, 3]}, "d": "x"}"#;
    for (part, new, said) in [
        ("1, \"b\"", "2, \"b\"", "1, \"b\""),
        ("2, ", "", "2, "),
        ("\"d\": \"x\"", "\"e\": \"x\"", "\"d\""),
        ("\"d\": \"x\"", "\"d\": \"x\", \"e\": 1", "\"d\": \"x\""),
    ] {
        assert!(kept("f.json", json, part, new, said), "{part} {new}");
    }
    for (part, new) in [
        ("\"x\"", "\"y\""),
        ("2, ", ""),
        ("\"d\": \"x\"", "\"e\": \"x\""),
        ("\"x\"", "[\"x\"]"),
    ] {
        assert!(!kept("f.json", json, part, new, "1"), "{part} {new}");
    }
    // White space and the way a text is written are nothing.
    assert!(kept("f.json", json, "\"x\"", "  \"\\u0078\"", "1"));
}

#[test]
fn a_text_in_a_string_is_looked_into() {
    let yaml = "kind: ConfigMap\ndata:\n  a.json: |\n    {\"title\": \"a\", \"panels\": [1, 2], \"uid\": \"u\"}\nother: 1 # why\n";
    assert!(kept("f.yaml", yaml, "\"a\",", "\"b\",", "\"a\""));
    assert!(!kept("f.yaml", yaml, "\"u\"", "\"v\"", "\"a\""));
    assert!(!kept("f.yaml", yaml, "# why", "# how", "\"a\""));
    assert!(kept("f.yaml", yaml, "# why", "# how", "# why"));
}
