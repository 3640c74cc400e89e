//! Every rule's page is its test: the marked findings of its `flagged` examples, the silence of its `clean` ones, and
//! the result of its fixes.

#![allow(clippy::unwrap_used)]

mod support;

use dashlint::diagnostic::{Diagnostic, Safety};
use dashlint::rules::{RULES, Rule};
use support::{Example, Kind, examples, findings_of, fix_all, lint_alone, lint_text};

/// Rules whose fault cannot be shown on a page, and why.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("unreadable-file", "a file that cannot be read has no text"),
    (
        "byte-order-mark",
        "the mark is invisible; tests/syntax.rs shows it",
    ),
    (
        "invalid-config",
        "it stands in dashlint.toml; tests/config.rs shows it",
    ),
    (
        "unused-config",
        "it stands in dashlint.toml; tests/config_unused.rs shows it",
    ),
    (
        "unused-ignore",
        "it stands in dashlint.toml; tests/config.rs shows it",
    ),
    (
        "expired-ignore",
        "it stands in dashlint.toml; tests/config.rs shows it",
    ),
    (
        "ignore-without-reason",
        "it stands in dashlint.toml; tests/config.rs shows it",
    ),
    (
        "missing-runbook",
        "its fix needs a configured pattern; tests/runbooks.rs shows it",
    ),
    (
        "runbook-off-pattern",
        "it needs a configured pattern; tests/runbooks.rs shows it",
    ),
    (
        "panel-without-runbook",
        "it needs configuration; tests/runbooks.rs shows it",
    ),
    (
        "runbook-file-missing",
        "its fix needs files; tests/runbooks.rs shows it",
    ),
    ("invalid-suppression", "tests/suppress.rs shows it"),
    ("unused-suppression", "tests/suppress.rs shows it"),
    ("expired-suppression", "tests/suppress.rs shows it"),
    ("suppression-without-reason", "tests/suppress.rs shows it"),
    (
        "schema-too-new",
        "it needs a configured version; tests/grafana_versions.rs shows it",
    ),
    (
        "provider-without-dashboards",
        "it needs a folder; tests/instances.rs shows it",
    ),
    (
        "unread-provisioning-file",
        "it is the folder that tells; tests/provisioning.rs shows it",
    ),
    (
        "over-budget",
        "it needs a configured budget; tests/cost.rs shows it",
    ),
    (
        "unknown-metric",
        "it needs an inventory; tests/promql_settings.rs shows it",
    ),
    (
        "beyond-retention",
        "it needs a configured retention; tests/promql_settings.rs shows it",
    ),
    (
        "removed-in-use",
        "it needs a revision; tests/since.rs shows it",
    ),
    (
        "parser-disagreement",
        "a disagreement that is known is mended",
    ),
];

#[test]
fn rules_are_well_formed() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "two rules share an id");
    for rule in RULES {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.id.chars().all(kebab), "{} is not kebab-case", rule.id);
        assert!(
            !rule.summary.ends_with('.'),
            "{}: a summary has no full stop",
            rule.id
        );
        let file = format!("rules/{}/{}.md", rule.group.name(), rule.id);
        let page = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(page, rule.page, "{file} is not the page of {}", rule.id);
        assert!(
            page.starts_with(&format!("# {}\n", rule.id)),
            "{file}: the title is the id"
        );
        for heading in ["## What it finds", "## Why it matters", "## Examples"] {
            assert!(page.contains(heading), "{file}: no heading `{heading}`");
        }
    }
}

#[test]
fn every_page_has_its_rule() {
    for entry in walkdir::WalkDir::new("rules")
        .into_iter()
        .filter_map(Result::ok)
    {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "md")
            && path.parent() != Some("rules".as_ref())
        {
            let id = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            assert!(
                dashlint::rules::find(&id).is_some(),
                "{} is the page of no rule",
                path.display()
            );
        }
    }
}

/// Pages for those who come from other tools name rules in the last column of their tables.
#[test]
fn pages_of_other_tools_name_rules_that_exist() {
    for tool in ["pint", "promruval"] {
        let file = format!("rules/coming-from-{tool}.md");
        let page = std::fs::read_to_string(&file).unwrap();
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let mut named = 0;
        for row in rows {
            let here = row.trim_end_matches('|').rsplit('|').next().unwrap();
            for word in here.split('`').skip(1).step_by(2) {
                if let Some((pack, _)) = word.split_once('/') {
                    let pack = dashlint::policy::pack::find(pack);
                    let rules = pack.map(|pack| pack.rules()).unwrap_or_default();
                    assert!(rules.iter().any(|rule| rule.id == word), "{file}: `{word}`");
                } else if word.contains('-') && !word.contains(':') {
                    assert!(dashlint::rules::find(word).is_some(), "{file}: `{word}`");
                    named += 1;
                }
            }
        }
        assert!(named > 20, "{file}: the tables were not found");
    }
}

/// Each kind of fault that pint finds has an example in a page of ours.
#[test]
fn pages_hold_the_examples_for_pint() {
    let page = std::fs::read_to_string("rules/coming-from-pint.md").unwrap();
    let (_, table) = page.split_once("where to see it here").unwrap();
    let mut seen = 0;
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        // A bar inside an example is written with a backslash.
        let row = row.replace("\\|", "\0");
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, _, example, rule] = cells.as_slice() else {
            panic!("{row}");
        };
        let example = example.trim_matches('`').replace('\0', "|");
        let rule = dashlint::rules::find(rule.trim_matches('`')).unwrap();
        let flagged = |example: &Example| example.kind == Kind::Flagged;
        let shown = examples(rule.page)
            .iter()
            .any(|one| flagged(one) && one.text.contains(&example));
        // What needs a configuration is shown without marks.
        let configured = NOT_SHOWN.iter().any(|(id, _)| *id == rule.id);
        assert!(
            shown || (configured && rule.page.contains(&example)),
            "{}: `{example}`",
            rule.id
        );
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn examples_hold() {
    let mut faults = Vec::new();
    for rule in RULES {
        let all = examples(rule.page);
        if !NOT_SHOWN.iter().any(|(id, _)| *id == rule.id) {
            for kind in [Kind::Flagged, Kind::Clean] {
                if !all.iter().any(|example| example.kind == kind) {
                    faults.push(format!("{}: the page has no {kind:?} example", rule.id));
                }
            }
            if rule.fix.is_some_and(|safety| safety > Safety::Display)
                && !all.iter().any(|example| example.kind == Kind::Fixed)
            {
                faults.push(format!("{}: the page has no fixed example", rule.id));
            }
        }
        for (index, example) in all.iter().enumerate() {
            match example.kind {
                Kind::Flagged => {
                    check_flagged(rule, example, &mut faults);
                    if findings_of(rule.id, &lint_alone(rule.id, example)).is_empty() {
                        faults.push(format!("{}: not found when it is the only rule", rule.id));
                    }
                    if let Some(fixed) = all.get(index + 1).filter(|next| next.kind == Kind::Fixed)
                    {
                        check_fixed(rule, example, fixed, &mut faults);
                    }
                }
                Kind::Clean => {
                    for finding in findings_of(rule.id, &lint_text(example)) {
                        faults.push(format!(
                            "{}: a clean example is flagged: {}",
                            rule.id,
                            shown(&finding)
                        ));
                    }
                }
                Kind::Fixed => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn shown(finding: &Diagnostic) -> String {
    let start = finding.location.range.start;
    format!("{}:{} {}", start.line, start.column, finding.message)
}

fn check_flagged(rule: &Rule, example: &Example, faults: &mut Vec<String>) {
    let found = findings_of(rule.id, &lint_text(example));
    let mut places: Vec<_> = found
        .iter()
        .map(|finding| finding.location.span())
        .collect();
    places.sort_unstable();
    if places != example.marks {
        let list: Vec<_> = found.iter().map(shown).collect();
        faults.push(format!(
            "{}: marked at {:?}, found at {places:?}: {list:?}\n{}",
            rule.id, example.marks, example.text
        ));
    }
    for finding in &found {
        if finding.severity > rule.severity {
            faults.push(format!("{}: a finding is worse than the rule", rule.id));
        }
        if finding
            .fix
            .as_ref()
            .is_some_and(|fix| Some(fix.safety) > rule.fix)
        {
            faults.push(format!(
                "{}: a fix is called safer than the rule's",
                rule.id
            ));
        }
    }
}

fn check_fixed(rule: &Rule, flagged: &Example, fixed: &Example, faults: &mut Vec<String>) {
    let result = fix_all(rule.id, flagged);
    if result != fixed.text {
        faults.push(format!(
            "{}: the fix gives\n{result}\ninstead of\n{}",
            rule.id, fixed.text
        ));
    }
    let again = Example {
        text: result.clone(),
        ..flagged.clone()
    };
    if fix_all(rule.id, &again) != result {
        faults.push(format!("{}: fixing twice changes the file again", rule.id));
    }
    let left: Vec<_> = findings_of(rule.id, &lint_text(&again))
        .into_iter()
        .filter(|finding| finding.fix.is_some())
        .collect();
    if !left.is_empty() {
        faults.push(format!(
            "{}: after the fix it is still found: {}",
            rule.id,
            shown(&left[0])
        ));
    }
    for finding in lint_text(&again) {
        if finding.rule == "invalid-syntax" {
            faults.push(format!(
                "{}: the fix breaks the file: {}",
                rule.id,
                shown(&finding)
            ));
        }
    }
}
