//! Comments of cloudflare/pint, honoured so that its users need not say things twice: `# pint disable promql/impossible`,
//! `# pint snooze 2027-01-31 promql/rate`, `# pint ignore/line`.
//!
//! What they mean: pint, docs/ignoring.md (0dc5bf8). A check with something in brackets, `promql/series(+tag)`, speaks of a server
//! or a metric and is left alone.

use jiff::civil::Date;

use super::{Scope, Suppressions};
use crate::config::Selector;
use crate::span::Span;
use crate::syntax::{Dialect, Kind, NodeRef, Tree};

/// The rules that find what a check of pint finds.
const CHECKS: &[(&str, &[&str])] = &[
    ("alerts/absent", &["absent-without-for"]),
    ("alerts/annotation", &["missing-runbook", "missing-summary"]),
    ("alerts/comparison", &["bool-in-alert", "always-firing"]),
    ("alerts/for", &["missing-for"]),
    (
        "alerts/template",
        &[
            "invalid-alert-template",
            "failing-alert-template",
            "value-in-label",
            "alert-label-not-in-result",
            "unreadable-value",
        ],
    ),
    (
        "promql/counter",
        &["counter-without-rate", "delta-on-counter"],
    ),
    ("promql/features", &["experimental-promql"]),
    ("promql/fragile", &["topk-in-alert", "fragile-comparison"]),
    (
        "promql/impossible",
        &[
            "impossible-label",
            "impossible-matching",
            "dead-code",
            "impossible-comparison",
            "impossible-regex",
            "useless-group-left",
            "label-removed-again",
        ],
    ),
    ("promql/nan", &["nan-division"]),
    ("promql/offset", &["beyond-retention"]),
    ("promql/range_query", &["beyond-retention", "long-range"]),
    (
        "promql/rate",
        &[
            "rate-on-gauge",
            "delta-on-counter",
            "rate-of-sum",
            "rate-of-rate",
            "short-range",
        ],
    ),
    (
        "promql/regexp",
        &[
            "noop-matcher",
            "redundant-anchor",
            "regex-literal",
            "impossible-regex",
            "label-taken-apart",
        ],
    ),
    ("promql/series", &["unknown-metric"]),
    ("promql/syntax", &["invalid-promql"]),
    ("promql/vector_matching", &["impossible-matching"]),
    ("rule/dependency", &["recorded-in-another-group"]),
    ("rule/duplicate", &["duplicate-rule", "overlapping-alerts"]),
    ("rule/link", &["invalid-runbook-url"]),
];

/// Finds pint's comments in a tree.
pub(super) fn collect(tree: &Tree, suppressions: &mut Suppressions) {
    if tree.dialect() != Dialect::Yaml {
        return;
    }
    let text = tree.text();
    let rules = rules(tree);
    let mut began = None;
    for comment in tree.comments() {
        let raw = text.get(comment.span.range()).unwrap_or("");
        let words = raw.trim_start_matches(['#', ' ', '\t']);
        let Some(words) = words.strip_prefix("pint ") else {
            continue;
        };
        let (verb, rest) = split(words);
        let (start, end) = (comment.span.start as usize, comment.span.end as usize);
        let everything = |span| {
            (
                Scope::Range(tree.file_span(span)),
                vec![Selector::All],
                None,
            )
        };
        let silenced = match verb {
            "ignore/file" => everything(Span::new(end, text.len())),
            "ignore/line" => everything(line(text, start)),
            "ignore/next-line" => {
                let next = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
                everything(line(text, next))
            }
            "ignore/begin" => {
                began = Some(end);
                continue;
            }
            "ignore/end" => match began.take() {
                Some(began) => everything(Span::new(began, start)),
                None => continue,
            },
            "disable" | "snooze" | "file/disable" | "file/snooze" => {
                let (until, check) = if verb.ends_with("snooze") {
                    let (date, check) = split(rest);
                    // It counts until the day begins.
                    let day = date.get(..10).and_then(|day| day.parse::<Date>().ok());
                    let Some(last) = day.and_then(|day| day.yesterday().ok()) else {
                        continue;
                    };
                    (Some(last), check)
                } else {
                    (None, rest)
                };
                let scope = if verb.starts_with("file/") {
                    match tree.carrier() {
                        None => Scope::File,
                        Some(_) => Scope::Range(tree.file_span(Span::new(0, text.len()))),
                    }
                } else {
                    match rule_of(text, &rules, start, end) {
                        Some(span) => Scope::Range(tree.file_span(span)),
                        None => continue,
                    }
                };
                let selectors = CHECKS
                    .iter()
                    .filter(|(name, _)| *name == split(check).0)
                    .flat_map(|(_, ids)| *ids)
                    .map(|id| Selector::Rule((*id).to_owned()))
                    .collect();
                (scope, selectors, until)
            }
            _ => continue,
        };
        let (scope, selectors, until) = silenced;
        if !selectors.is_empty() {
            suppressions.add_pint(scope, selectors, until, tree.file_span(comment.span));
        }
    }
}

fn split(words: &str) -> (&str, &str) {
    let words = words.trim();
    words
        .split_once(char::is_whitespace)
        .map_or((words, ""), |(first, rest)| (first, rest.trim_start()))
}

/// The line around a place.
fn line(text: &str, at: usize) -> Span {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |after| at + after);
    Span::new(start, end)
}

/// The rules of a tree, by their start: items of a list that have an expression.
fn rules(tree: &Tree) -> Vec<Span> {
    let mut found = Vec::new();
    for root in tree.documents() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if node.kind() == Kind::Object && node.get("expr").is_some() {
                found.push(node.member_span());
            }
            if node.resolve() == node {
                open.extend(NodeRef::children(node));
            }
        }
    }
    found.sort_by_key(|span| span.start);
    found
}

/// The rule a comment stands in, or right before without an empty line between.
fn rule_of(text: &str, rules: &[Span], start: usize, end: usize) -> Option<Span> {
    let after = rules.partition_point(|rule| (rule.start as usize) < start);
    let around = after.checked_sub(1).and_then(|at| rules.get(at));
    if let Some(rule) = around.filter(|rule| start <= rule.end as usize) {
        return Some(*rule);
    }
    let next = rules.get(after)?;
    let between = text.get(end..next.start as usize)?;
    let mut lines = between.lines().skip(1);
    lines
        .all(|line| line.trim_start().starts_with(['#', '-']))
        .then_some(*next)
}

#[cfg(test)]
mod tests {
    use super::CHECKS;

    #[test]
    fn what_a_comment_silences_exists() {
        for (check, ids) in CHECKS {
            for id in *ids {
                assert!(crate::rules::find(id).is_some(), "{check}: {id}");
            }
        }
    }
}
