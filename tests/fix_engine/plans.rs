use std::sync::Arc;

use dashlint::diagnostic::{Edit, Safety, Silencer, Suppression};
use dashlint::fix::{apply, files_of, plan};
use dashlint::span::Span;
use proptest::prelude::*;

use crate::finding;

fn fixed(text: &str, findings: &[dashlint::diagnostic::Diagnostic]) -> String {
    let plan = plan(findings, Safety::Safe);
    let edits = plan.edits();
    apply(text, edits.get("f").map_or(&[][..], Vec::as_slice)).expect("the plan fits the text")
}

#[test]
fn fixes_apart_are_applied_together() {
    let findings = [
        finding("f", Safety::Safe, &[(4, 5, "E")]),
        finding("f", Safety::Safe, &[(0, 1, "A"), (2, 3, "C")]),
    ];
    assert_eq!(fixed("abcdef", &findings), "AbCdEf");
}

#[test]
fn of_two_that_overlap_the_first_is_taken_whole() {
    let findings = [
        finding("f", Safety::Safe, &[(1, 4, "X")]),
        finding("f", Safety::Safe, &[(3, 5, "Y"), (0, 1, "Z")]),
        finding("f", Safety::Safe, &[(5, 6, "!")]),
    ];
    // The second begins first; the first touches it in one place and is left whole.
    assert_eq!(fixed("abcdef", &findings), "ZbcY!");
    assert_eq!(plan(&findings, Safety::Safe).skipped, [&findings[0]]);
}

#[test]
fn equal_replacements_of_two_fixes_are_made_once() {
    let findings = [
        finding("f", Safety::Safe, &[(0, 0, "{"), (2, 3, "C")]),
        finding("f", Safety::Safe, &[(0, 0, "{"), (5, 6, "F")]),
    ];
    assert_eq!(fixed("abcdef", &findings), "{abCdeF");
}

#[test]
fn insertions_at_one_place_wait_for_the_next_round() {
    let findings = [
        finding("f", Safety::Safe, &[(2, 2, "1")]),
        finding("f", Safety::Safe, &[(2, 2, "2")]),
        finding("f", Safety::Safe, &[(2, 4, "3")]),
    ];
    assert_eq!(plan(&findings, Safety::Safe).fixes.len(), 1);
}

#[test]
fn safety_decides() {
    let unsafe_fix = [finding("f", Safety::Unsafe, &[(0, 1, "A")])];
    let display = [finding("f", Safety::Display, &[(0, 1, "A")])];
    assert_eq!(plan(&unsafe_fix, Safety::Safe).fixes.len(), 0);
    assert_eq!(plan(&unsafe_fix, Safety::Unsafe).fixes.len(), 1);
    assert_eq!(plan(&display, Safety::Unsafe).fixes.len(), 0);
    assert_eq!(plan(&display, Safety::Display).fixes.len(), 0);
}

#[test]
fn silenced_findings_are_not_fixed() {
    let mut silenced = finding("f", Safety::Safe, &[(0, 1, "A")]);
    silenced.suppressed = Some(Suppression {
        by: Silencer::Comment,
        reason: None,
        until: None,
    });
    assert_eq!(plan(&[silenced], Safety::Safe).fixes.len(), 0);
}

#[test]
fn a_fix_over_two_files_is_taken_whole_or_not_at_all() {
    let mut over_two = finding("a", Safety::Safe, &[(0, 1, "X")]);
    if let Some(fix) = &mut over_two.fix {
        fix.edits.push(Edit {
            file: Arc::from("b"),
            span: Span::new(2, 4),
            replacement: "Y".to_owned(),
        });
    }
    let in_the_way = finding("0", Safety::Safe, &[(0, 1, "0")]);
    assert_eq!(
        files_of(&[over_two.clone(), in_the_way.clone()], Safety::Safe)
            .iter()
            .map(|file| &**file)
            .collect::<Vec<_>>(),
        ["0", "a", "b"]
    );
    let both = [over_two.clone(), in_the_way];
    assert_eq!(plan(&both, Safety::Safe).fixes.len(), 2);
    let mut blocked = finding("b", Safety::Safe, &[(1, 3, "!")]);
    if let Some(fix) = &mut blocked.fix {
        fix.edits.push(Edit {
            file: Arc::from("0"),
            span: Span::new(0, 0),
            replacement: String::new(),
        });
    }
    let both = [blocked, over_two];
    let plan = plan(&both, Safety::Safe);
    assert_eq!(plan.fixes.len(), 1);
    assert!(!plan.edits().contains_key("a"));
}

#[test]
fn a_fix_at_odds_with_itself_is_none() {
    let findings = [finding("f", Safety::Safe, &[(0, 3, "X"), (2, 4, "Y")])];
    assert_eq!(plan(&findings, Safety::Safe).fixes.len(), 0);
}

#[test]
fn what_does_not_fit_is_not_applied() {
    assert_eq!(apply("äb", &[(Span::new(1, 2), String::new())]), None);
    assert_eq!(apply("ab", &[(Span::new(1, 9), String::new())]), None);
}

proptest! {
    #[test]
    fn plans_never_panic_or_overlap(
        text in "[a-dä]{0,12}",
        fixes in prop::collection::vec(
            prop::collection::vec((0usize..14, 0usize..5, "[xy]{0,2}"), 1..4),
            0..8,
        ),
    ) {
        let findings: Vec<_> = fixes
            .iter()
            .map(|edits| {
                let edits: Vec<_> = edits.iter().map(|(at, len, new)| (*at, at + len, new.as_str())).collect();
                finding("f", Safety::Safe, &edits)
            })
            .collect();
        let chosen = plan(&findings, Safety::Safe);
        let edits = chosen.edits();
        for edits in edits.values() {
            for pair in edits.windows(2) {
                prop_assert!(pair[0].0.end <= pair[1].0.start);
            }
            let _ = apply(&text, edits);
        }
        // Every fix is taken, skipped, or at odds with itself.
        let all = [chosen.fixes.len(), chosen.skipped.len(), chosen.broken.len()];
        prop_assert_eq!(all.iter().sum::<usize>(), findings.len());
        // Whatever order they are found in, the same are taken.
        let mut reversed = findings.clone();
        reversed.reverse();
        let again = plan(&reversed, Safety::Safe);
        prop_assert_eq!(again.edits(), edits);
    }
}
