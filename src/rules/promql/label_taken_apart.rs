//! Patterns that take one label for several.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "label-taken-apart",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "pattern for a part in the middle of a label's value",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/label-taken-apart.md"),
    check: Check::Document(check),
};

/// Labels whose values have parts by their nature: paths, versions, names of files and devices, and the name of the metric.
const COMPOSED: &[&str] = &[
    "__name__",
    "device",
    "endpoint",
    "fstype",
    "handler",
    "image",
    "le",
    "mountpoint",
    "path",
    "query",
    "route",
    "uri",
    "url",
    "version",
];

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, matcher) in parsed.matchers() {
            let value = &matcher.value;
            if !matcher.op.is_regex() || value.quote == 0 || !value.holes.is_empty() {
                continue;
            }
            let label = parsed.label(&matcher.label);
            if COMPOSED.contains(&&*label) || !takes_apart(&parsed.string(value)) {
                continue;
            }
            found.push(Found::new(
                query,
                value.span,
                format!("the value of `{label}` has several parts, and this finds one of them by its place: another part that looks alike is found too"),
                "give the parts labels of their own where metrics are scraped (`relabel_configs`), and compare those",
            ));
        }
    });
}

/// `web-.+-prod` and `.*-prod-.*`: plain pieces with wildcards between them, which separators set off.
fn takes_apart(pattern: &str) -> bool {
    let plain = |piece: &str| {
        piece
            .chars()
            .all(|c| c.is_alphanumeric() || SEPARATORS.contains(&c))
    };
    let pieces: Vec<&str> = pattern
        .split(".*")
        .flat_map(|part| part.split(".+"))
        .collect();
    if pieces.len() < 2 || !pieces.iter().all(|piece| plain(piece)) {
        return false;
    }
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    let ends = first.ends_with(SEPARATORS) && last.starts_with(SEPARATORS);
    let within = pieces.iter().any(|piece| {
        piece.len() > 2 && piece.starts_with(SEPARATORS) && piece.ends_with(SEPARATORS)
    });
    ends || within
}

const SEPARATORS: [char; 3] = ['-', '_', ':'];
