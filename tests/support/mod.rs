//! What the tests share: examples out of pages, linting a text, applying fixes.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod convert;
pub mod corpus;
pub mod run;
pub mod seeded;
pub mod shuffle;
pub mod tree;

use std::path::PathBuf;
use std::sync::Arc;

use dashlint::config::{Catalogue, Configs, Selection, Selector};
use dashlint::diagnostic::{Diagnostic, Silencer};
use dashlint::lint::{Input, LintOptions, lint, lint_with};
use dashlint::span::Span;

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The marked places are found.
    Flagged,
    /// Nothing is found.
    Clean,
    /// What the flagged example before it becomes.
    Fixed,
}

/// A fenced block of a rule's page.
#[derive(Debug, Clone)]
pub struct Example {
    pub kind: Kind,
    /// `json` or `yaml`.
    pub language: String,
    /// The text without its marks.
    pub text: String,
    /// The marked places, sorted.
    pub marks: Vec<Span>,
}

/// The examples of a page: blocks fenced as ```` ```json flagged ````. `⟦` and `⟧` mark findings.
pub fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        let kind = match words.next() {
            Some("flagged") => Some(Kind::Flagged),
            Some("clean") => Some(Kind::Clean),
            Some("fixed") => Some(Kind::Fixed),
            _ => None,
        };
        let mut text = String::new();
        for line in lines.by_ref() {
            if line == "```" {
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        if let Some(kind) = kind {
            let (text, marks) = unmark(&text);
            found.push(Example {
                kind,
                language,
                text,
                marks,
            });
        }
    }
    found
}

pub fn unmark(text: &str) -> (String, Vec<Span>) {
    let mut plain = String::new();
    let mut marks = Vec::new();
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '⟦' => open.push(plain.len()),
            '⟧' => marks.push(Span::new(
                open.pop().expect("a mark closes that was not opened"),
                plain.len(),
            )),
            c => plain.push(c),
        }
    }
    assert!(open.is_empty(), "a mark is never closed");
    marks.sort_unstable();
    (plain, marks)
}

/// Every rule on, at its own severity.
pub fn everything() -> Configs {
    Configs::isolated(Selection {
        select: vec![Selector::All],
        ..Selection::default()
    })
}

/// All findings in an example, as if it were a file of its own project.
pub fn lint_text(example: &Example) -> Vec<Diagnostic> {
    lint_named(&format!("example.{}", example.language), &example.text)
}

/// What one rule finds in an example when it is the only one that is on.
pub fn lint_alone(rule: &str, example: &Example) -> Vec<Diagnostic> {
    let configs = Configs::isolated(Selection {
        select: vec![Catalogue::native().selector(rule).unwrap()],
        ..Selection::default()
    });
    let name = format!("example.{}", example.language);
    lint(&[input(&name, &example.text)], &configs, &|| {}).diagnostics
}

/// All findings in a text under a file name, where the project has other files too.
pub fn lint_project(name: &str, text: &str, others: &[(&str, &str)]) -> Vec<Diagnostic> {
    let mut inputs = vec![input(name, text)];
    inputs.extend(others.iter().map(|(name, text)| Input {
        target: false,
        ..input(name, text)
    }));
    lint(&inputs, &everything(), &|| {}).diagnostics
}

/// All findings in a text under a file name.
pub fn lint_named(name: &str, text: &str) -> Vec<Diagnostic> {
    lint(&[input(name, text)], &everything(), &|| {}).diagnostics
}

/// The same, every place of a fault a finding of its own: which one leads where they are gathered goes by the file.
pub fn lint_places(name: &str, text: &str) -> Vec<Diagnostic> {
    lint_with(
        &[input(name, text)],
        &everything(),
        LintOptions::places(),
        &|| {},
    )
    .diagnostics
}

/// A file that exists only here.
pub fn input(name: &str, text: &str) -> Input {
    Input {
        path: PathBuf::from(name),
        display: Arc::from(name),
        target: true,
        provisioned: false,
        text: Some(Arc::from(text)),
    }
}

/// The findings of one rule.
pub fn findings_of(rule: &str, all: &[Diagnostic]) -> Vec<Diagnostic> {
    all.iter()
        .filter(|finding| finding.rule == rule)
        .cloned()
        .collect()
}

/// The text after all fixes of one rule, in rounds until nothing changes.
pub fn fix_all(rule: &str, example: &Example) -> String {
    let mut text = example.text.clone();
    for _ in 0..10 {
        let round = Example {
            text: text.clone(),
            ..example.clone()
        };
        let mut edits: Vec<(Span, String)> = findings_of(rule, &lint_text(&round))
            .into_iter()
            .filter_map(|finding| finding.fix)
            .flat_map(|fix| fix.edits)
            .map(|edit| (edit.span, edit.replacement))
            .collect();
        edits.sort();
        edits.dedup();
        if edits.is_empty() {
            return text;
        }
        let mut next = String::new();
        let mut at = 0;
        for (span, replacement) in edits {
            if (span.start as usize) < at {
                continue;
            }
            next.push_str(&text[at..span.start as usize]);
            next.push_str(&replacement);
            at = span.end as usize;
        }
        next.push_str(&text[at..]);
        if next == text {
            return text;
        }
        text = next;
    }
    panic!("{rule}: fixes do not converge");
}

/// Of each finding whether it is silenced, and that `by` did it.
pub fn silenced_by(findings: &[Diagnostic], by: Silencer) -> Vec<bool> {
    let silenced = findings.iter().map(|finding| {
        let own = finding
            .suppressed
            .as_ref()
            .map(|suppression| suppression.by);
        assert!(own.is_none() || own == Some(by));
        own.is_some()
    });
    silenced.collect()
}
